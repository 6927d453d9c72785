"""The comparison of two machines' stream clocks, from beats that answer one another.

Worked example, in milliseconds. A sends a beat at 1000 on its clock. B holds it for 30 and answers
when its stream's clock says 5040. The answer comes at 1034, when A's stream clock says 5035. The
way took 4 both ways, so about 2 each, and B's clock says 5042 now: it is 7 ahead, give or take 2.
"""

from collections import deque

REMEMBERED = 64
"""Beats whose time of sending is kept."""
COMPARED = 40
"""Answers of which the one with the shortest way counts: four seconds of them."""


class ClockComparison:
    """By how much the other machine's stream clock is ahead of this one's."""

    def __init__(self) -> None:
        self._sent: dict[int, int] = {}
        self._found: deque[tuple[int, int]] = deque(maxlen=COMPARED)
        """Time that beat and answer were on their way, and the difference, in nanoseconds."""

    def sent(self, number: int, now: int) -> None:
        """Note when the beat of this number left."""
        self._sent[number] = now
        while len(self._sent) > REMEMBERED:
            del self._sent[next(iter(self._sent))]

    def take(self, number: int, held: int, theirs: int, ours: int, now: int) -> None:
        """Take an answer to the beat of this number, which the other machine held so long. Their
        clock is that at which the answer left, ours that at which it came.
        """
        sent = self._sent.pop(number, None)
        way = now - sent - held if sent is not None else -1
        if way >= 0:
            self._found.append((way, theirs + way // 2 - ours))

    @property
    def difference(self) -> int | None:
        """Nanoseconds by which their clock is ahead; None while it is not known."""
        return min(self._found)[1] if self._found else None

    @property
    def error(self) -> int:
        """Nanoseconds by which that may be wrong."""
        return min(self._found)[0] // 2 if self._found else 0
