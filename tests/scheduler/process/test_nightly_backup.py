"""The nightly backup: due once a night, made by a real process, and missed out loud."""

import os
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from support.backups import BackedUp, say_nothing
from support.desk import ADMIN, HOUR
from support.station import wait_for

from config.clock import SystemClock
from config.names import AssetKey
from config.settings import Settings
from scheduler.actions import backups as actions
from scheduler.backup.folder import initialise
from scheduler.backup.last import LastBackup, complaint, is_due, read_last, write_last
from scheduler.backup.run import run_in_turn, run_noted
from scheduler.backup.turn import LOCK, Busy, Work, only_backup
from scheduler.changing import copies
from scheduler.db.tables.alerts import AlertRow
from scheduler.domain.library.copies import BACKUP
from scheduler.process.nightly_backup import NightlyBackup, backup_command

NIGHT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
"""03:30 in New York."""
YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("now", "tried", "due"),
    [
        (NIGHT, None, True),
        (NIGHT, NIGHT - timedelta(days=1), True),
        (NIGHT - timedelta(minutes=1), NIGHT - timedelta(days=1), False),
        (NIGHT + timedelta(minutes=1), NIGHT, False),
        (NIGHT + timedelta(hours=23), NIGHT, False),
        (NIGHT + timedelta(hours=9), NIGHT - timedelta(days=3), True),
    ],
)
def test_when_a_backup_is_due(now: datetime, tried: datetime | None, due: bool) -> None:
    last = LastBackup(tried) if tried else None
    assert is_due(now, last, time(3, 30), YORK) is due


@pytest.mark.parametrize(("asked_after", "due"), [(-1, False), (1, True)])
def test_a_backup_that_somebody_asked_for_is_due_until_the_next_try(
    asked_after: int, due: bool
) -> None:
    asked = NIGHT + timedelta(seconds=asked_after)
    assert is_due(NIGHT + HOUR, LastBackup(NIGHT), time(3, 30), YORK, asked) is due


def test_what_is_said_of_the_last_backup() -> None:
    good = LastBackup(NIGHT, "", NIGHT, "a")
    assert complaint(NIGHT, None) == ""
    assert complaint(NIGHT + timedelta(hours=35), good) == ""
    assert "more than a day old" in complaint(NIGHT + timedelta(hours=37), good)
    failed = LastBackup(NIGHT, "The disk is full.", NIGHT, "a")
    assert complaint(NIGHT, failed) == "The last backup failed: The disk is full."


def test_a_damaged_result_is_none(tmp_path: Path) -> None:
    write_last(tmp_path, LastBackup(NIGHT, "", NIGHT, "a"))
    assert read_last(tmp_path) == LastBackup(NIGHT, "", NIGHT, "a")
    (tmp_path / "last-backup.json").write_text("{")
    assert read_last(tmp_path) is None


def test_a_process_makes_it_and_a_folder_that_is_away_is_an_alert(
    backed_up: BackedUp, nightly: Settings
) -> None:
    data, root = nightly.data_dir, backed_up.folder.root
    worker = NightlyBackup(backed_up.db, nightly, SystemClock(), backup_command())
    worker.one()
    last = read_last(data)
    assert last is not None and [last.name] == backed_up.folder.names() and last.problem == ""
    assert (last.files, last.size > 1000) == (0, True)
    actions.ask(backed_up.db, ADMIN, SystemClock().utc(), last.tried)
    worker.one()
    again = read_last(data)
    assert again is not None and again.tried > last.tried and again.problem == ""
    worker.one()
    assert read_last(data) == again, "one request makes one backup"
    root.rename(root.with_name("away"))
    write_last(data, LastBackup(last.tried - timedelta(days=2), "", last.good, last.name))
    worker.one()

    with backed_up.db.read() as session:
        (alert,) = session.scalars(select(AlertRow))
    assert (alert.condition, alert.subject) == ("backup old", "backup")
    assert "If a disk belongs there, mount it." in alert.detail


@pytest.fixture
def nightly(backed_up: BackedUp) -> Settings:
    """Give the settings of a server whose nightly backup goes into the folder."""
    settings, root = backed_up.settings, backed_up.folder.root
    Path(os.environ["GAVEL_CONFIG"]).write_text(
        f'data_dir = "{settings.data_dir}"\ndatabase_url = "{backed_up.db.url}"\n'
        f'backup_folder = "{root}"\n'
    )
    settings.data_dir.mkdir(exist_ok=True)
    return settings.model_copy(update={"backup_folder": root})


def waited_for(lock: Path) -> bool:
    """Return whether a process waits for the lock of this file."""
    held = f":{lock.stat().st_ino} "
    told = Path("/proc/locks").read_text().splitlines()
    return any("-> FLOCK" in line and held in line for line in told)


def alerts_of(backed_up: BackedUp) -> list[str]:
    with backed_up.db.read() as session:
        return [one.detail for one in session.scalars(select(AlertRow))]


@pytest.mark.parametrize("other_makes_one", [False, True])
def test_a_nightly_backup_waits_for_whoever_is_at_work_and_does_not_fail(
    backed_up: BackedUp, nightly: Settings, other_makes_one: bool
) -> None:
    data_dir, root, clock = nightly.data_dir, backed_up.folder.root, SystemClock()
    waiting = threading.Thread(target=run_in_turn, args=(nightly, root, clock, say_nothing))
    with only_backup(data_dir, Work.CHECK, clock):
        waiting.start()
        wait_for(lambda: waited_for(data_dir / LOCK), 20, "the backup waits for its turn")
        if other_makes_one:
            write_last(data_dir, LastBackup(clock.utc(), "", clock.utc(), "by-hand"))
    waiting.join(30)

    last = read_last(data_dir)
    assert last is not None and last.problem == ""
    assert [last.name] == (["by-hand"] if other_makes_one else backed_up.folder.names())


def test_a_backup_that_hangs_behind_another_becomes_an_alert(
    backed_up: BackedUp, nightly: Settings
) -> None:
    clock, data_dir = SystemClock(), nightly.data_dir
    old = clock.utc() - timedelta(hours=40)
    write_last(data_dir, LastBackup(old, "", old, "a"))
    worker = NightlyBackup(backed_up.db, nightly, clock, backup_command(), tell_every=0.1)
    waiting = threading.Thread(target=worker.one)
    with only_backup(data_dir, Work.TERMINAL, clock):
        waiting.start()
        (told,) = wait_for(lambda: alerts_of(backed_up), 20, "an alert")
        worker.stop()
    waiting.join(30)

    assert "more than a day old. Now at work: a backup from a terminal (process" in told


def test_a_terminal_that_finds_the_nightly_one_at_work_leaves_its_result_alone(
    backed_up: BackedUp, nightly: Settings
) -> None:
    clock, root = SystemClock(), backed_up.folder.root
    with only_backup(nightly.data_dir, Work.SERVER, clock), pytest.raises(Busy) as told:
        run_noted(nightly, root, clock, say_nothing)
    assert "Now at work: the backup that Gavel itself makes (process" in str(told.value)
    assert read_last(nightly.data_dir) is None


def test_a_copy_in_another_folder_is_not_taken_for_the_nightly_one(
    backed_up: BackedUp, nightly: Settings, tmp_path: Path
) -> None:
    other = initialise(tmp_path / "stick")
    run = run_noted(nightly, other.root, SystemClock(), say_nothing)
    assert other.names() == [run.made.name] and read_last(nightly.data_dir) is None


def test_a_process_that_dies_without_a_word_is_a_failed_backup(backed_up: BackedUp) -> None:
    settings = backed_up.settings.model_copy(update={"backup_folder": backed_up.folder.root})
    settings.data_dir.mkdir()
    dying = [sys.executable, "-c", "import os; os._exit(9)"]
    worker = NightlyBackup(backed_up.db, settings, SystemClock(), dying)
    worker.one()

    last = read_last(settings.data_dir)
    assert last is not None and "(code 9)" in last.problem
    with backed_up.db.read() as session:
        assert [one.condition for one in session.scalars(select(AlertRow))] == ["backup old"]


def test_a_backup_that_ended_without_this_scheduler_counts_too(backed_up: BackedUp) -> None:
    key = AssetKey(backed_up.add_file(b"a film"))
    backed_up.back_up()
    (name,) = backed_up.folder.names()
    settings = backed_up.settings.model_copy(update={"backup_folder": backed_up.folder.root})
    now = SystemClock().utc()
    write_last(settings.data_dir, LastBackup(now, "", now, name))
    NightlyBackup(backed_up.db, settings, SystemClock(), ["false"]).one()
    with backed_up.db.read() as session:
        places = {copy.place for copy in copies.copies_of(session, [key]).get(key, ())}
    assert BACKUP in places


def test_the_files_of_a_good_backup_count_as_copies(backed_up: BackedUp) -> None:
    key = AssetKey(backed_up.add_file(b"a film"))
    backed_up.back_up()
    (name,) = backed_up.folder.names()
    settings = backed_up.settings.model_copy(update={"backup_folder": backed_up.folder.root})
    worker = NightlyBackup(backed_up.db, settings, SystemClock(), backup_command())
    worker._count(LastBackup(NIGHT, "", NIGHT, name))
    worker._count(LastBackup(NIGHT, "", NIGHT, "20200101T000000Z"))
    with backed_up.db.read() as session:
        places = {copy.place: copy.size for copy in copies.copies_of(session, [key])[key]}
    assert places[BACKUP] == len(b"a film")
