"""What the scheduler does with instants that a clock stored while it was ahead."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from support.desk import NOW

from scheduler.actions import disk_days, jobs
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.last import LastBackup, is_due
from scheduler.db import find
from scheduler.db.passing import WatchedFolder
from scheduler.db.store import Database
from scheduler.db.tables.plan import JobRow
from scheduler.domain.library.pace import SERVER_PLACE
from scheduler.domain.model.job import LONGEST_PAUSE, JobKind, JobState, has_come
from scheduler.ids import new_id
from scheduler.queries import disks
from scheduler.queries.library_faults import folder_fault
from scheduler.reading.host_state import is_silent
from scheduler.reading.pulse import SchedulerPulse

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
PUT_OFF = [
    (None, True),
    (timedelta(0), True),
    (MINUTE, False),
    (LONGEST_PAUSE, False),
    (LONGEST_PAUSE + MINUTE, True),
    (30 * DAY, True),
]


@pytest.mark.parametrize(("ahead", "begins"), PUT_OFF)
def test_a_job_that_is_put_off_by_more_than_any_pause_begins(
    sqlite_db: Database, ahead: timedelta | None, begins: bool
) -> None:
    not_before = None if ahead is None else NOW + ahead
    with sqlite_db.write() as session:
        row = JobRow(id=new_id(), kind=JobKind.ARCHIVE.value, created=NOW)
        row.state, row.not_before = JobState.WAITING.value, not_before
        session.add(row)

    assert has_come(not_before, NOW) is begins
    assert (jobs.claim(sqlite_db, NOW, {JobKind.ARCHIVE}) is not None) is begins


@pytest.mark.parametrize(
    ("tried", "due"), [(-MINUTE, False), (15 * MINUTE, False), (DAY, False), (3 * DAY, True)]
)
def test_a_backup_is_made_though_the_last_try_lies_days_ahead(tried: timedelta, due: bool) -> None:
    now = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)

    assert is_due(now, LastBackup(now + tried), time(3, 30), ZoneInfo("UTC")) is due


@pytest.mark.parametrize(("ahead", "silent"), [(timedelta(0), False), (15 * MINUTE, True)])
def test_whoever_was_last_heard_in_the_future_must_be_heard_again(
    ahead: timedelta, silent: bool
) -> None:
    folder = WatchedFolder("Drop", 0, 0, "", NOW + ahead)

    assert is_silent(NOW + ahead, NOW) is silent
    assert SchedulerPulse(NOW + ahead).away(NOW) is silent
    assert (folder_fault(folder, NOW) != "") is silent


def test_a_figure_of_a_day_to_come_is_no_figure_of_a_disk(sqlite_db: Database) -> None:
    disk_days.note(sqlite_db, [DiskReading(SERVER_PLACE, "Server", 10**12, 10**13)], NOW + 3 * DAY)
    disk_days.note(sqlite_db, [DiskReading(SERVER_PLACE, "Server", 10**9, 10**13)], NOW)

    assert [one.free for one in disks.disks(sqlite_db, NOW)] == [10**9]
    with sqlite_db.read() as session:
        assert find.disks.disk_read(session, SERVER_PLACE, NOW) == NOW
