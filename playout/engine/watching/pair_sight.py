"""The watcher's part on a channel of two machines: what it sees of both outputs, for the peer link.

Both machines send to the same multicasts, one at a time, so what arrives there while this machine's
gate is closed is the other's. Its pictures are compared with what this machine placed, because both
place the same on the same tick.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playout.engine.links.gate import Gate
from playout.engine.links.sight import SightMemory
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.places import Multicasts, WatchedPlace
from playout.engine.watching.ports import Ports
from playout.engine.watching.views import Arrival, OwnView, view_of
from playout.engine.watching.watcher import PlaceWatcher
from playout.model.leaving import Fault
from playout.model.sight import Sight, View


@dataclass
class PairSight:
    """Sees the outputs of both machines, and writes what it sees."""

    gate: Gate
    memory: SightMemory
    tap: WatchedPlace
    multicasts: Multicasts
    ports: Ports
    make_decoder: Callable[[], StreamDecoder]

    def __post_init__(self) -> None:
        self._was_sending: bool | None = None
        self._own_view, self._arrival = OwnView(), Arrival()
        self._own: View = "unknown"
        self._other: View = "unknown"

    def turn(self, at: int) -> None:
        """Begin again where the sender has changed. Call it before each look at the places."""
        is_sending = self.gate.is_open(at)
        if is_sending == self._was_sending:
            return
        self._was_sending, self._arrival, self._other = is_sending, Arrival(), "unknown"
        self.multicasts.read_anew(None if is_sending else self.make_decoder)

    def look(self, at: int, *, is_slate: bool) -> None:
        """Conclude from the last second. Call it after each look at the places. `is_slate` says
        whether the program shows the slate.
        """
        watchers, is_sending = self._watchers, bool(self._was_sending)
        self._own = self._own_view.look(
            self._own_output(at, watchers if is_sending else []),
            is_sending=is_sending, is_slate=is_slate, at=at,
        )  # fmt: skip
        self._other = "unknown"
        for one in [] if is_sending else watchers[:1]:
            self._other = view_of(one.findings(at), one.history, at)
        self.note(at)

    def _own_output(self, at: int, sent: list[PlaceWatcher]) -> View:
        """Return what the tap shows; `absent` where nothing leaves the relay, arrives at an own
        multicast, or could leave the port.
        """
        tap = self.tap.watcher
        if tap is None:
            return "unknown"
        is_dead = _has_stopped(tap, at) or (
            bool(sent) and all(_has_stopped(one, at) for one in sent)
        )
        if is_dead or self.ports.are_up() is False:
            return "absent"
        return view_of(tap.findings(at), tap.history, at)

    def note(self, at: int) -> None:
        """Write what is seen; call it ten times a second, once all that waited has been read."""
        other = self._other
        if not self._was_sending:
            came = [one.came_at for one in self._watchers if one.came_at is not None]
            arrives = self._arrival.look(max(came, default=None), at)
            if arrives == "join again":
                self.multicasts.join_again()
            other = "absent" if arrives == "absent" else other
        self.memory.write(Sight(self._own, other), at)

    @property
    def _watchers(self) -> list[PlaceWatcher]:
        return [one.watcher for one in self.multicasts.places if one.watcher is not None]


def _has_stopped(watcher: PlaceWatcher, at: int) -> bool:
    """Return whether a stream came to a place and no longer does. One that never came may go where
    this machine cannot hear it.
    """
    if watcher.came_at is None:
        return False
    return any(finding.fault is Fault.NO_STREAM for finding in watcher.findings(at))
