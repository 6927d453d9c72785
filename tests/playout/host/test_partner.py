"""The agent's word on a pair while its peer link hangs."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from config.clock import SimulatedClock
from playout.asrun.sent import OPEN_AFTER
from playout.host.partner import LINK_SILENT, OtherMachine
from playout.lease.voter import LEASE_NS
from playout.model.engine import AirFact
from playout.model.layer import Layer
from playout.model.pair import PairNews, PairStatus

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SENDING = PairStatus(
    "a-1", True, "sending", peer="b-1", peer_state="standing by", peer_heard=0.1, ready=True
)


class Link:
    """A peer link that tells five times a second, until it hangs."""

    def __init__(self, clock):
        self.clock, self.hangs, self.news = clock, False, None
        self.began = clock.monotonic()

    def receive(self):
        if not self.hangs:
            self.news = PairNews(SENDING, follows=False, sent=((self.began, 0),))


class Scene:
    """An agent's dealings with the other machine, and the link and the clock of both."""

    def __init__(self, folder):
        self.folder, self.clock = folder, SimulatedClock(NOON)
        self.link = Link(self.clock)
        self.starts()

    def starts(self):
        journal = SimpleNamespace(last_number=0)
        self.other = OtherMachine(self.link, journal, self.clock, self.folder)

    def passes(self, seconds):
        for _ in range(round(seconds * 5)):
            self.clock.advance(timedelta(seconds=0.2))
            self.other.receive(self.clock.utc())


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


def fact(seconds):
    ticks = seconds * 30
    until = NOON + timedelta(seconds=seconds)
    return AirFact(0, ticks, NOON, until, Layer.DECK, None, 0, ticks - 1)


def test_a_machine_whose_link_tells_it_so_is_sending(scene):
    scene.passes(10)
    assert scene.other.status == SENDING
    assert scene.other.sent.of([fact(10)]) == [fact(10)]


def test_a_machine_whose_link_hangs_does_not_say_that_it_sends(scene):
    """Its gate closed half a second after the link's last turn, and the other machine sends."""
    scene.passes(10)
    scene.link.hangs = True
    scene.passes(5)
    status = scene.other.status
    assert (status.state, status.peer_state, status.ready) == ("stopped", "away", False)
    assert (status.why, status.not_ready) == (LINK_SILENT, (LINK_SILENT,))
    assert NOON + timedelta(seconds=11) < status.since < NOON + timedelta(seconds=12.5)
    assert status.peer_heard == pytest.approx(5.1)
    assert scene.other.move(SimpleNamespace(machine="b")) is not None


def test_as_run_of_a_machine_whose_link_hangs_ends_with_its_lease(scene):
    scene.passes(10)
    scene.link.hangs = True
    scene.passes(20)
    (part,) = scene.other.sent.of([fact(30)])
    assert (part.end - NOON).total_seconds() == pytest.approx(10.5, abs=0.05)


def test_a_link_that_starts_again_does_not_take_back_what_was_sent(scene):
    """It knows nothing of before, and its gate closed with the lease; it sends from 20 s on."""
    scene.passes(10)
    scene.link.hangs = True
    scene.passes(10)
    scene.link.began, scene.link.hangs = scene.link.clock.monotonic(), False
    scene.passes(10)

    counted = scene.other.sent.of([fact(30)])
    assert [round((one.end - one.start).total_seconds(), 1) for one in counted] == [10.5, 10.0]


def test_a_link_that_comes_back_is_believed_again(scene):
    scene.passes(10)
    scene.link.hangs = True
    scene.passes(5)
    scene.link.hangs = False
    scene.passes(1)
    assert scene.other.status == SENDING


def test_as_run_of_a_sender_whose_power_failed_has_what_it_sent_before(scene):
    """To within the two seconds after which it writes again."""
    scene.passes(21)
    scene.clock.advance(timedelta(seconds=60))
    scene.link = Link(scene.clock)
    scene.starts()
    assert not scene.other.knows_what_was_sent
    scene.passes(1)

    assert scene.other.knows_what_was_sent
    first, second = scene.other.sent.of([fact(100)])
    assert (first.start, second.start) == (NOON, NOON + timedelta(seconds=81))
    assert 19 <= (first.end - NOON).total_seconds() <= 21.5


def test_an_agent_that_starts_again_goes_on_with_the_stretch_that_its_link_tells(scene):
    scene.passes(21)
    scene.starts()
    scene.passes(1)

    assert scene.other.sent.of([fact(22)]) == [fact(22)]


def test_a_gate_is_open_no_longer_than_as_run_believes():
    assert timedelta(microseconds=LEASE_NS // 1000) == OPEN_AFTER


@pytest.mark.parametrize("content", [b"", b"{", b'{"stretches": 5}'])
def test_a_record_that_cannot_be_read_counts_for_nothing(scene, content):
    (scene.folder / "sent.json").write_bytes(content)
    scene.starts()

    assert scene.other.sent.of([fact(10)]) == []
