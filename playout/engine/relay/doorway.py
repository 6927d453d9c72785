"""The doorway of the relay: which chunks leave, where two machines may send the channel."""

from config.clock import Clock
from playout.engine.links.gate import Gate
from playout.engine.relay.mux import Mux
from playout.engine.relay.prepared import PreparedChunk, PreparedChunks


class Doorway:
    """Lets chunks pass while this machine may send. Behind it the stream goes on as if it left, so
    that it is there within a chunk's time when the gate opens.
    """

    def __init__(self, gate: Gate | None, prepared: PreparedChunks, mux: Mux, clock: Clock) -> None:
        """`gate` is None for a channel of one machine: then everything passes."""
        self._gate, self._prepared, self._mux, self._clock = gate, prepared, mux, clock
        self._is_open = gate is None

    def look(self) -> None:
        """Begin a clean stream where the gate has been opened since the last look."""
        if self._gate is None:
            return
        is_open = self._gate.is_open(self._clock.monotonic())
        if is_open and not self._is_open:
            self._prepared.begin_again()
            self._mux.begin()
        self._is_open = is_open

    def lets(self, chunk: PreparedChunk) -> bool:
        """Return whether a chunk may leave now. The clock is read again for each: this process may
        have stood still since the last look.
        """
        if self._gate is None:
            return True
        if not self._is_open or not self._gate.lets(chunk.end, self._clock.monotonic()):
            return False
        self._gate.note_sent(chunk.end, chunk.counters)
        return True

    def note_picture(self, at: int) -> None:
        """Note that a picture came from the encoder at this monotonic instant."""
        if self._gate is not None:
            self._gate.note_picture(at)
