"""The idle state of a slot's processes: they load little and wait until the slot has a source."""

from pathlib import Path

from config.child import beat
from config.clock import Clock
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


def wait_for_slot(slot: int, folder: Path, clock: Clock) -> None:
    """Return once the slot has a source."""
    while True:
        beat()
        try:
            if has_source(read_bounded(folder / INTAKES), slot):
                return
        except OSError:
            pass
        clock.wait(INTAKES_READ_EVERY)
