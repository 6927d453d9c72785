"""What the agent relies on of an engine, the real one and the fake alike."""

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
from playout.engine.fake import FakeEngine
from playout.engine.waist import AirFact, Desired, Engine, Layer, Observation, Shot

HOUSE = HouseFormat.parse("320x180@30000/1001")
LENGTH = 60 * 1001 / 30000


@dataclass
class Studio:
    """An engine with two files of two seconds, and one that does not exist."""

    engine: Engine
    clock: Clock
    one: Path
    two: Path

    def shot(self, path: Path, start: datetime, **more: Any) -> Shot:
        until = start + timedelta(seconds=LENGTH)
        values: dict[str, Any] = {"length": LENGTH, "until": until, **more}
        return Shot(CueId(path.stem), Layer.DECK, start, path=str(path), **values)

    def watch(self, seconds: float) -> list[AirFact]:
        for _ in range(round(seconds * 20)):
            self.clock.wait(0.05)
            self.engine.observe()
        return list(self.engine.facts(0)[0])

    def seen(self) -> Observation:
        seen = self.engine.observe()
        assert seen is not None
        return seen


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.air)])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    one, two = tmp_path / "one.mp4", tmp_path / "two.mp4"
    if request.param == "fake":
        clock = SimulatedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        yield Studio(FakeEngine(clock), clock, one, two)
        return
    from config.supervise import Supervisor
    from playout.channel import make_rig
    from playout.engine.client import EngineClient
    from playout.engine.targets import Encode

    for ident, path in enumerate((one, two)):
        numbered_clip(path, size=(320, 180), frames=60, ident=ident)
    real = SystemClock()
    rig = make_rig(HOUSE, [], Encode(), tmp_path / "air", real)
    supervisor = Supervisor(rig.children, real)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    studio = Studio(engine, real, one, two)
    for _ in range(100):
        if engine.observe() is not None and len(supervisor.pids()) >= 3:
            break
        real.wait(0.1)
    real.wait(1.5)
    yield studio
    supervisor.stop()
    thread.join()
    engine.close()


def test_an_engine_without_orders_shows_the_slate(studio: Studio) -> None:
    studio.watch(1)
    assert studio.seen().layer is Layer.SLATE
    assert studio.seen().cue is None


def test_a_shot_and_its_successor_air_on_their_ticks(studio: Studio) -> None:
    start = studio.clock.utc() + timedelta(seconds=3)
    second = start + timedelta(seconds=LENGTH)
    orders = Desired(4, studio.shot(studio.one, start), studio.shot(studio.two, second))
    studio.engine.show(orders)
    facts = studio.watch(8)
    assert studio.seen().serial == 4
    for name, at in (("one", start), ("two", second)):
        mine = [f for f in facts if f.cue == name and f.source_first >= 0]
        late = (mine[0].start - at).total_seconds()
        assert -0.001 <= late < 1001 / 30000
        assert mine[0].source_first == 0
        assert sum(f.ticks for f in mine) in (59, 60)
        assert sum(f.held + f.dropped for f in facts if f.cue == name) <= 1


def test_sending_the_same_state_twice_changes_nothing(studio: Studio) -> None:
    start = studio.clock.utc() + timedelta(seconds=2.5)
    orders = Desired(1, studio.shot(studio.one, start))
    studio.engine.show(orders)
    studio.watch(3.5)
    studio.engine.show(orders)
    facts = studio.watch(2)
    mine = [f for f in facts if f.cue == "one" and f.layer is Layer.DECK]
    assert sum(f.ticks for f in mine) in (59, 60)


def test_a_missing_file_shows_the_slate_and_a_reason(studio: Studio) -> None:
    start = studio.clock.utc() + timedelta(seconds=2)
    missing = studio.one.with_name("gone.mp4")
    if isinstance(studio.engine, FakeEngine):
        from playout.engine.fake import FakeFile

        studio.engine.files = {str(missing): FakeFile(fails="gone.mp4 is missing")}
    studio.engine.show(Desired(1, studio.shot(missing, start)))
    facts = studio.watch(5)
    mine = [f for f in facts if f.cue == "gone"]
    assert mine
    assert {f.layer for f in mine} == {Layer.SLATE}
    assert any("missing" in f.reason for f in mine)


def test_a_take_is_on_air_within_a_second(studio: Studio) -> None:
    now = studio.clock.utc()
    take = studio.shot(studio.one, now, as_soon_as_ready=True, until=now + timedelta(seconds=9))
    studio.engine.show(Desired(1, take))
    facts = studio.watch(4)
    first = next(f for f in facts if f.cue == "one" and f.source_first >= 0)
    assert 0 < (first.start - now).total_seconds() < 1.0
    assert first.source_first == 0


def test_facts_cover_every_tick_once(studio: Studio) -> None:
    studio.engine.show(Desired(1, studio.shot(studio.one, studio.clock.utc())))
    facts = studio.watch(4)
    assert all(a.tick + a.ticks == b.tick for a, b in zip(facts, facts[1:], strict=False))
    more, _ = studio.engine.facts(studio.engine.facts(0)[1])
    assert more == () or not list(more)
