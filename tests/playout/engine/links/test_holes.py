"""Gaps without a bus: the air log records what viewers saw on those ticks."""

from datetime import UTC, datetime, timedelta

from config.names import CueId
from playout.engine.links.air_log import BUS_AWAY, Runs, bus_gap_facts, extend_run
from playout.model.engine import AirFact
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def instant(tick: int) -> datetime:
    return NOON + timedelta(seconds=tick / 25)


def run(tick: int, ticks: int, source: int = 0) -> AirFact:
    return AirFact(
        tick, ticks, instant(tick), instant(tick + ticks), Layer.DECK, CueId("a"), source,
        source + ticks - 1,
    )  # fmt: skip


def test_ticks_without_a_bus_are_logged_as_held_then_as_slate() -> None:
    held, slate = bus_gap_facts(run(100, 50), 200, instant, 12)
    assert (held.tick, held.ticks, held.held, held.layer) == (150, 12, 12, Layer.DECK)
    assert (slate.tick, slate.ticks, slate.held, slate.layer) == (162, 38, 0, Layer.SLATE)
    assert held.source_first == slate.source_first == -1
    assert held.reason == slate.reason == BUS_AWAY
    assert held.cue == slate.cue == "a"
    assert (held.start, held.end) == (instant(150), instant(162))
    assert (slate.start, slate.end) == (instant(162), instant(200))


def test_short_gap_is_logged_as_held_only() -> None:
    assert [fact.ticks for fact in bus_gap_facts(run(0, 10), 13, instant, 12)] == [3]


def test_a_run_goes_on_to_the_last_tick_the_program_ring_holds() -> None:
    longer = extend_run(run(100, 50, source=7), 158, instant)
    assert (longer.ticks, longer.source_first, longer.source_last) == (58, 7, 64)
    assert longer.end == instant(158)


def test_gap_and_what_follows_stay_separate_runs() -> None:
    runs = Runs(1000)
    facts = [run(0, 10), *bus_gap_facts(run(0, 10), 30, instant, 12), run(30, 5, source=30)]
    ended = [fact for one in facts if (fact := runs.add(one)) is not None]
    assert [(fact.tick, fact.ticks) for fact in ended] == [(0, 10), (10, 12), (22, 8)]
