"""The ledger of airings still open: tallies of what is seen, each turned into one as-run row."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta

from config.names import CueId, ItemId
from playout.asrun.judge import DARK_FROM, judge, name_of, unaired
from playout.asrun.tally import Tally
from playout.model.cue_ids import Origin, instance_of
from playout.model.engine import AirFact
from playout.model.plan import Plan
from playout.model.rundown import Cue, Rundown
from playout.model.wire import AsRun
from playout.state.air_state import AirState

FACTS_BEYOND = timedelta(seconds=1)
"""A cue is judged once air facts reach this far past its end."""
REPORTED_KEPT = 100_000
"""Instances remembered as reported, so that each gets one row: weeks of the shortest clips."""
MOST_RUNNING = 12
"""Open rows in a status: the one on air, the one it covers, and those waiting for their row."""
JUDGED_WITHOUT_FACTS_AFTER = timedelta(minutes=1)
"""Without air facts, a cue is judged this long after its end."""


class AsRunLedger:
    """Open tallies of one channel. `reported` names instances that already have their row."""

    def __init__(self, reported: Iterable[CueId] = ()) -> None:
        self.tallies: dict[str, Tally] = {}
        self.reported = dict.fromkeys(instance_of(cue) for cue in reported)
        """Instances that have their row, oldest first."""
        self.reached: datetime | None = None
        """End of the last fact counted."""
        self._next_tick = -1
        self._since: dict[str, int] = {}

    def expect(self, cues: Iterable[Cue]) -> None:
        """Open a tally for committed cues: each gets a row even if no frame of it is ever seen."""
        for cue in cues:
            if cue.origin is not Origin.OFF_AIR and instance_of(cue.id) not in self.reported:
                self.tallies.setdefault(name_of(cue), Tally(cue, cue.end))

    def forget(self, cue: Cue) -> None:
        """Drop an instance that was withdrawn before it had any air."""
        tally = self.tallies.get(name_of(cue))
        if tally is not None and not tally.reported_ticks():
            del self.tallies[name_of(cue)]

    def unseen(self) -> tuple[CueId, ...]:
        """Return expected instances of which no frame has been seen yet."""
        return tuple(tally.cue.id for tally in self.tallies.values() if not tally.reported_ticks())

    def closed(self, cues: Iterable[Cue], plan: Plan, happened: AirState) -> Iterable[AsRun]:
        """Yield the rows of those cues that were seen on air, and close their tallies. They are not
        counted as reported: each is to air once more.
        """
        for cue in cues:
            tally = self.tallies.get(name_of(cue))
            if tally is None or tally.cue.id != cue.id:
                continue
            del self.tallies[name_of(cue)]
            self._since.pop(name_of(cue), None)
            if tally.reported_ticks():
                yield judge(tally, plan.item(cue.item), happened)

    def expect_again(self, cues: Iterable[CueId]) -> None:
        """Forget that these have their row."""
        for cue in cues:
            self.reported.pop(instance_of(cue), None)

    def count(self, facts: Iterable[AirFact], known: Mapping[CueId, Cue], cursor: int) -> None:
        """Count facts read from `cursor` on; `known` are the cues they may name."""
        for fact in facts:
            dark = self._dark_before(fact)
            # Also where it is earlier, because the clock was set back.
            self.reached = fact.end
            self._next_tick = fact.tick + fact.ticks
            cue = known.get(fact.cue) if fact.cue is not None else None
            if cue is None or instance_of(cue.id) in self.reported:
                continue
            self.tallies.setdefault(name_of(cue), Tally(cue, cue.end)).add(fact, cue, dark)
            self._since.setdefault(name_of(cue), cursor)

    def _dark_before(self, fact: AirFact) -> timedelta:
        """Return how long nothing was on air before the fact.

        Consecutive tick numbers prove that something was, even if the wall clock was set ahead
        meanwhile.
        """
        if self.reached is None or fact.tick == self._next_tick:
            return timedelta(0)
        gap = fact.start - self.reached
        return gap if gap >= DARK_FROM else timedelta(0)

    def running(self, plan: Plan, happened: AirState) -> tuple[AsRun, ...]:
        """Return provisional rows of airings that are on air or not over yet."""
        seen = [tally for tally in self.tallies.values() if tally.reported_ticks()]
        return tuple(
            judge(tally, plan.item(tally.cue.item), happened) for tally in seen[-MOST_RUNNING:]
        )

    def safe(self, cursor: int) -> int:
        """Return from where facts must be read again after a restart, so that no open tally is
        short.
        """
        return min([self._since[name] for name in self.tallies if name in self._since] + [cursor])

    def rows(
        self,
        plan: Plan,
        rundown: Rundown,
        happened: AirState,
        now: datetime,
        log_waits: bool = False,
        coming_back: Container[ItemId | None] = (),
    ) -> Iterable[AsRun]:
        """Yield rows of everything that is over by now, and of everything that will not air any
        more.

        With `log_waits` the facts are known to be late: only airings that they reach are judged.
        Items `coming_back`, whose file failed and will be tried again, are not over yet.
        """
        ends = {name_of(cue): cue.end for cue in rundown.cues}
        for name in list(self.tallies):
            tally = self.tallies[name]
            tally.ends = ends.get(name, tally.ends)
            waits = tally.cue.item in happened.provisional or tally.cue.item in coming_back
            if not waits and self._over(tally, now, log_waits):
                del self.tallies[name]
                self._since.pop(name, None)
                yield self._given(judge(tally, plan.item(tally.cue.item), happened))
        for displaced in rundown.displaced:
            item = displaced.item
            if item in ends or item in happened.aired or item in self.tallies:
                continue
            row = unaired(displaced, plan, happened)
            if row is None or row.end + FACTS_BEYOND > now or instance_of(row.cue) in self.reported:
                continue
            yield self._given(row)

    def _given(self, row: AsRun) -> AsRun:
        self.reported[instance_of(row.cue)] = None
        if len(self.reported) > REPORTED_KEPT:
            del self.reported[next(iter(self.reported))]
        return row

    def _over(self, tally: Tally, now: datetime, log_waits: bool) -> bool:
        # A fact of the future is of a clock that was ahead, and is no sign that anything is over.
        reached = min(self.reached, now) if self.reached is not None else None
        seen_past = reached is not None and reached >= tally.ends + FACTS_BEYOND
        return seen_past or (not log_waits and now >= tally.ends + JUDGED_WITHOUT_FACTS_AFTER)
