"""Bodies, programs and calendars are added, changed and retired alike, each under its own name."""

from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel

from scheduler.actions import bodies, calendars, programs
from scheduler.db.store import Database
from scheduler.domain.meetings.body import BodyDraft, MeetingDefaults
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.series.calendar import CalendarDraft
from scheduler.queries.changes import changes
from scheduler.refusals import Conflict, Missing, Refused

BODY = BodyDraft(MeetingDefaults(CH13, "", 2 * HOUR, body="City Council"))
KINDS = [
    (
        bodies,
        BODY,
        BodyDraft(MeetingDefaults(CH13, "", HOUR, body="")),
        "body",
        "public body City Council",
    ),
    (programs, ProgramDraft("Parks"), ProgramDraft(""), "program", "program Parks"),
    (
        calendars,
        CalendarDraft("City", "New Year: January 1"),
        CalendarDraft("City", ""),
        "calendar",
        "calendar City",
    ),
]


@pytest.mark.parametrize(("kind", "draft", "bad", "entity", "name"), KINDS)
def test_a_collection_records_adding_changing_and_retiring(
    db: Database, kind: Any, draft: Any, bad: Any, entity: str, name: str
) -> None:
    a_channel(db)
    made = kind.add(db, PLANNER, NOW, draft)
    with pytest.raises(Refused):
        kind.edit(db, PLANNER, NOW, made.id, bad, made.version)
    gone = kind.retire(db, PLANNER, NOW, made.id, made.version)
    assert gone.archived
    for stale in (kind.retire, lambda *one: kind.edit(*one[:-1], draft, one[-1])):
        with pytest.raises(Conflict) as conflict:
            stale(db, PLANNER, NOW, made.id, made.version)
        assert conflict.value.current == gone
        with pytest.raises(Missing):
            stale(db, PLANNER, NOW, "nowhere", 1)
    said = [one.sentence for one in changes(db, entity, made.id)]
    assert said == [f"Retired the {name}", f"Added the {name}"]
