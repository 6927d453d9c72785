"""The rundown of a channel: cues that cover its air without a hole, and look-ups in them."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import model_validator

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
from playout.model.cue_ids import Origin, origin_of, planned_of
from playout.model.plan import ContentKind, Media, Rank


@dataclass(frozen=True)
class Cue:
    """One stretch of air [start, end) that shows one item, or fills a gap, from one position of
    media.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: CueRef
    item: ItemRef | None
    """None for filler, board, slate and overrides."""
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
    """True while its end is an estimate: a live held until adjourned."""
    slate_text: str = ""
    policy: Name = ""
    """In a gap: the policy that chose the filler; empty for the whole pool."""
    origin: Origin = Origin.PLANNED
    planned: Instant | None = None
    """For an item that started by its rules, its planned start; for what fills a gap, the start of
    that gap; UTC. None where an operator or the host itself put the cue there."""

    @model_validator(mode="before")
    @classmethod
    def _read_from_id(cls, fields: Any) -> Any:
        """Take origin and planned start from the id where the message has neither.

        Hosts of the version before, and journals and databases they wrote, have only the id. This
        is the one place that reads a whole cue that way.
        """
        id = fields.get("id") if isinstance(fields, dict) else None
        if not isinstance(id, str) or "origin" in fields:
            return fields
        return {**fields, "origin": origin_of(CueId(id)), "planned": planned_of(CueId(id))}


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
    """A rundown with an uncovered instant was about to be made; always a bug."""


@dataclass(frozen=True)
class Rundown:
    """Cues that cover [starts, ends) without hole or overlap; the constructor refuses any other."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelRef
    revision: RevisionRef
    """The revision of the plan it was settled from."""
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
    """Return the cue on air at `at`. Outside the rundown that is a slate that lasts to its edge."""
    if at < rundown.starts:
        return _beyond("before", at - FOREVER, rundown.starts)
    if at >= rundown.ends:
        return _beyond("after", rundown.ends, rundown.ends + FOREVER)
    return rundown.cues[bisect_right(rundown.cues, at, key=_start) - 1]


def next_change(rundown: Rundown, at: datetime) -> datetime | None:
    """Return the first instant after `at` at which another cue begins; None when none is known."""
    following = next_cue(rundown, at)
    return None if following is None else following.start


def next_cue(rundown: Rundown, at: datetime) -> Cue | None:
    """Return the cue after the one on air at `at`."""
    index = bisect_right(rundown.cues, at, key=_start)
    return rundown.cues[index] if index < len(rundown.cues) else None


def next_item(rundown: Rundown, at: datetime) -> Cue | None:
    """Return the first cue of another item after `at`; filler, board and slate are passed over."""
    current = cue_at(rundown, at).item
    index = bisect_right(rundown.cues, at, key=_start)
    for cue in rundown.cues[index:]:
        if cue.item is not None and cue.item != current:
            return cue
    return None


def position(cue: Cue, at: datetime) -> timedelta:
    """Return the position in its media that the cue has reached at `at`."""
    return cue.offset + (at - cue.start)


def _start(cue: Cue) -> datetime:
    return cue.start


def _beyond(side: str, start: datetime, end: datetime) -> Cue:
    name = CueId(f"{side}-the-rundown")
    return Cue(name, None, ContentKind.SLATE, "", start, end, Rank.SLATE, origin=Origin.STANDBY)
