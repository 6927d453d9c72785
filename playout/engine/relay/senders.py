"""Senders of the relay: each takes whole chunks, at once or not at all."""

import os
from typing import Protocol


class Sender(Protocol):
    """One target of the stream."""

    number: int
    dropped: int

    def send(self, chunk: bytes, stamp: int) -> None:
        """Send a chunk or drop it, at once."""


class PipeSender:
    """A pipe to the process of a target. When it is full, chunks are dropped whole."""

    def __init__(self, number: int, handle: int) -> None:
        self.number, self._handle = number, handle
        self.dropped = 0

    def send(self, chunk: bytes, stamp: int) -> None:
        """Write a chunk; it is small enough to be written whole or not at all."""
        try:
            os.write(self._handle, chunk)
        except OSError:
            self.dropped += 1
