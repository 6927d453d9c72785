"""The journal's files: closed ones, each named by the number of its first entry, and the one that
is being written. All are JSON lines in order of their numbers, and none is ever read whole."""

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
"""Bytes; the longest entry of ours has a hundredth."""
SCANNED_BYTES = 1 << 16
"""Bytes within which lines are read one by one; farther off, the place is found by halving."""
_NUMBER = re.compile(rb'\{"number":(\d{1,18}),')
_AT = re.compile(rb'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)')


def closed(path: Path) -> list[tuple[int, Path]]:
    """The closed files of a journal, oldest first, each with the number of its first entry."""
    later = [one for one in path.parent.glob(f"{path.name}.*") if one.suffix[1:].isdigit()]
    return sorted((int(one.suffix[1:]), one) for one in later)


def close(path: Path, otherwise: int) -> None:
    """Close the file being written: it is renamed after its first entry, or, where no line of it
    can be read, after the number `otherwise`. Raises OSError."""
    with path.open("rb") as file:
        first = _next_number(file)
    path.rename(path.with_name(f"{path.name}.{first or otherwise:012d}"))
    sync_folder(path.parent)


def lines_after(path: Path, number: int) -> Iterator[bytes]:
    """Lines of all files from the entry after `number` on, and perhaps a few before it. A file
    that cannot be read is passed over: one bad block keeps nothing else from the server."""
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
    """The entries after `number`, each once. A line that a power cut left half written, or that
    is damaged, is passed over; one written twice around a full disk counts once."""
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
    """An entry's number without reading the rest of it; None for what is no line of ours."""
    match = _NUMBER.match(line)
    return int(match[1]) if match else None


def instant_of(line: bytes) -> bytes:
    """The second an entry was written at, as ISO 8601 in UTC, which sorts; empty for none."""
    match = _AT.search(line)
    return match[1] if match else b""


def newest(path: Path) -> tuple[int, bytes]:
    """Number and instant of the newest entry in any file, the latter as `instant_of` has it."""
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
    """The first entry of one file that can be read; None where there is none."""
    try:
        with path.open("rb") as file:
            lines = iter(lambda: file.readline(LONGEST_LINE), b"")
            return next(entries(lines, 0), None)
    except OSError:
        return None


def _seek(file: BinaryIO, number: int) -> None:
    """Go to the beginning of a line at or before the entry after `number`, by halving."""
    low, high = 0, os.fstat(file.fileno()).st_size
    while high - low > SCANNED_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline(LONGEST_LINE)
        found = _next_number(file, high)
        if found is None or found > number:
            high = middle
        else:
            low = middle
    file.seek(low)
    if low:
        file.readline(LONGEST_LINE)


def _next_number(file: BinaryIO, end: int | None = None) -> int | None:
    """The number of the next line that has one, as far as `end`."""
    while end is None or file.tell() < end:
        line = file.readline(LONGEST_LINE)
        if not line:
            return None
        number = number_of(line)
        if number is not None:
            return number
    return None
