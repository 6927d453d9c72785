"""The nightly backup: due once a night, made by a real process, and missed out loud."""

import os
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from support.backups import BackedUp
from support.desk import ADMIN, HOUR

from config.clock import SystemClock
from scheduler.actions import backups as actions
from scheduler.backup.last import LastBackup, complaint, is_due, read_last, write_last
from scheduler.db.tables.alerts import AlertRow
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


def test_a_process_makes_it_and_a_folder_that_is_away_is_an_alert(backed_up: BackedUp) -> None:
    data, root = backed_up.settings.data_dir, backed_up.folder.root
    toml = Path(os.environ["GAVEL_CONFIG"])
    toml.write_text(
        f'data_dir = "{data}"\ndatabase_url = "{backed_up.db.url}"\nbackup_folder = "{root}"\n'
    )
    settings = backed_up.settings.model_copy(update={"backup_folder": root})
    worker = NightlyBackup(backed_up.db, settings, SystemClock(), backup_command())
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
