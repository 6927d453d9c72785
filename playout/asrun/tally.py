"""The tally of an airing: the frames that were seen of it, counted while it is on air."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from config.names import CueId
from playout.model.engine import AirFact
from playout.model.layer import Layer
from playout.model.plan import ContentKind
from playout.model.rundown import Cue
from playout.model.wire import SeenStretch

ON_TIME_WITHIN = timedelta(milliseconds=200)
"""A start within this of its instant is on time."""
MOST_STRETCHES = 300
"""Stretches in one row; a source that flaps more often has the rest joined into the last."""


@dataclass
class Tally:
    """The frames seen of one cue or item so far."""

    cue: Cue
    """Its first cue."""
    ends: datetime
    """End of its last cue by the rundown."""
    start: datetime | None = None
    end: datetime | None = None
    first_tick: int | None = None
    first_layer: Layer | None = None
    first_own: datetime | None = None
    ticks: dict[Layer, int] = field(default_factory=dict)
    before: int = 0
    """Ticks on which the last picture of the item before was held, because its own had not come."""
    held: int = 0
    dropped: int = 0
    joined_at: timedelta = timedelta(0)
    away: timedelta = timedelta(0)
    """Time on which another picture was seen after its own had been."""
    dark: timedelta = timedelta(0)
    """Time in the middle of it on which nothing was on air at all."""
    seen: list[SeenStretch] = field(default_factory=list)
    piece: CueId | None = None
    """The cue seen last; an item that is cut, or tried again, has several."""
    reason: str = ""

    def add(self, fact: AirFact, cue: Cue, dark: timedelta = timedelta(0)) -> None:
        """Count one more run of ticks; `dark` is how long nothing was on air before it."""
        own = self._shows(fact, cue)
        self.piece = cue.id
        self.dark += dark if self.start is not None else timedelta(0)
        self._saw(fact)
        if self.start is None:
            self.start, self.first_tick, self.first_layer = fact.start, fact.tick, fact.layer
        if own and self.first_own is None:
            self.first_own, self.joined_at = fact.start, cue.offset + (fact.start - cue.start)
            self.first_tick = fact.tick
        if not own and self.first_own is not None:
            self.away += fact.end - fact.start
        self.end = fact.end
        if fact.layer is layer_of(cue) and not own:
            self.before += fact.ticks
        else:
            self.ticks[fact.layer] = self.ticks.get(fact.layer, 0) + fact.ticks
        self.held += fact.held
        self.dropped += fact.dropped
        if not own and fact.reason:
            self.reason = fact.reason

    def _saw(self, fact: AirFact) -> None:
        """Lengthen the last stretch, or begin another."""
        last = self.seen[-1] if self.seen else None
        near = (
            last is not None
            and fact.start - last.end <= ON_TIME_WITHIN
            and last.layer == fact.layer
        )
        if last is not None and (near or len(self.seen) >= MOST_STRETCHES):
            self.seen[-1] = replace(last, end=fact.end)
        else:
            self.seen.append(SeenStretch(fact.start, fact.end, fact.layer.value))

    def _shows(self, fact: AirFact, cue: Cue) -> bool:
        """Return whether viewers saw the cue's own picture.

        Until its first frame has come, a picture held on its layer is still that of the item
        before.
        """
        held = fact.layer is Layer.DECK and fact.source_first < 0 and self.first_own is None
        return fact.layer is layer_of(cue) and not held

    def missing(self) -> timedelta:
        """Return the time between two of its stretches on which something else was on air."""
        pairs = pairwise(self.seen)
        return sum((later.start - before.end for before, later in pairs), timedelta(0))

    def own(self) -> int:
        """Return the number of ticks on which its own picture was on air."""
        return self.ticks.get(layer_of(self.cue), 0)

    def reported_ticks(self) -> int:
        """Return the number of ticks in the air log, its own picture or not."""
        return sum(self.ticks.values()) + self.before

    def mostly(self) -> Layer:
        """Return the layer that viewers saw for most of it."""
        return max(self.ticks, key=lambda layer: self.ticks[layer], default=Layer.SLATE)


def layer_of(cue: Cue) -> Layer:
    """Return the layer on which the cue's own picture airs."""
    if cue.kind is ContentKind.FILE or (cue.kind is ContentKind.LIVE and cue.source is not None):
        return Layer.DECK
    return Layer.BOARD if cue.kind is ContentKind.BOARD else Layer.SLATE
