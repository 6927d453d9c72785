"""Values: what a machine of a pair sees of its own output and of the other one's."""

from dataclasses import dataclass
from typing import Literal

View = Literal["unknown", "right", "slate", "absent", "no pictures", "black", "frozen", "wrong"]
"""What is seen of an output. `unknown`: nobody looks, or there is nothing to compare. `absent`:
nothing of it arrives where it did. `black`, `frozen` and `wrong` are pictures that leave and were
not placed; darkness and stillness that were placed are `right`. `slate` is an own output that is
right, and shows the slate."""


@dataclass(frozen=True)
class Sight:
    """The outputs as one machine sees them."""

    own: View = "unknown"
    """Of the stream that leaves it, or would while it stands by."""
    other: View = "unknown"
    """Of the stream that the other machine sends; unknown while this one sends."""


UNSEEN = Sight()
