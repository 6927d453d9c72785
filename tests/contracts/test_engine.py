"""The engine's contract with the agent, run against the real one and the fake."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.clips import numbered_clip

from config.clock import Clock, SimulatedClock, SystemClock
from config.names import CueId, HouseFormat
from playout.engine.fakes.engine import FakeEngine, FakeFile
from playout.model.engine import AirFact, BoardPage, Desired, Engine, Observation, Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("320x180@30000/1001")
LENGTH = 60 * 1001 / 30000


@dataclass
class Plant:
    """An engine and the folder of its files."""

    engine: Engine
    clock: Clock
    folder: Path
    orders: int = 0

    @property
    def fake(self) -> FakeEngine | None:
        return self.engine if isinstance(self.engine, FakeEngine) else None


@dataclass
class Studio:
    """The engine for one test: two files of two seconds, cues of its own, facts from now on."""

    plant: Plant
    since: datetime

    @property
    def clock(self) -> Clock:
        return self.plant.clock

    @property
    def engine(self) -> Engine:
        return self.plant.engine

    @property
    def fake(self) -> FakeEngine | None:
        return self.plant.fake

    def path(self, name: str) -> Path:
        return self.plant.folder / f"{name}.mp4"

    def cue(self, name: str) -> CueId:
        return CueId(f"{name} {self.since:%H%M%S%f}")

    def shot(self, name: str, start: datetime, **more: Any) -> Shot:
        until = start + timedelta(seconds=LENGTH)
        values: dict[str, Any] = {"length": LENGTH, "until": until, **more}
        return Shot(self.cue(name), Layer.DECK, start, path=str(self.path(name)), **values)

    def show(self, on_air: Shot, following: Shot | None = None, **more: Any) -> int:
        """Send a desired state. Return its serial number."""
        self.plant.orders += 1
        self.engine.show(Desired(self.plant.orders, on_air, following, **more))
        return self.plant.orders

    def watch(self, seconds: float) -> list[AirFact]:
        for _ in range(round(seconds * 20)):
            self.clock.wait(0.05)
            self.engine.observe()
        return [fact for fact in self.engine.facts(0)[0] if fact.end > self.since]

    def of(self, facts: list[AirFact], name: str) -> list[AirFact]:
        return [fact for fact in facts if fact.cue == self.cue(name)]

    def seen(self) -> Observation:
        seen = self.engine.observe()
        assert seen is not None
        return seen


@pytest.fixture(scope="module", params=["fake", pytest.param("real", marks=pytest.mark.air)])
def plant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("engine")
    if request.param == "fake":
        clock = SimulatedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        yield Plant(FakeEngine(clock), clock, folder)
        return
    from config.supervise import Supervisor
    from playout.engine.client import EngineClient
    from playout.engine.outputs.encode import Encode
    from playout.processes.channel import make_processes

    for ident, name in enumerate(("one", "two")):
        numbered_clip(folder / f"{name}.mp4", size=(320, 180), frames=60, ident=ident)
    real = SystemClock()
    rig = make_processes(HOUSE, [], Encode(), folder / "air", real)
    supervisor = Supervisor(rig.children, real)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    for _ in range(100):
        if engine.observe() is not None and len(supervisor.pids()) >= 3:
            break
        real.wait(0.1)
    real.wait(1.5)
    yield Plant(engine, real, folder)
    supervisor.stop()
    thread.join()
    engine.close()


@pytest.fixture
def studio(plant: Plant) -> Studio:
    return Studio(plant, plant.clock.utc())


def test_an_engine_without_orders_shows_the_slate(studio: Studio) -> None:
    studio.watch(1)
    assert studio.seen().layer is Layer.SLATE
    assert studio.seen().cue is None


def test_a_shot_and_its_successor_air_on_their_ticks(studio: Studio) -> None:
    start = studio.clock.utc() + timedelta(seconds=3)
    second = start + timedelta(seconds=LENGTH)
    number = studio.show(studio.shot("one", start), studio.shot("two", second))
    facts = studio.watch(8)
    assert studio.seen().serial == number
    for name, at in (("one", start), ("two", second)):
        mine = [f for f in studio.of(facts, name) if f.source_first >= 0]
        late = (mine[0].start - at).total_seconds()
        assert -0.001 <= late < 1001 / 30000
        assert mine[0].source_first == 0
        assert sum(f.ticks for f in mine) in (59, 60)
        assert sum(f.held + f.dropped for f in studio.of(facts, name)) <= 1


def test_sending_the_same_state_twice_changes_nothing(studio: Studio) -> None:
    shot = studio.shot("one", studio.clock.utc() + timedelta(seconds=2.5))
    studio.show(shot)
    studio.watch(3.5)
    studio.plant.orders -= 1
    studio.show(shot)
    facts = studio.watch(2)
    mine = [f for f in studio.of(facts, "one") if f.layer is Layer.DECK]
    assert sum(f.ticks for f in mine) in (59, 60)


def test_a_missing_file_shows_the_slate_and_a_reason(studio: Studio) -> None:
    start = studio.clock.utc() + timedelta(seconds=2)
    if studio.fake is not None:
        studio.fake.files[str(studio.path("gone"))] = FakeFile(fails="gone.mp4 is missing")
    studio.show(studio.shot("gone", start))
    mine = studio.of(studio.watch(5), "gone")
    assert mine
    assert {f.layer for f in mine} == {Layer.SLATE}
    assert any("missing" in f.reason for f in mine)


def test_file_that_ends_early_is_covered_with_a_reason(studio: Studio) -> None:
    """The board covers it, where there is one."""
    start = studio.clock.utc() + timedelta(seconds=2)
    if studio.fake is not None:
        studio.fake.files[str(studio.path("two"))] = FakeFile(ends_after=LENGTH)
    page = studio.plant.folder / "page"
    page.write_bytes(bytes(HOUSE.picture_bytes))
    until = start + timedelta(seconds=3 * LENGTH)
    shot = studio.shot("two", start, length=3 * LENGTH, until=until)
    studio.show(shot, board=(BoardPage(str(page), 5.0),))
    mine = studio.of(studio.watch(7), "two")
    aired = sum(f.ticks for f in mine if f.source_first >= 0)
    assert 58 <= aired <= 60
    assert sum(f.held for f in mine) <= 15
    assert (studio.seen().layer, studio.seen().cue) == (Layer.BOARD, studio.cue("two"))


def test_a_take_is_on_air_within_a_second(studio: Studio) -> None:
    now = studio.clock.utc()
    studio.show(studio.shot("one", now, as_soon_as_ready=True, until=now + timedelta(seconds=9)))
    first = next(f for f in studio.of(studio.watch(4), "one") if f.source_first >= 0)
    assert 0 < (first.start - now).total_seconds() < 1.0
    assert first.source_first == 0


def test_facts_cover_every_tick_once(studio: Studio) -> None:
    studio.show(studio.shot("one", studio.clock.utc()))
    facts = studio.watch(4)
    assert all(a.tick + a.ticks == b.tick for a, b in zip(facts, facts[1:], strict=False))
    more, _ = studio.engine.facts(studio.engine.facts(0)[1])
    assert more == () or not list(more)
