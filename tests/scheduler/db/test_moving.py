"""A database moves from SQLite into PostgreSQL and back with every value as it was stored."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from support.desk import HOUR, NOW, a_channel, an_airing
from support.furnished import add_one_of_everything

from scheduler.db import copies, migrate, moving, passing
from scheduler.db.store import Database, DatabaseError
from scheduler.db.tables.house import ChangeRow

ODD_VALUES = (
    # What an older version stored and this one would refuse or clip.
    "UPDATE airing SET start = '0001-01-02 00:00:00+00'",
    "UPDATE channel SET watch = 'not an address'",
    'UPDATE asset SET media = \'null\', facts = \'{"b": 1,   "a": "é"}\'',
    "UPDATE asset SET thumbnail = NULL",
)


def stored(db: Database) -> list[tuple[object, ...]]:
    """Return what the odd values are, as the database itself writes them."""
    with db.engine.connect() as connection:
        texts = "SELECT watch FROM channel UNION ALL SELECT CAST(media AS TEXT) FROM asset"
        facts = " UNION ALL SELECT CAST(facts AS TEXT) FROM asset"
        return [tuple(row) for row in connection.execute(text(texts + facts))]


@pytest.fixture
def furnished(postgres_db: Database) -> Database:
    """Give a database with one of everything and with values of older versions."""
    a_channel(postgres_db)
    add_one_of_everything(postgres_db, NOW)
    passing.note_presence(postgres_db, "a", "Ana", "Schedule", NOW)
    with postgres_db.engine.begin() as connection:
        for odd in ODD_VALUES:
            connection.exec_driver_sql(odd)
    return postgres_db


def test_every_value_comes_through_sqlite_and_back(
    furnished: Database, empty_postgres: str, tmp_path: Path
) -> None:
    first, back = tmp_path / "first.db", tmp_path / "back.db"
    moving.save(furnished.url, first)
    moving.load(first, empty_postgres, "20261130T083000Z")
    moving.save(empty_postgres, back)

    kept = [Database(f"sqlite:///{path}") for path in (first, back)]
    moved = Database(empty_postgres)
    counts = [copies.row_counts(one) for one in (furnished, moved, *kept)]
    assert [one.pop("presence") for one in counts] == [1, 0, 0, 0], "it is worth seconds"
    assert counts == counts[:1] * 4 and sum(counts[0].values()) > 60
    assert stored(furnished) == stored(moved) == stored(kept[0]) == stored(kept[1])
    assert migrate.differences(moved) == [] and copies.faults(kept[1]) == []
    assert moving.mark_of(moved) == "20261130T083000Z" and moving.has_rows(moved)
    an_airing(moved, NOW + 9 * HOUR, title="Later", slate_text="Later")
    with moved.read() as session:
        numbers = sorted(session.scalars(select(ChangeRow.id)))
    assert numbers[-1] == numbers[-2] + 1, "new rows are numbered after the old ones"
    for one in (*kept, moved):
        one.close()


def test_a_database_with_rows_is_never_filled(sqlite_db: Database, postgres_db: Database) -> None:
    a_channel(postgres_db)
    a_channel(sqlite_db, "ch14")
    file = Path(str(sqlite_db.engine.url.database))

    with pytest.raises(DatabaseError, match="not empty: table change has rows"):
        moving.load(file, postgres_db.url, "20261130T083000Z")
    assert copies.row_counts(postgres_db)["channel"] == 1 and moving.mark_of(postgres_db) == ""
    assert migrate.differences(postgres_db) == []


def test_a_database_that_cannot_be_filled_whole_stays_empty(
    sqlite_db: Database, empty_postgres: str
) -> None:
    a_channel(sqlite_db)
    with sqlite_db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("UPDATE plan_version SET channel_id = 'gone'")
        connection.exec_driver_sql("BEGIN")
    file = Path(str(sqlite_db.engine.url.database))

    with pytest.raises(DatabaseError, match="violates foreign key constraint"):
        moving.load(file, empty_postgres, "20261130T083000Z")
    left = Database(empty_postgres)
    assert not moving.has_rows(left) and moving.mark_of(left) == ""
    assert migrate.differences(left) == []
    left.close()


def test_a_database_of_another_version_is_brought_up_first(
    empty_postgres: str, tmp_path: Path
) -> None:
    old = Database(empty_postgres)
    migrate.upgrade(old, "0020")
    old.close()

    with pytest.raises(DatabaseError, match="at step 0020, and .* gavel db upgrade"):
        moving.save(empty_postgres, tmp_path / "copy.db")
