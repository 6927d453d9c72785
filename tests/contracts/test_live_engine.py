"""The engine's contract with the agent for a live source, run against the real one and the fake."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import Clock, SimulatedClock, SystemClock
from config.names import AiringId, CueId, HouseFormat
from playout.engine.fakes.engine import FakeEngine
from playout.model.engine import AirFact, Desired, Engine, Intake, Observation, Shot
from playout.model.layer import Layer
from playout.model.recording import RecordingState
from playout.model.source import Source

HOUSE = HouseFormat.parse("320x180@30000/1001")
AIRING = AiringId("meeting")
SOURCE = Source("hall", "Hall", "test:?size=320x180")
FAR = timedelta(hours=1)


@dataclass
class Studio:
    """An engine with live slots and one source that always has signal."""

    engine: Engine
    clock: Clock

    def slate(self) -> Shot:
        return Shot(CueId("slate"), Layer.SLATE, self.start, self.start + FAR)

    def live(self, at: datetime, **more: object) -> Shot:
        return Shot(
            CueId("live"), Layer.DECK, at, self.start + FAR, source=SOURCE.id,
            beneath=Layer.SLATE, **more,
        )  # type: ignore[arg-type]  # fmt: skip

    def __post_init__(self) -> None:
        self.start = self.clock.utc()

    def intake(self, closes: datetime | None = None, *, recess: bool = False) -> tuple[Intake, ...]:
        return (Intake(SOURCE, self.start, closes or self.start + FAR, AIRING, recess),)

    def until(self, holds: Callable[[Observation], bool], seconds: float = 30) -> Observation:
        for _ in range(round(seconds * 20)):
            seen = self.engine.observe()
            if seen is not None and holds(seen):
                return seen
            self.clock.wait(0.05)
        raise AssertionError(f"not within {seconds} s: {self.engine.observe()}")

    def facts(self) -> list[AirFact]:
        return list(self.engine.facts(0)[0])


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.air)])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Studio]:
    if request.param == "fake":
        clock = SimulatedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        yield Studio(FakeEngine(clock), clock)
        return
    from config.supervise import Supervisor
    from media.store import MediaStore
    from playout.engine.client import EngineClient
    from playout.engine.outputs.encode import Encode
    from playout.engine.recording.keeper import Keeper
    from playout.processes.channel import make_processes

    real = SystemClock()
    rig = make_processes(HOUSE, [], Encode(), tmp_path / "air", real, slots=2)
    supervisor = Supervisor(rig.children, real)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine, done = EngineClient(rig.agent_end, rig.air_log), threading.Event()
    keeper = Keeper(tmp_path / "air", MediaStore(tmp_path / "media"), real)
    tidying = threading.Thread(target=keep, args=(keeper, done))
    tidying.start()
    for _ in range(100):
        if engine.observe() is not None and len(supervisor.pids()) >= 8:
            break
        real.wait(0.1)
    yield Studio(engine, real)
    done.set()
    tidying.join()
    supervisor.stop()
    thread.join()
    engine.close()


def keep(keeper: object, done: threading.Event) -> None:
    while not done.wait(0.5):
        keeper.turn()  # type: ignore[attr-defined]


def test_live_is_opened_taken_slated_and_recorded(studio: Studio) -> None:
    """One test, because a real source takes seconds: pre-roll, take, recess, return, close."""
    engine = studio.engine
    engine.show(Desired(1, studio.slate(), intakes=studio.intake()))
    good = studio.until(lambda seen: bool(seen.sources) and seen.sources[0].has_signal)
    report = good.sources[0]
    assert (report.source, report.airing, report.reason) == ("hall", AIRING, "")
    assert good.layer is Layer.SLATE
    studio.clock.wait(3.0)
    at = studio.clock.utc() + timedelta(seconds=1)
    engine.show(Desired(2, studio.slate(), studio.live(at), intakes=studio.intake()))
    seen = studio.until(lambda seen: seen.layer is Layer.DECK)
    assert seen.cue == "live"
    studio.clock.wait(1.5)
    recess = Shot(CueId("live"), Layer.SLATE, at, studio.start + FAR, source=SOURCE.id)
    left = studio.clock.utc()
    engine.show(Desired(3, recess, intakes=studio.intake(recess=True)))
    studio.until(lambda seen: seen.layer is Layer.SLATE)
    studio.clock.wait(3.0)
    back = studio.clock.utc()
    engine.show(Desired(4, studio.live(at), intakes=studio.intake()))
    studio.until(lambda seen: seen.layer is Layer.DECK)
    studio.clock.wait(1.0)
    assert studio.until(lambda seen: bool(seen.sources)).sources[0].recorded > 4
    over = studio.clock.utc()
    after = Shot(CueId("after"), Layer.SLATE, over, studio.start + FAR)
    engine.show(Desired(5, after, intakes=studio.intake(over + timedelta(seconds=1))))
    studio.until(lambda seen: seen.cue == "after")
    studio.clock.wait(1.2)
    engine.show(Desired(6, after))
    studio.clock.wait(1.0)
    kept = studio.until(
        lambda seen: any(r.state is not RecordingState.CLOSING for r in seen.recordings)
    )
    (recording,) = kept.recordings
    assert (recording.airing, recording.state) == (AIRING, RecordingState.WHOLE), recording.reason
    assert recording.media is not None
    wall = (over + timedelta(seconds=1) - recording.began).total_seconds()
    (apart,) = recording.gaps
    assert timedelta(0) < apart.start - left + timedelta(seconds=0.5) < timedelta(seconds=1.5)
    assert timedelta(0) < apart.end - back + timedelta(seconds=0.5) < timedelta(seconds=2.5)
    wall -= (apart.end - apart.start).total_seconds()
    assert abs(recording.media.length.total_seconds() - wall) < 1.5
    assert kept.sources == ()
    mine = [fact for fact in studio.facts() if fact.cue == "live"]
    first = next(fact for fact in mine if fact.layer is Layer.DECK)
    # The wall clock is measured again for each tick: half a millisecond may lie between.
    assert -0.005 < (first.start - at).total_seconds() < 1.0
    assert first.source_first == round((first.start - mine[0].start).total_seconds() * 29.97)


def test_a_take_of_an_open_source_is_on_air_within_a_second(studio: Studio) -> None:
    engine = studio.engine
    engine.show(Desired(1, studio.slate(), intakes=studio.intake()))
    studio.until(lambda seen: bool(seen.sources) and seen.sources[0].has_signal)
    studio.clock.wait(3.0)
    now = studio.clock.utc()
    take = studio.live(now, as_soon_as_ready=True)
    engine.show(Desired(2, take, intakes=studio.intake()))
    studio.until(lambda seen: seen.layer is Layer.DECK)
    studio.clock.wait(1.0)
    over = Shot(CueId("over"), Layer.SLATE, studio.clock.utc(), studio.start + FAR)
    engine.show(Desired(3, over, intakes=studio.intake()))
    studio.until(lambda seen: seen.cue == "over")
    studio.clock.wait(0.5)
    first = next(f for f in studio.facts() if f.cue == "live" and f.layer is Layer.DECK)
    assert 0 <= (first.start - now).total_seconds() < 1.0
