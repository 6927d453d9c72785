"""The loudness that the monitor measured, read from its files."""

from pathlib import Path

from pydantic import TypeAdapter

from config.readjson import read_bounded
from playout.model.loudness import DayLoudness, Measured

SUMMARY_FILE, CUES_FILE = "loudness.json", "loudness-cues.json"
_DAYS = TypeAdapter(tuple[DayLoudness, ...])
_CUES = TypeAdapter(tuple[Measured, ...])


def read_days(folder: Path) -> tuple[DayLoudness, ...]:
    """Return the last days as the monitor measured them; none if it measured or wrote nothing."""
    try:
        return _DAYS.validate_json(read_bounded(folder / SUMMARY_FILE))
    except (OSError, ValueError):
        return ()


class MeasuredCues:
    """The loudness of the last cues that are over, as the monitor measured it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / CUES_FILE
        self._written = 0

    def news(self) -> tuple[Measured, ...]:
        """Return every cue of the file if the monitor has written it since the last call."""
        try:
            written = self._path.stat().st_mtime_ns
            if written == self._written:
                return ()
            self._written = written
            return _CUES.validate_json(read_bounded(self._path))
        except (OSError, ValueError):
            return ()
