"""The watcher of a machine that stands by: faults at the multicast are the other machine's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.ports import free_udp_port

from config.clock import SimulatedClock
from playout.engine.links.gate import Gate, make_gate
from playout.engine.links.placed import make_placed
from playout.engine.links.port import make_shared_state
from playout.engine.links.restart_orders import make_orders, order_reader
from playout.engine.links.sight import SightMemory
from playout.engine.links.tap import make_tap
from playout.engine.watching.run import OutputWatcher, WatcherHandles, WatcherPlan
from playout.host.leaving import read_places
from playout.model.leaving import LeavingPlace
from playout.model.sight import UNSEEN, Sight

NS = 1_000_000_000


@dataclass
class Watch:
    """A watcher of a machine of a pair; nothing comes at its multicast, nor at its tap."""

    clock: SimulatedClock
    gate: Gate
    sight: SightMemory
    watcher: OutputWatcher
    folder: Path
    restarted: list[str]

    def run(self, seconds: int) -> LeavingPlace:
        """Watch for so long; return what is told of the multicast."""
        for _ in range(seconds):
            remedy = self.watcher.look()
            self.restarted += [remedy.thing.value] if remedy is not None else []
            for _ in range(10):
                self.clock.wait(0.1)
                self.watcher.gather()
        return read_places(self.folder, self.clock.utc())[1]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
    gate, sight = make_gate(), make_shared_state()
    handles = WatcherHandles(
        make_tap(2_000_000), make_placed(), make_orders(), make_shared_state(), gate, sight
    )
    address = f"udp://239.255.77.14:{free_udp_port()}?interface=lo"
    plan = WatcherPlan(((0, address),), "h264", "mp2")
    watcher = OutputWatcher(handles, plan, tmp_path, clock)
    yield Watch(clock, Gate(gate), SightMemory(sight), watcher, tmp_path, [])
    for place in watcher._multicasts.places:
        if place.watcher is not None:
            place.watcher.source.close()


def test_a_standby_restarts_nothing_for_the_other_machine_and_says_whose_stream_it_is(
    watch: Watch,
) -> None:
    watch.watcher._tap.watcher = None
    place = watch.run(60)

    assert watch.restarted == []
    assert [one.kind for one in place.faults] == ["no stream"]
    assert "the other machine's stream" in place.faults[0].words


def test_a_machine_that_sends_restarts_for_its_own_multicast(watch: Watch) -> None:
    now = watch.clock.monotonic()
    watch.gate.open(now + 100 * NS, now)
    place = watch.run(60)

    assert watch.restarted == ["stream relay"]
    assert "the other machine" not in place.faults[0].words


def test_what_is_seen_is_written_ten_times_a_second(watch: Watch) -> None:
    watch.run(3)
    assert watch.sight.read(watch.clock.monotonic()) == Sight("unknown", "unknown")
    raw = watch.sight._state.load() or {}
    assert watch.clock.monotonic() - raw["at"] < NS // 5
    watch.clock.wait(2)

    assert watch.sight.read(watch.clock.monotonic()) is UNSEEN


def test_memory_with_nonsense_shows_nothing(watch: Watch) -> None:
    now = watch.clock.monotonic()
    for kept in ({}, {"at": "x"}, {"at": now, "own": ["right"], "other": "blue"}):
        watch.sight._state.save(kept)
        assert watch.sight.read(now) == UNSEEN
    assert order_reader(watch.watcher._orders)() == ""
