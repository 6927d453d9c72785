"""The plan of a channel: items with their rules, ranks, filler, bulletin pages and sources."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import (
    STRICT,
    AiringRef,
    ChannelRef,
    Count,
    Instant,
    ItemRef,
    Name,
    Number,
    RevisionRef,
    Span,
    Title,
    short,
)
from config.names import ItemId
from playout.model.announced import Announced
from playout.model.choosing import MOST_CHOICES, MOST_DECIDED, Choice
from playout.model.graphics import GraphicsRules, PlannedGraphic, Unused
from playout.model.look import LookFile, StationLook
from playout.model.media import CaptionFile as CaptionFile
from playout.model.media import Media as Media
from playout.model.search import SearchFacts
from playout.model.source import Source


class ContentKind(StrEnum):
    """The kind of picture that an item or cue shows."""

    FILE = "file"
    LIVE = "live"
    BOARD = "board"
    SLATE = "slate"


class StartRule(StrEnum):
    """The rule for an item's start: on time, after waiting up to a limit, or when the air is
    free."""

    HARD = "hard"
    WAIT = "wait"
    FOLLOW = "follow"


class EndRule(StrEnum):
    """The rule for an item's end: cut at its length, finish its media, or hold until adjourned
    (live).
    """

    CUT = "cut"
    FINISH = "finish"
    HOLD = "hold"


class MissedStart(StrEnum):
    """The rule for an item whose start has passed: join in progress, air from the top, or skip."""

    JOIN = "join"
    TOP = "top"
    SKIP = "skip"


class Rank(IntEnum):
    """The rank of an item or cue; a higher one wins the air (`docs/glossary.md`)."""

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
    """The outcome of an airing, judged from the frames seen on air."""

    AIRED = "aired"
    LATE = "aired late"
    JOINED = "joined in progress"
    CUT_SHORT = "cut short"
    OVERRAN = "overran"
    INTERRUPTED = "interrupted"
    """It aired, and for some seconds or minutes in the middle it did not: nothing was on air at
    all, or its file failed and came back."""
    SUBSTITUTED = "substituted"
    MISSED = "missed"
    TERMINATED = "terminated by operator"


@dataclass(frozen=True)
class Item:
    """One planned airing, with the rules by which `settle` gives it its time."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: ItemRef
    kind: ContentKind
    title: Title
    start: Instant
    """Planned start, UTC."""
    length: Span
    """Planned time on air, elapsed."""
    start_rule: StartRule = StartRule.HARD
    wait_limit: Span = timedelta(0)
    """For StartRule.WAIT: how long the program before may go on past `start`."""
    end_rule: EndRule = EndRule.CUT
    hard_limit: Instant | None = None
    """For EndRule.HOLD: an instant set by staff that is never passed; None for no limit."""
    missed: MissedStart = MissedStart.JOIN
    rank: Rank = Rank.HARD
    locked: bool = False
    airing: AiringRef | None = None
    media: Media | None = None
    in_point: Span = timedelta(0)
    """First moment of the media that airs."""
    source: Name | None = None
    """For ContentKind.LIVE: the source's id."""
    record: bool = False
    """For ContentKind.LIVE: record the source from pre-roll to post-roll."""
    pre_roll: Span = timedelta(minutes=2)
    post_roll: Span = timedelta(minutes=5)
    replay_of: AiringRef | None = None
    """For ContentKind.FILE without `media`: the recording of that airing, once the host has it."""
    substitute: Media | None = None
    """The file that airs if the recording failed, or a saved search finds none."""
    slate_text: str = ""
    replaces_with: str = ""
    """The title viewers see if the item is not public; empty for `title`."""
    graphics: Annotated[tuple[PlannedGraphic, ...], Unused] = ()
    """Lower thirds and crawls planned with it."""
    replay: Annotated[bool, Unused] = False
    """It is the replay of a live, whether or not its recording is named yet."""
    choice: Annotated[Name, Unused] = ""
    """For ContentKind.FILE without `media`: the saved search of `Plan.choices` that it airs the
    first of."""
    recorded: Annotated[Media | None, Unused] = None
    """The recording of `replay_of` as the server knows it, for a host that does not know it by
    itself; its length reaches to the out point."""
    recorded_from: Annotated[Span, Unused] = timedelta(0)
    """In point in `recorded`."""
    facts: Annotated[SearchFacts | None, Unused] = None
    """For a live that is recorded: what saved searches may ask of its recording."""


@dataclass(frozen=True)
class Page:
    """One slide of the bulletin board, as its words; the host draws it with `media/slides`."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    heading: str
    body: str
    seconds: Number
    shown_from: Instant
    shown_until: Instant
    style: str = "plain"
    layout: Name = "text"
    """A layout of `media/slides`, or an automatic page of `playout/bulletins`. A host draws one
    that it does not know as text."""
    second: str = ""
    """Text of a second column, or below a code."""
    link: Annotated[str, short(400)] = ""
    """Address that a QR code holds."""
    picture: Media | None = None
    """A still of the library."""


@dataclass(frozen=True)
class FillerPolicy:
    """The files that fill gaps in some parts of the day, instead of the whole pool."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    spans: tuple[tuple[Instant, Instant], ...]
    """[from, until) each, UTC; no two policies of a plan share an instant."""
    filler: tuple[Media, ...] = ()
    """Only these fill gaps while one of them plays; empty for bulletins only."""
    filler_titles: tuple[str, ...] = ()
    no_repeat: Span = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """The plan that the server publishes for one channel: items with rules, not only times."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelRef
    revision: RevisionRef
    made_at: Instant
    starts: Instant
    ends: Instant
    """The plan covers [starts, ends), UTC."""
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
    look: StationLook = StationLook()
    zone: Name = "UTC"
    """The channel's IANA time zone, in which pages write times."""
    hours: Name = "12"
    """How the station writes times of day: a value of `config.times.Hours`."""
    announced: tuple[Announced, ...] = ()
    """Meetings of the coming week, and what was moved or canceled in it, by start."""
    version: Count = 2
    graphics: Annotated[GraphicsRules | None, Unused] = None
    pictures: Annotated[tuple[Media, ...], Unused] = ()
    """Stills that graphics name by their keys, such as a logo."""
    choices: Annotated[tuple[Choice, ...], Field(max_length=MOST_CHOICES), Unused] = ()
    """The saved searches that items name, by id."""
    decided: Annotated[tuple[AiringRef, ...], Field(max_length=MOST_DECIDED), Unused] = ()
    """Airings whose recordings the server has and judges by itself, found by a search or not."""

    @property
    def clips(self) -> tuple[Media, ...]:
        """Every file that may fill a gap at any time of day."""
        return (*self.filler, *(media for policy in self.policies for media in policy.filler))

    @property
    def drawn_from(self) -> tuple[Media, ...]:
        """Every file that drawing the bulletins needs: pictures, fonts and the logo."""
        pictures = (page.picture for page in self.board if page.picture is not None)
        return (*map(file_of_look, self.look.files), *pictures)

    def item(self, id: ItemId | None) -> Item | None:
        """Return the item of that id, or None."""
        return next((item for item in self.items if item.id == id), None)


def file_of_look(file: LookFile) -> Media:
    """Return a font or logo as one more file that the broadcast machine fetches."""
    return Media(
        file.key, file.suffix, file.size, timedelta(0), None, has_picture=False, has_sound=False
    )
