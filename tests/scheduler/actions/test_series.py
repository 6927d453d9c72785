"""Series as rows: airings with lasting ids, left alone once somebody changed them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, a_draft, an_asset, plan_version

from scheduler.actions import airings, programs, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import MovedDay, Rule, Series, SeriesDraft, SkippedDay
from scheduler.queries import grid
from scheduler.queries import series as asked
from scheduler.queries.changes import changes, latest
from scheduler.queries.programs import series_card
from scheduler.refusals import Conflict, Refused

WEEK = timedelta(weeks=1)
TUESDAYS = Weekly(frozenset({1}))


def a_series_draft(**over: object) -> SeriesDraft:
    rule = Rule(zone="America/New_York", at=time(10), pattern=TUESDAYS, first=date(2026, 11, 1))
    draft = SeriesDraft("Regular meeting", rule, a_draft(title="City Council"))
    return replace(draft, **over)  # type: ignore[arg-type]


def coming(db: Database, made: Series, now: datetime = NOW) -> list[Airing]:
    return [view.airing for view in series_card(db, made.id, now).airings]


def days(db: Database, made: Series, now: datetime = NOW) -> list[str]:
    return [f"{airing.start:%m-%d %H}" for airing in coming(db, made, now)]


def test_a_new_series_makes_five_weeks_at_once(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    assert days(db, made) == ["11-24 15", "12-01 15", "12-08 15", "12-15 15", "12-22 15"]
    (change,) = changes(db, "series", made.id)
    assert len(change.parts) == 6


def test_the_nightly_run_extends_series_without_duplicates(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    first = coming(db, made)
    assert series.materialise_all(db, NOW) == 0
    before = plan_version(db, CH13)
    assert series.materialise_all(db, NOW + WEEK) == 1
    assert plan_version(db, CH13) == before + 1
    assert coming(db, made, NOW + WEEK)[:4] == first[1:]


def test_a_changed_rule_moves_its_airings_and_keeps_their_ids(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    before = [airing.id for airing in coming(db, made)]
    rule = replace(made.draft.rule, at=time(11))
    series.edit(db, PLANNER, NOW, made.id, a_series_draft(rule=rule), made.version)
    assert days(db, made) == ["11-24 16", "12-01 16", "12-08 16", "12-15 16", "12-22 16"]
    assert [airing.id for airing in coming(db, made)] == before
    assert {airing.sequence for airing in coming(db, made)} == {1}


def test_an_airing_edited_by_hand_is_left_alone(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    by_hand = coming(db, made)[1]
    airings.move(db, PLANNER, NOW, by_hand.id, by_hand.start + HOUR, by_hand.version)
    gone = coming(db, made)[2]
    airings.cancel(db, PLANNER, NOW, gone.id, gone.version)
    rule = replace(made.draft.rule, at=time(8))
    series.edit(db, PLANNER, NOW, made.id, a_series_draft(rule=rule), made.version)
    assert days(db, made) == ["11-24 13", "12-01 16", "12-15 13", "12-22 13"]


def test_a_removed_weekday_cancels_and_an_added_one_adds_airings(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    rule = replace(made.draft.rule, pattern=Weekly(frozenset({2})))
    edited = series.edit(db, PLANNER, NOW, made.id, a_series_draft(rule=rule), made.version)
    assert days(db, made)[0] == "11-25 15"
    series.edit(db, PLANNER, NOW, made.id, a_series_draft(), edited.version)
    assert days(db, made) == ["11-24 15", "12-01 15", "12-08 15", "12-15 15", "12-22 15"]


def test_a_day_of_a_series_is_skipped_moved_and_restored(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    moved = coming(db, made)[1].id
    one = series.except_day(db, PLANNER, NOW, made.id, SkippedDay(date(2026, 11, 24)), made.version)
    to = datetime(2026, 11, 30, 13, 30)
    two = series.except_day(db, PLANNER, NOW, made.id, MovedDay(date(2026, 12, 1), to), one.version)
    assert days(db, made)[:2] == ["11-30 18", "12-08 15"]
    assert coming(db, made)[0].id == moved
    series.restore_day(db, PLANNER, NOW, made.id, date(2026, 11, 24), two.version)
    assert days(db, made)[:2] == ["11-24 15", "11-30 18"]


def test_an_ended_series_leaves_only_airings_changed_by_hand(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    kept = coming(db, made)[0]
    airings.move(db, PLANNER, NOW, kept.id, kept.start + HOUR, kept.version)
    series.end(db, PLANNER, NOW, made.id, made.version)
    assert [airing.id for airing in coming(db, made)] == [kept.id]
    assert series.materialise_all(db, NOW + WEEK) == 0


def test_undoing_a_rule_undoes_its_airings(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    before = days(db, made)
    series.end(db, PLANNER, NOW, made.id, made.version)
    ended = latest(db, "series", made.id)
    assert ended is not None
    undo(db, PLANNER, NOW, ended.id)
    assert days(db, made) == before
    assert not series_card(db, made.id, NOW).series.ended


def test_a_series_takes_its_programs_file_as_soon_as_there_is_one(db: Database) -> None:
    a_channel(db)
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Council"))
    draft = a_series_draft(airing=a_draft(program=program.id))
    made = series.add(db, PLANNER, NOW, draft)
    assert coming(db, made)[0].draft.asset is None
    asset = an_asset(db)
    edited = ProgramDraft("Council", asset=asset.id)
    programs.edit(db, PLANNER, NOW, program.id, edited, program.version)
    series.materialise_all(db, NOW)
    assert {airing.draft.asset for airing in coming(db, made)} == {asset.id}


def test_a_series_raises_refused_and_conflict(db: Database) -> None:
    a_channel(db)
    empty = Rule("America/Nowhere", time(10), Weekly(frozenset()), date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        series.add(db, PLANNER, NOW, a_series_draft(rule=empty))
    assert set(refused.value.field_errors) == {"zone", "weekdays"}
    made = series.add(db, PLANNER, NOW, a_series_draft())
    series.end(db, PLANNER, NOW, made.id, made.version)
    with pytest.raises(Conflict):
        series.edit(db, PLANNER, NOW, made.id, a_series_draft(), made.version)


def test_a_started_airing_of_a_series_is_never_changed(db: Database) -> None:
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    running = coming(db, made)[0]
    during = running.start + HOUR / 2
    rule = replace(made.draft.rule, at=time(18))
    series.edit(db, PLANNER, during, made.id, a_series_draft(rule=rule), made.version)
    assert grid.airing(db, running.id, during).airing == running


def test_a_split_fortnightly_series_keeps_its_weeks(db: Database) -> None:
    """Preview and series agree: 24 November, then with the split on 1 December still 8 and 22
    December.
    """
    a_channel(db)
    fortnightly = Weekly(frozenset({1}), 2)
    rule = Rule("America/New_York", time(10), fortnightly, date(2026, 11, 24))
    made = series.add(db, PLANNER, NOW, a_series_draft(rule=rule))
    later = a_series_draft(rule=replace(rule, at=time(11)))
    day = date(2026, 12, 1)

    said = asked.meaning(db, later, NOW, made.id, day)
    split = series.split(db, PLANNER, NOW, made.id, day, later, made.version)

    assert [one.day for one in said.dates[:2]] == [date(2026, 12, 8), date(2026, 12, 22)]
    assert days(db, made) == ["11-24 15"]
    assert days(db, split) == ["12-08 16", "12-22 16"]


def test_the_preview_of_a_split_shows_what_is_saved(db: Database) -> None:
    """The first day that was typed is later than the day of the split."""
    a_channel(db)
    made = series.add(db, PLANNER, NOW, a_series_draft())
    rule = replace(made.draft.rule, at=time(11), first=date(2026, 12, 15))
    wanted, day = a_series_draft(rule=rule), date(2026, 12, 8)
    shown = asked.meaning(db, wanted, NOW, made.id, day)
    new = series.split(db, PLANNER, NOW, made.id, day, wanted, made.version)
    assert [one.start for one in shown.dates][:3] == [one.start for one in coming(db, new)][:3]
