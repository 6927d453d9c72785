"""The loudness that the monitor measured, read from its files."""

from pathlib import Path

from pydantic import TypeAdapter

from config.readjson import read_bounded
from playout.model.loudness import DayLoudness

SUMMARY_FILE = "loudness.json"
_DAYS = TypeAdapter(tuple[DayLoudness, ...])


def read_days(folder: Path) -> tuple[DayLoudness, ...]:
    """Return the last days as the monitor measured them; none if it measured or wrote nothing."""
    try:
        return _DAYS.validate_json(read_bounded(folder / SUMMARY_FILE))
    except (OSError, ValueError):
        return ()
