"""The bus's side of the live decks: the source of each, and its frame for a tick."""

from collections.abc import Sequence

from playout.engine.links.port import Port
from playout.engine.links.ring import TAIL, Ring, Slot


class LiveInput:
    """One live deck as the bus sees it. A slot bears the number of the house tick it is for."""

    def __init__(self, ring: Ring, port: Port) -> None:
        self.ring, self._port = ring, port
        self.source = ""
        self._generation = 0

    def listen(self) -> None:
        """Hear which source it decodes."""
        for message in self._port.receive():
            source, generation = message.get("source"), message.get("generation")
            if isinstance(source, str) and isinstance(generation, int):
                self.source, self._generation = source, generation

    def pass_by(self, tick: int) -> None:
        """Free every slot before `tick`. The ring stays current whether the source is on air or
        not, so a take shows the present.
        """
        before, head = self.ring.tail, self.ring.head
        tail = before
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self._generation and slot.frame >= tick:
                break
            tail += 1
        if tail != before:
            self.ring.put_word(TAIL, tail)

    def slot(self, tick: int) -> Slot | None:
        """Return the slot for `tick`; None when it did not come."""
        self.pass_by(tick)
        tail = self.ring.tail
        slot = self.ring.look(tail) if tail < self.ring.head else None
        return slot if slot is not None and slot.frame == tick else None

    def lead(self, tick: int) -> int:
        """Return how many ticks from `tick` on are ready; 0 when `tick` itself is not."""
        if self.slot(tick) is None:
            return 0
        newest = self.ring.look(self.ring.head - 1)
        return newest.frame - tick + 1 if newest is not None else 0


class LiveInputs:
    """All live decks of a channel."""

    def __init__(self, inputs: Sequence[LiveInput] = ()) -> None:
        self._inputs = inputs

    def listen(self) -> None:
        """Hear every live deck."""
        for live in self._inputs:
            live.listen()

    def pass_by(self, tick: int) -> None:
        """Free every slot before `tick` in every ring."""
        for live in self._inputs:
            live.pass_by(tick)

    def slot(self, source: str, tick: int) -> Slot | None:
        """Return the slot of a source for a tick."""
        live = self._of(source)
        return live.slot(tick) if live is not None else None

    def lead(self, source: str, tick: int) -> int:
        """Return how many ticks of a source are ready from `tick` on."""
        live = self._of(source)
        return live.lead(tick) if live is not None else 0

    def _of(self, source: str) -> LiveInput | None:
        return next((live for live in self._inputs if live.source == source), None)
