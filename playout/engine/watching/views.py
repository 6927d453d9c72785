"""Views of outputs as a machine of a pair has them, from what its watcher judged (pure).

The rule that follows from it is in `playout.lease.sight`.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from playout.engine.format.ticks import NS
from playout.engine.watching.judge import STALE_AFTER, Finding
from playout.engine.watching.seen import Judged, Match
from playout.model.leaving import Fault
from playout.model.sight import View

_VIEWS: dict[Fault, View] = {
    Fault.NO_PICTURES: "no pictures",
    Fault.BLACK: "black",
    Fault.FROZEN: "frozen",
    Fault.WRONG: "wrong",
}
RIGHT_FOR_NS = 10 * NS
"""Nanoseconds without a fault before a machine calls its own output right."""
JOINED_AGAIN_AFTER_NS, ABSENT_AFTER_NS = 400_000_000, 800_000_000
"""Nanoseconds without a datagram: a stream has one every few milliseconds, of nulls if need be."""
RECEIVED_FOR_NS = 10 * NS
"""Nanoseconds for which a stream must have come before that it stopped means anything: a machine
that never received it may be deaf."""
STOOD_STILL_NS = 500_000_000
"""Nanoseconds between two looks from which this machine stood still, and nothing is concluded."""


def view_of(found: Iterable[Finding], history: Sequence[Judged], at: int) -> View:
    """Return what is seen at one place whose pictures are compared, at this monotonic instant."""
    faults = [finding.fault for finding in found]
    if Fault.SENDERS in faults or Fault.NO_STREAM in faults:
        return "unknown"
    for fault in faults:
        if fault in _VIEWS:
            return _VIEWS[fault]
    last = next((one for one in reversed(history) if one.picture is not Match.UNKNOWN), None)
    if last is None or last.picture is not Match.RIGHT:
        return "unknown"
    return "right" if at - last.second.at < STALE_AFTER * NS else "unknown"


class OwnView:
    """A machine's view of its own output: at the relay's tap, on its own multicast, at its port.

    A fault is seen at once. What a machine sends is right at once too; what it would send is right
    once it has been for RIGHT_FOR_NS, because the other machine must be sure of it.
    """

    def __init__(self) -> None:
        self._right_since: int | None = None

    def look(self, tap: View, *, is_sending: bool, is_slate: bool, at: int) -> View:
        """Return what is seen now; `tap` is what the relay's tap shows."""
        view: View = tap
        if view != "right":
            self._right_since = None
            return view
        self._right_since = at if self._right_since is None else self._right_since
        if not is_sending and at - self._right_since < RIGHT_FOR_NS:
            return "unknown"
        return "slate" if is_slate else "right"


class Arrival:
    """Judge of whether the datagrams of the other machine arrive.

    Worked example, in milliseconds. The last one came at 0, after a minute of them. At 400 the
    machine joins again, in case a switch forgot it. At 800 none has come: the stream is absent.
    """

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None
        """When the first and the newest of an unbroken stretch came."""
        self._looked: int | None = None
        self._awake: int | None = None
        """When it was looked at last, and since when that has been often enough."""
        self._has_joined = False

    def look(self, came_at: int | None, at: int) -> Literal["", "join again", "absent"]:
        """Return what to conclude now; `came_at` is when the newest datagram came, and all that
        waited have been read.
        """
        stood = self._looked is None or at - self._looked > STOOD_STILL_NS
        self._looked, self._awake = at, at if stood else self._awake
        if came_at is not None and came_at != self._last:
            broken = self._last is None or came_at - self._last > ABSENT_AFTER_NS
            self._first = came_at if broken else self._first
            self._last, self._has_joined = came_at, False
        if self._last is None or self._first is None or self._awake is None:
            return ""
        silent = at - max(self._last, self._awake)
        if self._last - self._first < RECEIVED_FOR_NS or silent < JOINED_AGAIN_AFTER_NS:
            return ""
        if silent >= ABSENT_AFTER_NS:
            return "absent"
        joins, self._has_joined = not self._has_joined, True
        return "join again" if joins else ""
