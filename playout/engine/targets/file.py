"""A target that is a file of TS."""

import os
from pathlib import Path

from playout.engine.targets.sender import SendError, reason


class FileSender:
    """Writes the stream into a file: from its beginning first, and after a fault at its end.

    A disk that is full takes no part of a chunk, so the file stays one stream of whole packets with
    a gap.
    """

    note = ""

    def __init__(self, path: Path, resumes: bool = False) -> None:
        """Name the file; with `resumes` a process before this one has begun it."""
        self._path, self._resumes = path, resumes
        self._handle = -1

    def open(self) -> None:
        """Open the file. Raises SendError when the disk refuses."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        try:
            self._handle = os.open(
                self._path, flags if self._resumes else flags | os.O_TRUNC, 0o644
            )
        except OSError as error:
            raise SendError(reason(error)) from error
        self._resumes = True

    def send(self, chunks: bytes) -> int:
        """Write chunks at the end of the file. Raises SendError when the disk refuses."""
        before = 0
        try:
            before = os.lseek(self._handle, 0, os.SEEK_END)
            left = memoryview(chunks)
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            self._cut(before)
            raise SendError(reason(error)) from error
        return 0

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def _cut(self, size: int) -> None:
        try:
            os.ftruncate(self._handle, size)
        except OSError:
            return  # a pipe or a device has no length, and needs none
