"""The tap: the last seconds of the stream as the relay sent it, in shared memory.

The relay writes each chunk once more here, without a system call, and never waits for a reader. The
watcher of the output copies what is new a few times a second. The memory outlives both.

Layout: a page with the number of chunks written so far, then a ring of records. A record is the
monotonic instant in nanoseconds at which the chunk left, and its 1316 bytes.
"""

import mmap
import os
import struct
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

    def _at(self, number: int) -> int:
        return PAGE_BYTES + number % self._slots * _RECORD_BYTES

    def _word(self, at: int) -> int:
        return int(_WORD.unpack_from(self._map, at)[0])


class TapWriter(_Tap):
    """The relay's side. A relay that comes after another one goes on behind its last chunk."""

    def __init__(self, handle: int) -> None:
        super().__init__(handle)
        self._written = self._word(_HEAD_AT)
        self._asked = self._word(_REOPEN_AT)

    def put(self, chunk: bytes, instant: int) -> None:
        """Write a chunk of CHUNK_BYTES that leaves at this monotonic instant in nanoseconds."""
        at = self._at(self._written)
        _WORD.pack_into(self._map, at, instant)
        self._map[at + _WORD.size : at + _RECORD_BYTES] = chunk
        self._written += 1
        _WORD.pack_into(self._map, _HEAD_AT, self._written)

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
        chunks = [self._record(number) for number in range(first, head)]
        # What the relay wrote meanwhile may lie over the oldest of these.
        lost = max(0, self._word(_HEAD_AT) - self._slots - first + 1) if chunks else 0
        missed = first > self._read or lost > 0
        self._read = head
        return TapRead(chunks[lost:], missed)

    def ask_to_reopen(self, target: int) -> None:
        """Ask the relay to open a target of datagrams again."""
        turn = (self._word(_REOPEN_AT) >> 16) + 1
        _WORD.pack_into(self._map, _REOPEN_AT, turn << 16 | target)

    def _record(self, number: int) -> tuple[int, bytes]:
        at = self._at(number)
        return self._word(at), self._map[at + _WORD.size : at + _RECORD_BYTES]
