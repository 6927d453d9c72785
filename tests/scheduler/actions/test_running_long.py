"""A meeting that runs long, as subscribers see it: by quarter hours, with one stamp each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from icalendar import Calendar
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, an_airing, an_asset
from support.session import MeetingSession, in_session

from playout.model.commands import Verb
from playout.model.plan import MissedStart, StartRule
from scheduler.actions import channels, displaced
from scheduler.db.store import Database
from scheduler.domain.model.channel import ChannelDraft
from scheduler.feeds.lineup import Feeds
from scheduler.process.publish import publish_changed
from scheduler.queries import grid, public
from scheduler.refusals import Refused

END = NOW + 2 * HOUR


@pytest.fixture
def room(db: Database) -> MeetingSession:
    """Plan a meeting to 15:00, a file that waits for its end, and a fixed file at 18:00."""
    a_channel(db)
    asset = an_asset(db, length=HOUR)
    soft = {"start_rule": StartRule.FOLLOW, "missed": MissedStart.TOP, "asset": asset.id}
    an_airing(db, END, title="Parks", **soft)
    an_airing(db, NOW + 5 * HOUR, title="News", asset=asset.id)
    publish_changed(db, NOW)
    return in_session(db)


def told(room: MeetingSession, title: str) -> tuple[datetime, datetime, int]:
    lineup = public.lineup(room.db, CH13, NOW, NOW + 8 * HOUR, NOW)
    one = next(one for one in lineup if one.title.endswith(title))
    return one.start, one.end, one.sequence


def run(
    room: MeetingSession, since: datetime, until: datetime
) -> list[tuple[datetime, datetime, int]]:
    """Return each version of the meeting that subscribers saw while the host reported on."""
    seen: list[Any] = []
    at = since
    while at <= until:
        room.report(at)
        shown = told(room, "Regular Meeting")
        if not seen or seen[-1] != shown:
            seen.append(shown)
        at += MINUTE
    return seen


def test_an_overrunning_end_moves_by_quarter_hours_with_one_stamp_each(
    room: MeetingSession,
) -> None:
    _, _, first = told(room, "Regular Meeting")
    seen = run(room, END - 5 * MINUTE, END + 40 * MINUTE)
    assert [(end, stamp - first) for _, end, stamp in seen] == [
        (END, 0),
        (END + 15 * MINUTE, 1),
        (END + 30 * MINUTE, 2),
        (END + 45 * MINUTE, 3),
    ]
    assert told(room, "Parks")[0] == END + 45 * MINUTE
    assert told(room, "News")[0] == NOW + 5 * HOUR


def test_after_adjournment_viewers_read_the_true_end_and_next_start(room: MeetingSession) -> None:
    run(room, END, END + 20 * MINUTE)
    room.press(Verb.ADJOURN, END + 22 * MINUTE)
    room.report(END + 23 * MINUTE)
    assert told(room, "Regular Meeting")[1] == END + 22 * MINUTE
    run(room, END + 24 * MINUTE, END + 30 * MINUTE)
    start, _, _ = told(room, "Parks")
    assert END + 22 * MINUTE <= start <= END + 23 * MINUTE


def test_viewers_read_an_early_end(room: MeetingSession) -> None:
    room.press(Verb.ADJOURN, NOW + 22 * MINUTE)
    room.report(NOW + 23 * MINUTE)
    assert told(room, "Regular Meeting")[1] == NOW + 22 * MINUTE
    assert told(room, "Parks")[0] == END


def test_calendars_carry_where_to_watch(db: Database) -> None:
    channel = a_channel(db)
    an_airing(db, NOW + HOUR)
    draft = ChannelDraft(
        channel.id, channel.name, channel.zone, channel.format, watch="https://city.example/live"
    )
    before = public.lineup(db, CH13, NOW, NOW + 8 * HOUR, NOW)[0].sequence
    channels.edit(db, ADMIN, NOW, channel.id, draft, grid.channel(db, CH13).version)
    feed = Feeds(db, "http://tv.example", "tv.example").lineup(CH13, NOW)
    assert feed is not None
    (event,) = Calendar.from_ical(feed.body).walk("VEVENT")
    assert str(event["conference"]) == "https://city.example/live"
    assert event["conference"].params["VALUE"] == "URI"
    assert "Watch: https://city.example/live" in event["description"]
    assert event["sequence"] == before + 1
    wrong = replace(draft, watch="javascript:alert(1)")
    with pytest.raises(Refused):
        channels.edit(db, ADMIN, NOW, channel.id, wrong, grid.channel(db, CH13).version)


def postponed(room: MeetingSession, title: str) -> tuple[str, str, int]:
    """Return summary, status and stamp of an event as subscribers read it."""
    feed = Feeds(room.db, "http://tv.example", "tv.example").lineup(CH13, NOW)
    assert feed is not None
    events = Calendar.from_ical(feed.body).walk("VEVENT")
    one = next(one for one in events if str(one["summary"]).endswith(title))
    return str(one["summary"]), str(one["status"]), int(one["sequence"])


def test_a_displaced_airing_is_postponed_until_it_has_a_time(db: Database) -> None:
    """S6: the feed sends no viewer to a program that is not on."""
    a_channel(db)
    asset = an_asset(db, length=HOUR / 2)
    budget = an_airing(db, END, title="Budget", missed=MissedStart.SKIP, asset=asset.id)
    publish_changed(db, NOW)
    room = in_session(db)
    room.report(END - 20 * MINUTE)
    assert postponed(room, "Budget") == ("Budget", "CONFIRMED", budget.sequence)
    room.report(END + 10 * MINUTE)
    summary, status, stamp = postponed(room, "Budget")
    assert (summary, status, stamp) == ("POSTPONED: Budget", "TENTATIVE", budget.sequence + 1)
    room.report(END + 11 * MINUTE)
    assert postponed(room, "Budget")[2] == stamp
    (budget_now,) = [one for one in public.lineup(db, CH13, END, END + HOUR, END) if not one.live]
    assert budget_now.postponed
    room.press(Verb.ADJOURN, END + 22 * MINUTE)
    displaced.put_back(db, PLANNER, END + 23 * MINUTE, CH13, [budget.id])
    summary, status, later = postponed(room, "Budget")
    assert (summary, status) == ("Budget", "CONFIRMED") and later > stamp
