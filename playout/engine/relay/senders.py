"""Senders of the relay: each takes whole chunks, at once or not at all."""

import os
from collections.abc import Sequence
from typing import Protocol


class Burst(Protocol):
    """Chunks that leave together."""

    @property
    def chunks(self) -> Sequence[bytes]:
        """The chunks in their order."""

    def stamps(self) -> Sequence[int]:
        """Return the stream's time at the first byte of each chunk, in units of 90 kHz."""


class Sender(Protocol):
    """One target of the stream."""

    number: int
    dropped: int
    """Chunks that were not taken."""

    def send(self, burst: Burst) -> None:
        """Send each chunk or drop it, at once."""


class PipeSender:
    """A pipe to the process of a target. When it is full, chunks are dropped whole."""

    def __init__(self, number: int, handle: int) -> None:
        self.number, self._handle = number, handle
        self.dropped = 0

    def send(self, burst: Burst) -> None:
        """Write the chunks; each is small enough to be written whole or not at all."""
        for chunk in burst.chunks:
            try:
                os.write(self._handle, chunk)
            except OSError:
                self.dropped += 1
