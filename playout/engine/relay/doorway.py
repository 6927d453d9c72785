"""The doorway of the relay: what leaves, where two machines may send the channel.

**A planned change loses no picture.** Both machines code the same ticks, each in groups of its own,
and date them alike. They agree on a cut: the stamp of a key picture of the one that takes over.

Worked example, in seconds. B has had a key picture for 20.0 and has one a second. At 19.4 they
agree on 21.0. A sends its pictures up to 20.97 and holds back what follows; at 20.3 nothing before
the cut is left, and A stops after slot 60,900. B held its pictures back from 21.0 on. It goes on
with slot 60,900, A's counters, and its key picture for 21.0.
"""

from collections import deque

from config.clock import Clock
from playout.engine.links.gate import Gate
from playout.engine.relay.mux import Mux
from playout.engine.relay.prepared import PreparedBurst, PreparedBursts
from playout.engine.relay.units import AccessUnit

MOST_HELD = 240
"""Pictures held back at most; a cut that leads to more is given up."""


class Doorway:
    """Lets bursts pass while this machine may send. Behind it the stream goes on as if it left, so
    that it is there within a burst's time when the gate opens.
    """

    def __init__(self, gate: Gate | None, prepared: PreparedBursts, mux: Mux, clock: Clock) -> None:
        """`gate` is None for a channel of one machine: then everything passes."""
        self._gate, self._prepared, self._mux, self._clock = gate, prepared, mux, clock
        self._is_open = gate is None
        self._held: deque[AccessUnit] = deque()
        self._cut = self._over = 0
        """The cut in force, and one that this machine has gone on from."""

    @property
    def is_unseen(self) -> bool:
        """True while nothing leaves and no change is agreed on, so that pictures may be dated
        anew.
        """
        gate = self._gate
        return gate is not None and not gate.cut and not gate.is_open(self._clock.monotonic())

    def look(self) -> None:
        """Obey what the gate says since the last look."""
        gate = self._gate
        if gate is None:
            return
        is_open = gate.is_open(self._clock.monotonic())
        if is_open and not self._is_open:
            self._begin(*gate.start)
        self._is_open = is_open
        if len(self._held) > MOST_HELD:
            self._over = self._cut
        cut = gate.cut if gate.cut != self._over else 0
        if cut != self._cut:
            self._cut = cut
            self._release()
        elif self._cut and self._held and not self._mux.has_pictures:
            gate.note_drained()

    def add(self, unit: AccessUnit) -> None:
        """Queue a unit that is dated by the stream's clock, or hold it back."""
        if self._gate is not None and unit.is_key:
            self._gate.note_key(unit.pts)
        if self._cut and unit.is_video and unit.pts >= self._cut:
            self._held.append(unit)
        else:
            self._mux.add(unit)

    def lets(self, burst: PreparedBurst) -> bool:
        """Return whether a burst may leave now. The clock is read again for each: this process may
        have stood still since the last look.
        """
        if self._gate is None:
            return True
        if not self._is_open or not self._gate.is_open(self._clock.monotonic()):
            return False
        self._gate.note_sent(burst.end, burst.counters)
        return True

    def note_picture(self, at: int) -> None:
        """Note that a picture came from the encoder at this monotonic instant."""
        if self._gate is not None:
            self._gate.note_picture(at)

    def _begin(self, slot: int, counters: bytes) -> None:
        """Begin a clean stream; or go on in this slot where another machine's ended."""
        goes_on = slot > 0 and bool(self._held) and self._held[0].is_key
        self._prepared.begin_again(slot if goes_on else None)
        self._mux.begin(counters if goes_on else None)
        self._cut, self._over = 0, self._cut or self._over
        self._release()

    def _release(self) -> None:
        while self._held:
            self._mux.add(self._held.popleft())
