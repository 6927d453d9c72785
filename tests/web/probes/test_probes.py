"""What a program that watches the server is told, also while the database does not answer."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from support.desk import CH13, HOUR, NOW
from support.website import Site

from config.names import AiringId, ChannelId
from playout.alerts.conditions import Condition
from playout.model.plan import Outcome
from playout.model.wire import AsRun, JournalEntry, Report, Status
from scheduler.actions import alerts, reports
from scheduler.db.store import Database
from scheduler.db.tables.plan import ChannelRow
from scheduler.reading.pulse import SCHEDULER, SCHEDULER_SILENT_AFTER
from web.kit.context import SERVICES_KEY
from web.probes.readiness import readiness_look

SECOND = timedelta(seconds=1)
CH14 = ChannelId("ch14")
ROW = AsRun(
    "c1", None, AiringId("a1"), "Council", NOW - 2 * HOUR, NOW - HOUR, NOW - 2 * HOUR, NOW - HOUR,
    9, 0, 0, Outcome.AIRED, "deck",
)  # fmt: skip


def heard(site: Site, channel: ChannelId, at: datetime = NOW, *rows: AsRun) -> None:
    """Let a broadcast machine report on a channel."""
    status = Status(
        channel=channel, host="secret-machine", at=at, tick=9000, layer="deck", cue=None,
        item=None, title="Film", started=at, ends=None, offset=0.0, revision=None, serial=1,
        outputs=1, late_ticks=0, clock_step=0.0, disk_free=200 * 1000**3,
    )  # fmt: skip
    entries = tuple(JournalEntry(1, f"e{n}", at, "as-run", as_run=r) for n, r in enumerate(rows))
    reports.accept_report(site.db, channel, Report(status, None, entries), at)


def well(site: Site) -> None:
    """Let the scheduler and the machine of the first channel say that they run."""
    alerts.pulse(site.db, SCHEDULER, site.clock.utc())
    heard(site, CH13, site.clock.utc(), ROW)


def asked(site: Site) -> tuple[int, dict[str, Any]]:
    """Return status and body of `/readyz` as it is after the last answer has expired."""
    site.clock.advance(2 * SECOND)
    answer = site.visitor().get("/readyz")
    return answer.status_code, answer.json


def use(site: Site, db: Database, patience: float) -> Any:
    """Let `/readyz` look at this database, with so much patience in seconds."""
    look = readiness_look(db, site.clock, patience)
    object.__setattr__(site.app.extensions[SERVICES_KEY], "readiness", look)
    return look


def test_all_is_well_and_a_channel_that_no_machine_airs_is_off(site: Site) -> None:
    well(site)

    code, said = asked(site)

    assert code == 200
    assert said == {
        "ready": True,
        "database": "ok",
        "scheduler": "running",
        "channels": {
            "ch13": {
                "state": "on air", "faults": [], "heard": "2026-11-22T18:00:00+00:00",
                "heard_seconds_ago": 2, "as_run_seconds_ago": 3602,
            },
            "ch14": {
                "state": "off", "faults": [], "heard": None, "heard_seconds_ago": None,
                "as_run_seconds_ago": None,
            },
        },
    }  # fmt: skip


def test_a_channel_that_was_taken_away_is_not_missed(site: Site) -> None:
    well(site)
    heard(site, CH14)
    with site.db.write() as session:
        row = session.get(ChannelRow, CH14)
        assert row is not None
        row.retired = True
    site.clock.advance(HOUR)
    well(site)

    code, said = asked(site)

    assert (code, list(said["channels"])) == (200, ["ch13"])


def silent_host(site: Site) -> None:
    alerts.pulse(site.db, SCHEDULER, site.clock.utc() + HOUR)
    site.clock.advance(HOUR)


def stopped_scheduler(site: Site) -> None:
    site.clock.advance(SCHEDULER_SILENT_AFTER)
    heard(site, CH13, site.clock.utc())


def black_picture(site: Site) -> None:
    for before in (timedelta(minutes=1), timedelta(0)):
        alerts.observe(
            site.db, Condition.BLACK, holds=True, at=site.clock.utc() - before, reporter="test",
            detail="a secret", channel=CH13,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "scheduler", "state", "faults"),
    [
        (silent_host, "running", "silent", []),
        (stopped_scheduler, "stopped", "on air", []),
        (black_picture, "running", "fault", ["black"]),
    ],
)
def test_a_fault_answers_503_and_names_what_is_wrong(
    site: Site, fault: Callable[[Site], None], scheduler: str, state: str, faults: list[str]
) -> None:
    well(site)
    assert asked(site)[0] == 200
    fault(site)

    code, said = asked(site)

    assert (code, said["ready"], said["database"]) == (503, False, "ok")
    channel = said["channels"]["ch13"]
    assert (said["scheduler"], channel["state"], channel["faults"]) == (scheduler, state, faults)
    assert "secret" not in str(said)


def test_a_scheduler_that_never_ran_is_not_ready(site: Site) -> None:
    heard(site, CH13)

    code, said = asked(site)

    assert (code, said["scheduler"]) == (503, "never started")


@contextmanager
def locked(db: Database) -> Iterator[None]:
    """Hold a lock that no reader passes."""
    if not db.is_sqlite:
        with db.engine.connect() as holder:
            holder.execute(text("LOCK TABLE alert IN ACCESS EXCLUSIVE MODE"))
            yield
        return
    db.close()
    holder = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    try:
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        holder.close()


def test_a_locked_database_is_told_at_once_and_holds_one_thread_only(site: Site) -> None:
    well(site)
    look = use(site, site.db, 0.05)
    with locked(site.db):
        code, said = asked(site)
        first = look._latest
        again = [asked(site) for _ in range(50)]
        alive = site.visitor().get("/healthz")

        assert (code, said["database"], said["scheduler"]) == (503, "no answer", "unknown")
        assert {code for code, _ in again} == {503}
        assert look._latest is first and not first.done()
        assert (alive.status_code, alive.text) == (200, "ok\n")
    assert first.result(30) is not None
    use(site, site.db, 30)
    assert asked(site)[0] == 503, "nobody was heard meanwhile"
    well(site)
    assert asked(site)[0] == 200


def test_a_deleted_database_file_is_told_although_open_connections_still_read(
    site: Site, sqlite_db: Database
) -> None:
    use(site, sqlite_db, 30)
    assert asked(site)[1]["database"] == "ok"
    file = Path(str(sqlite_db.engine.url.database))
    kept = file.read_bytes()
    file.rename(file.with_suffix(".away"))

    code, said = asked(site)

    assert (code, said["database"]) == (503, "no answer")
    assert not file.exists(), "looking must not make an empty database"
    file.write_bytes(kept)
    assert asked(site)[0] == 503, "open connections still write into the deleted file"
    file.with_suffix(".away").rename(file)
    assert asked(site)[1]["database"] == "ok"


def test_a_flood_of_questions_is_one_look_and_liveness_asks_the_database_nothing(
    site: Site,
) -> None:
    well(site)
    asked(site)
    statements: list[str] = []
    event.listen(site.db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    visitor = site.visitor()
    for _ in range(100):
        assert visitor.get("/readyz").status_code == 200
        assert visitor.get("/healthz").status_code == 200

    assert statements == []
    asked(site)
    assert 0 < len(statements) < 12
