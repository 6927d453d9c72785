"""Fifty presses of the take button on the page, each timed from the click to its first frame."""

import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from bench.figures import Figure, percentile
from soak.notes import alone, note, rounds
from support.clips import numbered_clip
from support.stalls import Canary, excused
from support.station import CHANNEL, Station, add_airing, said, upload, wait_for

from playout.engine.airlog import read_facts
from playout.engine.waist import Layer

pytestmark = pytest.mark.soak
PATIENCE = 5.0
LIMIT_MS = 1000
FIELD = re.compile(r'name="(verb|cue|item)" value="([^"]*)"')


def fill(station: Station, staff: httpx.Client, folder: Path, count: int) -> None:
    """Plan so many airings, an hour away, of two clips that take turns."""
    assets = []
    for ident in (1, 2):
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, frames=900, ident=ident)
        assets.append(upload(staff, clip, f"Clip {ident}"))
        here = f'value="{assets[-1]}"'
        wait_for(lambda here=here: here in staff.get("/airings/new").text, 90, "a clip is offered")
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    for number in range(count):
        start = begin + timedelta(seconds=30 * number)
        add_airing(staff, assets[number % 2], f"Item {number + 1}", start, "0:00:30")


@contextmanager
def looking(staff: httpx.Client) -> Iterator[None]:
    """An operator has the page open: its picture is asked for twice a second."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            staff.get(f"/channels/{CHANNEL}/picture.jpg")

    eyes = threading.Thread(target=look)
    eyes.start()
    try:
        yield
    finally:
        over.set()
        eyes.join()


def button(staff: httpx.Client) -> dict[str, str] | None:
    """The fields of the take button as the page shows it now; None while there is none."""
    page = said(staff.get(f"/channels/{CHANNEL}/desk"))
    for form in page.split("<form")[1:]:
        fields = dict(FIELD.findall(form))
        if fields.get("verb") == "take" and "disabled" not in form.split("</form>")[0]:
            return fields
    return None


def first_frame(station: Station, after: datetime) -> datetime | None:
    """When the first picture of a take given after this instant was on air at the bus."""
    log, cursor = station.settings.channel_dir(CHANNEL) / "air.log", 0
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        facts, cursor = read_facts(log, cursor)
        for fact in facts:
            new = fact.start > after and str(fact.cue).startswith("take-")
            if new and fact.layer is Layer.DECK and fact.source_first == 0:
                return fact.start
        time.sleep(0.05)
    return None


def press(station: Station, staff: httpx.Client) -> tuple[datetime, httpx.Response]:
    """Press take as the page shows it; the instant of the click and the answer."""
    fields = wait_for(lambda: button(staff), 10, "the take button can be pressed")
    clicked = datetime.now(UTC)
    return clicked, staff.post(f"/channels/{CHANNEL}/command", data=fields)


def test_fifty_takes_are_on_air_in_under_a_second(tmp_path: Path) -> None:
    count, dice = rounds(50), random.Random(7)
    clicks: list[datetime] = []
    began = time.monotonic()
    with alone(), Station(tmp_path / "station") as station:
        staff = station.staff()
        fill(station, staff, tmp_path, count + 5)
        wait_for(lambda: button(staff), 60, "the machine has reported")
        with Canary(tmp_path / "stalls", realtime=True) as canary, looking(station.staff()):
            time.sleep(5)
            for _ in range(count):
                clicked, answer = press(station, staff)
                assert answer.status_code == 200, answer.text[:300]
                clicks.append(clicked)
                time.sleep(dice.uniform(3, 5))
            said(staff.post(f"/channels/{CHANNEL}/command", data={"verb": "rejoin"}))
            time.sleep(3)
        aired = [first_frame(station, clicked) for clicked in clicks]
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
