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


@dataclass
class SentStretches:
    """The stretches in which this machine sent, UTC. Where `take` was never called, it always did:
    the channel has one machine.
    """

    stretches: tuple[tuple[datetime, datetime | None], ...] | None = field(default=None)

    def take(self, stretches: Sequence[tuple[int, int]], monotonic: int, utc: datetime) -> None:
        """Take the stretches in monotonic nanoseconds, 0 for no end; `utc` is the instant of
        `monotonic`.
        """

        def instant(at: int) -> datetime:
            return utc - timedelta(microseconds=(monotonic - at) // 1000)

        self.stretches = tuple(
            (instant(start), instant(end) if end else None) for start, end in stretches
        )

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
