"""The ring of a deck as its writer has it: it chooses the place of each picture."""

from collections import deque

from playout.engine.links.ring import PLACE, SEQ, Ring, Slot

STILL_READ = 2
"""Newest slots whose pictures their writer may still read, wherever its reader is."""


class DeckRing(Ring):
    """The ring of a deck as its writer has it. A picture goes where the one was that its reader
    freed last.

    So memory is used for the pictures that wait, and not for those that were shown: a deck that is
    40 pictures ahead in a ring of 60 touches 42 places. In a ring that takes its places in turn it
    would touch all 60.

    A picture may also be drawn before its position is known, into a place that is lent.
    """

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self._taken: deque[tuple[int, int]] = deque()
        """Positions and their places, oldest first, of pictures that may still be read."""
        self._free: list[int] = []
        """Places that are free, the one freed last at the end."""
        self._lent: list[int] = []
        """Places that are drawn into before it is known which position the picture has."""
        self._sort_places()

    def _sort_places(self) -> None:
        """Learn which places hold what the writer before this one left to the reader."""
        left = [p for p in range(self.tail, self.head) if self.look(p) is not None]
        self._taken = deque((p, self.peek(p).words[PLACE]) for p in left)
        used = {place for _, place in self._taken}
        self._free = [p for p in reversed(range(self.shape.pictures)) if p not in used]

    def begin(self, position: int, drawn: int | None = None) -> Slot:
        """Return the slot for `position`, marked as not whole. A new position gets a free place, or
        the lent one that its picture was drawn into.

        New positions come in order, and only where the ring has room.
        """
        slot = self._slots[position % self.shape.slots]
        slot.words[SEQ] = 0
        if not self._taken or self._taken[-1][0] < position:
            self._free_read(position)
            if drawn is not None:
                self._lent.remove(drawn)
            place = self._free.pop() if drawn is None else drawn
            self._taken.append((position, place))
            slot.words[PLACE] = place
        return slot

    def _free_read(self, position: int) -> None:
        """Free the places that neither the reader nor the writer reads, once `position` is the next
        new one.
        """
        read = min(self.tail, position - STILL_READ)
        while self._taken and self._taken[0][0] < read:
            self._free.append(self._taken.popleft()[1])

    def lend(self, position: int, shown: int | None) -> int | None:
        """Return a place to draw the picture into that may become that of `position`, the next new
        one. It is not `shown`, the place of the picture before, which is compared with this one.
        Return None where no place can be spared.

        A place that was lent and that no slot took is lent again.
        """
        for place in self._lent:
            if place != shown:
                return place
        self._free_read(position)
        able = len(self._lent) < self.shape.pictures - self.shape.slots
        found = next((place for place in reversed(self._free) if place != shown), None)
        if not able or found is None:
            return None
        self._free.remove(found)
        self._lent.append(found)
        return found

    def give_back(self) -> None:
        """Empty every slot and give its memory back to the machine, once the reader needs none."""
        super().give_back()
        self._taken.clear()
        self._lent.clear()
        self._free = [*reversed(range(self.shape.pictures))]
