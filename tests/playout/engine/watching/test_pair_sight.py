"""A standby sees the other machine's output: over a real multicast, and over the shipped fake."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
import pytest
from support.leaving import Coding, Leaving, leaving
from support.meeting import Meeting, Scene
from support.ports import free_udp_port

from config.clock import SimulatedClock
from config.targetaddress import UdpTarget
from config.targetgrammar import read
from playout.engine.fakes.multicast import FakeMulticast
from playout.engine.links.gate import Gate, make_gate
from playout.engine.links.port import make_shared_state
from playout.engine.links.sight import SightMemory
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.pair_sight import PairSight
from playout.engine.watching.places import Multicasts, WatchedPlace
from playout.engine.watching.ports import Ports
from playout.engine.watching.sources import DatagramSource
from playout.engine.watching.watcher import PlaceWatcher
from playout.model.sight import UNSEEN, Sight

NS = 1_000_000_000
SECONDS, FREEZES = 23, 13.0
GROUP = "239.255.77.13"
MEETING = Meeting([Scene("film", 60, 3)], 320, 180)
held: list[np.ndarray] = []


def frozen(luma: np.ndarray, sound: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
    if t < FREEZES:
        held[:] = [luma]
    return held[0], sound


@pytest.fixture(scope="module")
def streams() -> dict[str, Leaving]:
    """The same program as both machines send it, and as one does whose encoder freezes."""
    coding = Coding(Fraction(10), 300)
    return {
        "right": leaving(MEETING, SECONDS, coding=coding),
        "frozen": leaving(MEETING, SECONDS, alter=frozen, coding=coding),
    }


@dataclass
class Standby:
    """A machine that stands by: its own stream at the tap is right, and it hears the other's."""

    sight: PairSight
    multicasts: Multicasts
    own: Leaving
    clock: SimulatedClock
    deliver: Callable[[float], None]
    close: Callable[[], None]

    def until(self, second: float) -> Sight:
        """Let the time come; return what is seen then."""
        tap = self.sight.tap.watcher
        assert tap is not None
        start, end = self.own.chunks[0][0], self.own.chunks[0][0] + round(second * NS)
        while (at := self.clock.monotonic()) < end:
            self.clock.wait(0.1)
            at = self.clock.monotonic()
            self.deliver((at - start) / NS)
            places = [one for one in self.multicasts.places if one.watcher is not None]
            watchers = [tap, *(one.watcher for one in places if one.watcher is not None)]
            for watcher in watchers:
                watcher.gather()
            if (at - start) % NS < NS // 10:
                self.multicasts.join()
                self.sight.turn(at)
                for watcher in watchers:
                    watcher.look(at, self.own.placed.between(0, at - NS // 5))
                self.sight.look(at, is_slate=False)
            self.sight.note(at)
        return self.sight.memory.read(self.clock.monotonic())


Way = tuple[Multicasts, Callable[[float], None], Callable[[], None]]


def fake(other: Leaving, clock: SimulatedClock, stops: float) -> Way:
    target = read(f"udp://{GROUP}:5000")
    source = FakeMulticast(other.chunks, "the multicast", clock)

    def deliver(second: float) -> None:
        source.is_cut = second > stops

    multicasts = Multicasts([(0, target)], clock, open=lambda *_: source)  # type: ignore[list-item]
    return multicasts, deliver, source.close


def multicast(other: Leaving, clock: SimulatedClock, stops: float) -> Way:
    port = free_udp_port()
    target = read(f"udp://{GROUP}:{port}?interface=lo")
    assert isinstance(target, UdpTarget)
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    left, start = [*other.chunks], other.chunks[0][0]

    def deliver(second: float) -> None:
        while left and left[0][0] <= start + second * NS:
            _, data = left.pop(0)
            if second <= stops:
                door.sendto(data, (GROUP, port))

    return Multicasts([(0, target)], clock, open=DatagramSource), deliver, door.close


@pytest.fixture(params=[fake, multicast])
def stand_by(
    request: pytest.FixtureRequest, streams: dict[str, Leaving]
) -> Iterator[Callable[..., Standby]]:
    made: list[Standby] = []

    def stand_by(kind: str, stops: float = 1e9) -> Standby:
        own = streams["right"]
        clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
        clock.wait((own.chunks[0][0] - clock.monotonic()) / NS)
        multicasts, deliver, close = request.param(streams[kind], clock, stops)
        tap = FakeMulticast(own.chunks, "the stream", clock)
        watcher = PlaceWatcher(tap, StreamDecoder("h264", "mp2"))
        sight = PairSight(
            Gate(make_gate()), SightMemory(make_shared_state()),
            WatchedPlace("the stream", None, watcher), multicasts, Ports([]),
            lambda: StreamDecoder("h264", "mp2"),
        )  # fmt: skip
        made.append(Standby(sight, multicasts, own, clock, deliver, close))
        return made[-1]

    yield stand_by
    for one in made:
        one.close()
        for place in one.multicasts.places:
            if place.watcher is not None:
                place.watcher.source.close()


def test_a_stream_that_both_would_send_is_right_and_one_that_stops_is_soon_absent(
    stand_by: Callable[..., Standby],
) -> None:
    standby = stand_by("right", stops=18.0)
    assert standby.until(17.9) == Sight("right", "right")
    assert standby.until(18.6).other == "right"

    assert standby.until(19.2) == Sight("right", "absent")


def test_a_stream_that_stands_still_is_seen_to_be_frozen(stand_by: Callable[..., Standby]) -> None:
    standby = stand_by("frozen")
    assert standby.until(12.9).other == "right"

    assert standby.until(21.9) == Sight("right", "frozen")


def test_a_machine_that_begins_to_send_no_longer_looks_at_the_other(
    stand_by: Callable[..., Standby],
) -> None:
    standby = stand_by("right")
    standby.until(8)
    at = standby.clock.monotonic()
    standby.sight.gate.open(at + 60 * NS, at)
    seen = standby.until(14)

    assert seen.other == "unknown"
    assert not standby.multicasts.places[0].is_others
    assert standby.sight.memory.read(standby.clock.monotonic() + 2 * NS) == UNSEEN
