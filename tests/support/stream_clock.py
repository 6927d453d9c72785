"""A clock for a captured stream: when the bus showed a picture that arrived later."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from support.capture import CapturedPicture

LONGEST_STREAM_DELAY = 3.0
"""Seconds that a stream may take from the bus to its arrival."""
DELAY_SPREAD = 0.5
"""Seconds by which the delays of two starts of one output may differ."""


class StreamClock:
    """A map from a capture's time stamps to the instants at which the bus showed its pictures.

    libVLC dates a stream from the moment when all its tracks have delivered something (its
    `EsOutDecodersStopBuffering`). So each start of an output has its own constant delay: 0.56 s on
    a quiet machine. CI saw two starts 0.2 s apart, one of them while everything restarted after a
    kill. One start says nothing about another: each needs a picture whose instant is known as its
    anchor.

    Time stamps run evenly from the first picture on. Arrivals do not: in the first second the
    multiplexer may redate a stretch, whose packets then leave 0.2 s off their time. So a single
    arrival gives no instant.
    """

    def __init__(
        self, seen: Sequence[CapturedPicture], known: Iterable[tuple[CapturedPicture, float]]
    ) -> None:
        """Anchor a capture on pictures whose instants at the bus, in UTC seconds, are known.

        Raises ValueError for an impossible delay: a picture that arrived before its instant, or
        more than LONGEST_STREAM_DELAY after it.
        """
        found = defaultdict(list)
        for one, instant in known:
            found[one.life].append(one.pts - instant)
        self._zero = {life: median(zeros) for life, zeros in found.items()}
        self.delays = {life: self._delay(seen, life) for life in self._zero}
        """By the life of the stream, seconds from the bus to the arrival."""

    def at(self, one: CapturedPicture) -> float:
        """Return the UTC seconds at which the bus showed a picture.

        Raises ValueError if no picture of the same start of the stream is anchored.
        """
        if one.life not in self._zero:
            raise ValueError(f"no picture of start {one.life} of the stream has a known instant")
        return one.pts - self._zero[one.life]

    def _delay(self, seen: Sequence[CapturedPicture], life: int) -> float:
        mine = [one for one in seen if one.life == life]
        found = median(one.arrived - self.at(one) for one in mine if one.arrived is not None)
        if not 0 <= found < LONGEST_STREAM_DELAY:
            raise ValueError(f"start {life} of the stream would have a delay of {found:.2f} s")
        return found
