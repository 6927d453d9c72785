"""Captions of the demo's films, as a captioning service would send them: SRT of the same name."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from config.clock import Clock
from scheduler.actions import captions
from scheduler.db.store import Database
from scheduler.domain.model.people import SYSTEM_ACTOR

EVERY = timedelta(seconds=6)
SHOWN = timedelta(seconds=5)
LINES = {
    "parks": (
        "[music]",
        "Welcome to your parks.",
        "Trails, lessons and playgrounds,\nmonth by month.",
        "Every park opens at six\nand closes at eleven.",
        "Find a trail near you\nat the parks office.",
    ),
    "budget": (
        "[music]",
        "Where does a dollar\nof city taxes go?",
        "Most of it pays for police,\nfire and public works.",
        "The rest keeps parks, pools\nand libraries open.",
        "The council votes on the budget\nin December.",
    ),
}
"""What the captions of a film say in turn, until it ends."""


def take_in_captions(
    db: Database, uploads: Path, clock: Clock, films: Iterable[tuple[str, timedelta]]
) -> None:
    """Write a caption file for each film `demo-KEY.mp4` that has lines, and queue it as an upload
    is queued. `films` are keys and lengths.
    """
    for key, length in films:
        if key in LINES:
            name = f"demo-{key}.srt"
            (uploads / name).write_text(_srt(LINES[key], length))
            captions.queue_file(db, SYSTEM_ACTOR, clock.utc(), name, name)


def _srt(lines: tuple[str, ...], length: timedelta) -> str:
    blocks = [
        f"{number + 1}\n{_time(number * EVERY + EVERY / 3)} --> "
        f"{_time(number * EVERY + EVERY / 3 + SHOWN)}\n{lines[number % len(lines)]}\n"
        for number in range(max(1, (length - EVERY) // EVERY))
    ]
    return "\n".join(blocks)


def _time(at: timedelta) -> str:
    seconds = at // timedelta(seconds=1)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"
