"""A recording on disk: pieces of transport stream, each named by the moment it begins."""

import logging
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from config.names import AiringId
from config.readjson import read_bounded
from config.wholefile import safe, write_whole
from playout.model.recording import Recording, RecordingGap, RecordingState

log = logging.getLogger(__name__)

PIECE_SECONDS = 10.0
"""Seconds after which a piece ends, at the next key frame."""
LONGEST_PIECE_SECONDS = 3 * PIECE_SECONDS
"""Seconds after which a piece ends even without a key frame."""
SMALLEST_GAP = timedelta(milliseconds=250)
"""A smaller gap between two pieces is only the rounding of their times."""
RECORDINGS_FOLDER = "recordings"
CLOSED_FILE = "kept.json"
"""File with the result of a recording, from its closing until it is opened again."""
OPENED_FILE = "opened"
RECESS_SUFFIX = ".recess.ts"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{3})Z\+(\d{9})\.ts")


def piece_name(wall: datetime, offset: timedelta, *, recess: bool = False) -> str:
    """Name a piece that begins `offset` after the first packet of its stretch, which arrived at
    `wall` (UTC). Names sort by time. A piece made in a recess has another ending, and is not
    joined.
    """
    place = max(0, round(offset / timedelta(milliseconds=1)))
    return f"{_stamp(wall)}+{place:09}{RECESS_SUFFIX if recess else '.ts'}"


def _stamp(wall: datetime) -> str:
    return wall.strftime("%Y%m%dT%H%M%S.") + f"{wall.microsecond // 1000:03}Z"


def note_beginning(folder: Path, wall: datetime, true: datetime) -> None:
    """Note beside its pieces when the stretch named by `wall` really began. Raises OSError."""
    write_whole(folder / f"{_stamp(wall)}.began", true.isoformat().encode())


def _noted_beginning(folder: Path, stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat((folder / f"{stamp}Z.began").read_text())
    except (OSError, ValueError):
        return None


@dataclass(frozen=True)
class RecordedPiece:
    """One piece, as its name describes it."""

    path: Path
    stretch: datetime
    """First packet of its unbroken stretch, UTC."""
    begins: datetime
    """Its own first packet, UTC."""


def pieces_of(folder: Path) -> list[RecordedPiece]:
    """Return the pieces in a recording's folder in order of time, ignoring every other file."""
    pieces = []
    for path in folder.glob("*.ts"):
        match = _NAME.fullmatch(path.name)
        if match is not None:
            named = datetime.strptime(match[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
            stretch = _noted_beginning(folder, match[1]) or named
            begins = stretch + timedelta(milliseconds=int(match[2]))
            pieces.append(RecordedPiece(path, stretch, begins))
    return sorted(pieces, key=lambda piece: (piece.stretch, piece.begins))


def seconds_of(pieces: Sequence[RecordedPiece]) -> float:
    """Estimate how many seconds the pieces hold, by when each was last written to."""
    kept = 0.0
    for piece in pieces:
        with suppress(OSError):
            written = piece.path.stat().st_mtime - piece.begins.timestamp()
            kept += min(max(written, 0.0), LONGEST_PIECE_SECONDS)
    return kept


def gaps_between(stretches: Sequence[tuple[datetime, datetime]]) -> tuple[RecordingGap, ...]:
    """Return the gaps between stretches [first, last) given in order of time."""
    pairs = zip(stretches, stretches[1:], strict=False)
    return tuple(
        RecordingGap(before[1], after[0])
        for before, after in pairs
        if after[0] - before[1] > SMALLEST_GAP
    )


@dataclass(frozen=True)
class ClosedRecording:
    """The keeper's result for a recording, and how many pieces it was made of."""

    recording: Recording
    pieces: int


_CLOSED = TypeAdapter(ClosedRecording)


def has_recordings(root: Path) -> bool:
    """Return whether the folder of any recording lies in a channel's folder, also where the disk
    does not say.
    """
    try:
        return any(entry.is_dir() for entry in (root / RECORDINGS_FOLDER).iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


def note_opened(folder: Path, airing: AiringId, now: datetime) -> None:
    """Note for which airing a recording is being made, even before a packet arrives. Any earlier
    result is withdrawn. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CLOSED_FILE).unlink(missing_ok=True)
    if not (folder / OPENED_FILE).exists():
        write_whole(folder / OPENED_FILE, f"{now.isoformat()} {airing}".encode())


def note_closed(folder: Path, closed: ClosedRecording) -> None:
    """Write down the result of a recording. Raises OSError."""
    write_whole(folder / CLOSED_FILE, _CLOSED.dump_json(closed))


def read_closed(folder: Path) -> ClosedRecording | None:
    """Return the result of the recording in this folder; None while it has none."""
    try:
        return _CLOSED.validate_json(read_bounded(folder / CLOSED_FILE))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        log.warning("%s cannot be read; the recording is joined again.", folder / CLOSED_FILE)
        return None


def read_opened(folder: Path) -> tuple[datetime, AiringId] | None:
    """Return when recording was first asked for in this folder, and for which airing."""
    with suppress(OSError, ValueError):
        instant, _, airing = (folder / OPENED_FILE).read_text().partition(" ")
        return datetime.fromisoformat(instant), AiringId(airing)
    return None


class RecordingShelf:
    """All recordings of a channel, read for the agent."""

    def __init__(self, root: Path) -> None:
        self._root = root / RECORDINGS_FOLDER
        self._read: dict[Path, tuple[int, ClosedRecording | None]] = {}

    def recordings(self, open_now: Collection[AiringId]) -> tuple[Recording, ...]:
        """Return the recordings that are closed or being closed, without those in `open_now`."""
        recordings = []
        names = {safe(airing) for airing in open_now}
        for folder in sorted(self._root.glob("*/")):
            if folder.name in names:
                continue
            closed = self._closed(folder)
            if closed is not None:
                recordings.append(closed.recording)
            elif (began := read_opened(folder)) is not None:
                recordings.append(Recording(began[1], RecordingState.CLOSING, began[0]))
        return tuple(recordings)

    def _closed(self, folder: Path) -> ClosedRecording | None:
        try:
            changed = (folder / CLOSED_FILE).stat().st_mtime_ns
        except OSError:
            return None
        known = self._read.get(folder)
        if known is None or known[0] != changed:
            known = self._read[folder] = (changed, read_closed(folder))
        return known[1]
