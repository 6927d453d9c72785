"""Graphics that may lie over a picture, as a channel's rules and its staff order them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from operator import not_
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.bounded import (
    LONGEST_CAPTION_NAME,
    MOST_CAPTION_NAMES,
    STRICT,
    AssetRef,
    Count,
    Instant,
    Name,
    Span,
    short,
)

Unused = Field(exclude_if=not_)
"""Leaves an empty field out of a message, because a reader of the version before refuses it."""
CaptionNames = Annotated[
    tuple[Annotated[str, short(LONGEST_CAPTION_NAME)], ...],
    Field(max_length=MOST_CAPTION_NAMES, exclude_if=not_),
]
Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
BugText = Annotated[str, short(24)]
Line = Annotated[str, short(120)]
"""One line of a lower third. It is set smaller, and then cut, until it fits."""
CrawlText = Annotated[str, short(600)]
Speed = Annotated[int, Field(ge=10, le=2000)]

SHOWN_FOR = timedelta(seconds=8)
"""How long a lower third stays unless staff say otherwise."""
FADE = timedelta(milliseconds=500)


class Corner(StrEnum):
    """The corner of the picture, inside the title safe area, for a bug or a clock."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"


class SpeedUnit(StrEnum):
    """The unit in which the speed of a crawl is given."""

    WORDS = "words a minute"
    """Of six letters each, the space included, as wide as digits."""
    PIXELS = "pixels a second"
    """Of the house format."""


@dataclass(frozen=True)
class Bug:
    """The sign of a channel in a corner of its picture: a logo or a few letters."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    text: BugText = ""
    """Shown where there is no logo, or its file is not here; with neither there is no bug."""
    logo: AssetRef | None = None
    """The key of a still among `Plan.pictures`; its transparency is kept."""
    corner: Corner = Corner.TOP_RIGHT
    opacity: Share = 0.8
    fade: Span = FADE
    says_live: bool = True
    """The word LIVE beside it while a live is on air from its source."""
    says_replay: bool = True
    """The word REPLAY beside it during a replay."""
    over_slides: bool = False
    """Shown over bulletins and slates too."""


@dataclass(frozen=True)
class Stretch:
    """The time [begins, ends), UTC."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    begins: Instant
    ends: Instant


@dataclass(frozen=True)
class ClockFace:
    """The time of day in a corner of the picture."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    corner: Corner = Corner.TOP_LEFT
    seconds: bool = False
    twelve_hours: bool = True
    over_programs: bool = False
    """Shown over files and lives too, not only over bulletins and slates."""
    hours: Annotated[tuple[Stretch, ...], Unused] = ()
    """Shown in these times only; empty for always."""


@dataclass(frozen=True)
class ComingNext:
    """The rule for naming the next program before this one ends."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    before: Span = timedelta(seconds=60)
    """How long before the end it appears."""
    shown_for: Span = timedelta(seconds=10)
    over_lives: bool = False
    heading: Line = "Coming up next"


@dataclass(frozen=True)
class Countdown:
    """The rule for counting down to a live over the bulletins or slate before it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    most: Span = timedelta(minutes=10)
    """It begins at most this long before the live."""
    heading: Line = "begins in"
    """The words between the live's title and the digits."""


@dataclass(frozen=True)
class LowerThird:
    """Two lines in the lower third of the picture: a speaker and role, or an agenda item's number
    and title.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    first: Line
    second: Line = ""
    after: Span = timedelta(0)
    """Planned: from the first moment of the item's media, or from the beginning of its live."""
    begins: Instant | None = None
    """Planned by the clock, UTC; then `after` does not count."""
    shown_for: Span = SHOWN_FOR
    fade: Span = FADE
    what: Literal["lower third"] = "lower third"


@dataclass(frozen=True)
class Crawl:
    """A line of text that moves through the picture from right to left, above its lower edge."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    text: CrawlText
    speed: Speed = 150
    unit: SpeedUnit = SpeedUnit.WORDS
    times: Count = 1
    """How often it passes; 0 for as long as it is shown."""
    after: Span = timedelta(0)
    """Planned with an item: as for a lower third."""
    begins: Instant | None = None
    """Planned by the clock, UTC; then `after` does not count."""
    ends: Instant | None = None
    """It is gone at this instant, UTC, wherever it then is; None for after its last pass. Planned
    with an item, it is also gone when the item ends."""
    fade: Span = FADE
    """Of the band in which it moves."""
    every: Annotated[Span, Unused] = timedelta(0)
    """A channel's crawl: it passes so often as `times` says, and again so long after each beginning
    until `ends`. Zero for once. It does not count for a crawl by hand or of an item."""
    what: Literal["crawl"] = "crawl"


PlannedGraphic = Annotated[LowerThird | Crawl, Field(discriminator="what")]
"""A graphic that staff order, planned with an item or at this moment."""


@dataclass(frozen=True)
class GraphicsRules:
    """A channel's standing rules for graphics. Without any, no graphic lies over a picture but
    those that staff order.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    bug: Bug | None = None
    clock: ClockFace | None = None
    coming_next: ComingNext | None = None
    countdown: Countdown | None = None
    crawls: tuple[Crawl, ...] = ()
    """Crawls over whatever is on air; each needs `begins`. Of two at once the first is shown."""
    caption_lives: Annotated[bool, Unused] = False
    """Lives that bring no captions get automatic ones, on machines that have a speech model."""
    caption_names: CaptionNames = ()
    """Names that those captions spell as the station does."""
    zone: Annotated[str, short(64)] = "UTC"
    """The zone of the clock, as the tz database names it."""
