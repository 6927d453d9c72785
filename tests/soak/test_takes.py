"""Fifty presses on the page, of slate and adjourn under a live and of take, each timed from the
click to the first tick that shows its effect.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from bench.figures import Figure, percentile
from soak.notes import alone, note, rounds
from support.page_operator import (
    adjourned_after,
    button_fields,
    first_tick,
    page_open,
    plan_airings,
    press,
    slated_after,
    taken_after,
    upload_clips,
)
from support.stalls import Canary, Stall, is_excused
from support.station import CHANNEL, Station, body_of, wait_for

from config.names import ChannelId
from playout.model.engine import AirFact
from scheduler.actions import meetings, sources
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.source import SourceDraft

pytestmark = pytest.mark.soak
PATIENCE = 5.0
LIMIT_MS = 1000
ORDER = ("slate", "adjourn", "take")
BACK = {"slate": ("rejoin",), "adjourn": (), "take": ("rejoin", "resume")}
"""What brings the meeting back for the next press, where it must be on."""


@dataclass(frozen=True)
class Press:
    """One press, and when its effect was on air; None if it never was."""

    verb: str
    clicked: datetime
    aired: datetime | None

    @property
    def ms(self) -> float:
        """Milliseconds from the click to the air."""
        if self.aired is None:
            return PATIENCE * 1000
        return (self.aired - self.clicked).total_seconds() * 1000


def test_fifty_presses_are_on_air_in_under_a_second(tmp_path: Path) -> None:
    count, began = rounds(50), time.monotonic()
    with alone(), Station(tmp_path / "station") as station:
        staff = station.staff()
        plan_airings(staff, upload_clips(staff, tmp_path), count // len(ORDER) + 5)
        live = a_meeting(station)
        wait_for(lambda: button_fields(staff, "adjourn"), 60, "the meeting is on air")
        with Canary(tmp_path / "stalls", realtime=True) as canary, page_open(station.staff()):
            time.sleep(5)
            clicks = [one_press(staff, ORDER[n % len(ORDER)]) for n in range(count)]
            time.sleep(3)
        made = [
            Press(verb, clicked, first_tick(station, asked_for(verb, clicked, live), PATIENCE))
            for verb, clicked in clicks
        ]
    judge(made, canary.stalls(), time.monotonic() - began)


def a_meeting(station: Station) -> str:
    """Plan a meeting from the built-in source, to begin in some seconds; return its live airing."""
    now = datetime.now(UTC).replace(microsecond=0)
    source = sources.add(station.db, SYSTEM_ACTOR, now, SourceDraft("Chamber", "test:")).id
    start = now + timedelta(seconds=20)
    draft = MeetingDraft(
        ChannelId(CHANNEL), "Council", start, timedelta(minutes=30), "Council", source=source
    )
    meetings.add(station.db, SYSTEM_ACTOR, now, draft)
    return str(station.airing("Council").id)


DICE = random.Random(7)


def one_press(staff: httpx.Client, verb: str) -> tuple[str, datetime]:
    """Press, wait until it shows, and resume the meeting where the next press needs it."""
    clicked, answer = press(staff, verb)
    body_of(answer)
    time.sleep(DICE.uniform(2.2, 3.2))
    for step in BACK[verb]:
        body_of(press(staff, step)[1])
        time.sleep(1)
    if BACK[verb]:
        wait_for(lambda: button_fields(staff, "adjourn"), 10, "the meeting is back")
        time.sleep(1.5)
    return verb, clicked


def asked_for(verb: str, clicked: datetime, live: str) -> Callable[[AirFact], bool]:
    """Return a test for the first tick that shows the effect of a press."""
    if verb == "adjourn":
        return adjourned_after(clicked, live)
    return slated_after(clicked) if verb == "slate" else taken_after(clicked)


def judge(made: Sequence[Press], stalls: Sequence[Stall], seconds: float) -> None:
    """Write the figures and check their limits."""
    timed = [one for one in made if not spoilt(one, stalls)]
    excused_by_stalls = len(made) - len(timed)
    figures = [one for verb in ("", *ORDER) for one in figures_of(verb, timed)]
    each = {verb: [round(one.ms) for one in timed if one.verb == verb] for verb in ORDER}
    note("takes", "Presses on the page", figures, stalls, seconds, each_ms=each)
    assert excused_by_stalls <= len(made) * 0.1, "inconclusive: the machine itself stalled too much"
    assert not [one for one in figures if not one.good]


def spoilt(one: Press, stalls: Sequence[Stall]) -> bool:
    """Return whether the press was late while the machine itself stalled."""
    shift = time.monotonic() - time.time()
    begin = round((one.clicked.timestamp() + shift) * 1e9)
    long = [stall for stall in stalls if stall.end - stall.begin > 100_000_000]
    return one.ms > LIMIT_MS and is_excused(begin, begin + round(one.ms * 1e6), long)


def figures_of(verb: str, timed: Sequence[Press]) -> list[Figure]:
    """Return how long the presses of one button, or of all, took."""
    took = [one.ms for one in timed if verb in ("", one.verb)]
    name = f"{verb or 'click'} to air at the bus"
    lost = sum(ms >= PATIENCE * 1000 for ms in took)
    return [
        Figure("takes", f"{name}: never", lost, "presses", 0, note=f"of {len(took)}"),
        Figure("takes", f"{name}, middle", percentile(took, 0.5), "ms"),
        Figure("takes", f"{name}, 95 %", percentile(took, 0.95), "ms", LIMIT_MS),
        Figure("takes", f"{name}, worst", max(took, default=PATIENCE * 1000), "ms"),
    ]
