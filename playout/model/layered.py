"""Graphics with transparency as the agent orders them of the engine: what, where and from when to
when.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import ClassVar

from config.bounded import STRICT
from playout.model.layer import Layer

CELLS = "0123456789:"
"""The characters of a row of cells, in its order; a space is an empty cell."""


class DigitForm(StrEnum):
    """A way in which digits count, by an example of how they are written."""

    LEFT = "minutes and seconds left"
    """`04:59`, counted up to a whole second, so that 00:00 comes with the target."""
    HOURS_24 = "18:05"
    SECONDS_24 = "18:05:59"
    HOURS_12 = " 6:05"
    SECONDS_12 = " 6:05:59"


@dataclass(frozen=True)
class Digits:
    """Digits that count on a graphic, out of cells that were drawn ahead."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    path: str
    """A layer file of one row of CELLS: ten of `cell` columns each, and the last of `colon`."""
    cell: int
    colon: int
    height: int
    left: int
    top: int
    """Even, all of them, in pixels; the corner within the graphic."""
    form: DigitForm
    target: datetime | None = None
    """For LEFT: the instant counted down to, UTC."""
    offset: int = 0
    """For the time of day: seconds by which it is ahead of UTC."""


@dataclass(frozen=True)
class Crawling:
    """The motion of a crawl: its text enters its box at the right edge and leaves at the left."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    text: int
    """Columns of the drawn text, even; the box may be wider or narrower."""
    pixels: Fraction
    """Columns that it moves with each tick; after n ticks floor(n * pixels)."""
    passes: int = 1
    """How often it passes; 0 for until it ends."""

    def pass_ticks(self, box: int) -> int:
        """Return the ticks of one pass, until the text has left a box of so many columns."""
        return ceil((box + self.text) / self.pixels)

    def ticks(self, box: int) -> int | None:
        """Return the ticks after which it is over; None if nothing but its end ends it."""
        return self.passes * self.pass_ticks(box) if self.passes else None


@dataclass(frozen=True)
class Layered:
    """A graphic laid over the picture over [at, until), UTC, each on the first tick at or after.

    The picture of a tick follows from that tick and the tick on which it began, and from nothing
    counted on the way. While an order under the same id replaces another, it goes on as it began.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: str
    path: str
    """A layer file: `height` rows of `width` columns, or of `crawl.text` columns for a crawl."""
    left: int
    top: int
    width: int
    height: int
    """Even, all of them, in pixels of the house format; wholly inside the picture."""
    at: datetime
    until: datetime
    fade: float = 0.0
    """Seconds over which it comes and goes, inside [at, until)."""
    over: tuple[Layer, ...] = ()
    """The layers of the program over which it is shown; empty for all. Others hide it at once."""
    digits: Digits | None = None
    crawl: Crawling | None = None
