"""A server on PostgreSQL is backed up and restored, and a city moves from SQLite to it and back."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.backups import BackedUp, a_server, say_nothing
from support.desk import CH13, NOW, a_channel

from config.settings import Settings
from media.store import MediaStore
from scheduler.backup import restoring
from scheduler.backup.folder import BackupError
from scheduler.db import copies
from scheduler.db.store import Database, DatabaseError
from scheduler.queries import grid
from web.cli import main

LATER = NOW + timedelta(days=2)


@pytest.fixture
def on_postgres(postgres_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackedUp:
    """Give a server on PostgreSQL with one file, planned."""
    server = a_server(postgres_db, tmp_path, monkeypatch)
    server.add_file(b"a council meeting")
    return server


def titles(settings: Settings) -> list[str]:
    """Return what is planned in the week, by the database of these settings."""
    db = Database(settings.database)
    week = grid.week(db, [CH13], NOW.date(), NOW)
    db.close()
    return [one.airing.title for one in week.airings]


def test_a_server_on_postgresql_is_backed_up_and_checked_while_others_write(
    on_postgres: BackedUp,
) -> None:
    with on_postgres.db.write() as session:
        session.connection().exec_driver_sql("UPDATE airing SET title = 'Not yet'")
        run = on_postgres.back_up()

    assert run.problems == () and run.checked.cues >= 3
    record = run.made.manifest.database
    assert (record.kind, record.rows["airing"]) == ("postgresql", 1)
    assert record.rows == copies.row_counts(on_postgres.db)
    content = (on_postgres.folder.snapshots / run.made.name / "gavel.db").read_bytes()
    assert b"Budget talk" in content and b"Not yet" not in content


def test_it_is_restored_into_an_empty_postgresql_and_into_no_other(
    on_postgres: BackedUp, empty_postgres: str, tmp_path: Path
) -> None:
    name = on_postgres.back_up().made.name
    used = Settings(data_dir=tmp_path / "fresh", database_url=on_postgres.db.url)
    with pytest.raises(BackupError, match=r"has rows already\. .* Make one with createdb"):
        restoring.restore(used, on_postgres.folder, "", LATER, say_nothing)
    assert not used.data_dir.exists(), "nothing is begun where the end is refused"

    fresh = Settings(data_dir=tmp_path / "fresh", database_url=empty_postgres)
    done = restoring.restore(fresh, on_postgres.folder, "", LATER, say_nothing)
    assert (done.name, done.lost) == (name, ())
    assert titles(fresh) == ["Budget talk"] and len(MediaStore(fresh.media_root).keys()) == 1
    assert [one.name for one in fresh.data_dir.iterdir()] == ["media"]


def test_a_restore_cut_off_after_the_database_was_filled_is_continued(
    on_postgres: BackedUp, empty_postgres: str, tmp_path: Path
) -> None:
    name = on_postgres.back_up().made.name
    fresh = Settings(data_dir=tmp_path / "fresh", database_url=empty_postgres)
    restoring.restore(fresh, on_postgres.folder, "", LATER, say_nothing)
    (fresh.data_dir / restoring.RESTORING).write_text(name)
    restoring.restore(fresh, on_postgres.folder, "", LATER, say_nothing)

    assert restoring.unfinished(fresh.data_dir) == "" and titles(fresh) == ["Budget talk"]


def test_a_database_that_does_not_answer_is_said_before_media_are_copied(
    on_postgres: BackedUp, tmp_path: Path
) -> None:
    on_postgres.back_up()
    away = Settings(
        data_dir=tmp_path / "fresh", database_url="postgresql://gavel:s3cret@127.0.0.1:9/gavel"
    )
    with pytest.raises(DatabaseError, match="(?i)connection") as told:
        restoring.restore(away, on_postgres.folder, "", LATER, say_nothing)
    assert "s3cret" not in str(told.value) and not away.data_dir.exists()


def test_a_city_moves_from_sqlite_to_postgresql_and_back_and_keeps_its_media_where_they_are(
    backed_up: BackedUp, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    data_dir, root = backed_up.settings.data_dir, backed_up.folder.root
    monkeypatch.delenv("GAVEL_CONFIG")
    monkeypatch.setenv("GAVEL_DATA_DIR", str(data_dir))
    monkeypatch.setenv("GAVEL_DATABASE_URL", empty_postgres)
    said = CliRunner().invoke(main, ["restore", str(root), "--database-only"])
    assert said.exit_code == 0 and "into the database of database_url" in said.output
    moved = Settings(data_dir=data_dir, database_url=empty_postgres)
    assert titles(moved) == ["Budget talk"]
    again = CliRunner().invoke(main, ["restore", str(root), "--database-only"])
    assert again.exit_code == 1 and "has rows already" in again.output

    grown = Database(empty_postgres)
    a_channel(grown, "ch14")
    there = BackedUp(grown, moved, backed_up.folder, backed_up.clock, backed_up.planned)
    there.clock.wait(60)
    there.back_up()
    grown.close()
    monkeypatch.delenv("GAVEL_DATABASE_URL")
    home = Settings(data_dir=data_dir)
    restoring.restore_database(home, backed_up.folder, "", LATER, say_nothing)
    back = Database(home.database)
    assert copies.row_counts(back)["channel"] == 2 and titles(home) == ["Budget talk"]
    back.close()


def test_a_database_elsewhere_than_in_data_dir_is_never_replaced(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    backed_up.back_up()
    used = Settings(data_dir=tmp_path / "fresh", database_url=backed_up.db.url)
    for put_back in (restoring.restore, restoring.restore_database):
        with pytest.raises(BackupError, match=r"data here already: .*/gavel\.db\."):
            put_back(used, backed_up.folder, "", LATER, say_nothing)
    with backed_up.db.read():
        assert copies.row_counts(backed_up.db)["channel"] == 1


def test_media_that_are_not_there_are_named_after_a_move(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    digest = backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    fresh = Settings(data_dir=tmp_path / "fresh")
    done = restoring.restore_database(fresh, backed_up.folder, "", LATER, say_nothing)
    assert done.lost == (f"{digest}.mp4 is not in {fresh.media_root}.",)
