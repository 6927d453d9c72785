"""An operator presses while a crowd stands at the port: sixteen and a thousand stalled callers,
forty reloading visitors. Then the public page alone, as fast as it is served."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bench.figures import Figure, percentile
from soak.notes import alone, note, rounds
from soak.test_takes import PATIENCE, Press, one_press, spoilt
from soak.test_takes import a_meeting as meeting
from support.crowd import crowd
from support.stalls import Canary, Stall
from support.station import CHANNEL, Station, wait_for
from support.taking import button, first_tick, looking, slated_after

from config.names import ChannelId
from scheduler.queries.onair import heard_at

pytestmark = pytest.mark.soak
CROWDS = (("stalled", 16), ("stalled", 1000), ("reloading", 40))
PRESSES = 8
LIMIT_MS = 1000
SILENCE_MS = 3000
"""How long the machine may not be heard: the page says so after three seconds."""
PAGE_MS = 2.0
"""Milliseconds for one public page: five hundred a second."""
ASKERS, ASKED_FOR = 8, 20.0


def test_a_crowd_holds_up_no_press_and_no_machine(tmp_path: Path) -> None:
    began, figures, excused_by_stalls = time.monotonic(), list[Figure](), 0
    with alone(), Station(tmp_path / "station") as station:
        staff = station.staff()
        meeting(station)
        wait_for(lambda: button(staff, "adjourn"), 60, "the meeting is on air")
        with Canary(tmp_path / "stalls", realtime=True) as canary, looking(station.staff()):
            time.sleep(5)
            for kind, count in CROWDS:
                clicks, longest = pressed(station, staff, kind, count)
                made = [seen(station, clicked) for clicked in clicks]
                timed = [one for one in made if not spoilt(one, canary.stalls())]
                excused_by_stalls += len(made) - len(timed)
                figures += figures_of(f"{count} {kind}", timed, longest)
            with crowd("asking", ASKERS, station.web_port) as visitors:
                time.sleep(ASKED_FOR)
    figures.append(page_figure(visitors.per_second))
    judge(figures, excused_by_stalls, canary.stalls(), time.monotonic() - began)


def pressed(
    station: Station, staff: httpx.Client, kind: str, count: int
) -> tuple[list[datetime], float]:
    """When slate was pressed, again and again, and the longest the machine was not heard, in ms."""
    with heard(station) as longest, crowd(kind, count, station.web_port):
        time.sleep(2)
        clicks = [one_press(staff, "slate")[1] for _ in range(rounds(PRESSES))]
    return clicks, longest()


def seen(station: Station, clicked: datetime) -> Press:
    """When the slate that was pressed was on air."""
    return Press("slate", clicked, first_tick(station, slated_after(clicked), PATIENCE))


@contextmanager
def heard(station: Station) -> Iterator[Callable[[], float]]:
    """Look in the database how long ago the machine was heard; gives the longest, in ms."""
    over, worst = threading.Event(), [0.0]

    def look() -> None:
        while not over.wait(0.1):
            at = heard_at(station.db, ChannelId(CHANNEL))
            if at is not None:
                worst[0] = max(worst[0], (datetime.now(UTC) - at).total_seconds() * 1000)

    ears = threading.Thread(target=look)
    ears.start()
    try:
        yield lambda: worst[0]
    finally:
        over.set()
        ears.join()


def figures_of(name: str, timed: Sequence[Press], longest: float) -> list[Figure]:
    """What one crowd did to presses and to the machine."""
    took = [one.ms for one in timed]
    lost, click = sum(ms >= PATIENCE * 1000 for ms in took), f"{name}: click to air at the bus"
    return [
        Figure("crowd", f"{name}: never on air", lost, "presses", 0, note=f"of {len(took)}"),
        Figure("crowd", f"{click}, middle", percentile(took, 0.5), "ms"),
        Figure("crowd", f"{click}, worst", max(took, default=1e9), "ms", LIMIT_MS),
        Figure("crowd", f"{name}: machine not heard for", longest, "ms", SILENCE_MS),
    ]


def page_figure(per_second: float) -> Figure:
    """How long one public page took while only visitors ask, on air all the while."""
    said = f"{per_second:.0f} pages a second to {ASKERS} callers"
    each = 1000 / per_second if per_second else 1e9
    return Figure("crowd", "the public page, each", each, "ms", PAGE_MS, note=said)


def judge(
    figures: Sequence[Figure], excused_by_stalls: int, stalls: Sequence[Stall], seconds: float
) -> None:
    """Write the figures and hold them to their limits."""
    note("crowd", "An operator presses while a crowd stands at the port", figures, stalls, seconds)
    pressed_in_all = len(CROWDS) * rounds(PRESSES)
    assert excused_by_stalls <= pressed_in_all * 0.1, "inconclusive: the machine stalled too much"
    assert not [one for one in figures if not one.good]
