"""A log file that several processes write, and that never grows beyond its bounds."""

import fcntl
import logging
import os
import sys
import weakref
from pathlib import Path


class RotatingLog(logging.Handler):
    """A handler that appends whole lines, and begins a new file when the present one is full.

    The full file becomes `NAME.1`, that one `NAME.2`, and so on; `kept` of them stay. Every process
    appends by itself. One that finds the file full takes the lock `NAME.lock` and looks again, so
    that of several only the first moves it; the others see at their next line that the name leads
    to another file, and open that. A line that another process writes just then ends up in
    `NAME.1`, whole.

    Where the file cannot be written, lines go to standard error.
    """

    def __init__(self, path: Path, most_bytes: int, kept: int) -> None:
        super().__init__()
        self._path, self._most, self._kept = path, most_bytes, kept
        self._file: int | None = None
        # A forked child closes all that it was not given, and the number soon leads to something
        # else, which must be neither written nor closed in its stead.
        forget = weakref.WeakMethod(self._shut)
        os.register_at_fork(after_in_child=lambda: (shut := forget()) is not None and shut())

    def emit(self, record: logging.LogRecord) -> None:
        """Append the line of a record."""
        line = self.format(record) + "\n"
        try:
            self._append(line.encode("utf-8", "backslashreplace"))
        except OSError as error:
            self._shut()
            sys.stderr.write(f"the log file cannot be written ({error.strerror}): {line}")

    def close(self) -> None:
        """Close the file."""
        self._shut()
        super().close()

    def _append(self, line: bytes) -> None:
        file = self._open_newest()
        if os.fstat(file).st_size + len(line) > self._most:
            file = self._rotated(len(line))
        while line:
            line = line[os.write(file, line) :]

    def _open_newest(self) -> int:
        """Return the file that the name leads to now; another process may have moved ours."""
        if self._file is not None:
            try:
                found = self._path.stat()
                if os.path.samestat(found, os.fstat(self._file)):
                    return self._file
            except FileNotFoundError:
                pass
            self._shut()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(self._path, flags, 0o640)
        return self._file

    def _rotated(self, coming: int) -> int:
        with open(f"{self._path}.lock", "a") as lock:  # noqa: PTH123 - a name with a suffix added
            fcntl.flock(lock, fcntl.LOCK_EX)
            file = self._open_newest()
            size = os.fstat(file).st_size
            if size and size + coming > self._most:
                for number in range(self._kept - 1, 0, -1):
                    older = self._numbered(number)
                    if older.exists():
                        older.replace(self._numbered(number + 1))
                self._path.replace(self._numbered(1))
                file = self._open_newest()
            return file

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _shut(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
