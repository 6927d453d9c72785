"""The track numbers of a Matroska file, which libav does not report and libVLC sorts by."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SEGMENT, _TRACKS, _ENTRY, _CLUSTER = 0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675
_NUMBER, _TYPE = 0xD7, 0x83
_AUDIO = 2
MOST_BYTES = 1 << 20
"""Most bytes of a list of tracks that is read."""


def sound_in_order(path: Path) -> bool:
    """Return whether the sound tracks come in the order of their numbers.

    Then counting them as they come (libav) and by their numbers (libVLC) selects the same track.
    False where the file cannot be read.
    """
    with path.open("rb") as file:
        sounds = [entry.get(_NUMBER, 0) for entry in _entries(file) if entry.get(_TYPE) == _AUDIO]
    return bool(sounds) and sounds == sorted(set(sounds))


def _entries(file: BinaryIO) -> Iterator[dict[int, int]]:
    """Yield the numeric elements of each track entry, by element id."""
    size = file.seek(0, 2)
    for kind, begin, end in _elements(file, 0, size):
        if kind != _SEGMENT:
            continue
        for part, first, last in _elements(file, begin, min(end, size)):
            if part == _CLUSTER:
                return
            if part == _TRACKS and last - first <= MOST_BYTES:
                for entry, start, stop in _elements(file, first, last):
                    if entry == _ENTRY:
                        yield _numbers(file, start, stop)
                return


def _numbers(file: BinaryIO, begin: int, end: int) -> dict[int, int]:
    found = {}
    for kind, first, last in list(_elements(file, begin, end)):
        if last - first <= 8:
            file.seek(first)
            found[kind] = int.from_bytes(file.read(last - first), "big")
    return found


def _elements(file: BinaryIO, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (id, first byte, end) of each element's content; one of unknown size reaches to
    `end`."""
    while at < end:
        file.seek(at)
        kind = _variable(file, keep_mark=True)
        length = _variable(file, keep_mark=False)
        if kind is None or length is None:
            return
        first = file.tell()
        at = end if length < 0 else first + length
        yield kind, first, min(at, end)


def _variable(file: BinaryIO, *, keep_mark: bool) -> int | None:
    """Read a number of one to eight bytes; the first byte's leading zeros tell how many (RFC 8794).

    Example: 0x40 0x02 is 2 in two bytes. Returns -1 for an unknown size (all bits set), None at the
    end of the file or where the bytes are no such number.
    """
    head = file.read(1)
    if not head or not head[0]:
        return None
    more = 8 - head[0].bit_length()
    rest = file.read(more)
    if len(rest) < more:
        return None
    value = int.from_bytes(head + rest, "big")
    if keep_mark:
        return value
    value &= (1 << 7 * (more + 1)) - 1
    return -1 if value == (1 << 7 * (more + 1)) - 1 else value
