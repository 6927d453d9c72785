"""An example of every graphic, drawn and ordered by the code that airs it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.names import HouseFormat
from playout.bulletins.looks import LookReader
from playout.direction.graphics.shown import (
    BugFace,
    CountdownFace,
    CrawlFace,
    Face,
    NextFace,
    Shown,
    ThirdFace,
    TimeFace,
    Zone,
)
from playout.host.drawings import nothing_here
from playout.host.drawn_files import DrawnFiles
from playout.host.layers import LayerDrawings
from playout.model.graphics import Bug, Corner, Crawl
from playout.model.layered import DigitForm, Layered

AN_HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = Crawl(
    "news", "Elm Street is closed between First and Third Avenue until Friday. Leaf collection "
    "begins on Monday: put bags at the curb by 7 a.m.", times=0,
)  # fmt: skip
EXAMPLES: dict[str, Face] = {
    "bug": BugFace(Bug("CITY 13"), None, ""),
    "bug with LIVE": BugFace(Bug("CITY 13"), None, "LIVE"),
    "bug with REPLAY, below": BugFace(Bug("CITY 13", corner=Corner.BOTTOM_RIGHT), None, "REPLAY"),
    "lower third": ThirdFace("Ann Lee", "Mayor of Springfield"),
    "agenda item": ThirdFace(
        "Item 12", "Public hearing on the proposed rezoning of 1200 Elm Street and the land north"
    ),
    "crawl": CrawlFace(NEWS),
    "coming up next": NextFace("Coming up next", "Planning Commission"),
    "countdown": CountdownFace(
        "City Council", "begins in", NOON + timedelta(minutes=4, seconds=59)
    ),
    "clock": TimeFace(Corner.TOP_LEFT, DigitForm.HOURS_12, 0),
    "clock with seconds": TimeFace(Corner.TOP_RIGHT, DigitForm.SECONDS_24, 0),
}


def ordered(face: Face, house: HouseFormat, folder: Path, at: datetime) -> Layered:
    """Draw a face into a folder and return its order, shown for an hour from `at` on."""
    files = DrawnFiles(folder, {})
    drawings = LayerDrawings(house, files, LookReader(nothing_here), nothing_here)
    shown = Shown("example", face, Zone.BAND, at, at + AN_HOUR)
    (order,) = drawings.draw((shown,))
    return order
