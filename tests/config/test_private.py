"""State on disk is private, whoever starts the process and whatever their umask."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.desk import NOW

from config.private import keep_private
from config.wholefile import write_whole
from playout.host.journal import Journal
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_new_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o777)
    keep_private(folder)
    db = Database(f"sqlite:///{folder / 'gavel.db'}")
    upgrade(db)
    (folder / "other").mkdir()

    assert mode(folder) & 0o007 == 0
    assert {mode(path) & 0o077 for path in folder.iterdir()} == {0}
    db.close()


def test_the_umask_of_a_unit_with_group_access_is_kept(tmp_path: Path) -> None:
    os.umask(0o027)
    keep_private(tmp_path / "state")

    assert os.umask(0) == 0o027 and mode(tmp_path / "state") == 0o750


def test_plan_and_journal_are_private_whatever_the_umask(tmp_path: Path) -> None:
    write_whole(tmp_path / "plan.json", b"{}")
    journal = Journal(tmp_path / "journal.jsonl")
    journal.alarm(NOW, "a word")
    journal.close()

    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
