"""Scenario S1: last week is copied onto a week whose holiday moves Tuesday's meeting to Monday."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event
from support.desk import CH13, HOUR, NOW, PLANNER, a_draft, an_airing, an_asset
from support.website import Site, post

from playout.model.plan import EndRule
from scheduler.actions import airings, series
from scheduler.domain.model.people import Role
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.queries import grid

WEEK = timedelta(days=7)
MOVED = datetime(2026, 11, 30, 15, tzinfo=UTC)
"""The Monday, 10:00 in New York."""
NEXT, AFTER = date(2026, 11, 23), date(2026, 11, 30)
"""The week that is copied, and the one it is copied to."""


def planned(site: Site, monday: date) -> list[str]:
    """Return the airings of the week in order of time."""
    week = grid.week(site.db, [CH13], monday, site.clock.utc())
    return [
        f"{week.local(v.airing.start, v.airing.channel):%a %H:%M} {v.airing.title}"
        for v in week.airings
    ]


def told(site: Site) -> dict[str, Event]:
    """The feed from the copied week on, each event by its UID."""
    body = site.visitor().get("/ch13/lineup.ics").data
    found = Calendar.from_ical(body).walk("VEVENT")
    return {str(one["uid"]): one for one in found if one["dtstart"].dt.date() >= AFTER}


def test_s1_a_moved_meeting_is_one_canceled_event_and_one_new_event(site: Site) -> None:
    desk, asset = site.browser(Role.SCHEDULER), an_asset(site.db)
    rule = Rule("America/New_York", time(10), Weekly(frozenset({1})), date(2026, 11, 16))
    council = a_draft(title="City Council", source="chamber", end_rule=EndRule.HOLD)
    series.add(site.db, PLANNER, NOW, SeriesDraft("City Council", rule, council))
    an_airing(site.db, NOW + 25 * HOUR, title="Parks", asset=asset.id)
    an_airing(site.db, NOW + 97 * HOUR, title="Library", asset=asset.id)
    post(desk, "/schedule/ch13/2026-W49/copy")
    week = ["Mon 14:00 Parks", "Tue 10:00 City Council", "Thu 14:00 Library"]
    assert planned(site, NEXT) == planned(site, AFTER) == week
    before = told(site)
    assert [str(one["status"]) for one in before.values()] == ["CONFIRMED"] * 3

    site.clock.advance(HOUR)
    view = grid.week(site.db, [CH13], AFTER, site.clock.utc()).airings[1]
    post(desk, f"/airings/{view.id}/cancel", version=view.airing.version)
    airings.add(site.db, PLANNER, site.clock.utc(), replace(council, start=MOVED))
    series.materialise_all(site.db, site.clock.utc() + WEEK)
    week = ["Mon 10:00 City Council", "Mon 14:00 Parks", "Thu 14:00 Library"]
    assert planned(site, AFTER) == week, "the series does not bring the Tuesday back"

    after = told(site)
    (gone,) = [one for one in after.values() if one["status"] == "CANCELLED"]
    (new,) = [after[uid] for uid in set(after) - set(before)]
    was = before[str(gone["uid"])]
    assert (gone["uid"], gone["dtstart"].dt) == (f"{view.id}@tv.example", was["dtstart"].dt)
    assert gone["summary"] == "CANCELED: LIVE: City Council"
    assert gone["sequence"] == was["sequence"] + 1
    assert (new["summary"], new["dtstart"].dt) == ("LIVE: City Council", MOVED)
    same = set(before) - {str(gone["uid"])}
    assert {uid: after[uid] for uid in same} == {uid: before[uid] for uid in same}
