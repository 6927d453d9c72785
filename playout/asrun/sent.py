"""Parts of the air that left this machine, where two machines may send the channel.

Worked example. The gate was open from 20:00:00 to 20:10:00. A run of ticks from 20:09:50 to
20:10:20 counts with its first ten seconds; the other machine sent the rest, and counts that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from playout.model.engine import AirFact
from playout.model.wire import AsRun

LEAST = timedelta(milliseconds=10)
"""Shorter pieces are the inaccuracy of two clocks."""

Stretch = tuple[datetime, datetime | None]
"""From when to when this machine sent, UTC; None while it goes on."""
OPEN_AFTER = timedelta(seconds=0.5)
"""How long a gate stays open at most after its link's last word (`playout.lease.voter`)."""
SAME_WITHIN = timedelta(seconds=1)
"""Two beginnings so close, of which one is from before this start, are one."""
MOST_KEPT = 100
"""Stretches that an agent remembers: more changes than a week of them has."""
Stretches = Sequence[tuple[int, int]]
"""Beginnings and ends in monotonic nanoseconds, in order; 0 for no end."""


def remembered(known: Stretches, told: Stretches, ended: int) -> tuple[tuple[int, int], ...]:
    """Return what a peer link tells, after what a link before it told.

    A link that starts again knows only what it opened itself. `ended` is until when the gate of the
    link before may have stayed open. Example, in seconds: it told of (10, 40) and of (90, 0), was
    killed at 100, and the next one opens at 130. `ended` is 100.5, so that is when the second one
    ends: (10, 40), (90, 100.5), (130, 0). Had the next one found the gate open, it would have told
    of (90, 0) again.
    """
    begins = told[0][0] if told else None
    earlier = [one for one in known if begins is None or one[0] < begins]
    last = ended if begins is None else min(ended, begins)
    return (*((begin, end or last) for begin, end in earlier), *told)[-MOST_KEPT:]


@dataclass
class SentStretches:
    """The stretches in which this machine sent. Where `take` was never called, it always did: the
    channel has one machine.

    What was sent before this machine started is kept as `earlier`: the airing that was on air then
    is not judged yet.
    """

    earlier: tuple[Stretch, ...] = ()
    known: datetime | None = None
    """The last instant, UTC, at which the stretches were known."""
    _told: tuple[Stretch, ...] | None = field(default=None, repr=False)
    """What the link has told since this start."""
    _is_first: bool = field(default=False, repr=False)
    """Whether the link, which may have gone on meanwhile, has told nothing since this start."""

    @property
    def stretches(self) -> tuple[Stretch, ...] | None:
        """All stretches that are known, in order; None on a channel of one machine."""
        if self._told is None:
            return None
        return (*self.earlier, *self._told)

    def start(self, earlier: Sequence[Stretch], known: datetime | None) -> None:
        """Begin on a channel of two machines, with what was known at `known`, before this start."""
        self.known, self._is_first = known, True
        self.earlier = tuple(self._closed(one) for one in earlier[-MOST_KEPT:])
        self._told = ()

    def take(self, stretches: Sequence[tuple[int, int]], monotonic: int, utc: datetime) -> None:
        """Take the link's stretches in monotonic nanoseconds, 0 for no end; `utc` is the instant of
        `monotonic`.
        """

        def instant(at: int) -> datetime:
            return utc - timedelta(microseconds=(monotonic - at) // 1000)

        self.known = utc
        self._told = tuple(
            (instant(start), instant(end) if end else None) for start, end in stretches
        )
        if self._is_first:
            self._forget_what_goes_on([start for start, _ in self._told])

    def _forget_what_goes_on(self, starts: Sequence[datetime]) -> None:
        """Forget of what was kept on the disk what the link still tells itself."""
        self._is_first = False
        self.earlier = tuple(
            (start, end) for start, end in self.earlier
            if not any(abs(start - one) < SAME_WITHIN for one in starts)
        )  # fmt: skip

    def _closed(self, stretch: Stretch) -> Stretch:
        """Return a stretch of which nothing more is heard: it ended with its last word's lease."""
        start, end = stretch
        return start, end if end is not None or self.known is None else self.known + OPEN_AFTER

    def of(self, facts: Sequence[AirFact]) -> Sequence[AirFact]:
        """Return the facts as far as they left this machine."""
        if self.stretches is None:
            return facts
        return [part for fact in facts for part in self._parts(fact)]

    def accounts_for(self, row: AsRun) -> bool:
        """Tell whether a row is this machine's to write: it sent some of the airing, or it would
        have had to send the item.
        """
        if self.stretches is None or row.ticks or row.seen:
            return True
        return row.item is not None and any(
            start < row.planned_end and (end is None or end > row.planned_start)
            for start, end in self.stretches
        )

    def _parts(self, fact: AirFact) -> Iterator[AirFact]:
        for start, end in self.stretches or ():
            first, last = max(fact.start, start), min(fact.end, end or fact.end)
            if (first, last) == (fact.start, fact.end):
                yield fact
            elif last - first > LEAST:
                yield _part(fact, first, last)


def _part(fact: AirFact, first: datetime, last: datetime) -> AirFact:
    """Return the part of a run of ticks between two instants within it."""
    a_tick = (fact.end - fact.start) / fact.ticks
    skipped = round((first - fact.start) / a_tick)
    ticks = max(1, round((last - first) / a_tick))
    has_source = fact.source_first >= 0
    return replace(
        fact,
        tick=fact.tick + skipped,
        ticks=ticks,
        start=first,
        end=last,
        source_first=fact.source_first + skipped if has_source else -1,
        source_last=fact.source_first + skipped + ticks - 1 if has_source else -1,
    )
