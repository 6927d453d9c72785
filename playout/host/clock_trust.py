"""What time it is for air: the engine's house clock where it is heard, and whether to trust it."""

from datetime import UTC, datetime, timedelta

from config.names import CueId
from playout.direction.director import FOREVER
from playout.model.commands import Command, Verb
from playout.model.engine import Desired, Observation, Shot
from playout.model.layer import Layer

OBSERVATION_STALE_NS = 5_000_000_000
"""An observation older than this no longer tells the time."""
EARLIEST_CREDIBLE = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right is behind this."""
BEHIND_JOURNAL_AT_MOST = timedelta(seconds=5)
"""How far behind the journal a clock may be before it is distrusted."""
AHEAD_OF_PLAN_AT_MOST = timedelta(days=7)
"""How far beyond all that journal and plan know of a clock may be that nothing keeps."""
HOUSE_CLOCK_ASTRAY_BY = timedelta(seconds=30)
"""The house clock and the machine's differ by more only after a step that waits for a join."""


HOW_TO_RESTORE = (
    "The slate airs until it is right, or until `gavel-playout rejoin` here says it is."
)


class HouseTime:
    """Follows the tick's instants as observed, so that a stepped clock moves nothing on air."""

    def __init__(self) -> None:
        self._tick = -1
        self._seen = 0
        self._utc: datetime | None = None

    def now(self, seen: Observation | None, monotonic: int, utc: datetime) -> datetime:
        """The house's instant at `monotonic` nanoseconds; `utc` where no engine is heard."""
        if seen is not None and seen.tick != self._tick:
            self._tick, self._seen, self._utc = seen.tick, monotonic, seen.utc
        age = monotonic - self._seen
        if self._utc is None or age > OBSERVATION_STALE_NS:
            return utc
        return self._utc + timedelta(microseconds=age // 1000)


def clock_fault(
    utc: datetime,
    last: datetime | None,
    planned: datetime | None = None,
    kept: bool | None = None,
) -> str | None:
    """Why the machine's clock cannot be right, in words; None when it may be.

    `last` is the journal's last instant, `planned` the end of the plan in force, `kept` whether a
    time service keeps the clock (None: not known). A clock that is kept is believed rather than
    the journal. One that is not may still be right for days without a server: only beyond
    everything known by more than a week is it taken for a battery that died.
    """
    if utc < EARLIEST_CREDIBLE:
        return f"The clock says {utc:%Y-%m-%d}: it is not set."
    if last is not None and utc < last - BEHIND_JOURNAL_AT_MOST and not kept:
        return f"The clock says {utc:%Y-%m-%d %H:%M} UTC, which is behind the journal."
    known = [instant for instant in (last, planned) if instant is not None]
    if kept is False and known and utc > max(known) + AHEAD_OF_PLAN_AT_MOST:
        return (
            f"The clock says {utc:%Y-%m-%d %H:%M} UTC, long after everything this machine knows "
            "of, and no time service keeps it."
        )
    return None


class ClockTrust:
    """Decides whether time may be believed, and what airs while it may not."""

    def __init__(self) -> None:
        self.reason = ""
        """Why not, in words; empty while it may."""
        self._by_hand = False

    @property
    def good(self) -> bool:
        """Whether time may be believed."""
        return not self.reason

    def look(
        self, utc: datetime, now: datetime, wrong: str | None, seen: Observation | None
    ) -> str:
        """Look anew; returns words for staff when it has just become worse, else nothing.

        `now` is the house's instant, `wrong` what `clock_fault` says.
        """
        wrong = None if self._by_hand else wrong
        before, self.reason = self.reason, wrong or ""
        if not wrong and self._astray(utc, now, seen):
            self.reason = "The house clock is being set."
        return f"{wrong} {HOW_TO_RESTORE}" if wrong and not before else ""

    def hear(self, command: Command) -> str:
        """Someone says that the time is right after all; the answer is a refusal, or nothing."""
        if command.verb is not Verb.REJOIN:
            return "The clock is not trusted; only rejoin works now."
        self._by_hand = True
        return ""

    def needs_another(
        self, on_air: Shot | None, seen: Observation | None, utc: datetime, now: datetime
    ) -> bool:
        """Whether a new slate must be taken: the first, or one that lets the house clock join."""
        if on_air is None or not on_air.cue.startswith("standby-"):
            return True
        taken = seen is not None and seen.cue == on_air.cue
        return taken and self._astray(utc, now, seen)

    def stand_by(self, serial: int, now: datetime) -> Desired:
        """A slate at the engine's own time, whatever that is."""
        cue = CueId(f"standby-{serial}")
        return Desired(serial, Shot(cue, Layer.SLATE, now, now + FOREVER))

    def _astray(self, utc: datetime, now: datetime, seen: Observation | None) -> bool:
        """The engine keeps another time, and nothing that could be torn is on air."""
        return (
            seen is not None
            and seen.layer is not Layer.DECK
            and abs(now - utc) > HOUSE_CLOCK_ASTRAY_BY
        )
