"""The slots that have a source: only those have processes."""

from pathlib import Path

from config.readjson import parse_json, read_bounded

INTAKES = "intakes.json"
"""The file in which the agent's client writes the wanted intakes."""
INTAKES_READ_EVERY = 0.25
"""Seconds from one reading of the intakes to the next."""


def has_source(raw: bytes, slot: int) -> bool:
    """Return whether this slot has an intake in the file's content."""
    try:
        return bool(parse_json(raw)["slots"][slot])
    except (ValueError, KeyError, IndexError, TypeError):
        return False


def is_slot_wanted(slot: int, folder: Path) -> bool:
    """Return whether this slot has a source now."""
    try:
        return has_source(read_bounded(folder / INTAKES), slot)
    except OSError:
        return False
