"""What staff do with airings, on both databases."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    a_draft,
    an_airing,
    an_asset,
    plan_version,
)

from config.names import AiringId, ChannelId
from playout.model.plan import EndRule, StartRule
from scheduler.actions import airings, calendars, programs, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.queries import grid
from scheduler.queries.changes import changes, history
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

DAY = date(2026, 11, 1)


def test_an_added_airing_is_stored_as_drafted(db: Database) -> None:
    a_channel(db)
    draft = a_draft(
        start_rule=StartRule.WAIT,
        wait_limit=10 * MINUTE,
        notes="Call the clerk.",
        source="chamber",
        end_rule=EndRule.HOLD,
        hard_limit=NOW + 9 * HOUR,
    )
    airing = airings.add(db, PLANNER, NOW, draft)
    assert grid.airing(db, airing.id, NOW).airing.draft == draft
    assert (airing.version, airing.sequence, airing.edited) == (1, 0, False)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"length": timedelta(0)}, "length"),
        ({"length": timedelta(days=3)}, "length"),
        ({"start": NOW - 2 * HOUR}, "start"),
        ({"start": datetime(2026, 11, 23)}, "start"),
        ({"start_rule": StartRule.WAIT}, "wait_limit"),
        ({"end_rule": EndRule.HOLD}, "end_rule"),
        ({"source": "chamber", "hard_limit": NOW}, "hard_limit"),
        ({"in_point": -MINUTE}, "in_point"),
        ({"channel": ChannelId("nowhere")}, "channel"),
        ({"program": "nothing"}, "program"),
        ({"asset": "nothing"}, "asset"),
    ],
)
def test_an_invalid_draft_names_the_field_at_fault(
    sqlite_db: Database, over: dict[str, Any], field: str
) -> None:
    a_channel(sqlite_db)
    with pytest.raises(Refused) as refused:
        an_airing(sqlite_db, **over)
    assert list(refused.value.field_errors) == [field]
    assert not changes(sqlite_db, "airing")


def test_an_airing_that_is_over_may_still_be_edited(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db, NOW - 30 * MINUTE)
    later = NOW + 2 * HOUR
    draft = a_draft(NOW - 30 * MINUTE, notes="It is over; the note remains.")
    assert airings.edit(db, PLANNER, later, airing.id, draft, 1).draft.notes


def test_a_move_takes_the_hard_limit_along(db: Database) -> None:
    a_channel(db)
    a_channel(db, "ch14")
    airing = an_airing(db, source="chamber", end_rule=EndRule.HOLD, hard_limit=NOW + 5 * HOUR)
    moved = airings.move(
        db, PLANNER, NOW, airing.id, NOW + 3 * HOUR, airing.version, ChannelId("ch14")
    )
    assert moved.draft.hard_limit == NOW + 7 * HOUR
    assert (moved.channel, moved.id) == ("ch14", airing.id)
    assert plan_version(db, CH13) == plan_version(db, ChannelId("ch14")) + 1 == 3


def test_a_copy_gets_an_id_of_its_own(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    copy = airings.copy(db, PLANNER, NOW, airing.id, NOW + 9 * HOUR, replay=True)
    assert copy.id != airing.id
    assert (copy.title, copy.draft.replay, copy.sequence) == (airing.title, True, 0)


def test_an_airing_without_a_file_takes_its_programs_file(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    program = programs.add(db, PLANNER, NOW, ProgramDraft("Council", asset=asset.id))
    assert an_airing(db, program=program.id).draft.asset == asset.id
    assert an_airing(db, program=program.id, source="chamber").draft.asset is None


def test_a_lost_update_returns_the_present_airing(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    first = airings.move(db, PLANNER, NOW, airing.id, NOW + 2 * HOUR, airing.version)
    with pytest.raises(Conflict) as conflict:
        airings.move(db, PLANNER, NOW, airing.id, NOW + 3 * HOUR, airing.version)
    assert isinstance(conflict.value.current, Airing)
    assert conflict.value.current.start == NOW + 2 * HOUR
    assert grid.airing(db, airing.id, NOW).airing == first


def test_a_cancelled_airing_leaves_the_week_and_cannot_be_moved(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    gone = airings.cancel(db, PLANNER, NOW, airing.id, airing.version)
    assert grid.week(db, [CH13], NOW.date() - timedelta(days=6), NOW).airings == ()
    with pytest.raises(Conflict):
        airings.move(db, PLANNER, NOW, airing.id, NOW + 2 * HOUR, gone.version)


def test_only_planners_change_airings(db: Database) -> None:
    a_channel(db)
    with pytest.raises(Forbidden):
        airings.add(db, VIEWER, NOW, a_draft())
    with pytest.raises(Missing):
        airings.cancel(db, PLANNER, NOW, AiringId("nothing"), 1)


def test_every_change_names_its_actor_and_its_object(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.move(db, PLANNER, NOW + MINUTE, airing.id, NOW + 2 * HOUR, airing.version)
    moved, added = changes(db, "airing", airing.id)
    assert (added.verb, added.actor, added.sentence) == ("add", "Pat Planner", "Added City Council")
    assert added.parts[0].before is None
    assert (moved.verb, moved.at) == ("move", NOW + MINUTE)
    assert {name for name, _, _ in moved.parts[0].differences} == {"start", "end", "edited"}


def test_an_edit_without_a_difference_is_not_recorded(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    airings.move(db, PLANNER, NOW, airing.id, NOW + 2 * HOUR, airing.version)
    before = (plan_version(db, CH13), len(changes(db)))
    current = grid.airing(db, airing.id, NOW).airing
    airings.move(db, PLANNER, NOW, airing.id, NOW + 2 * HOUR, current.version)
    assert (plan_version(db, CH13), len(changes(db))) == before


def test_the_history_of_an_airing_lists_changes_made_through_others(db: Database) -> None:
    a_channel(db)
    first, other = an_airing(db), an_airing(db, start=NOW + 3 * HOUR, title="Parks")
    drafts = [replace(one.draft, start=one.start + MINUTE) for one in (first, other)]
    edits = {one.id: (draft, 1) for one, draft in zip((first, other), drafts, strict=True)}
    airings.arrange(db, PLANNER, NOW, edits, None, "Moved City Council, moving 1 airing")
    told = history(db, "airing", other.id)
    assert [one.sentence for one in told] == ["Moved City Council, moving 1 airing", "Added Parks"]
    assert [one.sentence for one in history(db, "airing", other.id, limit=1)] == [told[0].sentence]
    undo(db, PLANNER, NOW, told[0].id)
    assert history(db, "airing", other.id)[0].undoes == told[0].id


def test_the_history_of_an_airing_lists_changes_by_its_series_and_calendar(
    db: Database,
) -> None:
    a_channel(db)
    days = calendars.add(db, PLANNER, NOW, CalendarDraft("City", "Christmas: December 25"))
    rule = Rule(zone="America/New_York", at=time(10), pattern=Weekly(frozenset({1})), first=DAY)
    rule = replace(rule, holidays=(Observance(days.id, Policy.SKIP),))
    draft = SeriesDraft("Council", rule, a_draft(title="City Council"))
    made = series.add(db, PLANNER, NOW, draft)
    airing = grid.week(db, [CH13], date(2026, 11, 30), NOW).airings[0].airing
    later = replace(draft, rule=replace(rule, at=time(11)))
    series.edit(db, PLANNER, NOW, made.id, later, made.version)
    closed = CalendarDraft("City", "Closed: December 1")
    calendars.edit(db, PLANNER, NOW, days.id, closed, days.version)
    assert [(one.entity, one.verb) for one in history(db, "airing", airing.id)] == [
        ("calendar", "edit"),
        ("series", "edit"),
        ("series", "add"),
    ]
