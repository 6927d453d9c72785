"""What the processes of a slot do until it has a source: nothing, with little loaded."""

from pathlib import Path

from config.child import beat
from config.clock import Clock
from config.readjson import parse_json, read_bounded

INTAKES = "intakes.json"
"""The file in which the agent's side says what is to be taken in."""
INTAKES_READ_EVERY = 0.25


def has_source(raw: bytes, slot: int) -> bool:
    """Does this slot have an intake?"""
    try:
        return bool(parse_json(raw)["slots"][slot])
    except (ValueError, KeyError, IndexError, TypeError):
        return False


def wait_for_slot(slot: int, folder: Path, clock: Clock) -> None:
    """Return when the slot has a source."""
    while True:
        beat()
        try:
            if has_source(read_bounded(folder / INTAKES), slot):
                return
        except OSError:
            pass
        clock.wait(INTAKES_READ_EVERY)
