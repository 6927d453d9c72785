"""The edit list of an MP4, wherever it shows less than the file holds, or in another order.

A trimmed file keeps the material that was cut off, together with a list of what to show of it (ISO
14496-12, 8.6.5 and 8.6.6). libav obeys the list; libVLC shows everything.
"""

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from media.boxes import inside

TRIM_TOLERANCE = 0.1
"""Seconds that a list may leave out at either end, which is only padding of the encoder."""
PADDING_SAMPLES = 4200
"""Longest padding of a sound encoder, that of HE-AAC."""
MOST_LINES = 10_000


@dataclass(frozen=True)
class Edit:
    """One line of an edit list, in seconds; `begins` is None for an empty edit."""

    lasts: float
    begins: float | None


@dataclass(frozen=True)
class TrackEdits:
    """The length of a track, and the parts of it that its list shows. Times in seconds."""

    kind: bytes
    """`vide`, `soun` or another."""
    holds: float
    rate: float
    """Steps of its clock in a second; for sound, samples."""
    early: float = 0.0
    """Seconds by which the first picture is shown after it is decoded; a list makes up for it."""
    edits: tuple[Edit, ...] = ()

    @property
    def cuts(self) -> bool:
        """Tell whether the list cuts more than padding, shows a part twice, or inserts a pause."""
        shown = [edit for edit in self.edits if edit.begins is not None]
        if not shown:
            return False
        if len(shown) > 1 or self.edits[-1].begins is None:
            return True
        begins, lasts = shown[0].begins or 0.0, shown[0].lasts
        spare = (
            max(TRIM_TOLERANCE, PADDING_SAMPLES / self.rate)
            if self.kind == b"soun"
            else TRIM_TOLERANCE
        )
        ends_early = lasts > 0 and self.holds - begins - lasts > spare
        return begins - self.early > spare or ends_early


def cuts(path: Path, tracks: Collection[int]) -> bool:
    """Return whether the list of any of these tracks cuts something off.

    False where the boxes make no sense: libav judges such files.
    """
    try:
        with path.open("rb") as file:
            return any(track.cuts for track in _tracks(file, path.stat().st_size, tracks))
    except (struct.error, ValueError, ZeroDivisionError, OSError):
        return False


def _tracks(file: BinaryIO, size: int, wanted: Collection[int]) -> Iterator[TrackEdits]:
    for _, begin, end in inside(file, 0, size, b"moov"):
        ((_, at, _),) = inside(file, begin, end, b"mvhd")
        scale, _ = _scale(file, at)
        for _, first, last in inside(file, begin, end, b"trak"):
            ((_, at, _),) = inside(file, first, last, b"tkhd")
            if _number(file, at) in wanted:
                yield _track(file, first, last, scale)


def _track(file: BinaryIO, begin: int, end: int, movie_scale: int) -> TrackEdits:
    ((_, media, over),) = inside(file, begin, end, b"mdia")
    ((_, at, _),) = inside(file, media, over, b"mdhd")
    scale, holds = _scale(file, at)
    ((_, at, _),) = inside(file, media, over, b"hdlr")
    file.seek(at + 8)
    kind, edits = file.read(4), []
    for _, first, last in inside(file, begin, end, b"edts"):
        for _, at, _ in inside(file, first, last, b"elst"):
            edits = [
                Edit(lasts / movie_scale, begins / scale if begins >= 0 else None)
                for lasts, begins in _entries(file, at)
            ]
    return TrackEdits(kind, holds / scale, scale, _early(file, media, over) / scale, tuple(edits))


def _early(file: BinaryIO, begin: int, end: int) -> int:
    """Return by how many steps the first picture is shown after it is decoded, from the `ctts`
    box."""
    for kind in (b"minf", b"stbl", b"ctts"):
        found = inside(file, begin, end, kind)
        if not found:
            return 0
        _, begin, end = found[0]
    file.seek(begin)
    count, offset = struct.unpack(">4xI4xi", file.read(16))
    return max(0, int(offset)) if count else 0


def _scale(file: BinaryIO, at: int) -> tuple[int, int]:
    """Return steps per second and length in steps, from an `mvhd` or `mdhd` box."""
    file.seek(at)
    body = file.read(32)
    return struct.unpack_from(">IQ", body, 20) if body[0] else struct.unpack_from(">II", body, 12)


def _number(file: BinaryIO, at: int) -> int:
    """Return the number of a track, from its `tkhd` box."""
    file.seek(at)
    body = file.read(24)
    return int(struct.unpack_from(">I", body, 20 if body[0] else 12)[0])


def _entries(file: BinaryIO, at: int) -> Iterator[tuple[int, int]]:
    """Yield the lines of an `elst` box: length in steps of the movie, start in steps of the track
    or -1.
    """
    file.seek(at)
    version, count = struct.unpack(">B3xI", file.read(8))
    line = struct.Struct(">Qq4x" if version else ">Ii4x")
    for _ in range(min(count, MOST_LINES)):
        lasts, begins = line.unpack(file.read(line.size))
        yield lasts, begins
