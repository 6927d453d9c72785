"""A multicast of which the chunks are given: the watcher's `StreamSource` without a network."""

from collections import deque
from collections.abc import Iterable

from config.clock import Clock
from playout.engine.watching.sources import Batch


class FakeMulticast:
    """Brings each chunk at its instant by the clock. While it is cut, chunks are lost."""

    def __init__(self, chunks: Iterable[tuple[int, bytes]], where: str, clock: Clock) -> None:
        self.where, self._clock = where, clock
        self._left = deque(chunks)
        self.is_cut = False

    def put(self, chunk: bytes) -> None:
        """Let this chunk come now."""
        self._left.append((self._clock.monotonic(), chunk))

    def read(self) -> Batch:
        """Return the chunks that are due and were not read yet."""
        chunks, now = [], self._clock.monotonic()
        while self._left and self._left[0][0] <= now:
            chunks.append(self._left.popleft())
        return Batch(() if self.is_cut else tuple(chunks))

    def close(self) -> None:
        """Do nothing: another one may be made of what is left."""
