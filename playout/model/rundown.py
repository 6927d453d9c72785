"""The language of air: items with rules as published, and the rundown of cues made from them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import ClassVar

from config.bounded import (
    STRICT,
    AiringRef,
    AssetRef,
    ChannelRef,
    Count,
    CueRef,
    Instant,
    ItemRef,
    Large,
    Name,
    Number,
    RevisionRef,
    Span,
    Title,
)
from config.names import ItemId
from playout.model.source import Source


class Kind(StrEnum):
    """What makes the picture of an item or cue."""

    FILE = "file"
    LIVE = "live"
    BOARD = "board"
    SLATE = "slate"


class Start(StrEnum):
    """How an item starts: at its time whatever precedes, after waiting up to N, or when it can."""

    HARD = "hard"
    WAIT = "wait"
    FOLLOW = "follow"


class End(StrEnum):
    """How an item ends: cut at its length, finish its media, or hold until adjourned (live)."""

    CUT = "cut"
    FINISH = "finish"
    HOLD = "hold"


class Missed(StrEnum):
    """What to do with an item whose start has passed."""

    JOIN = "join"
    TOP = "top"
    SKIP = "skip"


class Rank(IntEnum):
    """Who wins the air, highest first (design part 4)."""

    EMERGENCY = 90
    OVERRIDE = 80
    HELD = 70
    HARD = 60
    SOFT = 50
    BLOCK = 40
    FILLER = 30
    BOARD = 20
    SLATE = 10


class Outcome(StrEnum):
    """What became of an airing, judged from frames seen on air."""

    AIRED = "aired"
    LATE = "aired late"
    JOINED = "joined in progress"
    CUT_SHORT = "cut short"
    OVERRAN = "overran"
    INTERRUPTED = "interrupted"
    """It aired, and for some seconds or minutes of it nothing was on air at all."""
    SUBSTITUTED = "substituted"
    MISSED = "missed"
    TERMINATED = "terminated by operator"


@dataclass(frozen=True)
class Media:
    """A playable file as the plan describes it: enough to air it without asking anybody."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetRef
    suffix: str
    """File name ending of the stored bytes, with its dot: `.mp4`."""
    size: Large
    length: Span
    rate: Fraction | None
    """Source frames a second; None for a still or sound alone."""
    gain_db: Number = 0.0
    has_picture: bool = True
    has_sound: bool = True


@dataclass(frozen=True)
class Item:
    """One thing staff want on air, with the rules by which `settle` gives it its time."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: ItemRef
    kind: Kind
    title: Title
    start: Instant
    """Planned start, UTC."""
    length: Span
    """Planned time on air, elapsed."""
    start_rule: Start = Start.HARD
    wait_limit: Span = timedelta(0)
    """For Start.WAIT: how long the predecessor may go on past `start`."""
    end_rule: End = End.CUT
    hard_limit: Instant | None = None
    """For End.HOLD: an instant staff set that is never passed; None for no limit."""
    missed: Missed = Missed.JOIN
    rank: Rank = Rank.HARD
    locked: bool = False
    airing: AiringRef | None = None
    media: Media | None = None
    in_point: Span = timedelta(0)
    """First moment of the media that airs."""
    source: Name | None = None
    """For Kind.LIVE: the source's id."""
    record: bool = False
    """For Kind.LIVE: keep what the source sends, from pre-roll to post-roll."""
    pre_roll: Span = timedelta(minutes=2)
    post_roll: Span = timedelta(minutes=5)
    replay_of: AiringRef | None = None
    """For Kind.FILE without `media`: the recording of that airing, once the host has it."""
    substitute: Media | None = None
    """What airs where the recording failed."""
    slate_text: str = ""
    replaces_with: str = ""
    """Title a viewer may see instead, where the item is not public; empty for `title`."""


@dataclass(frozen=True)
class Page:
    """One slide of the bulletin board: text, never a picture; drawn on the host by media/slides."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    heading: str
    body: str
    seconds: Number
    shown_from: Instant
    shown_until: Instant
    style: str = "plain"


@dataclass(frozen=True)
class FillerPolicy:
    """What fills gaps in some parts of the day, instead of the whole pool."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    spans: tuple[tuple[Instant, Instant], ...]
    """[from, until) each, UTC; no two policies of a plan share an instant."""
    filler: tuple[Media, ...] = ()
    """Nothing else fills gaps while one of these plays; none: bulletins only."""
    filler_titles: tuple[str, ...] = ()
    no_repeat: Span = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """What the server publishes for one channel: items with their rules, not only times."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelRef
    revision: RevisionRef
    made_at: Instant
    starts: Instant
    ends: Instant
    """The plan speaks of [starts, ends), UTC."""
    items: tuple[Item, ...]
    filler: tuple[Media, ...] = ()
    filler_titles: tuple[str, ...] = ()
    """One title for each of `filler`, in order."""
    filler_no_repeat: Span = timedelta(hours=1)
    policies: tuple[FillerPolicy, ...] = ()
    seed: int = 0
    board: tuple[Page, ...] = ()
    sources: tuple[Source, ...] = ()
    """Every live input an item names or an operator may put on air."""
    station: str = ""
    slate_text: str = "We will be right back"
    version: Count = 2

    @property
    def clips(self) -> tuple[Media, ...]:
        """Every file that may fill a gap, at whatever time."""
        return (*self.filler, *(media for policy in self.policies for media in policy.filler))

    def item(self, id: ItemId | None) -> Item | None:
        """What it says of an item; None where it has none of that id."""
        return next((one for one in self.items if one.id == id), None)


@dataclass(frozen=True)
class Cue:
    """One stretch of air [start, end): which item, from which moment of its media."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: CueRef
    item: ItemRef | None
    """None for filler, board and slate, which no one planned by name."""
    kind: Kind
    title: Title
    start: Instant
    end: Instant
    rank: Rank
    media: Media | None = None
    offset: Span = timedelta(0)
    """Position in the media at `start` (in point included)."""
    source: Name | None = None
    airing: AiringRef | None = None
    held: bool = False
    """True while its end is an estimate that moves: a live held until adjourned."""
    slate_text: str = ""
    policy: Name = ""
    """For what fills a gap: the policy that chose it; empty for the whole pool."""


@dataclass(frozen=True)
class Displaced:
    """An item that does not air as planned, and why, in words for staff."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    airing: AiringRef | None
    title: Title
    planned: Instant
    reason: str


class HoleError(ValueError):
    """A rundown with an uncovered instant was about to be made; this is always a bug."""


@dataclass(frozen=True)
class Rundown:
    """Cues that cover [starts, ends) without a hole or an overlap; one with a hole cannot exist."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelRef
    revision: RevisionRef
    """The plan it stands on."""
    cues: tuple[Cue, ...]
    displaced: tuple[Displaced, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.cues:
            raise HoleError("a rundown has at least one cue")
        for before, after in zip(self.cues, self.cues[1:], strict=False):
            if before.end != after.start:
                raise HoleError(f"hole or overlap between {before.id} and {after.id}")
        for cue in self.cues:
            if cue.end <= cue.start:
                raise HoleError(f"{cue.id} has no length")

    @property
    def starts(self) -> datetime:
        """First covered instant, UTC."""
        return self.cues[0].start

    @property
    def ends(self) -> datetime:
        """First instant no longer covered, UTC."""
        return self.cues[-1].end
