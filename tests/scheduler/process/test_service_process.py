"""The scheduler as a real process: one publishes, a second waits and takes over."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desk import ADMIN, CH13, NOW, PLANNER, a_channel, revision_of
from support.mailbox import mail_server
from support.waiting import PATIENCE, in_the_end

from playout.alerts.conditions import Condition
from scheduler.actions import alerts, contacts, slides
from scheduler.db.store import Database
from scheduler.domain.model.alerts import ContactDraft
from scheduler.domain.model.slide import SlideDraft

ROOT = Path(__file__).parents[3]
PROGRAM = (
    "from config.clock import SystemClock\n"
    "from config.settings import load_settings\n"
    "from scheduler.process.service import run_scheduler\n"
    "run_scheduler(load_settings(), SystemClock())\n"
)
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(sqlite_db: Database, tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []
    env = os.environ | {
        "GAVEL_DATA_DIR": str(tmp_path),
        "GAVEL_DATABASE_URL": sqlite_db.url,
        "PYTHONPATH": str(ROOT),
    }

    def begin(**more: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=env | more)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_a_second_scheduler_waits_and_takes_over_when_the_first_is_killed(
    sqlite_db: Database, start: Start
) -> None:
    a_channel(sqlite_db)
    first = start()
    assert in_the_end(lambda: revision_of(sqlite_db, CH13) == 1)
    second = start()
    slides.add(sqlite_db, PLANNER, NOW, SlideDraft("One", "", CH13, NOW))
    assert in_the_end(lambda: revision_of(sqlite_db, CH13) == 2)
    first.kill()
    first.wait()
    slides.add(sqlite_db, PLANNER, NOW, SlideDraft("Two", "", CH13, NOW))
    assert in_the_end(lambda: revision_of(sqlite_db, CH13) == 3)
    assert second.poll() is None
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


def test_a_real_scheduler_process_tells_a_real_mailbox(sqlite_db: Database, start: Start) -> None:
    a_channel(sqlite_db)
    now = datetime.now(UTC)
    contacts.add(sqlite_db, ADMIN, now, ContactDraft("Ann", target="ann@example.gov"))
    alerts.observe(
        sqlite_db, Condition.RECORDING_FAILED, holds=True, at=now, reporter="test", channel=CH13
    )
    with mail_server() as box:
        start(
            GAVEL_ALERTS__MAIL__HOST="127.0.0.1",
            GAVEL_ALERTS__MAIL__PORT=str(box.port),
            GAVEL_ALERTS__MAIL__SECURITY="none",
        )

        assert in_the_end(lambda: bool(box.mails))
    assert box.subjects() == ["City Channel 13: Recording failed"]
