"""A snapshot becomes the data of a machine that has none, and of no other."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.backups import BackedUp, say_nothing
from support.desk import CH13, HOUR, NOW, PLANNER

from config.names import AssetKey
from config.settings import Settings
from media.store import MediaStore
from playout.model.commands import Command, Verb
from scheduler.actions import airings, people, resting
from scheduler.backup import restoring
from scheduler.backup.checking import check_snapshot, due
from scheduler.backup.folder import BackupError, began_of, snapshot_name
from scheduler.backup.manifest import read, write
from scheduler.backup.turn import Work, only_backup
from scheduler.db import copies, load
from scheduler.db.store import Database
from scheduler.db.tables.house import CommandRow, LinkRow, SessionRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.people import Role
from scheduler.queries import grid, public
from web.cli import main

LATER = NOW + timedelta(days=2)


def a_fresh_machine(folder: Path) -> Settings:
    """Return the settings of a machine without data."""
    return Settings(data_dir=folder / "fresh")


def test_the_schedule_and_its_files_come_back(backed_up: BackedUp, tmp_path: Path) -> None:
    digest = backed_up.add_file(b"a council meeting")
    name = backed_up.back_up().made.name
    fresh = a_fresh_machine(tmp_path)
    done = restoring.restore(fresh, backed_up.folder, "", LATER, say_nothing)

    assert (done.name, done.lost) == (name, ())
    stored = MediaStore(fresh.media_root)
    assert stored.keys() == {digest} and stored.verify(next(iter(stored.keys())))
    db = Database(fresh.database)
    week = grid.week(db, [CH13], NOW.date(), NOW)
    assert [one.airing.title for one in week.airings] == ["Budget talk"]
    db.close()
    assert restoring.unfinished(fresh.data_dir) == ""


def test_a_machine_with_data_is_refused_and_keeps_it(backed_up: BackedUp) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()

    with pytest.raises(BackupError, match=r"There is data here already: .*/data/media"):
        own = backed_up.settings.model_copy(update={"database_url": ""})
        restoring.restore(own, backed_up.folder, "", LATER, say_nothing)


def test_a_damaged_copy_of_the_database_restores_nothing(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    name = backed_up.back_up().made.name
    copy = backed_up.folder.snapshots / name / "gavel.db"
    content = bytearray(copy.read_bytes())
    content[5000] ^= 1
    copy.write_bytes(content)
    fresh = a_fresh_machine(tmp_path)

    with pytest.raises(BackupError, match=r"gavel\.db is damaged: .* Choose another one\."):
        restoring.restore(fresh, backed_up.folder, name, LATER, say_nothing)
    assert not (fresh.data_dir / "gavel.db").exists()
    with only_backup(tmp_path / "work", Work.CHECK, backed_up.clock) as scratch:
        checked = check_snapshot(backed_up.folder, name, scratch, NOW)
    assert checked.problems == ("gavel.db is damaged: its bytes do not match its hash.",)


def test_a_lost_media_file_does_not_keep_the_others_away(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    lost = backed_up.add_file(b"a council meeting")
    kept = backed_up.add_file(b"a park board")
    name = backed_up.back_up().made.name
    backed_up.folder.object(f"{lost}.mp4").write_bytes(b"a council meetinG")
    with only_backup(tmp_path / "work", Work.CHECK, backed_up.clock) as scratch:
        checked = check_snapshot(backed_up.folder, name, scratch, NOW, every=True)
    fresh = a_fresh_machine(tmp_path)
    done = restoring.restore(fresh, backed_up.folder, "", LATER, say_nothing)

    assert checked.problems == (f"{lost}.mp4 is damaged: its bytes have changed.",)
    assert done.lost == (f"{lost}.mp4 is damaged: its bytes do not match its hash.",)
    assert MediaStore(fresh.media_root).keys() == {kept}


def test_an_interrupted_restore_is_continued_and_gavel_does_not_start_meanwhile(
    backed_up: BackedUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.add_file(b"a park board")
    first = backed_up.back_up().made.name
    backed_up.clock.wait(24 * 3600)
    backed_up.back_up()
    fresh = a_fresh_machine(tmp_path)

    def stop_at_the_second(sentence: str) -> None:
        if "file 2" in sentence:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoring.restore(fresh, backed_up.folder, first, LATER, stop_at_the_second)
    monkeypatch.delenv("GAVEL_CONFIG")
    monkeypatch.setenv("GAVEL_DATA_DIR", str(fresh.data_dir))
    started = CliRunner().invoke(main, ["db", "upgrade"])
    assert started.exit_code == 1 and f"--snapshot {first}" in started.output
    with pytest.raises(BackupError, match=f"Continue it with --snapshot {first}"):
        restoring.restore(fresh, backed_up.folder, "", LATER, say_nothing)
    said: list[str] = []
    restoring.restore(fresh, backed_up.folder, first, LATER, said.append)

    assert said[0].startswith("Restoring media file 1 of 1")
    assert len(MediaStore(fresh.media_root).keys()) == 2


def test_what_a_newer_gavel_made_is_refused(backed_up: BackedUp, tmp_path: Path) -> None:
    name = backed_up.back_up().made.name
    path = backed_up.folder.snapshots / name / "manifest.json"
    step = backed_up.folder.manifest(name).database.step
    path.write_text(path.read_text().replace(f'"{step}"', '"9999"'))

    with pytest.raises(BackupError, match=r"which is newer\. Install that version first"):
        restoring.restore(a_fresh_machine(tmp_path), backed_up.folder, "", LATER, say_nothing)


def test_nothing_old_is_done_again_and_nobody_stays_signed_in(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    pressed = Command("c1", 1, Verb.SLATE, NOW, NOW + timedelta(seconds=10), "Olga")
    with backed_up.db.write() as session:
        session.add(load.commands.command_row(CH13, pressed))
    link = people.first_admin_link(backed_up.db, NOW)
    assert link is not None
    admin = people.redeem_link(backed_up.db, NOW, link, "ada", "Ada", "a sentence of words")
    people.open_session(backed_up.db, NOW, admin.id, "test")
    people.invite(backed_up.db, admin.actor, NOW, Role.OPERATOR)
    backed_up.back_up()
    fresh = a_fresh_machine(tmp_path)
    restoring.restore(fresh, backed_up.folder, "", LATER, say_nothing)

    db = Database(fresh.database)
    with db.read() as session:
        command = session.get_one(CommandRow, "c1")
        assert (command.answer, command.reason[:23]) == ("refused", "The server was restored")
        assert {row.revoked for row in session.query(SessionRow)} == {LATER}
        assert all(row.used is not None for row in session.query(LinkRow))
    db.close()


def test_subscribers_believe_a_calendar_that_was_restored(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    """A client ignores an event whose SEQUENCE went back, and a restore takes numbers back."""
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    (airing,) = (one.airing for one in grid.week(backed_up.db, [CH13], NOW.date(), NOW).airings)
    for minutes in range(1, 4):
        moved = grid.airing(backed_up.db, airing.id, NOW).airing
        at = NOW + timedelta(minutes=minutes)
        airings.move(backed_up.db, PLANNER, at, airing.id, moved.start + HOUR, moved.version)
    seen = public.airing(backed_up.db, airing.id)
    fresh = a_fresh_machine(tmp_path)
    restoring.restore(fresh, backed_up.folder, "", LATER, say_nothing)

    db = Database(fresh.database)
    told = public.airing(db, airing.id)
    assert seen is not None and told is not None
    assert told.start == airing.start and told.start != seen.start
    assert told.sequence > seen.sequence and told.modified > seen.modified
    db.close()


def test_a_clock_behind_the_snapshot_lowers_no_number(backed_up: BackedUp, tmp_path: Path) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    fresh = a_fresh_machine(tmp_path)
    restoring.restore(fresh, backed_up.folder, "", NOW - timedelta(days=9), say_nothing)

    db = Database(fresh.database)
    with db.read() as session:
        assert [row.sequence for row in session.query(AiringRow)] == [1]
    db.close()


def test_a_manifest_reads_as_it_was_written(backed_up: BackedUp) -> None:
    backed_up.add_file(b"a council meeting")
    manifest = backed_up.back_up().made.manifest

    assert read(write(manifest)) == manifest


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'"format": 1', b'"format": 2', "it has format 2, and this Gavel reads 1"),
        (b'"name": "gavel.db"', b'"name": "../../etc/passwd"', "pattern"),
        (b'"size"', b'"sise"', "size"),
        (b"}", b"", "JSON"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(
    backed_up: BackedUp, old: bytes, new: bytes, why: str
) -> None:
    content = write(backed_up.back_up().made.manifest)

    with pytest.raises(ValueError, match=why):
        read(content.replace(old, new))


def test_every_file_is_read_again_once_in_thirty_nights() -> None:
    names = [f"{n:08x}{'0' * 56}.mp4" for n in range(0, 9000, 7)]
    nights = {name: [night for night in range(700, 730) if due(name, night)] for name in names}

    assert {len(read_in) for read_in in nights.values()} == {1}
    assert due("0000001f" + "0" * 56, 31) and not due("0000001f" + "0" * 56, 32)


def test_a_name_is_the_instant_at_which_it_began() -> None:
    assert snapshot_name(NOW) == "20261122T180000Z"
    assert began_of("20261122T180000Z") == NOW


def test_settings_that_lie_in_data_dir_are_no_data(
    backed_up: BackedUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    toml = home / "gavel.toml"
    toml.write_text(f'data_dir = "{home}"\n')
    monkeypatch.setenv("GAVEL_CONFIG", str(toml))
    backed_up.back_up()
    toml.unlink()

    restored = CliRunner().invoke(main, ["restore", str(backed_up.folder.root)])
    assert restored.exit_code == 0, restored.output
    assert toml.read_text() == f'data_dir = "{home}"\n' and (home / "gavel.db").exists()


@pytest.mark.parametrize("archive", ["there", "away", "gone"])
def test_what_rests_goes_on_resting_where_the_archive_has_it(
    backed_up: BackedUp, tmp_path: Path, archive: str
) -> None:
    stays = backed_up.add_file(b"a film that stays here")
    rests = backed_up.add_file(b"a council meeting")
    backed_up.let_rest(rests, b"a council meeting")
    assert backed_up.back_up().problems == ()
    root = backed_up.settings.archive_folder
    assert root is not None
    if archive != "there":
        root.rename(root.with_name("aside"))
    fresh = a_fresh_machine(tmp_path / "fresh")
    if archive != "gone":
        fresh = fresh.model_copy(update={"archive_folder": root})
    done = restoring.restore(fresh, backed_up.folder, "", NOW, say_nothing)

    assert done.lost == ()
    store = MediaStore(fresh.media_root)
    assert store.has(AssetKey(stays), ".mp4")
    assert store.has(AssetKey(rests), ".mp4") is (archive != "there")
    db = Database(fresh.database)
    assert copies.resting_files(db) == {f"{rests}.mp4": 17}
    resting.wake(db, store.keys())
    assert bool(copies.resting_files(db)) is (archive == "there"), "the mark says what is true"
    db.close()


def test_a_snapshot_of_a_version_that_let_nothing_rest_names_nothing(tmp_path: Path) -> None:
    old = tmp_path / "gavel.db"
    old.write_bytes(b"no database at all")
    assert copies.resting_in(old) == frozenset()
    assert old.read_bytes() == b"no database at all"
