"""The language of air: items with rules as published, and the rundown of cues made from them."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from config.bounded import (
    STRICT,
    AiringRef,
    ChannelRef,
    CueRef,
    Instant,
    ItemRef,
    Name,
    RevisionRef,
    Span,
    Title,
)
from config.names import CueId
from playout.model.plan import ContentKind, Media, Rank


@dataclass(frozen=True)
class Cue:
    """One stretch of air [start, end): which item, from which moment of its media."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: CueRef
    item: ItemRef | None
    """None for filler, board and slate, which no one planned by name."""
    kind: ContentKind
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


FOREVER = timedelta(days=36500)


def cue_at(rundown: Rundown, at: datetime) -> Cue:
    """The cue on air at `at`. Total: outside the rundown it is a slate that lasts to its edge."""
    if at < rundown.starts:
        return _beyond("before", at - FOREVER, rundown.starts)
    if at >= rundown.ends:
        return _beyond("after", rundown.ends, rundown.ends + FOREVER)
    return rundown.cues[bisect_right(rundown.cues, at, key=_start) - 1]


def next_change(rundown: Rundown, at: datetime) -> datetime | None:
    """The first instant after `at` at which another cue begins; None when none is known."""
    following = next_cue(rundown, at)
    return None if following is None else following.start


def next_cue(rundown: Rundown, at: datetime) -> Cue | None:
    """The cue after the one on air at `at`."""
    index = bisect_right(rundown.cues, at, key=_start)
    return rundown.cues[index] if index < len(rundown.cues) else None


def next_item(rundown: Rundown, at: datetime) -> Cue | None:
    """The first cue after `at` that somebody planned by name, past the item on air."""
    current = cue_at(rundown, at).item
    index = bisect_right(rundown.cues, at, key=_start)
    for cue in rundown.cues[index:]:
        if cue.item is not None and cue.item != current:
            return cue
    return None


def position(cue: Cue, at: datetime) -> timedelta:
    """How far into its media the cue is at `at`."""
    return cue.offset + (at - cue.start)


def _start(cue: Cue) -> datetime:
    return cue.start


def _beyond(side: str, start: datetime, end: datetime) -> Cue:
    return Cue(CueId(f"{side}-the-rundown"), None, ContentKind.SLATE, "", start, end, Rank.SLATE)
