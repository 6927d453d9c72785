"""What the broadcast machine tells by itself while the server is away, and what it leaves to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from support.mailbox import Mailbox as Box
from support.mailbox import mail_server
from support.plans import DAY, plan
from support.webhooks import HookServer, hook_server

from config.alert_settings import AlertSettings, MailSettings
from config.clock import SimulatedClock
from config.names import ChannelId
from config.settings import ChannelSettings, Settings
from playout.host.alerts import HostAlerts
from playout.host.mailbox import Mailbox
from playout.host.server_sync import NO_CONTACT
from playout.model.wire import READS, Ack, HostFault, Status, decode, encode
from playout.model.wire_before import ack_for
from playout.notify.ways import notifiers

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BLACK = (HostFault("black", "The picture on air is black."),)
WELL = Status(
    channel=ChannelId("ch13"), host="playout-1", at=DAY, tick=0, layer="deck", cue=None, item=None,
    title="Film", started=DAY, ends=None, offset=0.0, revision=None, serial=1, outputs=1,
    late_ticks=0, clock_step=0.0, disk_free=200 * 1000**3,
)  # fmt: skip


@dataclass
class Machine:
    """A broadcast machine whose server comes and goes, and the far ends it sends to."""

    mailbox: Mailbox
    alerts: HostAlerts
    clock: SimulatedClock
    box: Box
    hooks: HookServer
    faults: tuple[HostFault, ...] = ()
    away: bool = False

    def run(self, span: timedelta, *, moves: bool = True) -> None:
        """Let time pass, with a look every ten seconds."""
        until = self.clock.utc() + span
        while self.clock.utc() < until:
            self.clock.advance(10 * SECOND)
            now = self.clock.utc()
            before = self.mailbox.status
            tick = (before.tick if before else 0) + (300 if moves else 0)
            words = tuple(one.words for one in self.faults)
            problem = f"{NO_CONTACT}: connection refused" if self.away else ""
            problems = (*words, problem) if problem else words
            self.mailbox.problem = problem
            self.mailbox.status = replace(
                WELL, at=now, tick=tick, faults=self.faults, problems=problems
            )
            self.alerts.turn(now, self.clock.monotonic(), lambda: plan())

    @property
    def told(self) -> list[str]:
        """The subjects of all mail, without the station's name."""
        subjects = [subject.replace("\n", "") for subject in self.box.subjects()]
        return [subject.partition(": ")[2] for subject in subjects]


def a_machine(box: Box, hooks: HookServer, channel: str = "ch13") -> Machine:
    given = AlertSettings(
        mail=MailSettings(host="127.0.0.1", port=box.port, security="none"),
        heartbeat={"ch13": SecretStr(f"{hooks.address}/beat")},
        heartbeat_minutes=1,
        tell=("mail:tv@example.gov",),
    )
    channels = {"ch13": ChannelSettings(), "ch14": ChannelSettings()}
    settings = Settings(alerts=given, channels=channels)
    mailbox = Mailbox()
    alerts = HostAlerts(settings, channel, mailbox, notifiers(settings))
    return Machine(mailbox, alerts, SimulatedClock(DAY), box, hooks)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    with mail_server() as box, hook_server() as hooks:
        yield a_machine(box, hooks)


def test_while_the_server_is_there_the_machine_says_nothing(machine: Machine) -> None:
    machine.faults = BLACK
    machine.run(20 * MINUTE)

    assert machine.told == []
    assert machine.mailbox.told == ()


def test_a_short_absence_of_the_server_is_told_to_no_one(machine: Machine) -> None:
    machine.away = True
    machine.run(4 * MINUTE)
    machine.away = False
    machine.run(20 * MINUTE)

    assert machine.told == []


def test_what_begins_while_the_server_is_away_is_told_and_reported_as_told(
    machine: Machine,
) -> None:
    machine.run(MINUTE)
    machine.away = True
    machine.run(MINUTE)
    machine.faults = BLACK
    began = machine.clock.utc() + 10 * SECOND
    machine.run(10 * MINUTE)
    assert machine.told == ["Black picture", "Server not reached"]
    assert "The picture on air is black." in machine.box.texts()[0]
    [told] = machine.mailbox.told
    assert (told.kind, told.began) == ("black", began)

    machine.away = False
    machine.run(5 * MINUTE)
    assert machine.told[2:] == ["Over: Server not reached"]
    assert [one.kind for one in machine.mailbox.told] == ["black"]

    machine.faults = ()
    machine.run(20 * MINUTE)
    assert len(machine.told) == 3
    assert machine.mailbox.told == ()


def test_what_begins_and_ends_while_the_server_is_away_is_told_to_its_end(
    machine: Machine,
) -> None:
    machine.away = True
    machine.run(10 * MINUTE)
    machine.faults = BLACK
    machine.run(2 * MINUTE)
    machine.faults = ()
    machine.run(5 * MINUTE)

    assert machine.told == ["Server not reached", "Black picture", "Over: Black picture"]


def test_what_the_server_has_told_is_left_to_it(machine: Machine) -> None:
    machine.faults = BLACK
    machine.run(5 * MINUTE)
    machine.away = True
    machine.run(20 * MINUTE)

    assert machine.told == ["Server not reached"]
    assert machine.mailbox.told == ()


def test_two_hundred_flaps_while_alone_are_a_handful_of_mails(machine: Machine) -> None:
    machine.away = True
    machine.run(10 * MINUTE)
    for flap in range(200):
        machine.faults = BLACK if flap % 2 == 0 else ()
        machine.run(10 * SECOND)

    assert 2 <= len(machine.told) <= 4


def test_mail_that_cannot_be_sent_is_tried_again(machine: Machine) -> None:
    machine.box.refusal = "451 later"
    machine.away = True
    machine.run(10 * MINUTE)
    assert machine.told == []
    machine.box.refusal = ""
    machine.run(2 * MINUTE)

    assert machine.told == ["Server not reached"]


def test_a_server_whose_scheduler_has_stopped_is_told_by_the_machine(machine: Machine) -> None:
    machine.mailbox.scheduler_away = True
    machine.run(5 * MINUTE)
    machine.mailbox.scheduler_away = False
    machine.run(5 * MINUTE)

    assert machine.told == ["Scheduler stopped", "Over: Scheduler stopped"]


def test_only_the_first_channel_of_a_machine_tells_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GAVEL_CONFIG", raising=False)
    with mail_server() as box, hook_server() as hooks:
        second = a_machine(box, hooks, "ch14")
        second.away = True
        second.run(10 * MINUTE)

        assert second.told == []


@pytest.mark.parametrize(
    ("faults", "moves", "beats"),
    [
        ((), True, True),
        ((), False, False),
        (BLACK, True, False),
        ((HostFault("engine away", "Gone."),), True, False),
        ((HostFault("silent", "No sound."),), True, True),
    ],
)
def test_the_heartbeat_leaves_only_while_the_channel_is_truly_on_air(
    machine: Machine, faults: tuple[HostFault, ...], moves: bool, beats: bool
) -> None:
    machine.run(MINUTE)
    before = len(machine.hooks.asked)
    machine.faults = faults
    machine.run(5 * MINUTE, moves=moves)

    assert before == 1
    assert len(machine.hooks.asked) - before == (5 if beats else 0)


@pytest.mark.parametrize("step", [15 * MINUTE, timedelta(days=2), -HOUR], ids=str)
def test_a_clock_that_is_set_and_set_right_neither_hides_a_fault_nor_tells_it_twice(
    machine: Machine, step: timedelta
) -> None:
    machine.away = True
    machine.run(7 * MINUTE)
    machine.clock.step(step)
    machine.faults = BLACK
    machine.run(30 * SECOND)
    machine.clock.step(-step)
    machine.faults = (*BLACK, HostFault("silent", "No sound."))
    machine.run(MINUTE)
    assert machine.told == ["Server not reached", "Black picture", "No sound"]

    machine.faults = ()
    machine.run(90 * SECOND)
    assert machine.told[3:] == ["Over: Black picture (and 1 more)"]


def test_a_server_is_not_away_because_the_clock_is_set(machine: Machine) -> None:
    machine.away = True
    machine.run(MINUTE)
    machine.clock.step(15 * MINUTE)
    machine.run(MINUTE)
    machine.clock.step(-15 * MINUTE)
    machine.away = False
    machine.run(3 * MINUTE)

    assert machine.told == []


def test_a_host_of_the_version_before_is_not_sent_what_it_would_refuse() -> None:
    ack = Ack(3, False, 1, 0, scheduler_away=True)

    assert b"scheduler_away" not in encode(ack_for(ack, 11), lean=True)
    assert decode(Ack, encode(ack_for(ack, READS), lean=True)) == ack
