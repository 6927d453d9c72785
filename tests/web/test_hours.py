"""Times of day are written the station's way on every page, in feeds and in the history."""

import re
from datetime import timedelta

import pytest
from support.desk import (
    HOUR,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    a_proposal,
    a_source,
    an_airing,
    an_asset,
    set_hour_style,
)
from support.page import read
from support.website import Site, post

from config.names import ChannelId
from config.times import Hours, written_in
from scheduler.actions import airings, anchors, meetings
from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.people import Role
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.feeds import lineup
from scheduler.process.publish import publish_all
from scheduler.queries import grid, station
from web.public.cache import ANSWER_KEPT_FOR

TWELVE, TWENTY_FOUR = Hours.TWELVE, Hours.TWENTY_FOUR
OF_TWELVE = re.compile(r"\b\d{1,2}:\d\d(:\d\d)? [AP]M\b|\bnoon\b")
OF_TWENTY_FOUR = re.compile(r"(?<![\d:])(0\d|1[3-9]|2[0-3]):[0-5]\d(?![:\d])(?! [AP]M)")
PAGES = ("/", "/schedule/ch13", "/meetings", "/programs", "/media", "/bulletins", "/reports",
         "/history", "/dry-run", "/settings", "/tv/ch13", "/tv/ch14", "/account")  # fmt: skip
EVENING = NOW + 30 * HOUR
"""Monday, 19:00 in New York."""


def visible(page: str) -> str:
    """Return the words of a page."""
    return read(page).text


def furnished(site: Site) -> None:
    db = site.db
    an_airing(db, EVENING, title="Planning Commission", asset=an_asset(db).id)
    an_airing(db, NOW + HOUR / 2, title="Zoning Board")
    a_proposal(db, EVENING + 2 * HOUR)
    anchors.protect(db, PLANNER, NOW, AnchorDraft(ChannelId("ch13"), EVENING.time(), None))
    draft = MeetingDraft(
        ChannelId("ch13"), "City Council", NOW + 49 * HOUR, 2 * HOUR, "City Council",
        source=a_source(db), hard_limit=NOW + 53 * HOUR,
    )  # fmt: skip
    meetings.add(db, PLANNER, NOW, draft)
    publish_all(db, NOW)


@pytest.mark.parametrize("hours", list(Hours))
def test_every_page_writes_hours_the_stations_way(site: Site, hours: Hours) -> None:
    set_hour_style(site.db, hours)
    with written_in(hours):
        furnished(site)
    browser = site.browser(Role.ADMINISTRATOR)
    wrong = OF_TWENTY_FOUR if hours is TWELVE else OF_TWELVE
    right = 0
    for page in PAGES:
        answer = browser.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        text = " ".join(visible(answer.get_data(as_text=True)).split())
        text = re.sub("12 hours: 7:00 PM, Tue, Nov 24 24 hours: 19:00, Tue 24 Nov", "", text)
        found = wrong.search(text)
        assert found is None, (page, text[found.start() - 80 : found.end() + 40])
        right += len((OF_TWELVE if hours is TWELVE else OF_TWENTY_FOUR).findall(text))
    assert right > 20


def test_the_first_channel_says_how_a_station_writes_its_hours(sqlite_db: Database) -> None:
    assert station.hours(sqlite_db) is TWELVE
    a_channel(sqlite_db, "bln", zone="Europe/Berlin")
    a_channel(sqlite_db, "nyc")
    assert station.hours(sqlite_db) is TWENTY_FOUR


@pytest.mark.parametrize(("zone", "hours"), [("US/Central", "12"), ("Europe/Berlin", "24")])
def test_an_older_station_gets_the_clock_usual_in_its_zone(
    tmp_path: object, zone: str, hours: str
) -> None:
    db = Database(f"sqlite:///{tmp_path}/old.db")
    migrate.upgrade(db, "0023")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO channel (id, name, zone, format, numbers, station, slate_text, watch, "
            f"filler_no_repeat, retired, version) VALUES ('a', 'A', '{zone}', '', '', '', '', '', "
            "0, false, 1)"
        )
    migrate.upgrade(db)
    assert station.hours(db) == hours
    db.close()


def test_an_engineer_changes_the_clock_and_can_undo_it(site: Site) -> None:
    browser = site.browser(Role.ENGINEER)
    an_airing(site.db, EVENING)
    assert "19:00" in browser.get("/schedule/ch13/2026-W48?day=2026-11-23").get_data(as_text=True)
    assert post(browser, "/settings/hours", hours="12").status_code == 303
    page = read(browser.get("/schedule/ch13/2026-W48?day=2026-11-23"))
    assert "7:00 PM" in page and page.one("body").get("data-hours") == "12"
    history = read(browser.get("/history"))
    change = next(each for each in history.all("article") if "Times are written" in each)
    post(browser, change.one("form").get("action"))
    assert station.hours(site.db) is TWENTY_FOUR
    assert post(site.browser(Role.SCHEDULER), "/settings/hours", hours="12").status_code == 403
    assert post(browser, "/settings/hours", hours="13").status_code == 422


def test_the_history_says_what_was_before_in_the_stations_words(site: Site) -> None:
    """The audit trail keeps UTC instants with microseconds; the page must show neither."""
    set_hour_style(site.db, TWELVE)
    made = an_airing(site.db, EVENING)
    moved = a_draft(EVENING + HOUR, length=timedelta(minutes=95))
    airings.edit(site.db, PLANNER, NOW, made.id, moved, made.version)
    channel = grid.channel(site.db, ChannelId("ch13"))
    text = visible(site.browser(Role.SCHEDULER).get("/history").get_data(as_text=True))
    words = " ".join(text.split())
    assert "tomorrow 7:00 PM tomorrow 8:00 PM" in words and "1 h 1 h 35 min" in words
    assert "T00:00:00" not in words and "+00:00" not in words and "000000" not in words
    assert channel.zone == "America/New_York"


def test_the_feed_says_its_end_the_stations_way(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineup, "MOST_EVENTS", 1)
    an_airing(site.db, NOW + HOUR)
    an_airing(site.db, EVENING)
    visitor = site.visitor()
    said = visitor.get("/ch13/lineup.ics").get_data(as_text=True).replace("\r\n ", "")
    assert "ends on Monday 23 November at 19:00" in said
    set_hour_style(site.db, TWELVE)
    site.clock.advance(ANSWER_KEPT_FOR)
    said = visitor.get("/ch13/lineup.ics").get_data(as_text=True).replace("\r\n ", "")
    assert "ends on Monday\\, November 23 at 7:00 PM" in said


@pytest.mark.parametrize(
    ("hours", "first", "second"),
    [(TWELVE, "1:30 AM EDT", "1:30 AM EST"), (TWENTY_FOUR, "01:30 EDT", "01:30 EST")],
)
def test_the_repeated_hour_of_autumn_is_marked_with_its_zone(
    site: Site, hours: Hours, first: str, second: str
) -> None:
    """1:30 comes twice: only the times of that hour carry their zone (C10)."""
    set_hour_style(site.db, hours)
    night = NOW.replace(month=11, day=1, hour=5, minute=30)
    site.clock.advance(night - timedelta(minutes=50) - NOW)
    file = an_asset(site.db, length=HOUR / 2).id
    for at, title in ((night, "First of two"), (night + HOUR, "Second of two")):
        draft = a_draft(at, title=title, length=HOUR / 2, asset=file)
        airings.add(site.db, PLANNER, site.clock.utc(), draft)
    publish_all(site.db, site.clock.utc())
    browser = site.browser(Role.SCHEDULER)
    for page in ("/", "/tv/ch13", "/schedule/ch13/2026-W44?day=2026-11-01"):
        text = visible(browser.get(page).get_data(as_text=True))
        text = text.replace(":30:00", ":30")
        assert first in text, page
        assert second in text or page == "/", page
        assert "Eastern" in text and "times EDT" not in text


@pytest.mark.parametrize(
    ("kind", "text", "said", "fine"),
    [
        ("length", "8:00", "8 h", True),
        ("length", "2", "2 min", True),
        ("length", "1h30", "1 h 30 min", True),
        ("length", "soon", "Write a length with its units", False),
        ("length", " ", "", True),
        ("time", "8:00", "8:00 AM", True),
        ("time", "20:00", "8:00 PM", True),
        ("time", "25:00", "Write a time of day like 7:00 PM", False),
    ],
)
def test_typed_text_is_echoed_as_understood(
    site: Site, kind: str, text: str, said: str, fine: bool
) -> None:
    set_hour_style(site.db, TWELVE)
    browser = site.browser(Role.PRODUCER)
    answer = browser.get(f"/typed/{kind}", query_string={"text": text}).get_json()
    assert answer["fine"] is fine and answer["said"].startswith(said)
    assert browser.get("/typed/other?text=1").status_code == 404
    assert site.visitor().get("/typed/time?text=1").status_code in (302, 303, 401)


def test_a_form_accepts_both_clocks_and_shows_the_stations(site: Site) -> None:
    set_hour_style(site.db, TWELVE)
    browser = site.browser(Role.SCHEDULER)
    form = {"channel": "ch13", "title": "Film", "day": "2026-11-24", "start_rule": "hard",
            "end_rule": "cut", "missed": "join"}  # fmt: skip
    assert post(browser, "/airings", **form, at="8 pm", length="1h30").status_code == 303
    assert post(browser, "/airings", **form, at="22:00", length="45 min").status_code == 303
    week = grid.week(site.db, [ChannelId("ch13")], NOW.date() + timedelta(days=1), NOW)
    first, second = week.airings
    assert first.airing.start == NOW + 55 * HOUR and first.airing.draft.length == 1.5 * HOUR
    assert second.airing.start == NOW + 57 * HOUR
    shown = read(browser.get(f"/airings/{first.id}"))
    assert shown.control("at").value == "8:00 PM" and shown.control("length").value == "1 h 30 min"


def test_a_file_brings_its_length_along(site: Site) -> None:
    an_asset(site.db, length=timedelta(minutes=58, seconds=12))
    shown = read(site.browser(Role.SCHEDULER).get("/airings/new"))
    assert shown.find("option", data_length="58 min 12 s") is not None
