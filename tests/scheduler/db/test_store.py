"""The database: time zones, one writer at a time, and migrations that match the tables."""

import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, a_draft, an_airing, plan_version

from config.names import ChannelId
from scheduler.actions import airings
from scheduler.db import migrate
from scheduler.db.lock import SchedulerLock
from scheduler.db.rows import restore, snapshot
from scheduler.db.store import Database, DatabaseError, Duplicate
from scheduler.db.tables.house import SessionRow
from scheduler.db.tables.meetings import SourceRow
from scheduler.db.tables.plan import AiringRow, ChannelRow, PlanVersionRow
from scheduler.db.tables.types import Duration, UtcDateTime
from scheduler.queries import grid
from scheduler.queries.changes import history
from scheduler.refusals import Conflict


def test_migrations_create_the_tables_of_this_version(db: Database) -> None:
    assert migrate.differences(db) == []
    assert migrate.stands_on(db) == migrate.newest() != ""


def test_upgrading_again_changes_nothing(db: Database) -> None:
    a_channel(db)
    assert migrate.upgrade(db) == migrate.newest()
    assert plan_version(db, CH13) == 1


def test_a_new_database_is_at_no_step(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert migrate.stands_on(db) == ""
    assert migrate.differences(db) != []
    db.close()


A_CHANNEL_OF_OLD = (
    "INSERT INTO channel (id, name, zone, format, numbers, station, slate_text, "
    "filler_no_repeat, retired, version) VALUES ('ch13', 'City Channel 13', 'America/New_York', "
    "'1280x720@30000/1001', '', '', '', 0, false, 1)",
    "INSERT INTO plan_version (channel_id, number) VALUES ('ch13', 1)",
)
"""As the second step knew it: later columns fill themselves."""


def a_channel_of_old(db: Database, name: str) -> None:
    """Add a channel with the columns of the step that the database is at."""
    with db.engine.begin() as connection:
        for sentence in A_CHANNEL_OF_OLD:
            connection.exec_driver_sql(sentence.replace("'ch13'", f"'{name}'"))


def test_a_database_of_any_version_is_upgraded_with_its_rows(tmp_path: Path) -> None:
    """Upgrade one database step by step: each version adds a channel, and each later step keeps
    them all. The first step makes only half of the tables, so the test begins at the second.
    """
    db, steps = Database(f"sqlite:///{tmp_path / 'old.db'}"), migrate.steps()[1:]
    for step in steps:
        assert migrate.upgrade(db, step) == step
        a_channel_of_old(db, f"since-{step}")

    assert migrate.stands_on(db) == migrate.newest()
    assert migrate.differences(db) == []
    assert [plan_version(db, ChannelId(f"since-{step}")) for step in steps] == [1] * len(steps)
    db.close()


def test_the_oldest_database_is_upgraded_in_one_run(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'oldest.db'}")
    migrate.upgrade(db, migrate.steps()[1])
    a_channel_of_old(db, "ch13")

    assert migrate.upgrade(db) == migrate.newest()
    assert migrate.differences(db) == []
    assert plan_version(db, CH13) == 1
    db.close()


def test_migration_indexes_old_changes_by_the_rows_they_touched(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'old.db'}")
    migrate.upgrade(db, "0010")
    part = '{"table": "filler", "key": ["ch13", "a"], "before": null, "after": {}}'
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO change (id, at, actor_id, actor_name, verb, entity, entity_id, sentence, "
            f"channels, parts) VALUES (7, '2026-11-22 18:00:00', 'a', 'Ana', 'add', 'filler', "
            f"'ch13/a', 'Added', '[]', '[{part}]')"
        )
    migrate.upgrade(db)
    assert [one.sentence for one in history(db, "filler", "ch13/a")] == ["Added"]
    db.close()


def test_an_instant_is_read_as_aware_utc(db: Database) -> None:
    a_channel(db)
    tokyo = timezone(timedelta(hours=9))
    start = datetime(2026, 11, 24, 1, 2, 3, 456789, tzinfo=tokyo)
    airing = an_airing(db, start)
    found = grid.airing(db, airing.id, NOW).airing.start
    assert (found, found.tzinfo) == (start, UTC)


def test_a_naive_instant_is_refused(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    with pytest.raises(DatabaseError, match="no time zone"), db.write() as session:
        row = session.get(AiringRow, airing.id)
        assert row is not None
        row.hard_limit = datetime(2026, 11, 24)
    assert UtcDateTime().process_bind_param(None, None) is None  # type: ignore[arg-type]


@given(st.timedeltas())
def test_a_duration_keeps_its_microseconds(span: timedelta) -> None:
    kind = Duration()
    kept = kind.process_bind_param(span, None)  # type: ignore[arg-type]
    assert kind.process_result_value(kept, None) == span  # type: ignore[arg-type]


def test_references_are_enforced(db: Database) -> None:
    with pytest.raises(Duplicate), db.write() as session:
        session.add(
            SessionRow(
                token_hash="x", person_id="nobody", created=NOW, last_seen=NOW, expires=NOW,
                client="",
            )
        )  # fmt: skip


def test_a_transaction_that_raises_is_rolled_back(db: Database) -> None:
    a_channel(db)
    with pytest.raises(RuntimeError), db.write() as session:
        row = session.get(ChannelRow, CH13)
        assert row is not None
        row.name = "Other"
        session.flush()
        raise RuntimeError
    assert grid.channel(db, CH13).name == "City Channel 13"


def test_writers_take_turns_and_none_fails(db: Database) -> None:
    """Read, then write, from six threads. Without BEGIN IMMEDIATE SQLite fails at this."""
    a_channel(db)
    failures: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(10):
                with db.write() as session:
                    row = session.get(PlanVersionRow, CH13, with_for_update=True)
                    assert row is not None
                    row.number += 1
        except Exception as error:  # noqa: BLE001 - the test says what it was
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert plan_version(db, CH13) == 61


def test_of_two_simultaneous_edits_one_gets_a_conflict(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    results: list[object] = []
    ready = threading.Barrier(2)

    def edit(hours: int) -> None:
        ready.wait()
        try:
            start = NOW + hours * HOUR
            results.append(airings.move(db, PLANNER, NOW, airing.id, start, airing.version))
        except Conflict as conflict:
            results.append(conflict)

    threads = [threading.Thread(target=edit, args=(hours,)) for hours in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Airing", "Conflict"]
    assert grid.airing(db, airing.id, NOW).airing.version == 2


def test_restore_undoes_a_snapshot_exactly(db: Database) -> None:
    a_channel(db)
    airing = airings.add(db, PLANNER, NOW, a_draft(hard_limit=NOW + 9 * HOUR, source="x"))
    with db.write() as session:
        row = session.get(AiringRow, airing.id)
        assert row is not None
        said = snapshot(row)
        row.title, row.hard_limit, row.length, row.start = "Other", None, HOUR * 2, NOW
        assert snapshot(row) != said
        restore(row, said)
        assert snapshot(row) == said
    assert grid.airing(db, airing.id, NOW).airing.draft == airing.draft


def test_one_scheduler_at_a_time(db: Database, tmp_path: Path) -> None:
    first = SchedulerLock(db, tmp_path / "one" / "lock")
    same_machine = SchedulerLock(db, tmp_path / "one" / "lock")
    assert first.take()
    assert first.still_held()
    assert not same_machine.take()
    if not db.is_sqlite:
        other_machine = SchedulerLock(db, tmp_path / "two" / "lock")
        assert not other_machine.take()
        other_machine.release()
    first.release()
    assert not first.still_held()
    assert same_machine.take()
    same_machine.release()


def test_the_database_version_changes_with_each_commit_only(db: Database) -> None:
    first = db.version()
    with db.read() as session:
        session.scalar(text("SELECT count(*) FROM person"))
    assert db.version() == first
    with pytest.raises(ZeroDivisionError), db.write() as session:
        session.execute(text("DELETE FROM person"))
        raise ZeroDivisionError
    a_channel(db)
    second = db.version()
    assert second != first and db.version() == second


def test_database_errors_never_repeat_row_values(db: Database) -> None:
    key = "srt://10.0.0.5:9000?passphrase=hunter2hunter2"
    row = {
        "name": "Chamber", "address": key, "gain_db": 0.0, "sound": "stereo", "limiter": True,
        "expects": "", "starts_on_signal": False, "ends_on_silence": False, "version": 1,
    }  # fmt: skip
    wrongs = ({"gain_db": None}, {"version": 2**70}, {"name": f"{key}\x00"})
    for wrong in wrongs:
        try:
            with db.write() as session:
                session.execute(insert(SourceRow), [{"id": "s", **row, **wrong}])
                session.execute(insert(SourceRow), [{"id": "s", **row, **wrong}])
        except Exception:  # noqa: BLE001 - each kind of error there is
            assert "hunter2" not in traceback.format_exc()
        else:
            pytest.fail(f"{list(wrong)} was taken")
