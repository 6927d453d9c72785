"""Public bodies: their usual settings, the address of an agenda, and what a form refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, VIEWER, a_channel, a_source

from scheduler.actions import bodies
from scheduler.actions.undo import undo
from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.domain.meetings.body import (
    BodyDraft,
    MeetingDefaults,
    agenda_on,
    agenda_problem,
    problems,
)
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.series.patterns import MonthlyByWeekday, Weekly
from scheduler.queries import bodies as query
from scheduler.queries.changes import latest
from scheduler.refusals import Conflict, Forbidden, Refused

A_CHANNEL_OF_OLD = (
    "INSERT INTO channel (id, name, zone, format, numbers, station, slate_text, watch, "
    "filler_no_repeat, retired, version) VALUES ('ch13', 'City Channel 13', 'America/New_York', "
    "'1280x720@30000/1001', '', '', '', '', 0, false, 1)",
)
USUAL = MeetingDefaults(CH13, "", 2 * HOUR, body="City Council", room="Council Chamber")


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("", ""),
        ("https://city.example/agenda", "https://city.example/agenda"),
        ("https://city.example/{date}", "https://city.example/2027-01-05"),
        ("https://city.example/{year}/{month}/{day}.pdf", "https://city.example/2027/01/05.pdf"),
        (" https://city.example/{date} ", "https://city.example/2027-01-05"),
    ],
)
def test_the_agenda_address_is_built_from_the_day(pattern: str, address: str) -> None:
    assert agenda_on(pattern, date(2027, 1, 5)) == address
    assert agenda_problem(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("https://city.example/{when}", "{when}"),
        ("https://city.example/{date", "brace"),
        ("city.example/{date}", "https://"),
        ("https://city.example/{date} {day}", "spaces"),
    ],
)
def test_an_invalid_agenda_pattern_says_what_to_write(pattern: str, word: str) -> None:
    assert word in agenda_problem(pattern)


def test_a_meeting_of_a_body_has_its_name_its_room_and_the_agenda_of_its_day() -> None:
    usual = replace(USUAL, agenda="https://city.example/{date}", source="chamber")
    start = datetime(2027, 1, 6, 3, tzinfo=UTC)
    meeting = usual.on(start, date(2027, 1, 5))
    assert (meeting.title, meeting.room, meeting.start) == (
        "City Council",
        "Council Chamber",
        start,
    )
    assert meeting.agenda == "https://city.example/2027-01-05"
    assert usual.on(start, date(2027, 1, 5), "Special Meeting").title == "Special Meeting"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"body": ""}, "body"),
        ({"agenda": "https://city.example/{when}"}, "agenda"),
        ({"replays": ReplayRules(count=99)}, "count"),
        ({"length": 0 * HOUR}, "length"),
    ],
)
def test_an_invalid_body_names_the_field_at_fault(over: dict[str, Any], field: str) -> None:
    assert field in problems(BodyDraft(replace(USUAL, **over)))
    assert problems(BodyDraft(USUAL)) == {}
    assert "weekdays" in problems(BodyDraft(USUAL, Weekly(frozenset())))


def test_a_body_is_added_changed_and_retired_each_with_undo(db: Database) -> None:
    a_channel(db)
    source = a_source(db)
    first_tuesdays = MonthlyByWeekday(frozenset({1}), frozenset({1}))
    draft = BodyDraft(replace(USUAL, source=source), first_tuesdays, time(19, 30))
    made = bodies.add(db, PLANNER, NOW, draft)
    assert query.body(db, made.id).draft == draft
    with pytest.raises(Refused) as refused:
        bodies.add(db, PLANNER, NOW, BodyDraft(replace(USUAL, body=" city council")))
    assert "body" in refused.value.field_errors
    with pytest.raises(Forbidden):
        bodies.retire(db, VIEWER, NOW, made.id, made.version)
    later = bodies.edit(db, PLANNER, NOW, made.id, replace(draft, at=time(18)), made.version)
    with pytest.raises(Conflict):
        bodies.edit(db, PLANNER, NOW, made.id, draft, made.version)
    bodies.retire(db, PLANNER, NOW, made.id, later.version)
    assert query.bodies(db) == ()
    change = latest(db, "body", made.id)
    assert change is not None
    undo(db, PLANNER, NOW, change.id)
    assert [one.draft.at for one in query.bodies(db)] == [time(18)]


MEETINGS_OF_OLD = (
    "INSERT INTO meeting (id, channel_id, title, body, room, start, length, televised, agenda, "
    "public_note, notes, replays, cancelled, recorded_note, version) VALUES "
    "('a', 'ch13', 'Council', 'City Council', 'Attic', '2026-11-03 15:00', 3600000000, true, "
    "'', '', '', '{}', false, '', 1), "
    "('b', 'ch13', 'Council', 'City Council', 'Chamber', '2026-11-12 00:30', 7200000000, true, "
    "'', '', '', '{\"same_day\": \"19:00:00\"}', false, '', 1)"
)


def test_migration_fills_a_body_from_its_latest_meeting(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate.upgrade(db, "0016")
    with db.engine.begin() as connection:
        for sentence in (*A_CHANNEL_OF_OLD, MEETINGS_OF_OLD):
            connection.exec_driver_sql(sentence)
    migrate.upgrade(db)
    (body,) = query.bodies(db)
    assert (body.name, body.draft.usual.room) == ("City Council", "Chamber")
    assert (body.draft.pattern, body.draft.at) == (Weekly(frozenset({2})), time(19, 30))
    assert body.draft.usual.replays == ReplayRules(same_day=time(19))
    db.close()
