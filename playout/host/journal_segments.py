"""The journal's files: the one being written, and closed segments named by their first number.

All hold JSON lines in order of their numbers. No file is ever read whole.
"""

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from config.wholefile import sync_folder
from playout.model.wire import JournalEntry, WireError, decode

log = logging.getLogger(__name__)

LONGEST_LINE = 1 << 20
"""Bytes of a line that is still read; our longest entry has a hundredth."""
SCANNED_BYTES = 1 << 16
"""Within this many bytes lines are read one by one; bisection finds the place before that."""
_NUMBER = re.compile(rb'\{"number":(\d{1,18}),')
_AT = re.compile(rb'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)')


def closed(path: Path) -> list[tuple[int, Path]]:
    """Return the closed segments, oldest first, each with the number of its first entry."""
    files = [file for file in path.parent.glob(f"{path.name}.*") if file.suffix[1:].isdigit()]
    return sorted((int(file.suffix[1:]), file) for file in files)


def close(path: Path, otherwise: int) -> None:
    """Close the file being written: rename it after its first entry, or after `otherwise`.

    `otherwise` is used if no line of it can be read. Raises OSError.
    """
    with path.open("rb") as file:
        first = _next_number(file)
    path.rename(path.with_name(f"{path.name}.{first or otherwise:012d}"))
    sync_folder(path.parent)


def open_to_append(path: Path) -> tuple[int, int]:
    """Open the file being written. Return its descriptor and its size in bytes. Raises OSError.

    A power cut or a full disk may have left half a line; it is closed, so that the next entry
    begins a line of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    file = os.open(path, flags, 0o600)
    try:
        size = os.fstat(file).st_size
        if size and os.pread(file, 1, size - 1) != b"\n":
            os.write(file, b"\n")
    except OSError:
        os.close(file)
        raise
    return file, size


def lines_after(path: Path, number: int) -> Iterator[bytes]:
    """Yield the lines of all files from the entry after `number` on, and perhaps a few before it.

    A file that cannot be read is skipped: one bad block must not keep the rest from the server.
    """
    files = [*closed(path), (None, path)]
    for place, (_, file) in enumerate(files):
        following = files[place + 1][0] if place + 1 < len(files) else None
        if following is not None and following <= number + 1:
            continue
        try:
            with file.open("rb") as opened:
                _seek(opened, number)
                yield from iter(lambda: opened.readline(LONGEST_LINE), b"")  # noqa: B023
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("%s cannot be read and is passed over: %s", file, error)


def entries(lines: Iterator[bytes], number: int) -> Iterator[JournalEntry]:
    """Yield the entries after `number`, each once.

    A damaged line, or one that a power cut left half written, is skipped. A line that was written
    twice around a full disk counts once.
    """
    for line in lines:
        known = number_of(line)
        if not line.strip() or (known is not None and known <= number):
            continue
        try:
            entry = decode(JournalEntry, line)
        except WireError:
            continue
        if entry.number > number:
            number = entry.number
            yield entry


def number_of(line: bytes) -> int | None:
    """Return an entry's number without decoding the rest; None if the line is no entry."""
    match = _NUMBER.match(line)
    return int(match[1]) if match else None


def instant_of(line: bytes) -> bytes:
    """Return the second of an entry as ISO 8601 in UTC, which sorts; empty if there is none."""
    match = _AT.search(line)
    return match[1] if match else b""


def newest(path: Path) -> tuple[int, bytes]:
    """Return number and instant of the newest entry, the latter as `instant_of` returns it."""
    for file in [path, *(one for _, one in reversed(closed(path)))]:
        try:
            with file.open("rb") as opened:
                opened.seek(max(0, os.fstat(opened.fileno()).st_size - SCANNED_BYTES))
                lines = opened.read().splitlines()
        except OSError:
            continue
        for line in reversed(lines):
            number, at = number_of(line), instant_of(line)
            if number is not None and at:
                return number, at
    return 0, b""


def first_entry(path: Path) -> JournalEntry | None:
    """Return the first readable entry of a file; None if there is none."""
    try:
        with path.open("rb") as file:
            lines = iter(lambda: file.readline(LONGEST_LINE), b"")
            return next(entries(lines, 0), None)
    except OSError:
        return None


def _seek(file: BinaryIO, number: int) -> None:
    """Go by bisection to the start of a line at or before the entry after `number`."""
    low, high = 0, os.fstat(file.fileno()).st_size
    while high - low > SCANNED_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline(LONGEST_LINE)
        following = _next_number(file, high)
        if following is None or following > number:
            high = middle
        else:
            low = middle
    file.seek(low)
    if low:
        file.readline(LONGEST_LINE)


def _next_number(file: BinaryIO, end: int | None = None) -> int | None:
    """Return the number of the next line that has one, up to byte `end`."""
    while end is None or file.tell() < end:
        line = file.readline(LONGEST_LINE)
        if not line:
            return None
        number = number_of(line)
        if number is not None:
            return number
    return None
