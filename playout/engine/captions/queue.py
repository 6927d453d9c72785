"""A queue of captions between what brings them and the ticks that send them: nothing is lost, and
nothing is sent twice, while pictures are skipped, repeated or late.

Control codes come twice in a row, and a decoder ignores the second only where it follows the first
at once. So the queue knows which are doubles. A double that could not follow at once is left out,
because it would count as another command: two carriage returns for one. And two commands that are
the same but no doubles are kept a picture apart.

A queue that is not emptied drops its older half up to the beginning of a caption, and clears the
screen, so that no decoder shows half of one caption joined to half of another.
"""

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

from media.captions.codes import Command, Pair
from media.captions.track import FIELD_2, triplets_of
from playout.engine.captions.pairs import (
    BEGINNINGS,
    FIELDS,
    FieldTurns,
    begins_packet,
    command,
    command_of,
    dtvcc_room,
    is_control,
    is_null,
    is_pair,
)

MOST_PAIRS = 300
"""Most pairs of a field that wait: ten seconds of them."""
MOST_DTVCC = 4000
"""Most triplets of 708 that wait: ten seconds of them."""


@dataclass(frozen=True)
class QueuedPair:
    """A pair that waits for its turn."""

    pair: Pair
    is_double: bool
    """The second of a control code that was sent twice."""


class FieldQueue:
    """The pairs of one field that wait."""

    def __init__(self, field: int, patience: int) -> None:
        self._field, self._patience = field, patience
        self._pairs = deque[QueuedPair]()
        self._newest: QueuedPair | None = None
        self._number = 0
        self._sent: QueuedPair | None = None
        """The pair that was sent in the turn before this one."""
        self._waited = 0
        self.dropped = 0

    def __len__(self) -> int:
        """Return the number of pairs that wait."""
        return len(self._pairs)

    @property
    def is_idle(self) -> bool:
        """True while nothing waits, and no pair was sent in the turn before."""
        return not self._pairs and self._sent is None

    def put(self, pair: Pair, number: int, apart: int) -> None:
        """Queue a pair of picture `number`; a double comes within `apart` pictures of its first."""
        if is_null(pair):
            self._newest = None
            return
        before, close = self._newest, number - self._number <= apart
        double = before is not None and before.pair == pair and not before.is_double
        self._newest = QueuedPair(pair, is_control(pair) and double and close)
        self._number = number
        self._pairs.append(self._newest)
        if len(self._pairs) > MOST_PAIRS:
            self._drop()

    def take(self) -> Pair | None:
        """Return the pair for this turn of the field; None for none."""
        sent, self._sent = self._sent, None
        while self._pairs and self._pairs[0].is_double and not _follows(self._pairs[0], sent):
            self._pairs.popleft()
        if not self._pairs or self._must_wait(self._pairs[0], sent):
            return None
        self._waited = 0
        self._sent = self._pairs.popleft()
        return self._sent.pair

    def _must_wait(self, head: QueuedPair, sent: QueuedPair | None) -> bool:
        """Tell whether the next pair may not be sent yet: it would pass for the double of the last,
        or its own double should come at any moment.
        """
        if not is_control(head.pair) or head.is_double:
            return False
        if sent is not None and sent.pair == head.pair and not sent.is_double:
            return True
        if len(self._pairs) > 1 or self._waited >= self._patience:
            return False
        self._waited += 1
        return True

    def clear(self) -> None:
        """Forget what waits."""
        self._pairs.clear()
        self._newest = None

    def _drop(self) -> None:
        waiting = list(self._pairs)
        half = len(waiting) // 2
        begins = (n for n in range(half, len(waiting)) if _begins(waiting[n]))
        keep = next(begins, half)
        self.dropped += keep
        clear = [QueuedPair(pair, n % 2 == 1) for n, pair in enumerate(clearing(self._field, (0,)))]
        self._pairs = deque([*clear, *waiting[keep:]])


class CaptionQueue:
    """The captions of one way to air that wait, for a house of `rate` ticks a second.

    `patience` is for how many turns a control code waits for its double, where pictures come
    unevenly; `apart` how many pictures a double may follow its first, where they come at another
    rate than the house's.
    """

    def __init__(self, rate: Fraction, patience: int = 0, apart: int | None = None) -> None:
        self._turns, self._room = FieldTurns(rate), dtvcc_room(rate)
        self._apart = self._turns.apart if apart is None else apart
        self._fields = {field: FieldQueue(field, patience) for field in FIELDS}
        self._dtvcc = deque[bytes]()
        self._dtvcc_dropped = 0

    @property
    def waiting(self) -> int:
        """Return how many pairs and triplets wait."""
        return sum(len(queue) for queue in self._fields.values()) + len(self._dtvcc)

    @property
    def dropped(self) -> int:
        """Return how many pairs and triplets were dropped because too many waited."""
        return sum(queue.dropped for queue in self._fields.values()) + self._dtvcc_dropped

    def put(self, captions: bytes, number: int) -> None:
        """Queue the captions of the picture, or tick, of this number."""
        for triplet in triplets_of(captions):
            if is_pair(triplet):
                pair = (triplet[1], triplet[2])
                self._fields[triplet[0]].put(pair, number, self._apart)
            elif triplet[0] > FIELD_2:
                self._dtvcc.append(triplet)
        if len(self._dtvcc) > MOST_DTVCC:
            self._drop_dtvcc()

    def take(self, tick: int) -> bytes:
        """Return the captions for `tick`, at most what a slot holds; call it once for each tick."""
        if not self._dtvcc and all(queue.is_idle for queue in self._fields.values()):
            return b""
        sent = []
        for field in self._turns.of(tick):
            pair = self._fields[field].take()
            if pair is not None:
                sent.append(bytes((field, *pair)))
        count = min(self._room, len(self._dtvcc))
        sent += [self._dtvcc.popleft() for _ in range(count)]
        return b"".join(sent)

    def clear(self) -> None:
        """Forget what waits."""
        for queue in self._fields.values():
            queue.clear()
        self._dtvcc.clear()

    def _drop_dtvcc(self) -> None:
        """Drop the older half, up to the beginning of a packet."""
        half = len(self._dtvcc) // 2
        while self._dtvcc and (len(self._dtvcc) > half or not begins_packet(self._dtvcc[0])):
            self._dtvcc.popleft()
            self._dtvcc_dropped += 1


def clearing(field: int, channels: tuple[int, ...]) -> list[Pair]:
    """Return the pairs that empty the screen and what is loaded, for these channels of a field."""
    both = (Command.ERASE_SHOWN, Command.ERASE_HIDDEN)
    codes = [(channel, code) for channel in channels for code in both]
    return [command(field, channel, code) for channel, code in codes for _ in range(2)]


def _begins(queued: QueuedPair) -> bool:
    return command_of(queued.pair) in BEGINNINGS and not queued.is_double


def _follows(double: QueuedPair, sent: QueuedPair | None) -> bool:
    return sent is not None and sent.pair == double.pair and not sent.is_double
