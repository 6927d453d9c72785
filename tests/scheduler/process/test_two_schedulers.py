"""Two schedulers on two machines share one PostgreSQL: one acts, the other takes over from it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from support.databases import at_step
from support.desk import CH13, a_channel, an_airing, revision_of
from support.station import wait_for

from config.clock import SystemClock
from scheduler.db.lock import SchedulerLock
from scheduler.db.store import Database

TAKES_OVER_WITHIN = 10.0
"""Seconds; the one that waits tries once a second. The rest is for a busy machine."""


class SchedulerProcess:
    """A real `gavel scheduler` with a data_dir of its own, as on a machine of its own."""

    def __init__(self, db: Database, home: Path) -> None:
        home.mkdir()
        self._log = home / "log"
        environment = os.environ | {"GAVEL_DATA_DIR": str(home), "GAVEL_DATABASE_URL": db.url}
        program = str(Path(sys.executable).with_name("gavel"))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [program, "scheduler"], env=environment, stdout=log, stderr=log
            )

    def said(self, words: str) -> bool:
        return words in self._log.read_text()

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def schedulers(
    postgres_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SchedulerProcess, SchedulerProcess]]:
    """Start the one that acts, then the one that waits."""
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    a_channel(postgres_db)
    with ExitStack() as ends:
        pair = []
        for name, words in (("a", "the scheduler publishes"), ("b", "another scheduler is run")):
            one = SchedulerProcess(postgres_db, tmp_path / name)
            ends.callback(one.kill)
            wait_for(lambda one=one, words=words: one.said(words), 60, words)
            pair.append(one)
        yield pair[0], pair[1]


def test_the_second_scheduler_takes_over_when_the_first_is_killed(
    schedulers: tuple[SchedulerProcess, SchedulerProcess], postgres_db: Database
) -> None:
    first, second = schedulers
    wait_for(lambda: revision_of(postgres_db, CH13), 20, "the first plan is published")
    assert not second.said("the scheduler publishes")

    before = revision_of(postgres_db, CH13)
    first.kill()
    killed = time.monotonic()
    an_airing(postgres_db, SystemClock().utc(), title="After it", slate_text="After it")
    wait_for(lambda: revision_of(postgres_db, CH13) != before, 30, "the change is published")
    assert time.monotonic() - killed < TAKES_OVER_WITHIN
    assert second.said("the scheduler publishes")


def test_an_older_scheduler_hands_over_to_that_of_the_newer_version(
    schedulers: tuple[SchedulerProcess, SchedulerProcess], postgres_db: Database, tmp_path: Path
) -> None:
    """Both wait once the database is newer, so the newer one gets the lock; both act again after
    the way back.
    """
    newer = SchedulerLock(postgres_db, tmp_path / "newer.lock")
    with at_step(postgres_db, "9999"):
        for one in schedulers:
            wait_for(lambda one=one: one.said("belongs to a newer Gavel"), 20, "a sentence")
        wait_for(newer.take, 20, "the newer scheduler publishes")
        newer.release()
    before = revision_of(postgres_db, CH13)
    an_airing(postgres_db, SystemClock().utc(), title="Back", slate_text="Back")
    wait_for(lambda: revision_of(postgres_db, CH13) != before, 30, "the change is published")


def test_postgresql_soon_notices_a_machine_that_lost_its_power(
    postgres_db: Database, tmp_path: Path
) -> None:
    lock = SchedulerLock(postgres_db, tmp_path / "scheduler.lock")
    assert lock.take() and lock._connection is not None
    # A Unix socket has no keepalives, so what was set is read from its source.
    asked = text("SELECT count(*) FROM pg_settings WHERE name LIKE 'tcp_keep%' AND source = :by")
    assert lock._connection.scalar(asked, {"by": "session"}) == 3
    lock.release()
