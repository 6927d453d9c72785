"""Meetings that repeat: real meetings, moved and cancelled one by one or from a day on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from support.desk import CH13, HOUR, NOW, PLANNER, VIEWER, a_channel, a_source

from scheduler.actions import calendars, meeting_series, meetings
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting_series import (
    MeetingSeries,
    MeetingSeriesDraft,
    followed,
    own_fields,
    problems,
)
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.meetings.replays import WeeklyReplay as WeeklyReplay
from scheduler.domain.model.ids import MeetingId
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import AddedDay, MovedDay, Rule, SkippedDay
from scheduler.feeds.lineup import Feeds
from scheduler.queries import meetings as query
from scheduler.queries.changes import changes, latest
from scheduler.queries.meetings import MeetingView
from scheduler.refusals import Conflict, Forbidden, Refused

ZONE = ZoneInfo("America/New_York")
TUESDAYS = Weekly(frozenset({1}))
FOREVER = timedelta(days=900)
RULE = Rule("America/New_York", time(10), TUESDAYS, date(2027, 1, 1), date(2027, 12, 31))
USUAL = MeetingDefaults(
    CH13,
    "City Council: Regular Meeting",
    2 * HOUR,
    body="City Council",
    room="Council Chamber",
    agenda="https://clerk.example/{date}",
    replays=ReplayRules(same_day=time(19), weekly=(WeeklyReplay(5, time(10)),)),
)


def a_plan(db: Database, **over: Any) -> MeetingSeriesDraft:
    a_channel(db)
    return MeetingSeriesDraft(replace(USUAL, source=a_source(db)), replace(RULE, **over))


def a_year(db: Database, **over: Any) -> MeetingSeries:
    return meeting_series.add(db, PLANNER, NOW, a_plan(db, **over))


def a_spring(db: Database, **over: Any) -> MeetingSeries:
    return a_year(db, **{"last": date(2027, 3, 31), **over})


def shown(db: Database, now: datetime = NOW) -> list[MeetingView]:
    found = query.meetings(db, now, now + FOREVER, now)
    return [view for view in found if not view.meeting.cancelled]


def local(view: MeetingView) -> str:
    return f"{view.meeting.start.astimezone(ZONE):%m-%d %H:%M}"


def days(db: Database, now: datetime = NOW) -> list[str]:
    return [local(view) for view in shown(db, now)]


def on(db: Database, day: str) -> MeetingView:
    return next(view for view in shown(db) if local(view).startswith(day))


def again(db: Database, series: MeetingSeries, **over: Any) -> MeetingSeries:
    draft = replace(series.draft, rule=replace(series.draft.rule, **over))
    return meeting_series.edit(db, PLANNER, NOW, series.id, draft, series.version)


def test_a_year_of_tuesdays_is_made_at_once_as_ordinary_meetings(db: Database) -> None:
    a_year(db)
    found = shown(db)
    assert len(found) == 52 and {local(one)[6:] for one in found} == {"10:00"}
    for view in found:
        day = view.meeting.start.astimezone(ZONE).date()
        assert view.meeting.draft.agenda == f"https://clerk.example/{day}"
        assert view.live is not None and view.live.airing.draft.record
        again_at = [one.airing.start.astimezone(ZONE) for one in view.replays]
        assert [f"{at:%a %H:%M}" for at in again_at] == ["Tue 19:00", "Sat 10:00"]
        assert view.decisions == ()


def test_the_daily_extension_adds_meetings_and_changes_none(db: Database) -> None:
    a_year(db, first=date(2028, 4, 1), last=None)
    before = [view.meeting.id for view in shown(db)]
    assert meeting_series.materialise_all(db, NOW) == 0
    assert meeting_series.materialise_all(db, NOW + timedelta(weeks=2)) == 2
    assert [view.meeting.id for view in shown(db)][: len(before)] == before


def test_holidays_and_the_recess_leave_days_out_and_a_policy_moves_one(db: Database) -> None:
    city = calendars.add(db, PLANNER, NOW, CalendarDraft("City", "Inauguration: 2027-01-05"))
    recess = CalendarDraft("Recess", "August recess: August 1 to August 31")
    summer = calendars.add(db, PLANNER, NOW, recess)
    skip = Observance(summer.id, Policy.SKIP)
    a_year(db, holidays=(Observance(city.id, Policy.AFTER), skip))
    found = days(db)
    assert found[0] == "01-06 10:00"
    assert not [day for day in found if day.startswith("08")]
    assert len(found) == 52 - 5


def test_a_changed_calendar_takes_meetings_off_and_brings_the_same_ones_back(db: Database) -> None:
    recess = calendars.add(db, PLANNER, NOW, CalendarDraft("Recess", "Recess: July 1 to July 31"))
    skip = (Observance(recess.id, Policy.SKIP),)
    a_year(db, first=date(2027, 6, 15), last=date(2027, 9, 15), holidays=skip)
    august = on(db, "08-03").meeting.id
    draft = CalendarDraft("Recess", "Recess: August 1 to August 31")
    later = calendars.edit(db, PLANNER, NOW, recess.id, draft, recess.version)
    assert [day[:5] for day in days(db) if day.startswith("07")] == [
        *("07-06", "07-13", "07-20", "07-27")
    ]
    assert not [day for day in days(db) if day.startswith("08")]
    draft = CalendarDraft("Recess", "Recess: July 1 to July 31")
    calendars.edit(db, PLANNER, NOW, recess.id, draft, later.version)
    back = on(db, "08-03")
    assert back.meeting.id == august and len(back.replays) == 2


def test_special_days_have_a_title_of_their_own(db: Database) -> None:
    special = AddedDay(date(2027, 3, 18), time(14), "City Council: Budget Hearing")
    a_spring(db, exceptions=(special, SkippedDay(date(2027, 3, 2))))
    view = on(db, "03-18")
    assert (view.meeting.title, local(view)) == ("City Council: Budget Hearing", "03-18 14:00")
    assert view.meeting.draft.agenda == "https://clerk.example/2027-03-18"
    assert len(shown(db)) == 13


def test_one_that_was_moved_by_hand_stays_while_the_others_follow(db: Database) -> None:
    made = a_spring(db)
    one = on(db, "02-02").meeting
    moved = replace(one.draft, start=one.start + 25 * HOUR)
    meetings.edit(db, PLANNER, NOW, one.id, moved, one.version)
    gone = on(db, "02-09").meeting
    meetings.cancel(db, PLANNER, NOW, gone.id, gone.version)
    again(db, made, at=time(9))
    assert days(db)[3:7] == ["01-26 09:00", "02-03 11:00", "02-16 09:00", "02-23 09:00"]
    assert query.meeting(db, one.id, NOW).meeting.own == {"start"}


def test_an_agenda_typed_for_one_stays_and_the_meeting_follows_in_all_else(db: Database) -> None:
    made = a_spring(db)
    one = on(db, "02-02").meeting
    own = replace(one.draft, agenda="https://clerk.example/final.pdf")
    meetings.edit(db, PLANNER, NOW, one.id, own, one.version)
    again(db, made, at=time(9))
    view = on(db, "02-02")
    assert local(view) == "02-02 09:00" and view.meeting.id == one.id
    assert view.meeting.draft.agenda == "https://clerk.example/final.pdf"
    assert view.live is not None and view.live.airing.start == view.meeting.start


def test_from_a_day_on_another_time_and_the_meetings_keep_their_ids(db: Database) -> None:
    made = a_spring(db, last=date(2027, 4, 30))
    before = {local(view)[:5]: view.meeting.id for view in shown(db)}
    later = replace(made.draft, rule=replace(made.draft.rule, at=time(18, 30)))
    day = date(2027, 3, 1)
    new = meeting_series.split(db, PLANNER, NOW, made.id, day, later, made.version)
    assert {local(view)[:5]: view.meeting.id for view in shown(db)} == before
    times = {local(view)[6:] for view in shown(db) if local(view) < "03-01"}
    assert times == {"10:00"}
    assert {local(view)[6:] for view in shown(db) if local(view) > "03-01"} == {"18:30"}
    assert {view.meeting.series for view in shown(db)} == {made.id, new.id}
    with pytest.raises(Conflict):
        meeting_series.split(db, PLANNER, NOW, made.id, day, later, made.version)


def test_ending_it_cancels_what_is_to_come_but_for_what_was_moved_by_hand(db: Database) -> None:
    made = a_spring(db)
    one = on(db, "02-02").meeting
    moved = replace(one.draft, start=one.start + HOUR)
    meetings.edit(db, PLANNER, NOW, one.id, moved, one.version)
    meeting_series.end(db, PLANNER, NOW, made.id, made.version)
    assert days(db) == ["02-02 11:00"]
    assert meeting_series.materialise_all(db, NOW) == 0


def test_all_of_them_are_one_change_with_one_undo_and_one_redo(db: Database) -> None:
    made = a_spring(db)
    ids = [view.meeting.id for view in shown(db)]
    change = latest(db, "meeting series", made.id)
    assert change is not None and change.sentence == "Planned 13 meetings of City Council"
    undo(db, PLANNER, NOW, change.id)
    assert shown(db) == []
    assert meeting_series.materialise_all(db, NOW) == 0
    undo(db, PLANNER, NOW, changes(db, limit=1)[0].id)
    assert [view.meeting.id for view in shown(db)] == ids
    assert all(view.live and not view.live.airing.cancelled for view in shown(db))


def test_a_meeting_of_a_series_is_one_event_that_keeps_its_uid_when_it_moves(db: Database) -> None:
    made = a_spring(db)
    now = datetime(2027, 1, 25, 12, tzinfo=UTC)
    feeds = Feeds(db, "https://tv.example", "tv.example")

    def events() -> dict[str, Any]:
        found = Calendar.from_ical(feeds.lineup(CH13, now).body).walk("VEVENT")
        live = [one for one in found if "2027-01-26" in str(one["dtstart"].dt)]
        return {str(one["uid"]): one for one in live}

    before = events()
    rule = replace(made.draft.rule, at=time(9))
    draft = replace(made.draft, rule=rule)
    meeting_series.edit(db, PLANNER, now, made.id, draft, made.version)
    after = events()
    assert set(after) == set(before) and before
    assert sum(one["sequence"] for one in after.values()) > 0


@pytest.mark.parametrize(
    ("at", "day", "instant"),
    [
        (time(2, 30), date(2027, 3, 14), datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        (time(1, 30), date(2027, 11, 7), datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
        (time(10), date(2027, 3, 14), datetime(2027, 3, 14, 14, 0, tzinfo=UTC)),
        (time(10), date(2027, 3, 7), datetime(2027, 3, 7, 15, 0, tzinfo=UTC)),
        (time(10), date(2027, 11, 7), datetime(2027, 11, 7, 15, 0, tzinfo=UTC)),
    ],
)
def test_nights_of_23_and_25_hours(db: Database, at: time, day: date, instant: datetime) -> None:
    a_year(db, at=at, pattern=Weekly(frozenset({6})), first=day, last=day)
    (found,) = [one.meeting for one in shown(db) if one.meeting.series_day == day]
    assert (found.start, found.draft.length) == (instant, 2 * HOUR)
    assert found.draft.agenda == f"https://clerk.example/{day}"


def test_a_late_evening_s_agenda_is_that_of_its_local_day(db: Database) -> None:
    a_year(db, at=time(21), last=date(2027, 1, 31))
    one = on(db, "01-05").meeting
    assert one.start.date() == date(2027, 1, 6)
    assert one.draft.agenda == "https://clerk.example/2027-01-05"


MADE = MeetingDraft(CH13, "City Council", NOW, HOUR, room="Chamber")


@pytest.mark.parametrize(
    ("stands", "will", "after"),
    [
        ({}, {"start": NOW + HOUR}, {"start": NOW + HOUR}),
        ({"room": "Room 4"}, {"start": NOW + HOUR}, {"start": NOW + HOUR, "room": "Room 4"}),
        ({"room": "Room 4"}, {"room": "Annex"}, {"room": "Room 4"}),
        ({"start": NOW - HOUR}, {"start": NOW + HOUR}, {"start": NOW - HOUR}),
        (
            {"hard_limit": NOW + 3 * HOUR},
            {"start": NOW + HOUR},
            {"start": NOW + HOUR, "hard_limit": NOW + 4 * HOUR},
        ),
    ],
)
def test_fields_set_on_one_meeting_stay_and_the_rest_follow(
    stands: dict[str, Any], will: dict[str, Any], after: dict[str, Any]
) -> None:
    said = replace(MADE, **stands)
    assert own_fields(MADE, said) == stands.keys()
    assert followed(MADE, said, replace(MADE, **will)) == replace(MADE, **after)


def test_a_series_that_cannot_be_saved_says_why(db: Database) -> None:
    plan = a_plan(db)
    assert problems(plan) == {}
    twice = (SkippedDay(date(2027, 3, 2)), MovedDay(date(2027, 3, 2), datetime(2027, 3, 3, 10)))
    for rule, field in (
        ({"exceptions": twice}, "exceptions"),
        ({"pattern": Weekly(frozenset())}, "weekdays"),
        ({"last": date(2026, 1, 1)}, "last"),
    ):
        assert field in problems(replace(plan, rule=replace(RULE, **rule)))
    with pytest.raises(Refused) as refused:
        bare = replace(plan, usual=replace(USUAL, source=None))
        meeting_series.add(db, PLANNER, NOW, bare)
    assert "source" in refused.value.field_errors
    with pytest.raises(Forbidden):
        meeting_series.add(db, VIEWER, NOW, plan)


def test_a_meeting_added_by_itself_belongs_to_no_series(db: Database) -> None:
    plan = a_plan(db)
    draft = plan.usual.on(NOW + HOUR, date(2026, 11, 22))
    made = meetings.add(db, PLANNER, NOW, draft)
    found = query.meeting(db, MeetingId(made.id), NOW).meeting
    assert (found.series, found.own, found.edited) == (None, frozenset(), False)


def test_the_nation_s_holidays_leave_no_meeting_on_their_days(db: Database) -> None:
    city = calendars.add(db, PLANNER, NOW, CalendarDraft("City", CITY_HOLIDAYS))
    weekdays = Weekly(frozenset(range(5)))
    winter = {"first": date(2027, 11, 1), "last": date(2027, 12, 31)}
    a_year(db, pattern=weekdays, holidays=(Observance(city.id, Policy.SKIP),), **winter)
    all_days = (date(2027, 11, 1) + timedelta(days=n) for n in range(61))
    met = {view.meeting.series_day for view in shown(db)}
    off = [f"{day:%m-%d}" for day in all_days if day.weekday() < 5 and day not in met]
    assert off == ["11-11", "11-25", "11-26", "12-24", "12-31"]
