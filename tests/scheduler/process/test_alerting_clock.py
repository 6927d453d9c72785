"""The alerts of a server whose clock is set: each fault is told once, and new ones in time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, a_channel

from config import disk
from config.clock import SimulatedClock
from config.settings import Settings
from playout.alerts.conditions import Condition, Severity
from playout.alerts.routing import MOST_AN_HOUR
from playout.alerts.tracking import Observation
from playout.notify.fakes import KeptMessages
from scheduler.actions import contacts
from scheduler.db.store import Database
from scheduler.domain.model.alerts import ContactDraft, FaultList, Way
from scheduler.process.alerting import AlertWorker
from scheduler.queries import alert_pages

SECOND = timedelta(seconds=1)
ANN = ContactDraft("Ann", Way.MAIL, "ann@example.gov", least=Severity.NOTICE, remind=HOUR)
BOB = ContactDraft(
    "Bob", Way.MAIL, "bob@example.gov", least=Severity.NOTICE, after=timedelta(minutes=15)
)


@dataclass
class Desk:
    """A worker of alerts, its clock, and what is wrong now."""

    db: Database
    clock: SimulatedClock
    folder: Path
    kept: KeptMessages = field(default_factory=KeptMessages)
    wrong: set[tuple[Condition, str]] = field(default_factory=set)
    worker: AlertWorker = field(init=False)

    def __post_init__(self) -> None:
        self.start_again()

    def start_again(self) -> None:
        """Start the worker as after a restart: it knows of no step."""
        settings = Settings(data_dir=self.folder / "data")
        self.worker = AlertWorker(self.db, settings, {"mail": self.kept}, self.clock, [self.judge])

    def run(self, span: timedelta, every: timedelta = 5 * SECOND) -> None:
        """Let time pass, with a look at all that is wrong every so often."""
        for _ in range(span // every):
            self.clock.advance(every)
            self.worker.look()
            self.worker.send()

    def judge(self, now: datetime) -> FaultList:
        """Return what is wrong, as one of the worker's judges."""
        return FaultList(
            "test",
            None,
            tuple(
                Observation(condition, CH13, subject, True, "Wrong.", now, "test")
                for condition, subject in sorted(self.wrong)
            ),
        )

    def told(self, to: str = "ann@example.gov") -> list[str]:
        """Return what was sent to one contact: `raised black`, `over black`."""
        return [
            f"{fact['step']} {fact['condition']}"
            for target, message in self.kept.messages
            if target == to
            for fact in message.facts
        ]


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("scheduler.process.alerting.free_bytes", lambda _: 2 * disk.LOW_BELOW)
    a_channel(sqlite_db)
    contacts.add(sqlite_db, ADMIN, NOW, ANN)
    return Desk(sqlite_db, SimulatedClock(NOW + 48 * HOUR), tmp_path)


BLACK, SILENT = (Condition.BLACK, ""), (Condition.SILENT, "")


@pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "starts again"])
def test_a_clock_ahead_for_half_a_minute_keeps_no_fault_from_being_told(
    desk: Desk, restarts: bool
) -> None:
    desk.run(MINUTE)
    desk.clock.step(15 * MINUTE)
    desk.wrong = {BLACK}
    desk.run(30 * SECOND)
    desk.clock.step(-15 * MINUTE)
    if restarts:
        desk.start_again()
    desk.run(30 * SECOND)
    assert desk.told() == ["raised black"]

    desk.wrong = {BLACK, SILENT}
    desk.run(45 * SECOND)
    assert desk.told() == ["raised black", "raised silent"]

    desk.wrong = set()
    desk.run(90 * SECOND)
    assert sorted(desk.told()[2:]) == ["over black", "over silent"]
    desk.run(20 * MINUTE, every=MINUTE)
    assert len(desk.told()) == 4 and alert_pages.open_alerts(desk.db) == ()


def test_a_fault_that_ends_while_the_clock_is_ahead_is_over_in_its_usual_time(desk: Desk) -> None:
    desk.wrong = {BLACK}
    desk.run(MINUTE)
    desk.clock.step(15 * MINUTE)
    desk.wrong = set()
    desk.run(30 * SECOND)
    desk.clock.step(-15 * MINUTE)
    desk.run(50 * SECOND)

    assert desk.told() == ["raised black", "over black"]


def test_a_clock_behind_by_an_hour_and_right_again_tells_nothing_twice(desk: Desk) -> None:
    contacts.add(desk.db, ADMIN, NOW, BOB)
    desk.wrong = {BLACK}
    desk.run(5 * MINUTE, every=20 * SECOND)
    desk.clock.step(-HOUR)
    desk.wrong = {BLACK, SILENT}
    desk.run(50 * SECOND)
    desk.clock.step(HOUR)
    desk.run(5 * MINUTE, every=20 * SECOND)

    assert desk.told() == ["raised black", "raised silent"]
    assert desk.told("bob@example.gov") == []
    desk.run(10 * MINUTE, every=20 * SECOND)
    assert desk.told("bob@example.gov") == ["raised black", "raised silent"]
    desk.wrong = set()
    desk.run(2 * MINUTE)
    assert sorted(desk.told()[2:]) == ["over black", "over silent"]
    [black] = [
        one for one in alert_pages.page(desk.db).past if one.key.condition is Condition.BLACK
    ]
    assert black.began == NOW + 48 * HOUR + 20 * SECOND


def test_a_fault_too_short_to_be_told_is_not_told_because_the_clock_is_set(desk: Desk) -> None:
    desk.wrong = {SILENT}
    desk.run(10 * SECOND)
    desk.clock.step(HOUR)
    desk.run(10 * SECOND)
    desk.wrong = set()
    desk.run(2 * MINUTE)

    assert desk.told() == []


def test_the_limit_of_an_hour_holds_across_a_step_and_ends_after_an_hour(desk: Desk) -> None:
    desk.clock.step(24 * HOUR)
    for number in range(MOST_AN_HOUR):
        desk.wrong.add((Condition.RECORDING_FAILED, f"{number}"))
        desk.run(5 * SECOND)
    desk.clock.step(-24 * HOUR)
    desk.wrong.add((Condition.RECORDING_FAILED, "late"))
    desk.run(50 * MINUTE, every=MINUTE)
    assert len(desk.kept.messages) == MOST_AN_HOUR

    desk.run(11 * MINUTE, every=MINUTE)
    assert len(desk.kept.messages) > MOST_AN_HOUR


@pytest.mark.parametrize("restarts", [False, True], ids=["runs on", "starts again"])
def test_a_message_that_failed_while_the_clock_was_ahead_is_tried_again(
    desk: Desk, restarts: bool
) -> None:
    desk.clock.step(2 * HOUR)
    desk.kept.refusal = "451 try later"
    desk.wrong = {BLACK}
    desk.run(30 * SECOND)
    desk.clock.step(-2 * HOUR)
    desk.kept.refusal = ""
    if restarts:
        desk.start_again()
    desk.run(40 * SECOND)

    assert desk.told() == ["raised black"]
