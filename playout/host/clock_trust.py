"""The time that air runs by: the engine's house clock, and whether the machine's clock is right."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import Clock
from playout.direction.director import FOREVER
from playout.host.clock_stands import StandsFile
from playout.host.journal import Journal
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin, origin_of, standby_cue_id
from playout.model.engine import Desired, Observation, Shot
from playout.model.layer import Layer

OBSERVATION_STALE_NS = 5_000_000_000
"""An observation older than this is no longer used for the time: the engine may be gone."""
EARLIEST_CREDIBLE = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this date is not set: a dead battery boots a machine in 1970 or so."""
BEHIND_JOURNAL_AT_MOST = timedelta(seconds=5)
"""How far behind the journal's latest instant a clock may be."""
AHEAD_OF_PLAN_AT_MOST = timedelta(days=7)
"""How far past the journal and the plan a clock may be that no time service keeps."""
HOUSE_CLOCK_ASTRAY_BY = timedelta(seconds=30)
"""The house clock differs by more than this only after the machine's clock was set; it follows at a
moment when no file is on air."""


log = logging.getLogger(__name__)
HOW_TO_RESTORE = (
    "The slate airs until it is right, or until `gavel-playout rejoin` here says it is."
)


class HouseTime:
    """The house clock, as seen in the engine's observations.

    It runs on between two observations by the monotonic clock, so that setting the machine's clock
    moves nothing on air.
    """

    def __init__(self) -> None:
        self._tick = -1
        self._seen = 0
        self._utc: datetime | None = None

    def now(self, seen: Observation | None, monotonic: int, utc: datetime) -> datetime:
        """Return the house clock's instant at `monotonic` ns; `utc` while no engine is heard."""
        if seen is not None and seen.tick != self._tick:
            self._tick, self._seen, self._utc = seen.tick, monotonic, seen.utc
        # The age counts from when this agent saw the tick, up to a turn late; the next observation
        # corrects it.
        age = monotonic - self._seen
        if self._utc is None or age > OBSERVATION_STALE_NS:
            return utc
        return self._utc + timedelta(microseconds=age // 1000)


def clock_fault(
    utc: datetime,
    last: datetime | None,
    planned: datetime | None = None,
    kept: bool | None = None,
    *,
    proven: bool = False,
) -> str | None:
    """Return why the machine's clock cannot be right, in words; None if it may be.

    `last` is the journal's latest instant, `planned` the end of the plan in force, `kept` whether a
    time service keeps the clock (None if unknown), `proven` whether it stands where this machine
    worked longest by it since it started.

    A clock that a time service keeps is believed rather than the journal. One that none keeps may
    still be right for days without a server. Only if it is more than a week past everything known
    is it taken for a clock whose battery died.
    """
    if utc < EARLIEST_CREDIBLE:
        return f"The clock says {utc:%Y-%m-%d}: it is not set."
    if _is_behind(utc, last) and not kept and not proven:
        return f"The clock says {utc:%Y-%m-%d %H:%M} UTC, which is behind the journal."
    # Not merely ahead of the journal: a machine that was off for a month is right to be.
    known = [instant for instant in (last, planned) if instant is not None]
    if kept is False and known and utc > max(known) + AHEAD_OF_PLAN_AT_MOST:
        return (
            f"The clock says {utc:%Y-%m-%d %H:%M} UTC, long after everything this machine knows "
            "of, and no time service keeps it."
        )
    return None


def _is_behind(utc: datetime, last: datetime | None) -> bool:
    return last is not None and utc < last - BEHIND_JOURNAL_AT_MOST


class ClockTrust:
    """The decision whether to believe the clock, and the slate that airs until then."""

    def __init__(
        self, clock: Clock, journal: Journal, folder: Path, planned: datetime | None
    ) -> None:
        """`planned` is the end of the plan in force, and `folder` the channel's."""
        self._clock, self._journal, self._planned = clock, journal, planned
        self._stands = StandsFile(folder)
        self.reason = ""
        """Why the clock is not believed, in words; empty while it is."""
        self._by_hand = False

    @property
    def good(self) -> bool:
        """True if the clock is believed."""
        return not self.reason

    def look(self, utc: datetime, now: datetime, seen: Observation | None, *, works: bool) -> bool:
        """Judge the clock again, and write an alarm if it has just become wrong. Return whether it
        is believed.

        `now` is the house clock's instant, and `works` tells whether the agent has begun to work by
        the clock. From then on only an impossible year counts: the house clock follows the engine,
        and a later step of the machine's clock moves nothing on air.
        """
        wrong = None if self._by_hand else self._wrong(utc, works)
        before, self.reason = self.reason, wrong or ""
        if not wrong and self._astray(utc, now, seen, works):
            self.reason = "The house clock is being set."
        if wrong and not before:
            self._alarm(utc, f"{wrong} {HOW_TO_RESTORE}")
        if works and self.good:
            self._stands.work(utc, self._clock.since_boot())
        return self.good

    def why_although_behind(self, utc: datetime, *, works: bool) -> str:
        """Return why a clock is believed that is behind the journal, in one sentence; "" where it
        is not behind, or nothing but its being in use speaks for it.
        """
        if not _is_behind(utc, self._journal.last_instant):
            return ""
        if self._is_proven(utc):
            why = "it stands where it stood longest since this machine started"
        elif self._clock.synchronized() and not works:
            why = "a time service keeps it"
        elif self._by_hand and not works:
            why = "a person said here that it is right"
        else:
            return ""
        return (
            f"The clock says {utc:%Y-%m-%d %H:%M} UTC, which is behind the journal, and is "
            f"believed, because {why}."
        )

    def hear(self, command: Command) -> str:
        """Believe the clock from now on if the command is `rejoin`. Return why not, or ""."""
        if command.verb is not Verb.REJOIN:
            return "The clock is not trusted; only rejoin works now."
        self._by_hand = True
        return ""

    def needs_another(
        self, on_air: Shot | None, seen: Observation | None, utc: datetime, now: datetime
    ) -> bool:
        """Return whether to take a new slate: the first, or one to set the house clock at."""
        if on_air is None or origin_of(on_air.cue) is not Origin.STANDBY:
            return True
        # The engine sets the house clock only when it takes another cue, so each try needs a new
        # one, and only after the last try was taken.
        taken = seen is not None and seen.cue == on_air.cue
        return taken and self._astray(utc, now, seen, works=True)

    def stand_by(self, serial: int, now: datetime) -> Desired:
        """Return a slate that starts at the engine's own time, whatever that is."""
        return Desired(serial, Shot(standby_cue_id(serial), Layer.SLATE, now, now + FOREVER))

    def _wrong(self, utc: datetime, works: bool) -> str | None:
        if works:
            return clock_fault(utc, last=None)
        last, kept = self._journal.last_instant, self._clock.synchronized()
        return clock_fault(utc, last, self._planned, kept, proven=self._is_proven(utc))

    def _is_proven(self, utc: datetime) -> bool:
        return self._stands.is_proven(utc, self._clock.since_boot())

    def _alarm(self, utc: datetime, words: str) -> None:
        log.warning(words)
        # Never dated ahead of the journal: its latest instant would follow a clock that is years
        # ahead, and every right clock would then seem to be behind the journal.
        self._journal.alarm(min(utc, self._journal.last_instant or utc), words)

    def _astray(self, utc: datetime, now: datetime, seen: Observation | None, works: bool) -> bool:
        """Return whether the house clock is far off, with nothing on air that a jump would tear."""
        if seen is None or abs(now - utc) <= HOUSE_CLOCK_ASTRAY_BY:
            return False
        # A file is left alone, unless a clock that was wrong has put it on air.
        behind = _is_behind(utc, self._journal.last_instant)
        by_wrong_clock = not works and behind and now > utc and self._is_proven(utc)
        return seen.layer is not Layer.DECK or by_wrong_clock
