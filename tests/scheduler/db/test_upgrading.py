"""The upgrade of a database that several programs share, on SQLite and on PostgreSQL."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, inspect, text
from support.databases import at_step, new_database, write_step
from support.desk import CH13, a_channel, plan_version

import scheduler.db.step as step_module
from scheduler.db import migrate
from scheduler.db.step import needed_step
from scheduler.db.store import Database, NewerDatabase

NEWER = "9999"
LAST_BUT_ONE = migrate.steps()[-2]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without any table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server: URL = request.getfixturevalue("postgres")
    with new_database(server) as url:
        yield url


def tables(db: Database) -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_the_step_read_from_the_folder_is_that_of_the_migrations() -> None:
    assert needed_step() == migrate.newest()


UPGRADE = """
import sys
from scheduler.db import migrate
from scheduler.db.store import Database

migrate.upgrade(Database(sys.argv[1]))
"""


def test_two_upgrades_at_one_moment_take_turns(empty: str) -> None:
    """Two servers that start together both make the tables of a new database."""
    argv = [sys.executable, "-c", UPGRADE, empty]
    both = [subprocess.Popen(argv) for _ in range(2)]

    assert [one.wait(60) for one in both] == [0, 0]
    db = Database(empty)
    assert migrate.stands_on(db) == migrate.newest()
    assert migrate.differences(db) == []
    db.close()


KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from alembic.runtime.migration import HeadMaintainer
from scheduler.db import migrate
from scheduler.db.store import Database

write = HeadMaintainer.update_to_step

def write_or_die(self, step):
    write(self, step)
    if sys.argv[2] in self.heads:
        os.kill(os.getpid(), signal.SIGKILL)

HeadMaintainer.update_to_step = write_or_die
migrate.upgrade(Database(sys.argv[1]))
"""


def test_an_upgrade_that_is_killed_in_the_middle_leaves_the_database_as_it_was(empty: str) -> None:
    db = Database(empty)
    first, middle = migrate.steps()[1], migrate.steps()[30]
    migrate.upgrade(db, first)
    before = tables(db)
    db.close()

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_MIDDLE, empty, middle], check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert (migrate.stands_on(db), tables(db)) == (first, before)
    assert migrate.upgrade(db) == migrate.newest()
    assert migrate.differences(db) == []
    db.close()


def test_an_upgrade_does_not_wait_for_a_backup_while_all_pages_wait_for_it(
    empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long reader holds its tables. A migration that waits for one stops everybody behind it."""
    monkeypatch.setattr(step_module, "LONGEST_WAIT_SECONDS", 0.05)
    db, backup = Database(empty_postgres), create_engine(Database(empty_postgres).engine.url)
    migrate.upgrade(db, LAST_BUT_ONE)
    with backup.connect() as reading:
        reading.execute(text("SELECT * FROM alembic_version"))
        with pytest.raises(migrate.DatabaseInUse, match="Stop gavel-web and gavel-scheduler"):
            migrate.upgrade(db)
    assert migrate.upgrade(db) == migrate.newest()
    backup.dispose()
    db.close()


def test_an_old_program_writes_nothing_into_a_newer_database(db: Database) -> None:
    a_channel(db)
    with at_step(db, NEWER):
        with pytest.raises(NewerDatabase, match="step 9999.* Install that version"):
            a_channel(db, "ch14")
        with pytest.raises(NewerDatabase), db.read():
            pytest.fail("what it reads may mean something else by now")
        with pytest.raises(NewerDatabase):
            db.refuse_newer()

    db.refuse_newer()
    assert plan_version(db, CH13) == 1, "the way back needs no restart"
    a_channel(db, "ch14")


def test_a_writer_that_waited_for_a_migration_finds_the_newer_database(
    postgres_db: Database,
) -> None:
    """It began before the new shape was committed, and must not write into it after."""
    writer = Database(postgres_db.url)
    refused: list[Exception] = []

    def write() -> None:
        try:
            a_channel(writer)
        except NewerDatabase as error:
            refused.append(error)

    waiting = threading.Thread(target=write)
    try:
        with postgres_db.engine.begin() as migration:
            step_module.keep_others_out(migration)
            waiting.start()
            waiting.join(0.2)
            assert waiting.is_alive()
            migration.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        waiting.join(10)
        assert len(refused) == 1
    finally:
        write_step(postgres_db, migrate.newest())
        writer.close()


def test_a_newer_database_is_refused_by_the_migrations_themselves(db: Database) -> None:
    with at_step(db, NEWER), pytest.raises(NewerDatabase, match="Install that version"):
        migrate.upgrade(db)
