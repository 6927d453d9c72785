"""Fifty presses of the take button on the page, each timed from the click to its first frame."""

import random
import time
from datetime import datetime
from pathlib import Path

import pytest
from bench.figures import Figure, percentile
from soak.notes import alone, note, rounds
from support.stalls import Canary, excused
from support.station import CHANNEL, Station, said, wait_for
from support.taking import button, fill, first_frame, library, looking, press, taken_after

pytestmark = pytest.mark.soak
PATIENCE = 5.0
LIMIT_MS = 1000


def test_fifty_takes_are_on_air_in_under_a_second(tmp_path: Path) -> None:
    count, dice = rounds(50), random.Random(7)
    clicks: list[datetime] = []
    began = time.monotonic()
    with alone(), Station(tmp_path / "station") as station:
        staff = station.staff()
        fill(staff, library(staff, tmp_path), count + 5)
        wait_for(lambda: button(staff), 60, "the machine has reported")
        with Canary(tmp_path / "stalls", realtime=True) as canary, looking(station.staff()):
            time.sleep(5)
            for _ in range(count):
                clicked, answer = press(staff)
                assert answer.status_code == 200, answer.text[:300]
                clicks.append(clicked)
                time.sleep(dice.uniform(3, 5))
            said(staff.post(f"/channels/{CHANNEL}/command", data={"verb": "rejoin"}))
            time.sleep(3)
        aired = [first_frame(station, taken_after(clicked), PATIENCE) for clicked in clicks]
    judge(clicks, aired, canary, time.monotonic() - began)


def judge(
    clicks: list[datetime], aired: list[datetime | None], canary: Canary, seconds: float
) -> None:
    """Write the figures and hold them to their limits."""
    shift = time.monotonic() - time.time()
    took, spoilt = [], 0
    for clicked, at in zip(clicks, aired, strict=True):
        ms = (at - clicked).total_seconds() * 1000 if at else PATIENCE * 1000
        begin = round((clicked.timestamp() + shift) * 1e9)
        long = [stall for stall in canary.stalls() if stall.end - stall.begin > 100_000_000]
        if ms > LIMIT_MS and excused(begin, begin + round(ms * 1e6), long):
            spoilt += 1
        else:
            took.append(ms)
    lost = sum(ms >= PATIENCE * 1000 for ms in took)
    p95, words = percentile(took, 0.95), f"{len(took)} takes, {spoilt} more excused by a stall"
    figures = [
        Figure("takes", "never on air", lost, "takes", 0, note=words),
        Figure("takes", "click to air at the bus, middle", percentile(took, 0.5), "ms"),
        Figure("takes", "click to air at the bus, 95 %", p95, "ms", LIMIT_MS),
        Figure("takes", "click to air at the bus, worst", max(took), "ms"),
    ]
    each = [round(ms) for ms in took]
    note("takes", "Takes from the page", figures, canary.stalls(), seconds, each_ms=each)
    assert spoilt <= len(clicks) * 0.1, "inconclusive: the machine itself stalled too much"
    assert not [one for one in figures if not one.good]
