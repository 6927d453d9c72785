"""From a fault to a real mailbox and a real webhook: what the worker of alerts sends."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_asset
from support.mailbox import Mailbox, mail_server
from support.webhooks import HookServer, hook_server

from config import disk
from config.alert_settings import AlertSettings, MailSettings
from config.clock import SimulatedClock, SystemClock
from config.names import AiringId, ChannelId
from config.settings import Settings
from playout.alerts.conditions import RULES, Condition, Severity
from playout.model.plan import Outcome
from playout.model.source import SourceReport
from playout.model.wire import AsRun, HostFault, HostTold, Report, Status
from playout.notify.certificates import CertificateWatch, TlsPlace
from playout.notify.fakes import KeptMessages
from playout.notify.ways import notifiers
from scheduler.actions import airings, alerts, contacts, reports
from scheduler.db.store import Database, DatabaseError
from scheduler.domain.model.alerts import ContactDraft, Way
from scheduler.process.alerting import AlertWorker
from scheduler.process.certificates import CertificateWorker
from scheduler.queries import alert_pages
from scheduler.reading.pulse import scheduler_pulse

SECOND = timedelta(seconds=1)
ANN = ContactDraft("Ann", Way.MAIL, "ann@example.gov", least=Severity.NOTICE)
PAGER = ContactDraft("Pager", Way.WEBHOOK, "pager", least=Severity.NOTICE)


@dataclass
class House:
    """A worker over a database, and the far ends it sends to."""

    db: Database
    clock: SimulatedClock
    worker: AlertWorker
    mailbox: Mailbox
    hooks: HookServer
    turned: dict[str, bool] = field(default_factory=dict)
    """Channels that were added, by slug."""

    def turn(self, after: timedelta = 5 * SECOND) -> None:
        """Let time pass, and run one turn."""
        self.clock.advance(after)
        try:
            self.worker.look()
        finally:
            self.worker.send()

    def observe(self, condition: Condition, *, holds: bool, subject: str = "") -> None:
        alerts.observe(
            self.db, condition, holds=holds, at=self.clock.utc(), reporter="test",
            detail="Something is wrong.", channel=CH13, subject=subject,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _plenty_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the disk of the machine that runs the tests out of them."""
    monkeypatch.setattr("scheduler.process.alerting.free_bytes", lambda _: 2 * disk.LOW_BELOW)


@pytest.fixture
def house(sqlite_db: Database, tmp_path: Path) -> Iterator[House]:
    a_channel(sqlite_db)
    with mail_server() as mailbox, hook_server() as hooks:
        given = AlertSettings(
            mail=MailSettings(host="127.0.0.1", port=mailbox.port, security="none"),
            webhooks={"pager": SecretStr(f"{hooks.address}/hook")},
            heartbeat={"scheduler": SecretStr(f"{hooks.address}/beat")},
        )
        settings = Settings(data_dir=tmp_path / "data", domain="tv.example", alerts=given)
        clock = SimulatedClock(NOW)
        worker = AlertWorker(sqlite_db, settings, notifiers(settings), clock)
        yield House(sqlite_db, clock, worker, mailbox, hooks)


def hooked(house: House) -> list[tuple[str, str]]:
    """Return (step, condition) of every alert that arrived at the webhook."""
    told = [said for _, path, said in house.hooks.asked if path == "/hook"]
    return [(one["step"], one["condition"]) for said in told for one in said["alerts"]]


def test_every_condition_reaches_a_mailbox_and_a_webhook_when_it_begins_and_ends(
    house: House,
) -> None:
    for contact in (ANN, PAGER):
        contacts.add(house.db, ADMIN, NOW, contact)
    for condition in Condition:
        rule = RULES[condition]
        house.observe(condition, holds=True)
        house.clock.advance(rule.raised_after)
        house.observe(condition, holds=True)
        house.turn()
        house.observe(condition, holds=False)
        house.turn(rule.over_after + HOUR)

    told = [subject for subject in house.mailbox.subjects() if "Over: " not in subject]
    over = [subject for subject in house.mailbox.subjects() if "Over: " in subject]
    for condition, raised, ended in zip(Condition, told, over, strict=True):
        assert RULES[condition].title in raised.replace("\n", "") and "13" in raised
        assert RULES[condition].title in ended.replace("\n", "")
        urgent = RULES[condition].severity is Severity.URGENT
        assert raised.startswith("URGENT") is urgent
    assert hooked(house) == [
        (step, condition.value) for condition in Condition for step in ("raised", "over")
    ]
    assert all(RULES[Condition.BLACK].advice in text for text in house.mailbox.texts()[:1])


def test_a_flapping_fault_is_told_once_and_once_when_it_is_over(house: House) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    for _ in range(60):
        house.observe(Condition.NO_SIGNAL, holds=True)
        house.turn()
        house.observe(Condition.NO_SIGNAL, holds=False)
        house.turn()
    house.turn(HOUR)

    assert len(house.mailbox.mails) == 2
    assert "came and went 60 times" in house.mailbox.texts()[1]


def test_what_cannot_be_sent_waits_and_is_sent_when_the_server_is_back(house: House) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    house.mailbox.refusal = "451 try later"
    house.observe(Condition.RECORDING_FAILED, holds=True)
    house.turn()
    [waits] = alert_pages.page(house.db).messages
    assert (waits.waits, waits.attempts, waits.sent) == (True, 1, None)
    assert "451 try later" in waits.error
    house.turn()
    assert alert_pages.page(house.db).messages[0].attempts == 1

    house.mailbox.refusal = ""
    house.turn(31 * SECOND)

    [sent] = alert_pages.page(house.db).messages
    assert (sent.waits, sent.error) == (False, "") and sent.sent is not None
    assert len(house.mailbox.mails) == 1


def test_a_message_is_given_up_after_a_day(house: House, tmp_path: Path) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    refusing = KeptMessages()
    refusing.refusal = "550 never"
    settings = Settings(data_dir=tmp_path / "data")
    house.worker = AlertWorker(house.db, settings, {"mail": refusing}, house.clock)
    house.observe(Condition.RECORDING_FAILED, holds=True)
    house.turn()
    house.turn(MINUTE)
    for hours in range(2, 26):
        house.observe(Condition.RECORDING_FAILED, holds=True)
        house.clock.advance(HOUR)
        if hours % 6 == 1:
            house.turn()

    [given_up] = alert_pages.page(house.db).messages
    assert not given_up.waits and given_up.sent is None
    assert given_up.attempts == 6


def test_a_worker_that_starts_again_tells_nothing_twice(house: House, tmp_path: Path) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    house.observe(Condition.RECORDING_FAILED, holds=True)
    house.turn()
    ways = {"mail": KeptMessages()}
    again = AlertWorker(house.db, Settings(data_dir=tmp_path / "data"), ways, house.clock)
    again.look()
    again.send()

    assert ways["mail"].messages == []


def test_a_mail_has_a_link_that_acknowledges_and_the_fault_over_has_none(house: House) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    house.observe(Condition.RECORDING_FAILED, holds=True)
    house.turn()
    house.observe(Condition.RECORDING_FAILED, holds=False)
    house.turn(2 * MINUTE)

    told, over = house.mailbox.texts()
    assert "/alerts/message/" in told and "/alerts/message/" not in over


def status(**over: object) -> Status:
    """Return the status of a channel on which all is well, changed by `over`."""
    well = Status(
        channel=CH13, host="playout-1", at=NOW, tick=9000, layer="deck", cue=None, item=None,
        title="Film", started=NOW, ends=None, offset=0.0, revision=None, serial=1, outputs=1,
        late_ticks=0, clock_step=0.0, disk_free=200 * 1000**3,
    )  # fmt: skip
    return replace(well, **over)  # type: ignore[arg-type]


def seen(house: House) -> set[tuple[str, str]]:
    """Return condition and words of every open alert, once all have held long enough."""
    return {(a.key.condition.value, a.detail) for a in alert_pages.open_alerts(house.db)}


ON_AIR = AsRun(
    "c1", "i1", AiringId("a1"), "Council", NOW, NOW + HOUR, NOW, NOW, 1, 0, 0, Outcome.AIRED, "deck"
)
DEAD = SourceReport("chamber", AiringId("a1"), False, NOW, reason="The encoder does not answer.")
HOST_FAULTS = [
    ({"sources": (DEAD,), "running": (ON_AIR,)}, "no signal"),
    ({"sources": (DEAD,)}, None),
    ({"sources": (replace(DEAD, has_signal=True),), "running": (ON_AIR,)}, None),
    ({"faults": (HostFault("black", "Black."),)}, "black"),
    ({"faults": (HostFault("engine away", "Gone."),)}, "engine away"),
    ({"faults": (HostFault("of the future", "New."),)}, None),
    ({"outputs": 0}, "no stream"),
    ({"disk_free": 1000**3}, "disk"),
    ({"clock_step": -90.0}, "clock"),
    ({"problems": ("Strange.",)}, "other"),
    ({"problems": ("Black.",), "faults": (HostFault("black", "Black."),)}, "black"),
    ({}, None),
]


@pytest.mark.parametrize(("over", "condition"), HOST_FAULTS)
def test_what_a_host_reports_becomes_an_alert_and_ends_with_the_report(
    house: House, over: dict[str, object], condition: str | None
) -> None:
    def report() -> None:
        said = Report(status(at=house.clock.utc(), **over))
        reports.accept_report(house.db, CH13, said, house.clock.utc())

    for _ in range(14):
        report()
        house.turn(10 * SECOND)
        if seen(house):
            break
    assert {one for one, _ in seen(house)} == ({condition} if condition else set())

    over.clear()
    report()
    house.turn()
    alerts.let_time_pass(house.db, house.clock.utc() + HOUR)
    assert seen(house) == set()


def test_a_host_that_falls_silent_is_told_and_one_that_never_spoke_is_not(house: House) -> None:
    house.turn(HOUR)
    assert seen(house) == set()

    reports.accept_report(house.db, CH13, Report(status()), house.clock.utc())
    for _ in range(8):
        house.turn(10 * SECOND)

    assert {one for one, _ in seen(house)} == {"host silent"}
    assert "playout-1 has not reported on City Channel 13" in seen(house).pop()[1]


def test_what_was_wrong_on_air_stays_open_while_its_host_is_silent(house: House) -> None:
    black = status(faults=(HostFault("black", "Black."),))
    for _ in range(3):
        reports.accept_report(house.db, CH13, Report(black), house.clock.utc())
        house.turn()
    for _ in range(12):
        house.turn(10 * SECOND)

    assert {one for one, _ in seen(house)} == {"host silent", "black"}


def test_an_airing_without_a_file_is_told_a_day_ahead(house: House) -> None:
    file = an_asset(house.db).id
    airings.add(house.db, PLANNER, NOW, a_draft(NOW + 3 * HOUR, title="Film", asset=file))
    airings.add(house.db, PLANNER, NOW, a_draft(NOW + 5 * HOUR, title="Empty", asset=None))
    airings.add(house.db, PLANNER, NOW, a_draft(NOW + 40 * HOUR, title="Later", asset=None))
    for _ in range(10):
        house.turn()

    assert seen(house) == {("media missing", "Empty: It has no file yet.")}


def test_the_scheduler_beats_while_it_runs_and_not_while_the_database_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    for _ in range(3):
        house.turn(5 * MINUTE)
    beats = [path for _, path, _ in house.hooks.asked]
    assert beats == ["/beat"] * 3

    def broken(*_: object) -> None:
        raise DatabaseError("the server is gone")

    with monkeypatch.context() as patch:
        patch.setattr("scheduler.process.alerting.faults", broken)
        for _ in range(4):
            with pytest.raises(DatabaseError):
                house.turn(MINUTE)
    assert len(house.hooks.asked) == 3
    assert house.mailbox.subjects() == [f"{Settings().station}: Database not reached"]
    house.turn(5 * MINUTE)
    house.turn(5 * MINUTE)

    assert len(house.hooks.asked) == 5
    assert house.mailbox.subjects()[1:] == [f"{Settings().station}: Over: Database not reached"]


def test_no_secret_of_the_settings_is_in_the_database_or_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    contacts.add(house.db, ADMIN, NOW, PAGER)
    house.hooks.status = 500
    house.observe(Condition.RECORDING_FAILED, holds=True)
    house.turn()

    path = house.db.engine.url.database
    assert path is not None
    with house.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    stored = Path(path).read_bytes()
    assert b"/hook" not in stored and house.hooks.address.encode() not in stored
    ours = " ".join(one.getMessage() for one in caplog.records if one.name != "httpx")
    assert "/hook" not in ours


def test_what_the_machine_told_by_itself_is_not_told_twice(house: House) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    contacts.add(house.db, ADMIN, NOW, replace(PAGER, after=10 * MINUTE))
    began = NOW - 20 * MINUTE
    black = status(faults=(HostFault("black", "Black."),), told=(HostTold("black", "", began),))
    for _ in range(80):
        reports.accept_report(house.db, CH13, Report(black), house.clock.utc())
        house.turn(10 * SECOND)
    assert house.mailbox.mails == []
    assert hooked(house) == [("raised", "black")]
    [alert] = alert_pages.open_alerts(house.db)
    assert (alert.began, alert.told_by) == (began, "playout-1")

    for _ in range(20):
        reports.accept_report(house.db, CH13, Report(status()), house.clock.utc())
        house.turn(10 * SECOND)

    assert [subject.partition(": ")[2] for subject in house.mailbox.subjects()] == [
        "Over: Black picture"
    ]


def test_a_disk_that_stays_full_comes_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.process.alerting.free_bytes", lambda _: 1000**3)
    for _ in range(20):
        house.turn()

    [alert] = alert_pages.open_alerts(house.db)
    assert (alert.key.condition, alert.times) == (Condition.DISK, 1)


def test_a_mail_server_that_says_nothing_does_not_make_the_scheduler_look_stopped(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.process.alerting.LOOK_EVERY_SECONDS", 0.05)
    contacts.add(house.db, ADMIN, NOW, ANN)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mail = MailSettings(
            host="127.0.0.1", port=silent.getsockname()[1], security="none", timeout=60
        )
        settings = Settings(data_dir=tmp_path / "data", alerts=AlertSettings(mail=mail))
        clock = SystemClock()
        alerts.observe(
            house.db, Condition.RECORDING_FAILED, holds=True, at=clock.utc(), reporter="test",
            channel=CH13,
        )  # fmt: skip
        worker = AlertWorker(house.db, settings, notifiers(settings), clock)
        worker.start()
        silent.settimeout(20)
        with silent.accept()[0]:
            asked = clock.utc()
            until = clock.monotonic() + 10 * 10**9
            while not (said := _pulse(house.db)) or said <= asked:
                assert clock.monotonic() < until, "no word of the scheduler while a mail hangs"
                clock.wait(0.05)
            worker.stop()


def _pulse(db: Database) -> datetime | None:
    with db.read() as session:
        return scheduler_pulse(session).at


def test_a_database_that_was_away_is_in_the_history_and_its_end_is_told_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    house.turn()

    def broken(*_: object) -> None:
        raise DatabaseError("the server is gone")

    with monkeypatch.context() as patch:
        patch.setattr("scheduler.process.alerting.faults", broken)
        gone = house.clock.utc()
        for _ in range(20):
            with pytest.raises(DatabaseError):
                house.turn(10 * SECOND)
    back = house.clock.utc()
    for _ in range(20):
        house.turn(10 * SECOND)

    [past] = alert_pages.page(house.db).past
    assert past.key.condition is Condition.DATABASE_AWAY
    assert past.began == gone + 10 * SECOND
    assert past.ended is not None and back <= past.ended <= back + 10 * SECOND
    titles = [subject.partition(": ")[2] for subject in house.mailbox.subjects()]
    assert titles == ["Database not reached", "Over: Database not reached"]


def test_a_turn_writes_in_one_transaction_however_many_machines_report(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changes(channels: int) -> int:
        count = 0
        change = Database.change

        def counted(db: Database) -> object:
            nonlocal count
            count += 1
            return change(db)

        for number in range(channels):
            slug = f"many{number}"
            if not house.turned.get(slug):
                a_channel(house.db, slug)
            house.turned[slug] = True
            said = Report(replace(status(at=house.clock.utc()), channel=ChannelId(slug)))
            reports.accept_report(house.db, ChannelId(slug), said, house.clock.utc())
        with monkeypatch.context() as patch:
            patch.setattr(Database, "change", counted)
            house.turn()
        return count

    assert changes(1) == changes(6)


def test_a_certificate_about_to_end_is_told_and_over_once_it_is_renewed(
    house: House, tmp_path: Path
) -> None:
    contacts.add(house.db, ADMIN, NOW, ANN)
    ends = [NOW + timedelta(days=3), NOW + timedelta(days=90)]
    watch = CertificateWatch([TlsPlace("the web address", "h", 1)], lambda _: ends.pop(0))
    reader = CertificateWorker(Settings(data_dir=tmp_path / "data"), house.clock, watch)
    kept = KeptMessages()
    house.worker = AlertWorker(
        house.db, Settings(data_dir=tmp_path / "data"), {"mail": kept}, house.clock,
        [reader.faults],
    )  # fmt: skip
    reader.one()
    house.turn()
    reader.one()
    for _ in range(3):
        house.turn(MINUTE)

    told = [(message.subject, message.text) for _, message in kept.messages]
    assert [subject.partition(": ")[2] for subject, _ in told] == [
        "Certificate about to end", "Over: Certificate about to end",
    ]  # fmt: skip
    assert "The certificate of the web address ends on" in told[0][1]
