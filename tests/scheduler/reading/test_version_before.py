"""A database of the version before, read by this version.

`tests/kept/server/database.sql` is the SQLite database of a small station as that version left it,
dumped as SQL: two channels, a day's plan and the reports of one broadcast machine about ten hours
of it. The machine's own files of that day lie in `tests/kept/host`.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.desk import CH13

from playout.model.cue_ids import Origin
from playout.model.plan import Plan
from playout.model.wire import decode
from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.domain.reported.aired import is_by_hand
from scheduler.queries import reports
from scheduler.queries.host_api import published_plan
from scheduler.reading.host_state import folded_state, forecast, last_report

KEPT = Path(__file__).parents[2] / "kept"
NOW = datetime(2026, 11, 23, 3, 10, 5, tzinfo=UTC)
"""Two seconds after the machine's last report."""


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "gavel.db"
    with sqlite3.connect(path) as made:
        made.executescript((KEPT / "server" / "database.sql").read_text())
    made.close()
    db = Database(f"sqlite:///{path}")
    migrate.upgrade(db)
    yield db
    db.close()


def test_its_plan_is_read(station: Database) -> None:
    published = published_plan(station, CH13)

    assert published is not None
    assert decode(Plan, published.body).revision == published.revision == 2


def test_the_rundown_that_its_host_reported_is_in_force_and_knows_its_origins(
    station: Database,
) -> None:
    with station.read() as session:
        last, coming = last_report(session, CH13), forecast(session, CH13, NOW)

    assert last is not None and last.expected is not None and last.status.next is not None
    assert not coming.predicted and coming.rundown == last.expected
    assert {cue.origin for cue in last.expected.cues} >= {Origin.PLANNED, Origin.FILL}
    assert last.status.next.origin is Origin.FILL


def test_the_state_folded_from_its_entries_is_that_of_the_host(station: Database) -> None:
    with station.read() as session:
        state = folded_state(session, CH13, NOW)

    origins = [cue.origin for cue in state.pinned]
    assert len(origins) == 34 and Origin.OFF_AIR in origins and Origin.TAKE in origins
    assert state.gap is None, "an item is on air"


def test_a_silent_host_of_the_version_before_is_predicted(station: Database) -> None:
    with station.read() as session:
        coming = forecast(session, CH13, NOW + timedelta(minutes=1))

    assert coming.predicted
    assert {cue.origin for cue in coming.rundown.cues} >= {Origin.PLANNED, Origin.FILL}


def test_its_day_is_reported_with_what_operators_put_on_air(station: Database) -> None:
    midnight = datetime(2026, 11, 22)
    day = reports.as_run(station, CH13, midnight, midnight + timedelta(days=1), NOW)

    assert len(day.runs) == 31
    assert [run.title for run in day.runs if is_by_hand(run)] == [
        "Slate", "Press briefing", "News",
    ]  # fmt: skip
