"""An operator at the on-air page: what can be pressed, the press, and the first frame of it."""

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
    """Upload so many numbered clips of half a minute and wait until each may air; their ids."""
    assets = []
    for ident in range(1, count + 1):
        clip = folder / f"clip{ident}.mp4"
        numbered_clip(clip, frames=900, ident=ident)
        assets.append(upload(staff, clip, f"Clip {ident}"))
        here = f'value="{assets[-1]}"'
        wait_for(lambda here=here: here in staff.get("/airings/new").text, 90, "a clip is offered")
    return assets


def plan_airings(staff: httpx.Client, assets: list[str], count: int) -> None:
    """Plan so many airings, an hour away, of files that take turns."""
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    for number in range(count):
        start = begin + timedelta(seconds=30 * number)
        add_airing(staff, assets[number % len(assets)], f"Item {number + 1}", start, 30)


@contextmanager
def page_open(staff: httpx.Client) -> Iterator[None]:
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


def button_fields(staff: httpx.Client, verb: str = "take") -> dict[str, str] | None:
    """The fields of a button as the page shows it now; None while it cannot be pressed."""
    page = body_of(staff.get(f"/channels/{CHANNEL}/desk"))
    for form in page.split("<form")[1:]:
        fields = dict(COMMAND_FIELD.findall(form))
        if fields.get("verb") == verb and "disabled" not in form.split("</form>")[0]:
            return fields
    return None


def press(staff: httpx.Client, verb: str = "take") -> tuple[datetime, httpx.Response]:
    """Press a button as the page shows it; the instant of the click and the answer."""
    fields = wait_for(lambda: button_fields(staff, verb), 10, f"the {verb} button can be pressed")
    clicked = datetime.now(UTC)
    return clicked, staff.post(f"/channels/{CHANNEL}/command", data=fields)


def first_tick(
    station: Station, is_it: Callable[[AirFact], bool], patience: float
) -> datetime | None:
    """When the first of such ticks was on air at the bus; None if it never came."""
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
    """When the first picture of such a cue was on air at the bus; None if it never came."""
    return first_tick(
        station,
        lambda fact: fact.layer is Layer.DECK and fact.source_first >= 0 and is_it(fact),
        patience,
    )


def taken_after(clicked: datetime) -> Callable[[AirFact], bool]:
    """Is this the first picture of a take pressed at this instant?"""
    return lambda fact: (
        fact.layer is Layer.DECK
        and fact.start > clicked
        and str(fact.cue).startswith("take-")
        and fact.source_first == 0
    )


def slated_after(clicked: datetime) -> Callable[[AirFact], bool]:
    """Is this the first tick of a slate put up at this instant?"""
    return lambda fact: (
        fact.layer is Layer.SLATE and fact.start > clicked and str(fact.cue).startswith("slate-")
    )


def adjourned_after(clicked: datetime, live: str) -> Callable[[AirFact], bool]:
    """Is this the first tick without the live that was adjourned at this instant?"""
    return lambda fact: fact.start > clicked and live not in str(fact.cue)
