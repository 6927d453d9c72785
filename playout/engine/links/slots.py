"""The slots that have a source: only those have processes."""

from functools import lru_cache
from pathlib import Path

from config.readjson import parse_json, read_bounded

INTAKES = "intakes.json"
"""The file in which the agent's client writes the wanted intakes."""
INTAKES_READ_EVERY = 0.25
"""Seconds from one reading of the intakes to the next."""


@lru_cache
def has_source(raw: bytes, slot: int) -> bool:
    """Return whether this slot has an intake in the file's content."""
    try:
        return bool(parse_json(raw)["slots"][slot])
    except (ValueError, KeyError, IndexError, TypeError):
        return False


def is_slot_wanted(slot: int, folder: Path) -> bool:
    """Return whether this slot has a source now."""
    path = folder / INTAKES
    try:
        seen = path.stat()
        content = _content(path, seen.st_ino, seen.st_mtime_ns, seen.st_size)
        return has_source(content, slot)
    except OSError:
        return False


@lru_cache(maxsize=1)
def _content(path: Path, *seen: int) -> bytes:
    """Read the file as it was seen: a supervisor asks for each slot four times a second, and the
    file changes a few times a day.
    """
    del seen
    return read_bounded(path)
