"""A week at the channel: the planning scenarios, each by its number in docs/scenarios.md."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    a_source,
    an_airing,
    an_asset,
)

from config.clock import SimulatedClock
from config.names import Revision
from playout.model.plan import ContentKind, EndRule, MissedStart, StartRule
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import airings, calendars, filler, meeting_series, series, slides
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.air.dry_run import walk
from scheduler.domain.air.readiness import Light
from scheduler.domain.clashes.one import Way
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting_series import MeetingSeriesDraft
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.model.slide import SlideDraft
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly, Yearly
from scheduler.domain.series.recurrence import AddedDay, Rule, SeriesDraft
from scheduler.feeds.lineup import Feeds
from scheduler.process.warnings import Warnings
from scheduler.queries import grid, meetings
from scheduler.queries.changes import changes
from scheduler.queries.conflicts import NEW_ID, weigh
from scheduler.queries.dryrun import simulate
from scheduler.queries.meetings import MeetingView
from scheduler.reading.snapshot import snapshot
from scheduler.refusals import Conflict, Refused

ZONE = ZoneInfo("America/New_York")


def local(airing: Airing) -> str:
    return f"{airing.start.astimezone(ZONE):%m-%d %H:%M}"


TWICE = ("10:00", "19:00")
WEEK = timedelta(weeks=1)


def local_of(view: MeetingView) -> str:
    return f"{view.meeting.start.astimezone(ZONE):%m-%d %H:%M}"


def planned(db: Database, monday: date, weeks: int = 1) -> list[str]:
    found = [grid.week(db, [CH13], monday + timedelta(weeks=n), NOW) for n in range(weeks)]
    return [f"{v.airing.title} {local(v.airing)}" for week in found for v in week.airings]


def a_series(
    db: Database, title: str, rule: Rule, now: datetime = NOW, length: timedelta = 2 * HOUR
) -> None:
    airing = a_draft(title=title, source="chamber", end_rule=EndRule.HOLD, length=length)
    series.add(db, PLANNER, now, SeriesDraft(title, rule, airing))


def weekly(at: time, day: int, **over: object) -> Rule:
    rule = Rule("America/New_York", at, Weekly(frozenset({day})), date(2026, 11, 1))
    return replace(rule, **over)  # type: ignore[arg-type]


def test_s1_a_holiday_moves_the_meeting_once_and_cancels_nothing_twice(db: Database) -> None:
    a_channel(db)
    at = datetime(2026, 11, 2, 15, tzinfo=UTC)
    city = calendars.add(db, PLANNER, at, CalendarDraft("City", "Veterans Day: November 10"))
    rule = weekly(time(10), 1)
    airing = a_draft(title="City Council", source="chamber", end_rule=EndRule.HOLD)
    made = series.add(db, PLANNER, at, SeriesDraft("City Council", rule, airing))
    before = grid.week(db, [CH13], date(2026, 11, 9), at).airings[0].airing
    assert local(before) == "11-10 10:00"
    moved = replace(rule, holidays=(Observance(city.id, Policy.BEFORE),))
    series.edit(db, PLANNER, at, made.id, replace(made.draft, rule=moved), made.version)
    (after,) = grid.week(db, [CH13], date(2026, 11, 9), at).airings
    assert (after.id, local(after.airing)) == (before.id, "11-09 10:00")
    assert after.airing.sequence == before.sequence + 1
    feed = Feeds(db, "https://tv.example", "tv.example").lineup(CH13, at)
    assert feed.body.decode().count(f"UID:{before.id}") == 1


def test_s2_two_meetings_on_one_day_clash_only_when_the_first_runs_over(db: Database) -> None:
    a_channel(db)
    first = an_airing(
        db, NOW + 21 * HOUR, title="Regular", source="a", end_rule=EndRule.HOLD, length=2 * HOUR
    )
    second = a_draft(NOW + 24 * HOUR + 30 * MINUTE, title="Committees", source="b")
    assert weigh(db, second, NOW).choices == ()
    airings.add(db, PLANNER, NOW, second)
    longer = replace(first.draft, length=4 * HOUR)
    assert weigh(db, longer, NOW, first.id).choices != ()


def test_s3_a_replay_without_its_file_turns_red_a_day_ahead_and_filler_airs(db: Database) -> None:
    a_channel(db)
    clip = an_asset(db, length=MINUTE)
    filler.set_filler(db, PLANNER, NOW, CH13, clip.id, True)
    made = an_airing(db, NOW + 30 * HOUR, title="Replay")
    lights = [grid.airing(db, made.id, NOW + h * HOUR).readiness for h in (0, 7)]
    assert lights == [Light.AMBER, Light.RED]
    warnings = Warnings()
    said = [warnings.say(db, NOW + h * HOUR) for h in (5, 6, 29)]
    assert [len(texts) for texts in said] == [0, 1, 1]
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + timedelta(days=2))
    rundown = settle(
        build_plan(read, NOW, NOW + timedelta(days=2), NOW, Revision(1)), AirState(), NOW
    )
    there = [cue for cue in rundown.cues if cue.start <= made.start < cue.end]
    assert there[0].item is None


def test_s4_a_slide_is_gone_after_its_last_moment(db: Database) -> None:
    a_channel(db)
    slides.add(db, PLANNER, NOW, SlideDraft("Over", "", None, NOW - 9 * HOUR, NOW - HOUR))
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + timedelta(days=2))
    assert build_plan(read, NOW, NOW + timedelta(days=2), NOW, Revision(1)).board == ()


def test_s14_a_longer_replay_ripples_over_midnight_and_the_fixed_stays(db: Database) -> None:
    a_channel(db)
    file = an_asset(db, length=4 * HOUR).id
    evening = datetime(2026, 11, 26, 0, tzinfo=UTC)  # Wednesday 19:00
    replay = an_airing(db, evening, title="Replay", length=2 * HOUR, asset=file)
    an_airing(db, evening + 2 * HOUR, title="Nine", asset=file)
    an_airing(db, evening + 3.5 * HOUR, title="Fixed", asset=file, locked=True)
    an_airing(db, evening + 4.5 * HOUR, title="Late", asset=file)
    true = replace(replay.draft, length=timedelta(hours=3, minutes=7, seconds=12))
    weighed = weigh(db, true, NOW, replay.id)
    ripple = next(one for one in weighed.choices if one.way is Way.RIPPLE)
    edits = {id: (d, weighed.versions[id]) for id, d in ripple.edits.items() if id != NEW_ID}
    airings.arrange(db, PLANNER, NOW, edits, None, "True length")
    assert planned(db, date(2026, 11, 23)) == [
        "Replay 11-25 19:00",
        "Fixed 11-25 22:30",
        "Nine 11-25 23:30",
        "Late 11-26 00:30",
    ]


@pytest.mark.parametrize(
    ("missed", "aired"), [(MissedStart.SKIP, ["Fixed"]), (MissedStart.JOIN, ["Long", "Fixed"])]
)
def test_s15_what_does_not_fit_is_left_out_or_cut_by_its_setting(
    sqlite_db: Database, missed: MissedStart, aired: list[str]
) -> None:
    a_channel(sqlite_db)
    file = an_asset(sqlite_db, length=2 * HOUR).id
    soft = {"start_rule": StartRule.FOLLOW, "missed": missed, "length": 2 * HOUR}
    an_airing(sqlite_db, NOW + HOUR, title="Long", asset=file, **soft)
    an_airing(sqlite_db, NOW + 2 * HOUR, title="Fixed", asset=file)
    with sqlite_db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + timedelta(days=1))
    rundown = settle(
        build_plan(read, NOW, NOW + timedelta(days=1), NOW, Revision(1)), AirState(), NOW
    )
    assert [cue.title for cue in rundown.cues if cue.airing] == aired


@pytest.mark.parametrize(
    ("day", "at", "starts", "hours", "utc"),
    [  # S26: 02:30 does not exist; S27: 01:30 comes twice, airs once
        (date(2027, 3, 14), time(2, 30), "03:30 EDT", 23, "13 07:30, 14 07:30, 15 06:30"),
        (date(2027, 3, 14), time(10), "10:00 EDT", 23, "13 15:00, 14 14:00, 15 14:00"),
        (date(2027, 11, 7), time(1, 30), "01:30 EDT", 25, "06 05:30, 07 05:30, 08 06:30"),
        (date(2027, 11, 7), time(0, 30), "00:30 EDT", 25, "06 04:30, 07 04:30, 08 05:30"),
    ],
)
def test_s26_s27_nights_when_the_clocks_change(
    db: Database, day: date, at: time, starts: str, hours: int, utc: str
) -> None:
    a_channel(db)
    now = datetime.combine(day - timedelta(days=2), time(12), ZONE).astimezone(UTC)
    rule = Rule("America/New_York", at, Weekly(frozenset(range(7))), day - timedelta(days=9))
    a_series(db, "Nightly", rule, now, 3 * HOUR)
    monday = day - timedelta(days=day.weekday())
    week = grid.week(db, [CH13], monday, now).airings
    (one,) = [v.airing for v in week if v.airing.series_day == day]
    assert f"{one.start.astimezone(ZONE):%H:%M %Z}" == starts
    assert one.end - one.start == 3 * HOUR
    assert grid.day_span(day, "America/New_York").hours == hours
    if at == time(0, 30):
        assert f"{one.end.astimezone(ZONE):%H:%M %Z}" == "02:30 EST"
    feed = Feeds(db, "https://tv.example", "tv.example").lineup(CH13, now)
    told = [event["dtstart"].dt for event in Calendar.from_ical(feed.body).walk("VEVENT")]
    assert ", ".join(f"{start:%d %H:%M}" for start in told[:3]) == utc


def test_s28_the_august_recess_pauses_the_series(db: Database) -> None:
    a_channel(db)
    now = datetime(2027, 7, 20, 15, tzinfo=UTC)
    recess = CalendarDraft("Recess", "August recess: 2027-07-31 to 2027-08-31")
    calendar = calendars.add(db, PLANNER, now, recess)
    rule = weekly(time(10), 1, holidays=(Observance(calendar.id, Policy.SKIP),))
    a_series(db, "City Council", rule, now)
    week = date(2027, 7, 19)
    found = [grid.week(db, [CH13], week + timedelta(weeks=n), now) for n in range(9)]
    days = [local(v.airing) for one in found for v in one.airings]
    assert days == ["07-27 10:00"]
    assert series.materialise_all(db, now + timedelta(weeks=4)) == 3
    later = grid.week(db, [CH13], date(2027, 9, 6), now).airings
    assert [local(v.airing) for v in later] == ["09-07 10:00"]


def test_s29_budget_hearings_pass_the_year_s_end(db: Database) -> None:
    a_channel(db)
    now = datetime(2026, 12, 15, 15, tzinfo=UTC)
    rule = Rule(
        "America/New_York", time(13), Yearly(frozenset({(12, 30), (1, 4)})), date(2026, 12, 1),
        exceptions=(AddedDay(date(2026, 12, 31), time(9)),),
    )  # fmt: skip
    a_series(db, "Budget hearing", rule, now)
    found = [grid.week(db, [CH13], date(2026, 12, 28) + timedelta(weeks=n), now) for n in (0, 1)]
    days = [local(v.airing) for one in found for v in one.airings]
    assert days == ["12-30 13:00", "12-31 09:00", "01-04 13:00"]


def test_s29_daily_hearings_are_made_in_bulk_round_the_holidays(db: Database) -> None:
    a_channel(db)
    now = datetime(2026, 10, 30, 15, tzinfo=UTC)
    city = calendars.add(db, PLANNER, now, CalendarDraft("City", CITY_HOLIDAYS))
    rule = Rule(
        "America/New_York",
        time(13),
        Weekly(frozenset(range(5))),
        date(2026, 11, 2),
        date(2026, 12, 31),
        holidays=(Observance(city.id, Policy.SKIP),),
    )
    a_series(db, "Budget hearing", rule, now)
    (made,) = changes(db, "series")
    weeks = [date(2026, 11, 2) + timedelta(weeks=n) for n in range(10)]

    def heard() -> list[Airing]:
        found = [grid.week(db, [CH13], week, now).airings for week in weeks]
        return [view.airing for views in found for view in views]

    assert len(heard()) == 21
    undo(db, PLANNER, now, made.id)
    assert heard() == []
    undo(db, PLANNER, now, changes(db, limit=1)[0].id)
    ids = {one.id for one in heard()}
    for week in range(1, 10):
        series.materialise_all(db, now + timedelta(weeks=week))
    all_days = (date(2026, 11, 2) + timedelta(days=n) for n in range(60))
    off = {date(2026, 11, 11), date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 25)}
    wanted = [day for day in all_days if day.weekday() < 5 and day not in off]
    assert [one.series_day for one in heard()] == wanted
    assert {local(one)[6:] for one in heard()} == {"13:00"}
    assert ids < {one.id for one in heard()}


def some_meetings(db: Database, body: str, rule: Rule, now: datetime, **over: object) -> None:
    usual = MeetingDefaults(CH13, "", 2 * HOUR, body=body, source=a_source(db), **over)  # type: ignore[arg-type]
    meeting_series.add(db, PLANNER, now, MeetingSeriesDraft(usual, rule))


def met(db: Database, now: datetime) -> list[MeetingView]:
    found = meetings.meetings(db, now, now + timedelta(days=400), now)
    return [view for view in found if not view.meeting.cancelled]


def test_s28_the_august_recess_pauses_the_meetings_and_nothing_of_them_airs(db: Database) -> None:
    a_channel(db)
    now = datetime(2027, 7, 20, 15, tzinfo=UTC)
    recess = CalendarDraft("Recess", "August recess: 2027-07-31 to 2027-08-31")
    calendar = calendars.add(db, PLANNER, now, recess)
    skip = (Observance(calendar.id, Policy.SKIP),)
    rule = weekly(time(10), 1, last=date(2027, 9, 15), holidays=skip)
    some_meetings(db, "City Council", rule, now, replays=ReplayRules(same_day=time(19)))
    weeks = [grid.week(db, [CH13], date(2027, 7, 19) + WEEK * n, now) for n in range(9)]
    days = [local(view.airing) for one in weeks for view in one.airings]
    assert days == [f"{day} {at}" for day in ("07-27", "09-07", "09-14") for at in TWICE]
    assert [local_of(view) for view in met(db, now)] == [
        *("07-27 10:00", "09-07 10:00", "09-14 10:00")
    ]


def test_s29_hearings_are_planned_at_once_round_the_holidays_and_past_the_year_s_end(
    db: Database,
) -> None:
    a_channel(db)
    now = datetime(2026, 10, 30, 15, tzinfo=UTC)
    city = calendars.add(db, PLANNER, now, CalendarDraft("City", CITY_HOLIDAYS))
    rule = Rule(
        "America/New_York",
        time(13),
        Weekly(frozenset(range(5))),
        date(2026, 12, 21),
        date(2027, 1, 8),
        exceptions=(AddedDay(date(2027, 1, 9), time(9), "Budget vote"),),
        holidays=(Observance(city.id, Policy.SKIP),),
    )
    some_meetings(db, "Budget Committee", rule, now)
    found = met(db, now)
    all_days = [date(2026, 12, 21) + timedelta(days=n) for n in range(19)]
    off = {date(2026, 12, 25), date(2027, 1, 1)}
    wanted = [f"{day:%m-%d} 13:00" for day in all_days if day.weekday() < 5 and day not in off]
    assert [local_of(view) for view in found] == [*wanted, "01-09 09:00"]
    assert [view.meeting.title for view in found[-2:]] == ["Budget Committee", "Budget vote"]
    (made,) = changes(db, "meeting series")
    undo(db, PLANNER, now, made.id)
    assert met(db, now) == []


def test_s32_the_second_editor_gets_a_conflict_and_undo_restores(db: Database) -> None:
    a_channel(db)
    made = an_airing(db)
    airings.move(db, PLANNER, NOW, made.id, NOW + 3 * HOUR, made.version)
    with pytest.raises(Conflict) as told:
        airings.edit(db, PLANNER, NOW, made.id, a_draft(title="Mine"), made.version)
    assert isinstance(told.value.current, Airing)
    assert told.value.current.start == NOW + 3 * HOUR
    feeds = Feeds(db, "https://tv.example", "tv.example")
    (moved,) = Calendar.from_ical(feeds.lineup(CH13, NOW).body).walk("VEVENT")
    undo(db, PLANNER, NOW, changes(db, limit=1)[0].id)
    after = grid.airing(db, made.id, NOW).airing
    assert after.draft == made.draft
    (back,) = Calendar.from_ical(feeds.lineup(CH13, NOW).body).walk("VEVENT")
    assert (moved["dtstart"].dt, back["dtstart"].dt) == (NOW + 3 * HOUR, made.start)
    assert (moved["uid"], moved["sequence"]) == (back["uid"], 1) and back["sequence"] == 2


def test_s35_thirty_days_ahead_have_no_gap_and_each_airing_one_outcome(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    clock = SimulatedClock(NOW)
    file = an_asset(sqlite_db, length=2 * HOUR).id
    clip = an_asset(sqlite_db, "Clip", "b", 5 * MINUTE)
    filler.set_filler(sqlite_db, PLANNER, NOW, CH13, clip.id, True)
    slides.add(sqlite_db, PLANNER, NOW, SlideDraft("Office hours", "", None, NOW - HOUR))
    city = calendars.add(sqlite_db, PLANNER, NOW, CalendarDraft("City", CITY_HOLIDAYS))
    observed = (Observance(CalendarId(city.id), Policy.BEFORE),)
    for day in (1, 2):
        a_series(sqlite_db, f"Meeting {day}", weekly(time(10), day, holidays=observed))
    for number in range(60):
        start = NOW + HOUR + number * 12 * HOUR
        rule = (StartRule.HARD, StartRule.FOLLOW)[number % 2]
        an_airing(sqlite_db, start, title=f"Film {number}", asset=file, start_rule=rule)
    until = clock.utc() + timedelta(days=30)
    with sqlite_db.read() as session:
        read = snapshot(session, CH13, NOW - HOUR, until + timedelta(days=2))
    seen = walk(
        lambda at: build_plan(read, at - 6 * HOUR, at + 56 * HOUR, at, Revision(1)),
        AirState(),
        NOW,
        until,
    )
    assert seen.cues[0].start == NOW and seen.cues[-1].end == until
    assert all(a.end == b.start for a, b in zip(seen.cues, seen.cues[1:], strict=False))
    slates = [cue for cue in seen.cues if cue.kind is ContentKind.SLATE]
    assert sum((cue.end - cue.start for cue in slates), timedelta(0)) < timedelta(seconds=1)
    wanted = {a.id for a in read.airings if a.start < until}
    assert set(seen.runs) | set(seen.displaced) == wanted
    assert not set(seen.runs) & set(seen.displaced)
    assert len(simulate(sqlite_db, NOW)) == 1


def test_a_series_that_cannot_be_split_says_why(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    made = series.add(
        sqlite_db, PLANNER, NOW, SeriesDraft("x", weekly(time(10), 1), a_draft(title="x"))
    )
    with pytest.raises(Refused) as refused:
        series.split(sqlite_db, PLANNER, NOW, made.id, date(2026, 11, 1), made.draft, made.version)
    assert list(refused.value.field_errors) == ["split"]
