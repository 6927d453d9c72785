"""Days of the month and year, and holidays written as people write them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import CH13, NOW, PLANNER, a_channel, a_draft

from scheduler.actions import airings, calendars, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.calendar import (
    CITY_HOLIDAYS,
    CalendarDraft,
    Observance,
    Policy,
    named_days,
    problems,
)
from scheduler.domain.series.patterns import (
    MonthlyByDate,
    MonthlyByWeekday,
    Pattern,
    Weekly,
    Yearly,
    days,
    in_words,
)
from scheduler.domain.series.patterns import problems as pattern_problems
from scheduler.domain.series.recurrence import (
    AddedDay,
    MovedDay,
    Rule,
    SeriesDraft,
    SkippedDay,
    left_out_days,
    occurrences,
)
from scheduler.queries import grid
from scheduler.queries.changes import changes
from scheduler.queries.series import meaning
from scheduler.refusals import Refused

CITY = CalendarId("city")
TUESDAY = frozenset({1})
EVE = "Before Thanksgiving: Tuesday before the fourth Thursday of November"


def of_year(pattern: Pattern, year: int = 2027) -> list[str]:
    found = days(pattern, date(2020, 1, 1), date(year, 1, 1), date(year, 12, 31))
    return [f"{day:%m-%d}" for day in found]


@pytest.mark.parametrize(
    ("pattern", "begins", "count", "words"),
    [
        (
            MonthlyByWeekday(TUESDAY, frozenset({1, 3})),
            ["01-05", "01-19", "02-02"],
            24,
            "the first and third Tuesday of the month",
        ),
        (
            MonthlyByWeekday(frozenset({3}), frozenset({-1})),
            ["01-28", "02-25", "03-25"],
            12,
            "the last Thursday of the month",
        ),
        (
            MonthlyByWeekday(frozenset({0}), frozenset({5})),
            ["03-29", "05-31", "08-30"],
            4,
            "the fifth Monday of the month",
        ),
        (
            MonthlyByDate(frozenset({1, 31, -1})),
            ["01-01", "01-31", "02-01", "02-28"],
            24,
            "the 1st, 31st and last day of every month",
        ),
        (
            Yearly(frozenset({(11, 11), (2, 29)})),
            ["11-11"],
            1,
            "every year on 29 February and 11 November",
        ),
        (Weekly(frozenset(range(5))), ["01-01", "01-04"], 261, "every weekday"),
    ],
)
def test_a_pattern_falls_on_its_days(
    pattern: Pattern, begins: list[str], count: int, words: str
) -> None:
    found = of_year(pattern)
    assert (found[: len(begins)], len(found), in_words(pattern)) == (begins, count, words)


def test_the_twenty_ninth_of_february_comes_in_leap_years() -> None:
    assert of_year(Yearly(frozenset({(2, 29)})), 2028) == ["02-29"]


@pytest.mark.parametrize(
    ("pattern", "field"),
    [
        (Weekly(frozenset()), "weekdays"),
        (Weekly(TUESDAY, 0), "every"),
        (MonthlyByWeekday(TUESDAY, frozenset()), "numbers"),
        (MonthlyByDate(frozenset({32})), "month_days"),
        (Yearly(frozenset({(0, 11)})), "dates"),
        (Yearly(frozenset({(4, 31)})), "dates"),
    ],
)
def test_a_pattern_without_days_names_its_field(pattern: Pattern, field: str) -> None:
    assert list(pattern_problems(pattern)) == [field]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Veterans Day: November 11", ["2027-11-11"]),
        ("Juneteenth: June 19, observed", ["2027-06-18"]),  # a Saturday
        ("Independence Day: Jul 4, observed", ["2027-07-05"]),  # a Sunday
        ("Thanksgiving: fourth Thursday of November", ["2027-11-25"]),
        ("Memorial Day: the last Monday of May.", ["2027-05-31"]),
        (EVE, ["2027-11-23"]),
        ("Black Friday: Friday after the fourth Thursday of November", ["2027-11-26"]),
        ("Recess: 2027-08-01 to 2027-08-03", ["2027-08-01", "2027-08-02", "2027-08-03"]),
        (
            "Winter: December 30 to January 2",
            ["2027-01-01", "2027-01-02", "2027-12-30", "2027-12-31"],
        ),
        ("Nonsense: someday", []),
    ],
)
def test_a_line_names_days(line: str, found: list[str]) -> None:
    named = named_days(line, date(2027, 1, 1), date(2027, 12, 31))
    assert sorted(day.isoformat() for day in named) == found


def test_new_years_day_observed_in_the_year_before_is_found() -> None:
    line = "New Year's Day: January 1, observed"
    assert named_days(line, date(2027, 12, 1), date(2027, 12, 31)) == {
        date(2027, 12, 31): "New Year's Day"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write at least one day"),
        ("Some day: whenever", "write a day like November 11"),
        ("Long: 2027-01-01 to 2029-01-01", "a year at most"),
        ("Back: 2027-02-01 to 2027-01-01", "cannot be before"),
        ("Odd: November 31", "November has no 31th"),
    ],
)
def test_an_unreadable_line_is_named(text: str, said: str) -> None:
    assert said in problems(CalendarDraft("City", text))["text"]


def test_the_holidays_offered_to_a_city_are_understood() -> None:
    assert problems(CalendarDraft("City", CITY_HOLIDAYS)) == {}
    assert len(named_days(CITY_HOLIDAYS, date(2026, 1, 1), date(2026, 12, 31))) == 12


def council(policy: Policy, *exceptions: object, weekdays: frozenset[int] = TUESDAY) -> Rule:
    return Rule(
        zone="America/New_York", at=time(10), pattern=Weekly(weekdays),
        first=date(2026, 10, 1), exceptions=exceptions, holidays=(Observance(CITY, policy),),
    )  # type: ignore[arg-type]  # fmt: skip


def november(rule: Rule, text: str) -> list[str]:
    since = datetime(2026, 11, 15, tzinfo=NOW.tzinfo)
    found = occurrences(rule, since, since + timedelta(days=20), {CITY: text})
    return [f"{one.local:%m-%d}" + (f" for {one.day:%m-%d}" if one.why else "") for one in found]


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (Policy.KEEP, ["11-17", "11-24", "12-01"]),
        (Policy.SKIP, ["11-17", "12-01"]),
        (Policy.BEFORE, ["11-17", "11-23 for 11-24", "12-01"]),
        (Policy.AFTER, ["11-17", "11-25 for 11-24", "12-01"]),
    ],
)
def test_the_tuesday_before_thanksgiving(policy: Policy, found: list[str]) -> None:
    assert november(council(policy), EVE) == found


def test_a_meeting_moved_by_a_holiday_goes_to_a_working_day_that_is_free() -> None:
    rule = council(Policy.BEFORE, weekdays=frozenset({0}))
    assert november(rule, "Break: 2026-11-20 to 2026-11-23")[1] == "11-19 for 11-23"


def test_two_meetings_never_fall_on_one_another() -> None:
    rule = council(Policy.BEFORE, weekdays=frozenset({0, 1}))
    assert november(rule, EVE) == ["11-16", "11-17", "11-23", "11-30", "12-01"]
    since = datetime(2026, 11, 15, tzinfo=NOW.tzinfo)
    (out,) = left_out_days(rule, since, since + timedelta(days=20), {CITY: EVE})
    assert out.why == "Before Thanksgiving, and it airs Monday 23 November anyway"


def test_an_exception_by_staff_wins_over_the_calendar() -> None:
    kept = MovedDay(date(2026, 11, 24), datetime(2026, 11, 24, 10))
    assert november(council(Policy.SKIP, kept), EVE)[1] == "11-24 for 11-24"
    more = (AddedDay(date(2026, 11, 19), time(14)), SkippedDay(date(2026, 12, 1)))
    assert november(council(Policy.SKIP, *more), EVE) == ["11-17", "11-19 for 11-19"]


@given(
    text=st.lists(
        st.sampled_from([EVE, *CITY_HOLIDAYS.splitlines(), "Recess: 2026-12-01 to 2027-01-15"])
    ).map("\n".join),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    policy=st.sampled_from(Policy),
)
def test_holidays_never_make_two_airings_at_once_or_lose_a_day(
    text: str, weekdays: frozenset[int], policy: Policy
) -> None:
    rule = council(policy, weekdays=weekdays)
    since = datetime(2026, 10, 15, tzinfo=NOW.tzinfo)
    until = since + timedelta(days=200)
    found = list(occurrences(rule, since, until, {CITY: text}))
    out = left_out_days(rule, since, until, {CITY: text})
    starts = [one.start for one in found]
    assert len(set(starts)) == len(starts)
    whole = list(days(rule.pattern, rule.first, since.date(), until.date()))[3:-20]
    told = {one.day for one in found} | {one.day for one in out}
    assert set(whole) <= told


def a_council(policy: Policy, calendar: CalendarId) -> SeriesDraft:
    rule = replace(council(policy), holidays=(Observance(calendar, policy),))
    return SeriesDraft("Regular meeting", rule, a_draft(title="City Council"))


def shown(db: Database) -> list[str]:
    monday = date(2026, 11, 23)
    found = grid.week(db, [CH13], monday, NOW).airings
    return [f"{view.airing.start:%m-%d %H}" for view in found]


def test_series_follow_their_calendar_and_undo_brings_the_days_back(db: Database) -> None:
    a_channel(db)
    calendar = calendars.add(db, PLANNER, NOW, CalendarDraft("City", EVE))
    series.add(db, PLANNER, NOW, a_council(Policy.BEFORE, calendar.id))
    assert shown(db) == ["11-23 15"]
    other = CalendarDraft("City", "Christmas: December 25")
    edited = calendars.edit(db, PLANNER, NOW, calendar.id, other, calendar.version)
    assert shown(db) == ["11-24 15"]
    undo(db, PLANNER, NOW, changes(db, "calendar", limit=1)[0].id)
    assert shown(db) == ["11-23 15"]
    calendars.retire(db, PLANNER, NOW, calendar.id, edited.version + 1)
    assert shown(db) == ["11-24 15"]


def test_a_calendar_that_cannot_be_read_is_refused(sqlite_db: Database) -> None:
    with pytest.raises(Refused) as refused:
        calendars.add(sqlite_db, PLANNER, NOW, CalendarDraft("City", "Some day: whenever"))
    assert list(refused.value.field_errors) == ["text"]


def test_this_and_all_that_follow_become_a_series_of_their_own(db: Database) -> None:
    a_channel(db)
    calendar = calendars.add(db, PLANNER, NOW, CalendarDraft("City", "Christmas: December 25"))
    made = series.add(db, PLANNER, NOW, a_council(Policy.SKIP, calendar.id))
    before = grid.week(db, [CH13], date(2026, 12, 7), NOW).airings[0].airing
    by_hand = grid.week(db, [CH13], date(2026, 12, 14), NOW).airings[0].airing
    airings.move(db, PLANNER, NOW, by_hand.id, by_hand.start + timedelta(hours=2), by_hand.version)
    rule = replace(made.draft.rule, at=time(13, 30))
    draft = SeriesDraft("Regular meeting, afternoon", rule, made.draft.airing)
    new = series.split(db, PLANNER, NOW, made.id, date(2026, 12, 8), draft, made.version)
    assert shown(db) == ["11-24 15"]
    after = grid.week(db, [CH13], date(2026, 12, 7), NOW).airings[0]
    assert (after.airing.id, f"{after.airing.start:%H:%M}") == (before.id, "18:30")
    assert after.series_id == new.id
    kept = grid.week(db, [CH13], date(2026, 12, 14), NOW).airings[0].airing
    assert (kept.series, f"{kept.start:%H}") == (new.id, "17")
    undo(db, PLANNER, NOW, changes(db, "series", new.id, limit=1)[0].id)
    assert grid.airing(db, before.id, NOW).airing.start == before.start
    assert grid.airing(db, before.id, NOW).series_id == made.id


def test_a_preview_says_what_saving_would_do(db: Database) -> None:
    a_channel(db)
    calendar = calendars.add(db, PLANNER, NOW, CalendarDraft("City", EVE))
    made = series.add(db, PLANNER, NOW, a_council(Policy.KEEP, calendar.id))
    by_hand = grid.week(db, [CH13], date(2026, 11, 30), NOW).airings[0].airing
    airings.cancel(db, PLANNER, NOW, by_hand.id, by_hand.version)
    said = meaning(db, a_council(Policy.SKIP, calendar.id), NOW, made.id)
    assert [(one.becomes.value, f"{one.day:%m-%d}") for one in said.changes] == [
        ("canceled", "11-24")
    ]
    assert said.changes[0].why == "Before Thanksgiving"
    assert [f"{one.day:%m-%d}" for one in said.out] == ["11-24"]
    assert said.dates[0].day == date(2026, 12, 1)
    rule = replace(made.draft.rule, at=time(11))
    moved = meaning(db, SeriesDraft("x", rule, made.draft.airing), NOW, made.id)
    assert {one.becomes.value for one in moved.changes} == {"moved"}
    assert shown(db) == ["11-24 15"]
