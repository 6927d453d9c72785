"""The doctor's look at backups: each fault is named, with the command that fixes it."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import NOW

from config.finding import MachineFinding
from config.settings import Settings
from scheduler.backup.finding import backup_finding
from scheduler.backup.folder import initialise
from scheduler.backup.last import LastBackup, write_last

GOOD = LastBackup(NOW, "", NOW, "20261122T083000Z")


def found(
    tmp_path: Path, last: LastBackup | None = None, *, after: timedelta = timedelta(0)
) -> MachineFinding:
    """Judge the folder `backups` after this result of the last backup."""
    if last is not None:
        (tmp_path / "data").mkdir(exist_ok=True)
        write_last(tmp_path / "data", last)
    settings = Settings(data_dir=tmp_path / "data", backup_folder=tmp_path / "backups")
    return backup_finding(settings, NOW + after)


def test_no_folder_is_a_note_with_the_way_to_one(tmp_path: Path) -> None:
    finding = backup_finding(Settings(data_dir=tmp_path), NOW)
    assert finding.grade == "note" and "gavel backup --init" in finding.mend


def test_a_folder_that_is_not_there_is_mounted(tmp_path: Path) -> None:
    finding = found(tmp_path)
    assert (finding.grade, "mount -a" in finding.mend) == ("wrong", True)


def test_a_bare_folder_is_a_new_one_before_the_first_backup_and_a_mount_point_after(
    tmp_path: Path,
) -> None:
    (tmp_path / "backups").mkdir()
    new = found(tmp_path)
    assert "not made a backup folder yet" in new.text and "--init" in new.mend
    away = found(tmp_path, GOOD)
    assert "is not there" in away.text and "mount -a" in away.mend


def test_a_folder_that_cannot_be_written_is_given_to_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    initialise(tmp_path / "backups")
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = found(tmp_path, GOOD)
    assert "cannot be written" in finding.text
    assert f"chown -R gavel {tmp_path / 'backups'}" in finding.mend


def test_a_marker_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (initialise(tmp_path / "backups").root / "gavel-backup.json").write_text("{")
    assert "cannot be read" in found(tmp_path, GOOD).text


@pytest.mark.parametrize(
    ("last", "hours", "grade", "said"),
    [
        (None, 0, "note", "No backup was made yet."),
        (GOOD, 35, "good", GOOD.name),
        (GOOD, 37, "wrong", "more than a day old"),
        (LastBackup(NOW, "The disk is full.", NOW), 0, "wrong", "The disk is full."),
    ],
)
def test_the_last_backup_is_judged(
    tmp_path: Path, last: LastBackup | None, hours: int, grade: str, said: str
) -> None:
    initialise(tmp_path / "backups")
    finding = found(tmp_path, last, after=timedelta(hours=hours))
    assert finding.grade == grade and said in finding.text
    assert grade == "good" or "gavel backup" in finding.mend
