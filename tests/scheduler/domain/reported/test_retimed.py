"""Viewers are told what the host expects, when it is news, and not every second."""

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar, Event
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, an_airing, some_media

from config.names import CueId, ItemId, Revision
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Rundown
from playout.model.wire import Report, Status
from scheduler.actions import airings
from scheduler.actions.reports import accept_report
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from scheduler.feeds.lineup import Feeds
from scheduler.queries import grid

SECOND = timedelta(seconds=1)


def expected(airing: Airing, start: datetime, end: datetime) -> Rundown:
    """The airing between two slates."""
    first, last = NOW - HOUR, NOW + 12 * HOUR
    slate = {"item": None, "kind": ContentKind.SLATE, "title": "", "rank": Rank.SLATE}
    cues = (
        Cue(id=CueId("s1"), start=first, end=start, **slate),  # type: ignore[arg-type]
        Cue(
            CueId("c1"), ItemId(airing.id), ContentKind.FILE, airing.title, start, end, Rank.HARD,
            some_media(), airing=airing.id,
        ),
        Cue(id=CueId("s2"), start=end, end=last, **slate),  # type: ignore[arg-type]
    )  # fmt: skip
    return Rundown(CH13, Revision(1), cues)


def tell(db: Database, at: datetime, rundown: Rundown) -> None:
    status = Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, serial=1, outputs=1, late_ticks=0, clock_step=0.0,
        revision=Revision(1),
    )  # fmt: skip
    accept_report(db, CH13, Report(status, rundown), at)


@pytest.fixture
def feeds(db: Database) -> Feeds:
    a_channel(db)
    return Feeds(db, "https://tv.example.gov", "tv.example.gov")


def event(feeds: Feeds, now: datetime = NOW) -> Event:
    feed = feeds.lineup(CH13, now)
    assert feed is not None
    (found,) = Calendar.from_ical(feed.body).walk("VEVENT")
    return found


def span(found: Event) -> tuple[datetime, datetime, int]:
    return found["dtstart"].dt, found["dtend"].dt, found["sequence"]


def test_an_airing_that_goes_as_planned_is_not_announced(db: Database, feeds: Feeds) -> None:
    airing = an_airing(db)
    before = event(feeds)
    tell(db, NOW, expected(airing, airing.start, airing.end))
    tell(db, NOW, expected(airing, airing.start + 59 * SECOND, airing.end - 20 * MINUTE))
    assert event(feeds) == before


def test_a_late_start_is_announced_to_the_minute_with_new_stamps(
    db: Database, feeds: Feeds
) -> None:
    airing = an_airing(db)
    assert span(event(feeds))[2] == 0
    late = 12 * MINUTE + 40 * SECOND
    tell(db, NOW + 2 * MINUTE, expected(airing, airing.start + late, airing.end + late))
    found = event(feeds)
    assert span(found) == (airing.start + 13 * MINUTE, airing.end + 13 * MINUTE, 1)
    assert found["dtstamp"].dt == NOW + 2 * MINUTE
    assert grid.airing(db, airing.id, NOW).airing.version == airing.version


def test_an_announcement_waits_five_minutes_after_the_last(db: Database, feeds: Feeds) -> None:
    airing = an_airing(db)
    for minute in range(11):
        late = (2 + minute) * MINUTE
        tell(db, NOW + minute * MINUTE, expected(airing, airing.start + late, airing.end + late))
    assert span(event(feeds)) == (airing.start + 12 * MINUTE, airing.end + 12 * MINUTE, 3)


def test_a_return_to_the_planned_time_is_announced(db: Database, feeds: Feeds) -> None:
    airing = an_airing(db)
    tell(db, NOW, expected(airing, airing.start + HOUR, airing.end + HOUR))
    tell(db, NOW + 6 * MINUTE, expected(airing, airing.start, airing.end))
    assert span(event(feeds)) == (airing.start, airing.end, 2)


def test_a_move_by_staff_overrules_what_was_expected_before(db: Database, feeds: Feeds) -> None:
    airing = an_airing(db)
    tell(db, NOW, expected(airing, airing.start + HOUR, airing.end + HOUR))
    airings.move(db, PLANNER, NOW + MINUTE, airing.id, NOW + 5 * HOUR, airing.version)
    assert span(event(feeds)) == (NOW + 5 * HOUR, NOW + 6 * HOUR, 2)


def test_an_airing_on_since_before_the_rundown_keeps_its_start(db: Database, feeds: Feeds) -> None:
    airing = an_airing(db)
    rundown = expected(airing, airing.start, airing.end + 30 * MINUTE)
    tell(db, airing.start + 10 * MINUTE, Rundown(CH13, Revision(1), rundown.cues[1:]))
    assert span(event(feeds)) == (airing.start, airing.end + 30 * MINUTE, 1)
