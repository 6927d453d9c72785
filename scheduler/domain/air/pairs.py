"""The two machines of a channel: which one sends, whether the other is ready, when it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock_steps import elapsed
from config.times import length
from playout.model.pair import PairStatus
from playout.model.wire import Status
from scheduler.domain.air.machines import HOST_SILENT_AFTER, Machine
from scheduler.domain.model.ids import HostId

NOT_A_PAIR = "It does not know of the other machine: name it in the settings file of both."
SHORTEST_QUIET, LONGEST_QUIET = 1, 24 * 60
"""Bounds of the minutes of quiet before a return by rule."""
MOVED_WITHIN = timedelta(minutes=1)
"""A machine that begins to send so soon after somebody moved the channel does so by that hand."""
BOUNDARY_WITHIN = timedelta(seconds=12)
"""A return by rule happens this soon after an item began; the scheduler looks every 5 s."""


@dataclass(frozen=True)
class PairSettings:
    """The two machines of a channel, as staff set them."""

    primary: HostId
    standby: HostId
    quiet_minutes: int | None = None
    """Minutes of quiet after which the channel returns to the primary; None for only by hand."""
    version: int = 0

    @property
    def quiet(self) -> timedelta | None:
        """The time of quiet before a return by rule."""
        return None if self.quiet_minutes is None else timedelta(minutes=self.quiet_minutes)


@dataclass(frozen=True)
class PairMachine:
    """One of the two machines, as far as the server knows it."""

    host: HostId
    name: str
    """The name of its key, as staff gave it."""
    is_primary: bool
    machine: Machine | None = None
    """None while it has never reported."""
    status: Status | None = None
    """Its last report."""
    sends: bool = False
    has_plan: bool = False
    """True when it has the newest plan."""

    @property
    def pair(self) -> PairStatus | None:
        """Its own word on itself and the other machine; None where it knows of no other."""
        return self.status.pair if self.status is not None else None


def sender(
    machines: Sequence[tuple[Machine, PairStatus | None]], before: str | None, now: datetime
) -> str | None:
    """Return the tag of the machine that sends; `before` is the tag of the last known sender.

    Of two that say so the one of the later term does: the other has not heard yet that it lost the
    lease. Where none says so it remains the one before, else the first.
    """
    holding = [(one, pair) for one, pair in machines if one.holds]
    sending = [
        (pair.term, one.tag)
        for one, pair in holding
        if pair is not None and pair.state == "sending" and not one.is_silent(now)
    ]
    if sending:
        return max(sending)[1]
    tags = [one.tag for one, _ in holding]
    if before in tags:
        return before
    return tags[0] if tags else None


def why_not_ready(one: PairMachine, now: datetime) -> tuple[str, ...]:
    """Return in sentences why this machine could not take over now; nothing if it could."""
    if one.machine is None or one.status is None:
        return ("It has never reported on this channel.",)
    # After a clock went back its last report lies in the future: it must report again to be ready.
    unheard = elapsed(one.machine.at, now)
    if unheard > HOST_SILENT_AFTER:
        return (f"It has not reported for {length(unheard)}.",)
    if one.pair is None:
        return (NOT_A_PAIR,)
    if one.pair.ready or one.pair.state == "sending":
        return ()
    return one.pair.not_ready or ("It says that it is not ready.",)


def standby_words(machines: Sequence[PairMachine], now: datetime) -> tuple[bool, str]:
    """Return whether a machine is ready to take over, and a line that says so."""
    other = next((one for one in machines if not one.sends), None)
    on = next((one for one in machines if one.sends), None)
    if other is None or on is None:
        return False, "No second machine has reported"
    why = why_not_ready(other, now)
    if why:
        return False, f"{other.name} could not take over: {why[0].rstrip('.')}"
    return True, f"{on.name} sends, {other.name} is ready to take over"


def move_refusal(machines: Sequence[PairMachine], to: HostId, now: datetime) -> str | None:
    """Return why the channel cannot move to this machine now, in sentences; None if it can."""
    target = next((one for one in machines if one.host == to), None)
    if target is None:
        return "This machine is not one of the channel's two. Reload the page."
    if target.sends:
        return f"{target.name} sends this channel already."
    why = why_not_ready(target, now)
    return f"{target.name} could not take over: {' '.join(why)}" if why else None


def took_over(machines: Sequence[PairMachine], moved: datetime | None, now: datetime) -> str:
    """Return the sentence about a standby that sends because the primary could not; else "".

    `moved` is when staff moved the channel last: then nothing is wrong.
    """
    on = next((one for one in machines if one.sends and not one.is_primary), None)
    if on is None or on.pair is None or on.pair.state != "sending" or on.machine is None:
        return ""
    since = on.pair.since
    if on.machine.is_silent(now) or since is None:
        return ""
    if moved is not None and timedelta(0) <= since - moved < MOVED_WITHIN:
        return ""
    why = f" {on.pair.why}" if on.pair.why else ""
    return f"{on.name} took over.{why}"


def is_return_due(
    machines: Sequence[PairMachine],
    quiet: timedelta | None,
    ready_since: datetime | None,
    began: datetime,
    now: datetime,
    *,
    is_live: bool,
) -> bool:
    """Return whether the channel returns to the primary by rule now.

    `ready_since` is since when the primary could send without a break, and `began` when the item on
    air began: it returns just after such a boundary, and never in a live.
    """
    primary = next((one for one in machines if one.is_primary), None)
    if quiet is None or primary is None or primary.sends or ready_since is None or is_live:
        return False
    if why_not_ready(primary, now) or now - ready_since < quiet:
        return False
    return timedelta(0) <= now - began <= BOUNDARY_WITHIN
