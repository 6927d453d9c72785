"""The captions of the air: what the item on air brings, and what was found in the stream."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from config.bounded import STRICT, Count, Instant, short

CAPTIONS_RECENT = 30
"""Seconds that count as recent."""


class CaptionKind(StrEnum):
    """The origin of the captions of what is on air."""

    NONE = "none"
    FILE = "file"
    LIVE = "live"
    """From the source, if it sends any."""


@dataclass(frozen=True)
class AirCaptions:
    """The captions of the program, as the engine counts them: words are pairs of characters and
    packets of 708, without what clears the screen.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    aired: int = 0
    """Words that the bus sent in the last CAPTIONS_RECENT seconds."""
    left: int | None = None
    """Words read again from the pictures that left then; None where no stream is watched."""
    last: Instant | None = None
    """When the bus last sent one."""


@dataclass(frozen=True)
class CaptionStatus:
    """A host's report on the captions of what is on air."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    kind: CaptionKind
    aired: Count = 0
    left: Count | None = None
    last: Instant | None = None
    missing: Annotated[str, short(200)] = ""
    """The reason why it airs without the captions that its file has; empty where it has none."""
