"""A live on the bus, tick by tick: taken, lost, held, covered by its slate, and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from playout.engine.bus.live_input import LiveInput, LiveInputs
from playout.engine.bus.supply import Supply
from playout.engine.bus.switch import LIVE_HOLD_SECONDS, LIVE_STEADY_SECONDS, Switch
from playout.engine.bus.take import TickContent
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import Desired, Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEAD = 12
"""Ticks by which the live deck is ahead."""


class Wire:
    """A live deck's messages to the bus."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = [{"source": "hall", "generation": 3}]

    def receive(self) -> list[dict[str, Any]]:
        waiting, self.waiting = self.waiting, []
        return waiting


class Studio:
    """A switch over one live deck, which makes each slot ahead of its tick while it has signal."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(NOON)
        now = self.clock.monotonic()
        self.time = HouseClock(Ticks(HOUSE.rate, now), WallMap(now, NOON))
        self.ring, self.wire = Ring(make_ring("live", ring_shape_for(HOUSE, 1.2))), Wire()
        self.live = LiveInput(self.ring, self.wire)  # type: ignore[arg-type]
        self.supply = Supply([], HOUSE.rate, self.clock, LiveInputs([self.live]))
        self.switch = Switch(self.time, self.supply)
        self.switch.has_board = True
        self.signal, self.next_tick, self.tick = True, 0, 0
        self.frames: list[int | None] = []

    def run(self, seconds: float) -> list[TickContent]:
        seen = []
        for _ in range(round(seconds * 25)):
            self.next_tick = max(self.next_tick, self.tick + 4)
            while self.signal and self.next_tick < self.tick + LEAD and self.ring.room() > 0:
                self.ring.begin(self.ring.head)
                self.ring.commit(self.ring.head, 3, self.next_tick, 0, 1922)
                self.next_tick += 1
            self.supply.listen()
            self.supply.lives.pass_by(self.tick)
            seen.append(self.switch.decide(self.tick))
            self.frames.append(seen[-1].slot.frame if seen[-1].slot is not None else None)
            self.tick += 1
            self.clock.advance(timedelta(seconds=0.04))
        return seen


def live(at: float, **more: Any) -> Shot:
    start = NOON + timedelta(seconds=at)
    values: dict[str, Any] = {"layer": Layer.DECK, "beneath": Layer.SLATE, **more}
    return Shot(
        CueId("live"), values.pop("layer"), start, start + timedelta(hours=9), source="hall",
        **values,
    )  # fmt: skip


def slate() -> Shot:
    return Shot(CueId("slate"), Layer.SLATE, NOON, NOON + timedelta(hours=9))


def test_open_source_is_on_air_on_the_tick_of_its_take() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, slate(), live(4))
    seen = studio.run(8)
    assert {air.layer for air in seen[:100]} == {Layer.SLATE}
    mine = seen[100:]
    assert {air.layer for air in mine} == {Layer.DECK}
    assert [air.source for air in mine] == list(range(100))
    assert studio.frames[100:] == list(range(100, 200))
    assert not any(air.hold or air.dropped for air in mine)


def test_an_operator_s_take_is_on_air_at_once() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, slate())
    studio.run(2)
    studio.switch.desired = Desired(2, live(2, as_soon_as_ready=True))
    assert studio.run(1)[1].layer is Layer.DECK


def test_lost_signal_is_held_then_slated_until_it_is_steady() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, live(0))
    studio.run(2)
    studio.signal = False
    lost = studio.run(10)
    held = [air for air in lost if air.hold]
    assert abs(len(held) - LIVE_HOLD_SECONDS * 25) <= 1
    assert lost[-1].layer is Layer.SLATE
    assert {air.layer for air in lost} == {Layer.DECK, Layer.SLATE}
    assert lost[-1].reason == "no signal"
    studio.signal = True
    back = studio.run(3)
    away = [air for air in back if air.layer is Layer.SLATE]
    assert LIVE_STEADY_SECONDS * 25 <= len(away) <= (LIVE_STEADY_SECONDS + 0.3) * 25
    assert back[-1].layer is Layer.DECK


def test_a_live_is_never_given_up() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, live(0))
    for _ in range(8):
        studio.signal = True
        assert studio.run(2)[-1].layer is Layer.DECK
        studio.signal = False
        assert studio.run(3)[-1].layer is Layer.SLATE
    studio.signal = True
    assert studio.run(2)[-1].layer is Layer.DECK


def test_board_covers_a_live_where_that_was_asked() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, live(0, beneath=Layer.BOARD))
    studio.signal = False
    assert studio.run(4)[-1].layer is Layer.BOARD


def test_a_recess_is_a_slate_under_the_same_cue_and_the_return_is_at_once() -> None:
    studio = Studio()
    studio.switch.desired = Desired(1, live(0))
    studio.run(2)
    studio.switch.desired = Desired(2, live(0, layer=Layer.SLATE))
    recess = studio.run(60)
    assert {(air.layer, air.cue) for air in recess[1:]} == {(Layer.SLATE, "live")}
    studio.switch.desired = Desired(3, live(0))
    back = studio.run(1)
    assert {air.layer for air in back[1:]} == {Layer.DECK}
    assert sum(air.dropped for air in back) == 0


def test_source_never_seen_is_slated_at_once_and_shown_once_it_comes() -> None:
    studio = Studio()
    studio.signal = False
    studio.switch.desired = Desired(1, slate(), live(2))
    seen = studio.run(5)
    assert seen[-1].reason == "no signal yet"
    assert sum(air.hold for air in seen) <= 0.5 * 25
    studio.signal = True
    assert studio.run(0.6)[-1].layer is Layer.DECK


def test_slots_of_another_source_are_not_shown() -> None:
    studio = Studio()
    studio.wire.waiting = [{"source": "other", "generation": 3}]
    studio.switch.desired = Desired(1, live(0))
    assert studio.run(2)[-1].layer is Layer.SLATE
