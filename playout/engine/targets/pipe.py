"""The target's end of the relay's pipe: chunks of the stream, read whole."""

import os
import select

from playout.engine.targets.sender import CHUNK_BYTES
from playout.engine.transport import PACKET_BYTES, SYNC_BYTE

MOST_CHUNKS = 48
"""Chunks that one read returns at most: a tenth of a second of 5 Mbit/s."""


class ChunkPipe:
    """Reads chunks. The relay writes each in one piece, so reads of whole chunks stay aligned; a
    process before this one that died within a read is made up for.
    """

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._rest = b""
        self._poll = select.poll()
        self._poll.register(handle, select.POLLIN)
        self.has_ended = False
        """Whether no one can write any more."""

    def read(self, seconds: float) -> bytes:
        """Return whole chunks, waiting at most so long for them; empty where none came."""
        if not self._poll.poll(round(seconds * 1000)):
            return b""
        read = os.read(self._handle, MOST_CHUNKS * CHUNK_BYTES - len(self._rest))
        self.has_ended = not read
        data = self._rest + read
        start = _aligned(data)
        end = start + (len(data) - start) // CHUNK_BYTES * CHUNK_BYTES
        self._rest = data[end:]
        return data[start:end]

    def drain(self) -> int:
        """Drop what waits in the pipe, and return how many bytes that were."""
        dropped = len(self._rest)
        self._rest = b""
        while not self.has_ended and (chunks := self.read(0)):
            dropped += len(chunks)
        return dropped


def _aligned(data: bytes) -> int:
    """Return the offset of the first whole chunk: of the first place from which on transport
    packets follow one another.
    """
    for at in range(min(len(data), CHUNK_BYTES)):
        heads = data[at : at + CHUNK_BYTES : PACKET_BYTES]
        if heads == bytes([SYNC_BYTE]) * len(heads):
            return at
    return len(data)
