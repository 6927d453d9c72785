"""The fake engine behaves as an engine would, on a simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from config.clock import SimulatedClock
from config.names import CueId
from playout.engine.fakes.engine import FakeEngine, FakeFile
from playout.model.engine import AirFact, Desired, EngineError, Shot
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shot(cue: str, at: float, seconds: float, **more: object) -> Shot:
    start = NOON + timedelta(seconds=at)
    values: dict[str, object] = {
        "cue": CueId(cue),
        "layer": Layer.DECK,
        "at": start,
        "until": start + timedelta(seconds=seconds),
        "path": f"/{cue}.mp4",
        "length": seconds,
        **more,
    }
    return Shot(**values)  # type: ignore[arg-type]


def aired(engine: FakeEngine, clock: SimulatedClock, seconds: float) -> list[AirFact]:
    for _ in range(round(seconds * 4)):
        clock.advance(timedelta(seconds=0.25))
        engine.advance()
    return list(engine.facts(0)[0])


def ticks_of(facts: list[AirFact], cue: str, layer: Layer = Layer.DECK) -> int:
    return sum(fact.ticks for fact in facts if (fact.cue, fact.layer) == (cue, layer))


def test_the_next_shot_is_taken_on_its_tick_without_the_agent() -> None:
    clock = SimulatedClock(NOON)
    engine = FakeEngine(clock)
    engine.show(Desired(1, shot("a", 1, 10), shot("b", 11, 10)))
    facts = aired(engine, clock, 45)
    assert ticks_of(facts, "a") in (299, 300)
    assert ticks_of(facts, "b") in (299, 300)
    assert facts[0].layer is Layer.SLATE
    assert facts[-1].layer is Layer.SLATE
    assert all(x.tick + x.ticks == y.tick for x, y in zip(facts, facts[1:], strict=False))


def test_a_file_that_cannot_be_opened_never_airs_and_says_why() -> None:
    clock = SimulatedClock(NOON)
    engine = FakeEngine(clock, files={"/a.mp4": FakeFile(fails="no such file")})
    engine.show(Desired(1, shot("a", 1, 10)))
    facts = aired(engine, clock, 12)
    assert ticks_of(facts, "a") == 0
    assert any(fact.reason == "no such file" for fact in facts)
    seen = engine.observe()
    assert seen is not None and seen.decks[0].reason == "no such file"


def test_a_file_that_ends_early_leaves_the_slate() -> None:
    clock = SimulatedClock(NOON)
    engine = FakeEngine(clock, files={"/a.mp4": FakeFile(ends_after=4)})
    engine.show(Desired(1, shot("a", 1, 10)))
    facts = aired(engine, clock, 12)
    assert ticks_of(facts, "a") == 120
    assert ticks_of(facts, "a", Layer.SLATE) in (179, 180)


def test_a_take_comes_as_soon_as_its_deck_is_ready() -> None:
    clock = SimulatedClock(NOON)
    engine = FakeEngine(clock)
    engine.show(Desired(1, shot("a", 0, 60)))
    aired(engine, clock, 5)
    engine.show(Desired(2, shot("b", 5, 20, as_soon_as_ready=True)))
    facts = aired(engine, clock, 25)
    first = next(fact for fact in facts if fact.cue == "b")
    assert 0 < (first.start - NOON).total_seconds() - 5 < 1
    assert first.source_first == 0


def test_an_unreachable_engine_says_so() -> None:
    engine = FakeEngine(SimulatedClock(NOON), unreachable=True)
    with pytest.raises(EngineError):
        engine.observe()
