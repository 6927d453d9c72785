"""The bus's side of the live decks: which source each brings, and the frame of a tick."""

from collections.abc import Sequence

from playout.engine.links.port import Port
from playout.engine.links.ring import TAIL, Ring, Slot


class LiveInput:
    """One live deck as the bus knows it. Its slots are numbered by the house tick they are for."""

    def __init__(self, ring: Ring, port: Port) -> None:
        self.ring, self._port = ring, port
        self.source = ""
        self._generation = 0

    def listen(self) -> None:
        """Hear whose picture it brings."""
        for message in self._port.receive():
            source, generation = message.get("source"), message.get("generation")
            if isinstance(source, str) and isinstance(generation, int):
                self.source, self._generation = source, generation

    def pass_by(self, tick: int) -> None:
        """Let go of every slot before `tick`: what is in the ring stays current, on air or not."""
        tail, head = self.ring.tail, self.ring.head
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self._generation and slot.frame >= tick:
                break
            tail += 1
        self.ring.put_word(TAIL, tail)

    def slot(self, tick: int) -> Slot | None:
        """The slot for `tick`; None when it did not come."""
        self.pass_by(tick)
        tail = self.ring.tail
        slot = self.ring.look(tail) if tail < self.ring.head else None
        return slot if slot is not None and slot.frame == tick else None

    def lead(self, tick: int) -> int:
        """Ticks from `tick` on for which the newest slot is there; 0 when `tick` has none."""
        if self.slot(tick) is None:
            return 0
        newest = self.ring.look(self.ring.head - 1)
        return newest.frame - tick + 1 if newest is not None else 0


class LiveInputs:
    """All live decks of a channel."""

    def __init__(self, inputs: Sequence[LiveInput] = ()) -> None:
        self._inputs = inputs

    def listen(self) -> None:
        """Hear every one."""
        for live in self._inputs:
            live.listen()

    def pass_by(self, tick: int) -> None:
        """Keep every ring current."""
        for live in self._inputs:
            live.pass_by(tick)

    def slot(self, source: str, tick: int) -> Slot | None:
        """The slot of a source for a tick."""
        live = self._of(source)
        return live.slot(tick) if live is not None else None

    def lead(self, source: str, tick: int) -> int:
        """Ticks of a source that wait from `tick` on."""
        live = self._of(source)
        return live.lead(tick) if live is not None else 0

    def _of(self, source: str) -> LiveInput | None:
        return next((live for live in self._inputs if live.source == source), None)
