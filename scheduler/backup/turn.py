"""The turn of a backup: on one machine one backup, check or restore works at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter, ValidationError

from config.clock import Clock, machine_zone
from config.readjson import read_json
from config.times import stamped
from scheduler.backup.folder import BackupError

LOCK, SCRATCH = "backup.lock", "backup-work"


class Work(StrEnum):
    """The kinds of work that take the turn, as sentences name them."""

    SERVER = "the backup that Gavel itself makes"
    TERMINAL = "a backup from a terminal"
    CHECK = "a check of a snapshot"
    RESTORE = "a restore"


@dataclass(frozen=True)
class AtWork:
    """The process that has the turn."""

    work: Work
    pid: int
    since: datetime
    """In UTC."""

    def __str__(self) -> str:
        return f"{self.work} (process {self.pid}, since {stamped(self.since, machine_zone())})"


class Busy(BackupError):
    """A turn that another process has. It is no failed backup; the text names the process."""


_AT_WORK = TypeAdapter(AtWork)


@contextmanager
def only_backup(data_dir: Path, work: Work, clock: Clock, *, wait: bool = False) -> Iterator[Path]:
    """Take the turn, and give an empty folder for work on the local disk.

    Raises Busy while another process has the turn; with `wait`, blocks until that one ends.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    scratch = data_dir / SCRATCH
    with (data_dir / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            holder = _named(data_dir)
            told = f"Now at work: {holder}." if holder else "Another backup is running."
            raise Busy(f"{told} Wait until it has ended.") from None
        _sign(file, AtWork(work, os.getpid(), clock.utc()))
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            file.truncate(0)


def at_work(data_dir: Path) -> AtWork | None:
    """Return the process of this machine that has the turn; None for none, and in the instant
    before it has signed.
    """
    return _named(data_dir) if is_running(data_dir) else None


def is_running(data_dir: Path) -> bool:
    """Return whether a backup or restore of this machine runs, in any process.

    The lock is only tried while the folder for work is there, so a look never keeps a backup from
    beginning, except in the instant after one that was killed.
    """
    if not (data_dir / SCRATCH).exists():
        return False
    try:
        with (data_dir / LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _sign(file: IO[bytes], at_work: AtWork) -> None:
    """Write into the lock whose turn it is, for whoever finds it taken."""
    file.truncate(0)
    file.write(_AT_WORK.dump_json(at_work))
    file.flush()


def _named(data_dir: Path) -> AtWork | None:
    with suppress(OSError, ValueError, ValidationError):
        return _AT_WORK.validate_python(read_json(data_dir / LOCK))
    return None
