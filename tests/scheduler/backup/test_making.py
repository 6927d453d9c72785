"""A snapshot is made while the database is in use, copies only what is new, and is whole or not."""

import hashlib
import json
import os
import resource
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.backups import BackedUp, say_nothing
from support.desk import HOUR, NOW, an_airing

from scheduler.backup import folder as folders
from scheduler.backup.folder import BackupError, initialise, open_folder, remove_unfinished
from scheduler.backup.making import make_snapshot
from scheduler.backup.run import run_backup
from scheduler.backup.turn import Busy, Work, at_work, only_backup


def in_folder(root: Path) -> dict[str, str]:
    """Return the hash of every file below this folder, by its path."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_snapshot_holds_database_settings_and_media_and_is_checked(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    with backed_up.db.write():
        run = backed_up.back_up()

    assert run.problems == ()
    assert run.checked.cues >= 3, "what airs before, at and after the airing"
    place = backed_up.folder.snapshots / run.made.name
    assert run.made.name == "20261122T180100Z"
    assert (place / "gavel.toml").read_text().startswith('station = "Test City"')
    assert backed_up.folder.object(f"{digest}.mp4").read_bytes() == b"a council meeting"
    with closing(sqlite3.connect(place / "gavel.db")) as copy:
        assert copy.execute("SELECT title FROM airing").fetchall() == [("Budget talk",)]
    manifest = json.loads((place / "manifest.json").read_text())
    assert manifest["database"]["rows"]["airing"] == 1
    assert manifest["objects"] == [{"name": f"{digest}.mp4", "size": 17}]


def test_only_the_owner_can_read_a_snapshot_because_it_holds_keys(backed_up: BackedUp) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()

    root = backed_up.folder.root
    readable = [path for path in root.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert readable == []


def test_a_media_file_is_copied_once_for_all_snapshots(backed_up: BackedUp) -> None:
    backed_up.add_file(b"a council meeting")
    first = backed_up.back_up()
    backed_up.add_file(b"a park board")
    second = backed_up.back_up()
    third = backed_up.back_up()

    assert [run.made.copied for run in (first, second, third)] == [1, 1, 0]
    assert [len(run.made.manifest.objects) for run in (first, second, third)] == [1, 2, 2]
    assert len(list(backed_up.folder.objects.rglob("*.mp4"))) == 2


def test_a_damaged_file_of_the_store_is_named_and_the_good_copy_stays(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    new = backed_up.add_file(b"a park board")
    for key in (digest, new):
        stored = backed_up.settings.media_root / key[:2] / f"{key}.mp4"
        stored.chmod(0o600)
        stored.write_bytes(b"something else that came with a bad disk")
    run = backed_up.back_up()

    assert sorted(run.problems) == sorted(
        f"{key}.mp4 is damaged: its bytes do not match its hash." for key in (digest, new)
    )
    assert [one.name for one in run.made.manifest.objects] == [f"{digest}.mp4"]
    assert run.made.manifest.lacking == (new,)
    assert len(backed_up.folder.names()) == 2, "nothing is removed after a bad backup"
    assert backed_up.folder.object(f"{digest}.mp4").read_bytes() == b"a council meeting"


def test_a_store_whose_disk_is_away_is_no_empty_library(backed_up: BackedUp) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.settings.media_root.rename(backed_up.settings.data_dir / "unmounted")

    with pytest.raises(BackupError, match=r"holds no media, and the library names 1 files\. Is"):
        backed_up.back_up()
    assert backed_up.folder.names() == []


def test_nothing_is_written_where_a_disk_should_be_mounted(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    bare = tmp_path / "mnt"
    bare.mkdir()

    with pytest.raises(BackupError, match=f"If a disk belongs there, mount it.*--init {bare}"):
        run_backup(backed_up.settings, bare, backed_up.clock, say_nothing)
    assert list(bare.iterdir()) == []


def test_a_disk_that_goes_away_meanwhile_gets_no_snapshot(
    backed_up: BackedUp, tmp_path: Path
) -> None:
    backed_up.add_file(b"a council meeting")
    root, away = backed_up.folder.root, tmp_path / "away"

    def unmount(_sentence: str) -> None:
        if not away.exists():
            root.rename(away)
            root.mkdir()

    with (
        only_backup(backed_up.settings.data_dir, Work.SERVER, backed_up.clock) as scratch,
        pytest.raises(BackupError) as told,
    ):
        make_snapshot(backed_up.settings, backed_up.folder, scratch, backed_up.clock, unmount)
    assert "If a disk belongs there, mount it." in str(told.value)
    assert list(root.iterdir()) == []


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("Dear council,")

    with pytest.raises(BackupError, match=r"holds letters\.txt\. Choose an empty folder"):
        initialise(tmp_path)
    assert not (tmp_path / "objects").exists()


def test_a_folder_of_a_newer_gavel_is_refused(tmp_path: Path) -> None:
    initialise(tmp_path / "backups")
    (tmp_path / "backups" / folders.MARKER).write_text('{"gavel_backup": 2}')

    with pytest.raises(BackupError, match="made by a newer Gavel"):
        open_folder(tmp_path / "backups")


def test_a_full_disk_says_so_and_leaves_earlier_snapshots_as_they_were(
    backed_up: BackedUp,
) -> None:
    backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    before = in_folder(backed_up.folder.root)
    backed_up.add_file(bytes(4_000_000), title="Long")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
    try:
        with pytest.raises(BackupError, match=r"is full .* snapshots made before are untouched"):
            backed_up.back_up()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert in_folder(backed_up.folder.root) == before
    assert backed_up.back_up().problems == ()


def test_two_backups_never_run_at_once(backed_up: BackedUp) -> None:
    data_dir = backed_up.settings.data_dir
    told = rf"Now at work: a check of a snapshot \(process {os.getpid()}, since [\d:]+ \w+\)\. Wait"
    with only_backup(data_dir, Work.CHECK, backed_up.clock), pytest.raises(Busy, match=told):
        backed_up.back_up()
    assert at_work(data_dir) is None


def killed_at(backed_up: BackedUp, step: int) -> bool:
    """Run a backup in a child that is killed as it begins its n-th step on the disk.

    Returns False when it ended before.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    left = step

    def die(event: str, _arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"):
            left -= 1
            if left < 0:
                os._exit(9)

    try:
        sys.addaudithook(die)
        with only_backup(backed_up.settings.data_dir, Work.SERVER, backed_up.clock) as scratch:
            settings, folder = backed_up.settings, backed_up.folder
            make_snapshot(settings, folder, scratch, backed_up.clock, say_nothing)
    finally:
        os._exit(0)


def test_a_backup_killed_at_any_step_loses_nothing_and_the_next_goes_on(
    backed_up: BackedUp,
) -> None:
    backed_up.add_file(b"a council meeting")
    first = backed_up.back_up().made.name
    kept = backed_up.folder.snapshots / first
    before = in_folder(kept)
    backed_up.db.close()
    steps = 0
    for step in range(1000):
        backed_up.clock.wait(60)
        source = backed_up.settings.media_root / "coming"
        source.write_bytes(b"%d" % step)
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        home = backed_up.settings.media_root / digest[:2] / f"{digest}.mp4"
        home.parent.mkdir(exist_ok=True)
        source.replace(home)
        if not killed_at(backed_up, step):
            break
        steps += 1
        assert in_folder(kept) == before
        for name in backed_up.folder.names():
            for one in backed_up.folder.manifest(name).objects:
                assert backed_up.folder.object(one.name).stat().st_size == one.size
    assert steps > 15
    last = backed_up.back_up()
    assert last.problems == () and remove_unfinished(backed_up.folder) == []
    assert len(last.made.manifest.objects) == steps + 2


def test_a_change_after_the_copy_is_not_in_it(backed_up: BackedUp) -> None:
    run = backed_up.back_up()
    an_airing(backed_up.db, NOW + HOUR, title="Later", slate_text="Later")

    assert run.made.manifest.database.rows["airing"] == 0
    assert backed_up.back_up().made.manifest.database.rows["airing"] == 1


def test_what_rests_in_the_archive_stays_in_every_snapshot(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    backed_up.back_up()
    backed_up.let_rest(digest, b"a council meeting")
    run = backed_up.back_up()

    assert run.problems == () and run.made.copied == 0
    assert [one.name for one in run.made.manifest.objects] == [f"{digest}.mp4"]
    assert run.made.manifest.lacking == ()


def test_a_new_backup_folder_gets_from_the_archive_what_rests_there(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    backed_up.let_rest(digest, b"a council meeting")
    run = backed_up.back_up()

    assert run.problems == () and run.made.manifest.lacking == ()
    assert backed_up.folder.object(f"{digest}.mp4").read_bytes() == b"a council meeting"


@pytest.mark.parametrize("how", ["not mounted", "not in the settings"])
def test_an_archive_that_is_away_takes_nothing_from_the_backup(
    backed_up: BackedUp, how: str
) -> None:
    known = backed_up.add_file(b"a council meeting")
    backed_up.add_file(b"a film that stays here")
    backed_up.back_up()
    new = backed_up.add_file(b"a budget hearing")
    backed_up.let_rest(known, b"a council meeting")
    backed_up.let_rest(new, b"a budget hearing")
    archive = backed_up.settings.archive_folder
    assert archive is not None
    if how == "not mounted":
        archive.rename(archive.with_name("aside"))
        archive.mkdir()
    else:
        update = {"archive_folder": None}
        backed_up.settings = backed_up.settings.model_copy(update=update)
    run = backed_up.back_up()

    assert run.problems == (), "the archive has an alert of its own"
    assert f"{known}.mp4" in [one.name for one in run.made.manifest.objects]
    assert run.made.manifest.lacking == (new,)


def test_a_server_whose_media_all_rest_is_backed_up(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    backed_up.let_rest(digest, b"a council meeting")
    assert list(backed_up.settings.media_root.glob("??/*")) == []
    assert backed_up.back_up().problems == ()
