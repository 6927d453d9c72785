"""A switch over two fake decks in simulated time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from playout.engine.bus.deck import BusDeck
from playout.engine.bus.supply import Supply
from playout.engine.bus.switch import Switch
from playout.engine.bus.take import TickContent
from playout.engine.fakes.deck import FakeDeck
from playout.engine.fakes.engine import FakeFile
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.engine.links.messages import REPORT, SHOT
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Wire:
    """A port whose partner is a fake deck in the same process."""

    def __init__(self) -> None:
        self.deck: FakeDeck | None = None
        self.waiting: list[dict[str, Any]] = []
        self.generation = 0
        self.dead = False

    def send(self, message: dict[str, Any]) -> bool:
        assert self.deck is not None
        self.generation = message["generation"]
        if self.dead:
            return True
        if "load" in message:
            self.deck.load(SHOT.validate_python(message["load"]), self.generation)
        else:
            self.deck.stop()
        return True

    def receive(self) -> list[dict[str, Any]]:
        if self.deck is not None and not self.dead:
            self.deck.step()
            report = REPORT.dump_python(self.deck.report(), mode="json")
            self.waiting.append({"report": report, "generation": self.generation})
        waiting, self.waiting = self.waiting, []
        return waiting


class Studio:
    """A switch over two fake decks."""

    def __init__(self, files: Mapping[str, FakeFile] | None = None, early: float = 0.0) -> None:
        self.clock = SimulatedClock(NOON)
        now = self.clock.monotonic()
        self.time = HouseClock(Ticks(HOUSE.rate, now), WallMap(now, NOON))
        self.wires = [Wire(), Wire()]
        decks = []
        for name, wire in zip("ab", self.wires, strict=True):
            ring = Ring(make_ring(name, ring_shape_for(HOUSE, 2.0)))
            wire.deck = FakeDeck(ring, self.clock, files or {})
            decks.append(BusDeck(name, ring, wire))  # type: ignore[arg-type]
        self.supply = Supply(decks, HOUSE.rate, self.clock)
        self.switch = Switch(self.time, self.supply, early)
        self.next = 0
        self.seen: list[TickContent] = []

    def lacks(self, words: str) -> None:
        """Make the machine lack something, or nothing any more."""
        for wire in self.wires:
            assert wire.deck is not None
            wire.deck.lacks = words

    def run(self, seconds: float) -> list[TickContent]:
        start = len(self.seen)
        for _ in range(round(seconds * 25)):
            self.supply.listen()
            self.seen.append(self.switch.decide(self.next))
            self.next += 1
            self.clock.advance(timedelta(seconds=0.04))
        return self.seen[start:]


def shot(cue: str, at: float, seconds: float, **more: Any) -> Shot:
    start = NOON + timedelta(seconds=at)
    end = start + timedelta(seconds=seconds)
    values: dict[str, Any] = {"length": seconds, "path": f"/{cue}", **more}
    return Shot(CueId(cue), values.pop("layer", Layer.DECK), start, end, **values)


def frames(seen: list[TickContent], cue: str) -> list[int]:
    return [air.source for air in seen if air.cue == cue and air.slot is not None]
