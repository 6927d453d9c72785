"""An operator at the on-air page: the buttons, a press, and the first frame that follows it."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from support.clips import numbered_clip
from support.station import CHANNEL, Station, add_airing, body_of, upload, wait_for

from playout.engine.links.air_log import read_facts
from playout.model.engine import AirFact
from playout.model.layer import Layer

COMMAND_FIELD = re.compile(r'name="(verb|cue|item)" value="([^"]*)"')


def upload_clips(staff: httpx.Client, folder: Path, count: int = 2) -> list[str]:
    """Upload `count` numbered clips of 30 s, wait until each may air; return their asset ids."""
    assets = []
    for ident in range(1, count + 1):
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, frames=900, ident=ident)
        assets.append(upload(staff, clip, f"Clip {ident}"))
        here = f'value="{assets[-1]}"'
        wait_for(lambda here=here: here in staff.get("/airings/new").text, 90, "a clip is offered")
    return assets


def plan_airings(staff: httpx.Client, assets: list[str], count: int) -> None:
    """Plan `count` airings of 30 s from an hour ahead on, taking the assets in turn."""
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    for number in range(count):
        start = begin + timedelta(seconds=30 * number)
        add_airing(staff, assets[number % len(assets)], f"Item {number + 1}", start, 30)


@contextmanager
def page_open(staff: httpx.Client) -> Iterator[None]:
    """Request the page's picture twice a second while the block runs, as an open page does."""
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


def button_fields(staff: httpx.Client, verb: str = "take") -> dict[str, str] | None:
    """Return the form fields of a button; None while it is disabled or missing."""
    page = body_of(staff.get(f"/channels/{CHANNEL}/desk"))
    for form in page.split("<form")[1:]:
        fields = dict(COMMAND_FIELD.findall(form))
        if fields.get("verb") == verb and "disabled" not in form.split("</form>")[0]:
            return fields
    return None


def press(staff: httpx.Client, verb: str = "take") -> tuple[datetime, httpx.Response]:
    """Wait until a button is enabled and press it; return when it was clicked, and the response."""
    fields = wait_for(lambda: button_fields(staff, verb), 10, f"the {verb} button can be pressed")
    clicked = datetime.now(UTC)
    return clicked, staff.post(f"/channels/{CHANNEL}/command", data=fields)


def first_tick(
    station: Station, is_it: Callable[[AirFact], bool], patience: float
) -> datetime | None:
    """Return the start at the bus of the first matching run of ticks; None if none came in time."""
    log, cursor = station.settings.channel_dir(CHANNEL) / "air.log", 0
    end = time.monotonic() + patience
    while time.monotonic() < end:
        facts, cursor = read_facts(log, cursor)
        for fact in facts:
            if is_it(fact):
                return fact.start
        time.sleep(0.05)
    return None


def first_frame(
    station: Station, is_it: Callable[[AirFact], bool], patience: float
) -> datetime | None:
    """Return the start at the bus of the first matching deck picture; None if none came in time."""
    return first_tick(
        station,
        lambda fact: fact.layer is Layer.DECK and fact.source_first >= 0 and is_it(fact),
        patience,
    )


def taken_after(clicked: datetime) -> Callable[[AirFact], bool]:
    """Return a test for the first picture of a take pressed after `clicked`."""
    return lambda fact: (
        fact.layer is Layer.DECK
        and fact.start > clicked
        and str(fact.cue).startswith("take-")
        and fact.source_first == 0
    )


def slated_after(clicked: datetime) -> Callable[[AirFact], bool]:
    """Return a test for the first tick of a slate put up after `clicked`."""
    return lambda fact: (
        fact.layer is Layer.SLATE and fact.start > clicked and str(fact.cue).startswith("slate-")
    )


def adjourned_after(clicked: datetime, live: str) -> Callable[[AirFact], bool]:
    """Return a test for the first tick after `clicked` without the adjourned live."""
    return lambda fact: fact.start > clicked and live not in str(fact.cue)
