"""An operator presses while a crowd holds the web port: 16 and 1,000 stalled callers, 40 reloading
visitors. Then the public page alone, as fast as it can be served.

Two cores run everything: web, scheduler, a channel on air, and the crowd in its own process. Each
figure also proves itself: that the crowd was there, that the machine was watched, and that the
crowd's own process was not the bottleneck.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bench.figures import Figure, percentile
from soak.notes import alone, note, rounds
from soak.test_takes import PATIENCE, Press, one_press, spoilt
from soak.test_takes import a_meeting as meeting
from support.crowd import Crowd, crowd
from support.page_operator import button_fields, first_tick, page_open, slated_after
from support.stalls import Canary, Stall
from support.station import CHANNEL, Station, wait_for

from config.names import ChannelId
from scheduler.queries.onair import heard_at

pytestmark = pytest.mark.soak
CROWDS = (("stalled", 16), ("stalled", 1000), ("reloading", 40))
PRESSES = 8
LIMIT_MS = 1000
SILENCE_MS = 3000
"""How long the machine may not be heard: the page says so after three seconds."""
BETWEEN_LOOKS_MS = 1000
"""How far two looks at the machine may lie apart, so that no silence lies between them unseen."""
MISSING = 0.1
"""Share of the stalled callers who may be on their way back to the port."""
RELOADED = 2000
"""Milliseconds between two pages of a visitor who reloads, on average: else there is no crowd."""
PAGE_MS = 2.0
"""Milliseconds for one public page: five hundred a second."""
BUSY = 0.8
"""Share of a core above which whoever asks for pages may be what holds them up."""
ASKERS, ASKED_FOR = 8, 20.0


@dataclass
class Heard:
    """How long the machine was silent, and how often it was checked. All in milliseconds."""

    silent: float = 0.0
    between: float = 0.0
    """The longest time between two looks."""
    failed: list[str] = field(default_factory=list)
    """What the looks themselves broke on."""


@dataclass
class Trial:
    """The result of one crowd: the presses, the machine and the crowd itself."""

    kind: str
    count: int
    presses: list[Press]
    heard: Heard
    crowd: Crowd


def test_a_crowd_holds_up_no_press_and_no_machine(tmp_path: Path) -> None:
    began, trials = time.monotonic(), list[Trial]()
    with alone(), Station(tmp_path / "station") as station:
        staff = station.staff()
        meeting(station)
        wait_for(lambda: button_fields(staff, "adjourn"), 60, "the meeting is on air")
        with Canary(tmp_path / "stalls", realtime=True) as canary, page_open(station.staff()):
            time.sleep(5)
            for kind, count in CROWDS:
                trials.append(pressed(station, staff, kind, count))
            with crowd("asking", ASKERS, station.web_port) as visitors:
                time.sleep(ASKED_FOR)
    judge(trials, visitors, canary.stalls(), time.monotonic() - began)


def pressed(station: Station, staff: httpx.Client, kind: str, count: int) -> Trial:
    """Press slate repeatedly while the crowd holds the port."""
    looks = heard(lambda: heard_at(station.db, ChannelId(CHANNEL)))
    with looks as told, crowd(kind, count, station.web_port) as there:
        time.sleep(2)
        clicks = [one_press(staff, "slate")[1] for _ in range(rounds(PRESSES))]
    made = [
        Press("slate", clicked, first_tick(station, slated_after(clicked), PATIENCE))
        for clicked in clicks
    ]
    return Trial(kind, count, made, told, there)


@contextmanager
def heard(last: Callable[[], datetime | None]) -> Iterator[Heard]:
    """Check ten times a second how long ago the machine reported; `last` returns that instant.

    A machine that never reported counts as silent forever. An error in the check is recorded.
    """
    over, told = threading.Event(), Heard()

    def look() -> None:
        looked = time.monotonic()
        while not over.wait(0.1):
            try:
                at = last()
            except Exception as error:  # noqa: BLE001 - the test reads it and fails
                told.failed.append(repr(error))
                return
            ago = (datetime.now(UTC) - at).total_seconds() * 1000 if at else 1e9
            told.silent = max(told.silent, ago)
            told.between = max(told.between, (time.monotonic() - looked) * 1000)
            looked = time.monotonic()
        told.between = max(told.between, (time.monotonic() - looked) * 1000)

    ears = threading.Thread(target=look)
    ears.start()
    try:
        yield told
    finally:
        over.set()
        ears.join()


def figures_of(trial: Trial, timed: Sequence[Press]) -> list[Figure]:
    """Return the effect of one crowd on presses and machine, and whether the crowd was there."""
    name, took, ears = f"{trial.count} {trial.kind}", [one.ms for one in timed], trial.heard
    lost, click = sum(ms >= PATIENCE * 1000 for ms in took), f"{name}: click to air at the bus"
    return [
        Figure("crowd", f"{name}: never on air", lost, "presses", 0, note=f"of {len(took)}"),
        Figure("crowd", f"{click}, middle", percentile(took, 0.5), "ms"),
        Figure("crowd", f"{click}, worst", max(took, default=1e9), "ms", LIMIT_MS),
        Figure("crowd", f"{name}: machine not heard for", ears.silent, "ms", SILENCE_MS),
        Figure("crowd", f"{name}: between two looks", ears.between, "ms", BETWEEN_LOOKS_MS),
        Figure("crowd", f"{name}: looks that broke", len(ears.failed), "looks", 0,
               note=" ".join(ears.failed)[:200]),
        crowd_figure(name, trial),
    ]  # fmt: skip


def crowd_figure(name: str, trial: Trial) -> Figure:
    """Return whether the crowd was there: stalled callers connected, reloading ones answered."""
    there = trial.crowd
    if trial.kind == "stalled":
        return Figure("crowd", f"{name}: not at the port", there.missing, "of them", MISSING)
    each = trial.count * 1000 / there.per_second if there.per_second else 1e9
    said = f"{there.per_second:.0f} pages a second, {there.others} other answers"
    return Figure("crowd", f"{name}: from page to page", each, "ms", RELOADED, note=said)


def page_figures(visitors: Crowd) -> list[Figure]:
    """Return how long a public page took while only visitors ask and the channel is on air."""
    said = f"{visitors.per_second:.0f} pages a second to {ASKERS} callers who keep their connection"
    each = 1000 / visitors.per_second if visitors.per_second else 1e9
    return [
        Figure("crowd", "the public page, each", each, "ms", PAGE_MS, note=said),
        Figure("crowd", "the public page, slowest", visitors.slowest_ms, "ms"),
        Figure("crowd", "other answers, or none", visitors.others, "answers", 0),
        Figure("crowd", "whoever asked was busy", visitors.busy, "of a core", BUSY),
    ]


def judge(
    trials: Sequence[Trial], visitors: Crowd, stalls: Sequence[Stall], seconds: float
) -> None:
    """Write the figures and check their limits."""
    figures, excused_by_stalls = list[Figure](), 0
    for trial in trials:
        timed = [one for one in trial.presses if not spoilt(one, stalls)]
        excused_by_stalls += len(trial.presses) - len(timed)
        figures += figures_of(trial, timed)
    figures += page_figures(visitors)
    each = {f"{one.count} {one.kind}": [round(press.ms) for press in one.presses] for one in trials}
    note("crowd", "An operator presses while a crowd stands at the port", figures, stalls, seconds,
         each_ms=each)  # fmt: skip
    assert [(one.kind, one.count) for one in trials] == list(CROWDS)
    assert all(len(one.presses) == rounds(PRESSES) for one in trials)
    pressed_in_all = len(CROWDS) * rounds(PRESSES)
    assert excused_by_stalls <= pressed_in_all * 0.1, "inconclusive: the machine stalled too much"
    assert not [one for one in figures if not one.good]
