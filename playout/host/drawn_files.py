"""Drawn pictures as files: on disk, or in this process's memory while the disk takes none."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from config.wholefile import write_whole

MOST_IN_MEMORY = 40
"""The most pictures kept in memory while the disk takes none; each has 3 MB in HD."""
DISK_RETRY_EVERY = timedelta(seconds=5)
DRAWN = "drawn"
"""The key of the problem that the disk takes no drawing."""


class DrawnFiles:
    """Pictures by the name of what they show. The bus opens each by its path, wherever it lies."""

    def __init__(self, folder: Path, problems: dict[str, str]) -> None:
        self.folder, self._problems = folder, problems
        self._ready: dict[str, str] = {}
        self._memory: dict[str, int] = {}
        """Handles of the pictures that the disk did not take, by name."""
        self._tried: datetime | None = None

    def knows(self, name: str) -> bool:
        """Return whether this process has drawn or found the picture before."""
        return name in self._ready

    def find(self, name: str, size: int) -> str | None:
        """Return the path of a whole picture of so many bytes; None where it must be drawn."""
        if name in self._memory:
            return self._ready[name]
        path = self._path(name)
        try:
            if path.stat().st_size != size:
                return None
        except OSError:
            return None
        if name not in self._ready:
            # Touched, because housekeeping removes pictures that nothing has used for a month.
            with suppress(OSError):
                path.touch()
            self._ready[name] = str(path)
        return self._ready[name]

    def keep(self, name: str, picture: bytes) -> str:
        """Store a picture on disk, or else in memory; return its path. Raises OSError if neither
        has room.
        """
        try:
            write_whole(self._path(name), picture)
            self._ready[name] = str(self._path(name))
        except OSError as error:
            if len(self._memory) >= MOST_IN_MEMORY:
                raise
            # An unnamed file in memory: the bus, another process, opens it by the path below.
            handle = os.memfd_create("gavel-drawn", os.MFD_CLOEXEC)
            with os.fdopen(handle, "wb", closefd=False) as file:
                file.write(picture)
            self._memory[name] = handle
            self._ready[name] = f"/proc/{os.getpid()}/fd/{handle}"
            self._problems[DRAWN] = f"Bulletins cannot be written to disk: {error.strerror}."
        return self._ready[name]

    def remove(self, path: str) -> None:
        """Remove a picture on disk that will not be shown again."""
        if not path.startswith(str(self.folder)):
            return
        with suppress(OSError):
            Path(path).unlink()
        self._ready = {name: known for name, known in self._ready.items() if known != path}

    def try_the_disk(self, now: datetime) -> None:
        """Move pictures from memory to the disk, one at a time, once there is room."""
        if not self._memory or (
            self._tried and timedelta(0) <= now - self._tried < DISK_RETRY_EVERY
        ):
            return
        self._tried = now
        name, handle = next(iter(self._memory.items()))
        try:
            write_whole(self._path(name), os.pread(handle, os.fstat(handle).st_size, 0))
        except OSError:
            return
        self._ready[name] = str(self._path(name))
        del self._memory[name]
        os.close(handle)
        if not self._memory:
            self._problems.pop(DRAWN, None)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.i420"
