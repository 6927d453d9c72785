"""The tap: the last seconds of the stream as the relay sent it, in shared memory.

The relay writes each chunk once more here, without a system call, and never waits for a reader. The
watcher of the output copies what is new a few times a second. The memory outlives both.

Layout: a page with the number of chunks written so far; then for each of the last chunks the
monotonic instant in nanoseconds at which it left; then the 1316 bytes of each. So chunks that leave
together are written at once.
"""

import mmap
import os
import struct
from itertools import pairwise
from typing import NamedTuple

PAGE_BYTES = 4096
CHUNK_BYTES = 7 * 188
_WORD = struct.Struct("<Q")
_RECORD_BYTES = _WORD.size + CHUNK_BYTES
_HEAD_AT, _REOPEN_AT = 0, 8
TAP_SECONDS = 3.0
"""Seconds of the stream that the tap holds; a watcher that is later than that misses some."""
SAFE_SHARE = 8
"""One in so many of the oldest chunks is not read: the relay may write over it meanwhile."""
_TOGETHER_SHARE = 64
"""One in so many chunks are at most written together: those of ten milliseconds."""


class TapRead(NamedTuple):
    """The findings of a reader since it read last."""

    chunks: list[tuple[int, bytes]]
    """Instant and bytes of each, in order."""
    missed: bool
    """Whether the reader was so late that chunks between this and its last reading are gone."""


def make_tap(rate: int) -> int:
    """Return the handle of an empty tap for a stream of this rate, in bits a second."""
    handle = os.memfd_create("gavel-tap")
    chunks = max(64, round(rate * TAP_SECONDS / 8 / CHUNK_BYTES))
    os.ftruncate(handle, PAGE_BYTES + chunks * _RECORD_BYTES)
    return handle


class _Tap:
    def __init__(self, handle: int) -> None:
        self._map = mmap.mmap(handle, 0)
        self._slots = (len(self._map) - PAGE_BYTES) // _RECORD_BYTES
        self._chunks_at = PAGE_BYTES + self._slots * _WORD.size

    def _word(self, at: int) -> int:
        return int(_WORD.unpack_from(self._map, at)[0])

    def _pieces(self, first: int, end: int) -> list[tuple[int, int]]:
        """Return the chunks from `first` on as ranges that no end of the ring divides."""
        turn = (first // self._slots + 1) * self._slots
        edges = [first, *range(turn, end, self._slots), end]
        return [*pairwise(edges)]

    def _places(self, first: int, end: int) -> tuple[slice, slice]:
        """Return where the instants and the bytes of such a range are."""
        at, count = first % self._slots, end - first
        instants, chunks = PAGE_BYTES + at * _WORD.size, self._chunks_at + at * CHUNK_BYTES
        return (
            slice(instants, instants + count * _WORD.size),
            slice(chunks, chunks + count * CHUNK_BYTES),
        )


class TapWriter(_Tap):
    """The relay's side. A relay that comes after another one goes on behind its last chunk."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self._written = self._word(_HEAD_AT)
        self._asked = self._word(_REOPEN_AT)

    def put(self, chunks: bytes, instant: int) -> None:
        """Write chunks of CHUNK_BYTES that leave at this monotonic instant in nanoseconds."""
        start, end = self._written, self._written + len(chunks) // CHUNK_BYTES
        for first, after in self._pieces(start, end):
            instants, places = self._places(first, after)
            self._map[instants] = _WORD.pack(instant) * (after - first)
            at, size = (first - start) * CHUNK_BYTES, (after - first) * CHUNK_BYTES
            self._map[places] = chunks[at : at + size]
        self._written = end
        _WORD.pack_into(self._map, _HEAD_AT, end)

    def asked_to_reopen(self) -> int | None:
        """Return the number of the target that the watcher asks to be opened again, once."""
        asked = self._word(_REOPEN_AT)
        if asked == self._asked:
            return None
        self._asked = asked
        return asked & 0xFFFF


class TapReader(_Tap):
    """The watcher's side. It begins with what is sent from now on."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self._read = self._word(_HEAD_AT)

    def read(self) -> TapRead:
        """Return the chunks that were written since the last call."""
        head = self._word(_HEAD_AT)
        oldest = head - self._slots + self._slots // SAFE_SHARE
        first = max(self._read, oldest)
        chunks = self._records(first, head) if first < head else []
        # What the relay wrote meanwhile may lie over the oldest of these.
        together = self._slots // _TOGETHER_SHARE + 1
        lost = max(0, self._word(_HEAD_AT) - self._slots - first + together) if chunks else 0
        missed = first > self._read or lost > 0
        self._read = head
        return TapRead(chunks[lost:], missed)

    def ask_to_reopen(self, target: int) -> None:
        """Ask the relay to open a target of datagrams again."""
        turn = (self._word(_REOPEN_AT) >> 16) + 1
        _WORD.pack_into(self._map, _REOPEN_AT, turn << 16 | target)

    def _records(self, first: int, end: int) -> list[tuple[int, bytes]]:
        chunks: list[tuple[int, bytes]] = []
        for start, after in self._pieces(first, end):
            instants, places = self._places(start, after)
            data, count = self._map[places], after - start
            times = struct.unpack(f"<{count}Q", self._map[instants])
            starts = range(0, len(data), CHUNK_BYTES)
            chunks += zip(times, [data[at : at + CHUNK_BYTES] for at in starts], strict=True)
        return chunks
