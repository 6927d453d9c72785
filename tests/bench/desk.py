"""Times from a click, and from an edit, to the air: through real pages, scheduler and channel."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from support.page_operator import (
    button_fields,
    first_frame,
    page_open,
    plan_airings,
    press,
    taken_after,
    upload_clips,
)
from support.station import CHANNEL, Station, add_airing, body_of, wait_for

from config.names import ChannelId
from playout.model.engine import AirFact
from scheduler.queries import grid, onair

PATIENCE = 30.0
TOLD = 15.0
"""Seconds until the air log tells of the last take: it writes a run that goes on after ten."""
STRETCH = timedelta(seconds=6)
"""How long an airing typed in a hurry lasts, so that each is over before the next is typed."""


@dataclass
class Presses:
    """The outcome of each press of take."""

    taken: list[float] = field(default_factory=list)
    """Milliseconds to its first frame at the bus."""
    refused: list[str] = field(default_factory=list)
    """Why the machine did not take, in its own words; such a press is no time."""


def clicks(station: Station, staff: httpx.Client, count: int) -> Presses:
    """Press take `count` times; record the reason of each refusal."""
    pressed, made = [], Presses()
    with page_open(station.staff()):
        time.sleep(3)
        for _ in range(count):
            clicked, answer = press(staff)
            body_of(answer)
            time.sleep(3.3)
            why = _refusal(station, clicked)
            if why:
                made.refused.append(why)
            else:
                pressed.append(clicked)
    seen = [first_frame(station, taken_after(clicked), TOLD) for clicked in pressed]
    made.taken = [_ms(clicked, at) for clicked, at in zip(pressed, seen, strict=True)]
    return made


def _refusal(station: Station, clicked: datetime) -> str:
    """Return why the command of this click was refused; empty if it was not."""
    on = onair.on_air(station.db, ChannelId(CHANNEL), datetime.now(UTC))
    found = [one for one in on.commands if one.issued >= clicked and one.answer == "refused"]
    return found[0].reason if found else ""


def edits(
    station: Station, staff: httpx.Client, asset: str, count: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds from saving an airing due now to the disk and to the air."""
    kept, aired = [], []
    for number in range(count):
        title, saved = f"Urgent {number + 1}", datetime.now(UTC)
        add_airing(staff, asset, title, saved.replace(microsecond=0), STRETCH.seconds + 10)
        own = _airing(station, title)
        kept.append(_ms(saved, _on_disk(station, own)))
        at = first_frame(station, _of(own), PATIENCE)
        aired.append(_ms(saved, at))
        time.sleep(STRETCH.seconds + 11)
    return kept, aired


def _of(airing: str) -> Callable[[AirFact], bool]:
    return lambda fact: airing in str(fact.cue)


def _airing(station: Station, title: str) -> str:
    today = datetime.now(UTC).date()
    for monday in (_monday(today), _monday(today - timedelta(days=1))):
        week = grid.week(station.db, [ChannelId(CHANNEL)], monday, datetime.now(UTC))
        found = [view.airing.id for view in week.airings if view.airing.title == title]
        if found:
            return str(found[0])
    raise RuntimeError(f"{title} is not in the schedule")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _on_disk(station: Station, airing: str) -> datetime | None:
    """Return when the broadcast machine's stored plan first named the airing."""
    plan = station.settings.channel_dir(CHANNEL) / "plan.json"
    wait_for(lambda: airing in plan.read_text(), PATIENCE, "the machine has the edit")
    return datetime.fromtimestamp(plan.stat().st_mtime, UTC)


def _ms(since: datetime, until: datetime | None) -> float:
    return 1e9 if until is None else (until - since).total_seconds() * 1000


def figures(name: str, taken: Sequence[float], most: float | None, note: str) -> list[Figure]:
    """Return median, 95 % and worst of some times."""
    return [
        Figure("desk", f"{name}, middle", middle(taken), "ms"),
        Figure("desk", f"{name}, 95 %", percentile(taken, 0.95), "ms", most, note=note),
        Figure("desk", f"{name}, worst", max(taken, default=1e9), "ms"),
        Figure("desk", f"{name}: never", sum(one >= 1e9 for one in taken), "times", 0),
    ]


def measure(folder: Path, quick: bool) -> Measured:
    """Run a one-channel station, add airings that are due, then take."""
    presses, typed = (3, 1) if quick else (20, 4)
    with Station(folder / "station") as station:
        staff = station.staff()
        assets = upload_clips(staff, folder)
        plan_airings(staff, assets, presses + 5)
        wait_for(lambda: button_fields(staff), 60, "the machine has reported")
        kept, aired = edits(station, staff, assets[0], typed)
        took = clicks(station, staff, presses)
    why = "; ".join(sorted(set(took.refused)))
    words = f"{typed} airings typed as they were due, joined in progress"
    return Measured(
        [
            *figures("click to air at the bus", took.taken, 1000, f"{len(took.taken)} takes"),
            Figure("desk", "takes refused", len(took.refused), "takes", note=why),
            *figures("edit to the machine's own disk", kept, None, words),
            *figures("edit to air at the bus", aired, None, words),
        ],
        words={"the outputs": "each adds its own constant delay, measured with the joins"},
    )
