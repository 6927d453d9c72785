"""A feed goes out whole and says when it changed, whatever stands in the database."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
from icalendar import Calendar, Event
from sqlalchemy import insert, select, text
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    a_source,
    an_airing,
)

from scheduler.actions import airings, channels, meetings, programs
from scheduler.actions.undo import undo
from scheduler.db.store import Database, DatabaseError
from scheduler.db.tables.house import ChangeRow
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.program import ProgramDraft
from scheduler.feeds import lineup
from scheduler.feeds.lineup import CalendarFeed, Feeds
from scheduler.queries import grid
from scheduler.queries.changes import latest
from scheduler.refusals import Refused

BROKEN = "https://tv.example.gov/live\nX-EVIL:1"
BOTH = pytest.mark.parametrize("which", ["lineup", "live"])
TODAY = NOW.replace(hour=0)


def feeds(db: Database) -> Feeds:
    return Feeds(db, "https://tv.example.gov", "tv.example.gov")


def asked(made: Feeds, which: str, now: datetime) -> CalendarFeed:
    feed = made.lineup(CH13, now) if which == "lineup" else made.live(CH13, now)
    assert feed is not None
    return feed


def titles(feed: CalendarFeed) -> list[str]:
    return [str(one["summary"]) for one in Calendar.from_ical(feed.body).walk("VEVENT")]


@BOTH
def test_the_feeds_date_grows_when_the_newest_airing_leaves(db: Database, which: str) -> None:
    a_channel(db)
    source, made = a_source(db), feeds(db)
    an_airing(db, source=source)
    draft = a_draft(NOW + 3 * HOUR, title="Hearing", source=source)
    hearing = airings.add(db, PLANNER, NOW + MINUTE, draft)
    before = asked(made, which, NOW + 2 * MINUTE)
    airings.cancel(db, PLANNER, NOW + 5 * MINUTE, hearing.id, hearing.version)
    after = asked(made, which, NOW + 6 * MINUTE)

    assert titles(before) == [*titles(after), "LIVE: Hearing"]
    assert after.modified > before.modified


@BOTH
def test_two_changes_in_one_second_have_two_dates_and_none_has_none(
    db: Database, which: str
) -> None:
    a_channel(db)
    source, made = a_source(db), feeds(db)
    dates = [asked(made, which, NOW).modified]
    for hour in range(3):
        an_airing(db, NOW + hour * HOUR, source=source)
        dates.append(asked(made, which, NOW).modified)
    an_airing(db, public=False)

    assert dates == sorted(set(dates))
    assert asked(made, which, NOW + HOUR).modified == dates[-1]


@BOTH
def test_a_restarted_server_dates_its_feed_no_earlier(db: Database, which: str) -> None:
    a_channel(db)
    an_airing(db, source=a_source(db))
    before = asked(feeds(db), which, NOW)

    assert asked(feeds(db), which, NOW + MINUTE).modified > before.modified


def with_airings(db: Database, count: int, every: timedelta) -> None:
    """Live airings one behind the other, copied from one that was made properly."""
    first = an_airing(db, length=every, source=a_source(db))
    with db.write() as session:
        row = session.scalars(select(AiringRow)).one()
        row.start, row.end = TODAY, TODAY + every
        names = [column.key for column in AiringRow.__mapper__.column_attrs]
        like = {name: getattr(row, name) for name in names}
        session.execute(
            insert(AiringRow),
            [
                like
                | {
                    "id": f"{first.id[:20]}{n:08}",
                    "start": TODAY + every * n,
                    "end": TODAY + every * (n + 1),
                }
                for n in range(1, count)
            ],
        )


def last_event(feed: CalendarFeed) -> Any:
    """The last event alone: to read two thousand takes as long as to write them."""
    begin, end = (feed.body.rindex(word) for word in (b"BEGIN:VEVENT", b"END:VCALENDAR"))
    return Event.from_ical(feed.body[begin:end])


@BOTH
def test_ten_minute_airings_fit_for_the_whole_fortnight(db: Database, which: str) -> None:
    a_channel(db)
    with_airings(db, 15 * 24 * 6, timedelta(minutes=10))
    feed = asked(feeds(db), which, NOW)

    assert feed.ends is None
    assert last_event(feed)["dtend"].dt == TODAY + timedelta(days=15)


@BOTH
def test_a_feed_that_cannot_hold_all_says_where_it_ends(
    db: Database, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a day's worth for the most; the fortnight above is told under the bound in earnest."""
    monkeypatch.setattr(lineup, "MOST_EVENTS", 288)
    a_channel(db)
    with_airings(db, 288 + 20, timedelta(minutes=5))
    ends = TODAY + timedelta(days=1)
    feed = asked(feeds(db), which, NOW)
    calendar = Calendar.from_ical(feed.body)
    (last,) = recurring_ical_events.of(calendar).at(ends)

    assert feed.ends == ends
    assert (last["summary"], last["dtstart"].dt) == (
        "More on City Channel 13: see the web page",
        ends,
    )
    assert len(calendar.walk("VEVENT")) == 288 + 1
    assert "it ends on Sunday 22 November at 19:00" in feed.body.decode().replace("\r\n ", "")
    assert asked(feeds(db), which, NOW).body == feed.body


def put_straight(db: Database, table: str, column: str, value: str) -> None:
    """As an older version kept it: past today's rule."""
    with db.engine.begin() as connection:
        connection.execute(text(f'UPDATE "{table}" SET {column} = :value'), {"value": value})


@BOTH
def test_a_broken_address_of_an_older_version_costs_nothing_else(
    db: Database, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    channel = a_channel(db, watch="https://tv.example.gov/live")
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Council", link="https://a.example"))
    source = a_source(db)
    an_airing(db, program=program.id, source=source)
    draft = MeetingDraft(
        CH13, "Hearing", NOW + 3 * HOUR, HOUR, source=source, agenda="https://a.example/agenda"
    )
    meetings.add(db, PLANNER, NOW, draft)
    for table, column in (("channel", "watch"), ("program", "link"), ("meeting", "agenda")):
        put_straight(db, table, column, f"{BROKEN}-{which}-{db.is_sqlite}")
    feed = asked(feeds(db), which, NOW)

    assert titles(feed) == ["LIVE: City Council", "LIVE: Hearing"]
    assert b"EVIL" not in feed.body and b"CONFERENCE" not in feed.body
    assert "is left out of pages and feeds" in caplog.text
    draft_of = ChannelDraft("ch13", "Renamed", channel.zone, channel.format)
    version = grid.channel(db, CH13).version
    channels.edit(db, ADMIN, NOW + MINUTE, CH13, draft_of, version)
    assert grid.channel(db, CH13).watch == ""


def test_an_event_that_cannot_be_written_is_left_out_and_logged(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_channel(db)
    an_airing(db, title="Good")
    bad = an_airing(db, NOW + 3 * HOUR, title="Bad")
    write = Feeds._event

    def broken(self: Feeds, one: object, channel: object) -> object:
        if getattr(one, "id", "") == bad.id:
            raise ValueError("a text that no calendar can hold")
        return write(self, one, channel)  # type: ignore[arg-type]

    monkeypatch.setattr(Feeds, "_event", broken)

    assert titles(asked(feeds(db), "lineup", NOW)) == ["Good"]
    assert f"airing {bad.id} is left out of the feed of ch13" in caplog.text


def test_every_field_that_takes_an_address_refuses_a_line_break(db: Database) -> None:
    channel = a_channel(db)
    source = a_source(db)
    draft = ChannelDraft("ch13", "City Channel 13", channel.zone, channel.format, watch=BROKEN)
    meeting = MeetingDraft(CH13, "Hearing", NOW + HOUR, HOUR, source=source, agenda=BROKEN)
    for field, keep in (
        ("watch", lambda: channels.edit(db, ADMIN, NOW, CH13, draft, channel.version)),
        ("watch", lambda: channels.add(db, ADMIN, NOW, replace(draft, slug="ch14"))),
        ("agenda", lambda: meetings.add(db, PLANNER, NOW, meeting)),
        ("link", lambda: programs.add(db, PLANNER, NOW, ProgramDraft("A", link=BROKEN))),
    ):
        with pytest.raises(Refused) as refused:
            keep()
        assert "no line breaks" in refused.value.field_errors[field]


def test_the_database_takes_no_broken_address_from_any_code(db: Database) -> None:
    a_channel(db)
    with pytest.raises((DatabaseError, ValueError)), db.write() as session:
        row = session.get(ChannelRow, CH13)
        assert row is not None
        row.watch = BROKEN


def test_undoing_a_change_of_an_older_version_brings_back_all_but_a_broken_address(
    db: Database,
) -> None:
    channel = a_channel(db, watch="https://old.example")
    draft = ChannelDraft("ch13", "New name", channel.zone, channel.format, "Comcast 13, Verizon 44")
    channels.edit(db, ADMIN, NOW, CH13, draft, channel.version)
    change = latest(db, "channel", CH13)
    assert change is not None
    with db.write() as session:
        row = session.get(ChangeRow, change.id)
        assert row is not None
        (part,) = row.parts
        row.parts = [part | {"before": part["before"] | {"watch": BROKEN}}]
    undo(db, ADMIN, NOW + MINUTE, change.id)
    back = grid.channel(db, CH13)

    assert (back.name, back.watch) == ("City Channel 13", "")
