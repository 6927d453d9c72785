"""A file of the store that is still coming, in order and from where it stopped."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from config.names import AssetKey
from media.content import MediaError, content_key

SYNCED_EVERY_BYTES = 32 << 20
"""Bytes of a coming file after which they are synced: a whole film at once would hold up the reads
of the film on air."""
Settle = Callable[[Path, Path], None]
"""A function that syncs a finished file and gives it its name in the store."""


def _append(file: IO[bytes], have: int, chunk: bytes) -> None:
    try:
        file.write(chunk)
        file.flush()
        if have // SYNCED_EVERY_BYTES != (have + len(chunk)) // SYNCED_EVERY_BYTES:
            os.fdatasync(file.fileno())
    except OSError:
        file.truncate(have)
        raise


class PartialFile:
    """An asset being fetched. It survives restarts, and becomes an asset only if its hash is
    right."""

    def __init__(self, settle: Settle, home: Path, key: AssetKey, size: int, partial: Path) -> None:
        self._settle, self._home, self._key = settle, home, key
        self._size, self._partial = size, partial
        self._unsynced = 0

    def offset(self) -> int:
        """Return the bytes already here; fetch the rest from there."""
        have = self._partial.stat().st_size if self._partial.exists() else 0
        if have > self._size:
            self._partial.unlink()
            return 0
        return have

    def write(self, chunk: bytes) -> None:
        """Append bytes. Raises MediaError when the disk refuses."""
        try:
            with self._partial.open("ab") as file:
                file.write(chunk)
                self._unsynced += len(chunk)
                if self._unsynced >= SYNCED_EVERY_BYTES:
                    file.flush()
                    os.fdatasync(file.fileno())
                    self._unsynced = 0
        except OSError as error:
            raise MediaError(f"The media disk refuses to be written: {error.strerror}.") from error

    def append(self, at: int, chunk: bytes) -> int:
        """Append bytes that begin at `at` if the file ends there, and return where it ends now.

        Threads and processes take turns, so of two senders of one file none spoils the other's.
        Raises MediaError when the disk refuses; then nothing of the chunk stays.
        """
        try:
            with self._partial.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                have = os.fstat(file.fileno()).st_size
                if at == have and have + len(chunk) <= self._size:
                    _append(file, have, chunk)
                    have += len(chunk)
                return have
        except OSError as error:
            raise MediaError(f"The media disk refuses to be written: {error.strerror}.") from error

    def commit(self) -> Path:
        """Make it an asset. Raises MediaError when bytes are missing, and starts over when its hash
        is wrong.
        """
        have = self.offset()
        if have < self._size:
            raise MediaError(f"Only {have} of {self._size} bytes of {self._key[:12]} have come.")
        if content_key(self._partial) != self._key:
            self._partial.unlink()
            raise MediaError(f"What came for {self._key[:12]} is damaged; it is fetched again.")
        try:
            self._settle(self._partial, self._home)
        except OSError as error:
            raise MediaError(f"The media disk refuses to be written: {error.strerror}.") from error
        return self._home
