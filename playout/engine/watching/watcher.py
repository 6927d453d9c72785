"""The watcher of one place: reads a leaving stream and returns what it saw, second by second.

It needs nothing but a source, so a standby can watch the output of another machine with it.
"""

from collections import deque

from playout.engine.format.ticks import NS
from playout.engine.links.placed import Placed
from playout.engine.watching.compare import Memory, compared
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.judge import HISTORY_SECONDS, Finding, findings
from playout.engine.watching.packets import PacketWatch
from playout.engine.watching.seen import Judged, StreamSecond
from playout.engine.watching.sources import Batch, StreamSource

STOOD_STILL_NS = 2_500_000_000
"""Nanoseconds between two looks from which this process, or the whole machine, stood still. Nothing
is concluded from what did not come meanwhile."""


class PlaceWatcher:
    """Watches one place. Without a decoder it looks at packets alone."""

    def __init__(self, source: StreamSource, decoder: StreamDecoder | None = None) -> None:
        self.source, self._decoder = source, decoder
        self._packets = PacketWatch()
        self._batches: list[Batch] = []
        self._memory = Memory()
        self.history: deque[Judged] = deque(maxlen=HISTORY_SECONDS)
        self.came_at: int | None = None
        """When the newest packet came, in monotonic nanoseconds; None before any did."""

    def begin_again(self, decoder: StreamDecoder | None) -> None:
        """Forget what was seen: from now on another machine's stream is read here."""
        self._packets, self._batches, self._memory = PacketWatch(), [], Memory()
        self._decoder, self.came_at = decoder, None
        self.history.clear()

    def gather(self) -> None:
        """Read what has come; call it often where the source holds little."""
        batch = self.source.read()
        if batch.chunks or batch.missed:
            self._batches.append(batch)
        if batch.chunks:
            self.came_at = batch.chunks[-1][0]

    def look(self, at: int, placed: Placed) -> Judged:
        """Judge what came since the last look, about a second of it, ending at this monotonic
        instant in nanoseconds.
        """
        self.gather()
        batches, self._batches = self._batches, []
        if self.history and at - self.history[-1].second.at > STOOD_STILL_NS:
            batches.append(Batch(missed=True))
        judged = compared(self._second(at, batches), placed, self._memory)
        self._memory = judged.memory
        self.history.append(judged.judged)
        return judged.judged

    def findings(self, at: int) -> tuple[Finding, ...]:
        """Return what is wrong at this monotonic instant."""
        first = at - HISTORY_SECONDS * NS
        return findings([one for one in self.history if one.second.at > first], at)

    def _second(self, at: int, batches: list[Batch]) -> StreamSecond:
        missed = any(batch.missed for batch in batches)
        if missed:
            self._packets.lose_place()
        counted = self._packets.take([chunk for batch in batches for chunk in batch.chunks])
        refused = self._decoder.undecoded if self._decoder is not None else 0
        looks = self._decoder.looks(counted.keys) if self._decoder is not None else ()
        levels = self._decoder.levels(counted.frames) if self._decoder is not None else ()
        return StreamSecond(
            at=at,
            packets=counted.packets,
            errors=counted.errors + sum(batch.gaps for batch in batches),
            missed=missed,
            offset=counted.offset,
            marked=counted.marked,
            pictures=counted.pictures,
            sounds=counted.sounds,
            undecoded=self._decoder.undecoded - refused if self._decoder is not None else 0,
            looks=looks,
            levels=levels,
            senders=max((batch.senders for batch in batches), default=1),
        )
