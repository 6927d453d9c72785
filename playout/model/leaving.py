"""Values on the stream that leaves a broadcast machine, as its watcher saw it from outside."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from config.bounded import STRICT, Count, Instant, Name, Number, short

LEAVING_FILE = "leaving.json"
"""The file in a channel's folder that its watcher replaces each second."""
MOST_PLACES, MOST_RESTARTS = 16, 30
LONGEST_WORDS = 300


class Fault(StrEnum):
    """A kind of fault of a stream that leaves, the gravest first."""

    NO_STREAM = "no stream"
    NO_PICTURES = "no pictures"
    BLACK = "black"
    FROZEN = "frozen"
    WRONG = "wrong picture"
    SILENT = "silent"
    LOUD = "loud"
    PACKETS = "packets missing"
    CLOCK = "clock wrong"
    SENDERS = "two senders"


@dataclass(frozen=True)
class LeavingFault:
    """One fault of the stream that leaves."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    kind: Name
    """A `Fault`, or one that only a newer watcher knows."""
    words: Annotated[str, short(LONGEST_WORDS)]
    """A sentence that says where it was seen."""


@dataclass(frozen=True)
class LeavingPlace:
    """One place at which the output is watched."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    where: Annotated[str, short(120)]
    """As staff read it after the words *seen on*: `the stream`, `the multicast 239.1.1.1:5000`."""
    faults: tuple[LeavingFault, ...] = ()
    """What is wrong there, the gravest first."""
    reason: Annotated[str, short(LONGEST_WORDS)] = ""
    """Why it cannot be watched; empty while it is."""
    compared: bool = False
    """Whether pictures were compared with the program in the last seconds."""
    delay: Number | None = None
    """Seconds from the program to what receivers show, where the picture told."""
    gaps: Count = 0
    """Breaks of its counters in the last minute."""


@dataclass(frozen=True)
class Restart:
    """A process that the watcher had restarted."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Annotated[str, short(80)]
    at: Instant
    thing: Name
    words: Annotated[str, short(LONGEST_WORDS)]
    """What was restarted and why, as a sentence."""


@dataclass(frozen=True)
class Leaving:
    """The watcher's report."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: Instant
    places: tuple[LeavingPlace, ...] = ()
    restarts: tuple[Restart, ...] = ()
    """The last ones, the newest last."""
