"""Decks as the bus sees them: in use, free or restarting, whatever their processes do."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from playout.engine.bus.deck import BusDeck, DeckUse
from playout.engine.bus.supply import MOST_DEATHS, DeckRequest, Supply
from playout.engine.decks.orders import ORDER_LOST_AFTER, DeckOrders
from playout.engine.fakes.deck import FakeDeck
from playout.engine.links.messages import REPORT, SHOT
from playout.engine.links.port import Port, port_pair
from playout.engine.links.ring import GENERATION, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEP = timedelta(milliseconds=40)
STALE = 5.0
"""Seconds without a beat after which the supervisor of these tests kills a process."""


class Process:
    """A deck process under a supervisor. It may be stopped, killed, or miss an order."""

    def __init__(self, ring: Ring, clock: SimulatedClock) -> None:
        self.ring, self.clock = ring, clock
        self.inbox: list[dict[str, Any]] = []
        self.outbox: list[dict[str, Any]] = []
        self.stopped = self.deaf = False
        self.begin()

    def begin(self) -> None:
        self.deck = FakeDeck(self.ring, self.clock, {})
        self.inbox, self.generation = [], self.ring.word(GENERATION)
        self.stopped, self.silent = False, 0.0
        self.outbox.append({"hello": 1})

    def send(self, message: dict[str, Any]) -> bool:
        if not self.deaf:
            self.inbox.append(message)
        return not self.deaf

    def receive(self) -> list[dict[str, Any]]:
        sent, self.outbox = self.outbox, []
        return sent

    def step(self) -> None:
        """Run one turn of its loop, and of the supervisor's check of it."""
        self.silent += STEP.total_seconds()
        lost = self.generation != self.ring.word(GENERATION) and not self.inbox
        if self.silent > STALE or (not self.stopped and lost):
            self.begin()
        if self.stopped:
            return
        self.silent = 0.0
        for order in self.inbox[-1:]:
            self.generation = order["generation"]
            if "load" in order:
                self.deck.load(SHOT.validate_python(order["load"]), self.generation)
            else:
                self.deck.stop()
        self.inbox = []
        self.deck.step()
        report = REPORT.dump_python(self.deck.report(), mode="json")
        self.outbox.append({"report": report, "generation": self.generation})


class Room:
    """Two decks, their processes, and the bus's requests at each tick."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(NOON)
        self.processes, self.decks = [], []
        for name in "ab":
            ring = Ring(make_ring(name, ring_shape_for(HOUSE, 2.0)))
            process = Process(ring, self.clock)
            self.processes.append(process)
            self.decks.append(BusDeck(name, ring, process))  # type: ignore[arg-type]
        self.supply = Supply(self.decks, HOUSE.rate, self.clock)
        self.wants: list[DeckRequest] = []
        self.shots_made = 0

    def want(self, *cues: str) -> None:
        self.wants = [DeckRequest(shot(cue), 0) for cue in cues]

    def new(self) -> Shot:
        """Return a shot that was never requested before."""
        self.shots_made += 1
        return shot(f"new {self.shots_made}")

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP.total_seconds())):
            for process in self.processes:
                process.step()
            self.supply.listen()
            self.supply.assign(self.wants)
            for deck in self.decks:
                assert deck.use in DeckUse
                assert (deck.shot is None) == (deck.use in (DeckUse.FREE, DeckUse.AWAY)), deck.use
            self.clock.advance(STEP)


def shot(cue: str) -> Shot:
    until = NOON + timedelta(hours=1)
    return Shot(CueId(cue), Layer.DECK, NOON, until, path=f"/{cue}", length=3600.0)


Ports = tuple[Port, Port]


@pytest.fixture
def ports() -> Iterator[Ports]:
    """Return the bus's end and the deck's end of one port."""
    both = tuple(Port(handle) for handle in port_pair())
    yield both[0], both[1]
    for port in both:
        port.close()


def test_a_deck_quiet_at_the_end_of_its_slot_is_free_for_the_next() -> None:
    room = Room()
    room.want("one")
    room.run(1)
    user = next(deck for deck in room.decks if deck.cue == "one")
    room.processes[
        room.decks.index(user)
    ].deck.stop()  # it brings no more frames, but its process lives
    room.decks.remove(user)
    room.decks[:] = [user]
    room.supply.decks = room.decks
    room.run(3)
    assert user.use is DeckUse.QUIET
    room.want()
    room.run(0.1)
    assert user.use is DeckUse.FREE
    room.want("two")
    room.run(0.5)
    assert (user.cue, user.use) == ("two", DeckUse.IN_USE)
    assert room.supply.lead(shot("two"), 0) > 0


def test_a_deck_whose_process_never_answers_still_takes_what_only_it_can(ports: Ports) -> None:
    clock, bus = SimulatedClock(NOON), ports[0]
    deck = BusDeck("deck a", Ring(make_ring("a", ring_shape_for(HOUSE, 2.0))), bus)
    supply = Supply([deck], HOUSE.rate, clock)
    supply.assign([DeckRequest(shot("one"), 0)])
    clock.advance(timedelta(seconds=3))
    supply.listen()
    assert deck.use is DeckUse.QUIET
    supply.assign([])
    supply.listen()
    assert deck.use is DeckUse.AWAY
    supply.assign([DeckRequest(shot("two"), 0)])
    assert deck.cue == "two"


def test_a_deck_that_answers_is_asked_before_one_that_does_not() -> None:
    room = Room()
    room.run(1)
    room.processes[0].stopped = True
    room.run(1)
    assert [deck.use for deck in room.decks] == [DeckUse.AWAY, DeckUse.FREE]
    room.want("one")
    room.run(0.2)
    assert [deck.cue for deck in room.decks] == [None, "one"]


ACTS: dict[str, Callable[[Room, int], None]] = {
    "load": lambda room, place: room.want(str(room.new().cue)),
    "load two": lambda room, place: room.want(str(room.new().cue), str(room.new().cue)),
    "want nothing": lambda room, place: room.want(),
    "quiet": lambda room, place: room.processes[place].deck.stop(),
    "stop": lambda room, place: setattr(room.processes[place], "stopped", True),
    "continue": lambda room, place: setattr(room.processes[place], "stopped", False),
    "death": lambda room, place: room.processes[place].begin(),
    "deaf": lambda room, place: setattr(room.processes[place], "deaf", True),
    "hears": lambda room, place: setattr(room.processes[place], "deaf", False),
}
STEPS = st.tuples(
    st.sampled_from(sorted(ACTS)), st.integers(0, 1), st.sampled_from([0.04, 0.4, 1.0, 3.0])
)


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=12))
def test_a_healthy_deck_is_usable_within_seconds_whatever_decks_did(
    steps: list[tuple[str, int, float]],
) -> None:
    room = Room()
    for act, place, seconds in steps:
        ACTS[act](room, place)
        room.run(seconds)
    for process in room.processes:
        process.deaf = False
    room.want()
    room.run(STALE + 1)
    assert [deck.use for deck in room.decks] == [DeckUse.FREE, DeckUse.FREE]
    first, second = room.new(), room.new()
    room.wants = [DeckRequest(first, 0), DeckRequest(second, 0)]
    room.run(1)
    assert room.supply.lead(first, 0) > 0
    assert room.supply.lead(second, 0) > 0


def test_a_file_is_given_up_for_the_deaths_it_caused_and_tried_again_a_minute_later() -> None:
    room = Room()
    room.run(1)
    room.want("killer")
    for _ in range(MOST_DEATHS):
        room.run(0.5)
        for process in room.processes:
            if process.deck.report().cue is not None:
                process.begin()
        room.run(0.2)
    assert "again and again" in room.supply.failure(shot("killer"))
    room.run(61)
    assert room.supply.failure(shot("killer")) == ""
    assert room.supply.lead(shot("killer"), 0) > 0


def test_decks_that_were_only_slow_are_not_held_against_a_file() -> None:
    room = Room()
    room.run(1)
    room.want("one")
    for _ in range(12):
        for stopped in (True, False):
            for process in room.processes:
                process.stopped = stopped
            room.run(3)
    assert room.supply.failure(shot("one")) == ""


def test_last_order_counts_and_a_lost_one_is_noticed(ports: Ports) -> None:
    clock, (bus, far) = SimulatedClock(NOON), ports
    ring = Ring(make_ring("a", ring_shape_for(HOUSE, 2.0)))
    deck = BusDeck("deck a", ring, bus)
    deck.load(shot("for the process before"), 0)
    orders = DeckOrders(far, ring, clock)
    assert orders.newest() is None
    deck.load(shot("one"), 0)
    deck.load(shot("two"), 0)
    newest = orders.newest()
    assert newest is not None and newest["load"]["cue"] == "two"
    clock.advance(timedelta(seconds=ORDER_LOST_AFTER * 2))
    assert not orders.is_one_lost(clock.monotonic())
    ring.put_word(GENERATION, deck.generation + 1)
    assert not orders.is_one_lost(clock.monotonic())
    clock.advance(timedelta(seconds=ORDER_LOST_AFTER + 0.1))
    assert orders.is_one_lost(clock.monotonic())


@pytest.mark.parametrize("process", [0, 1])
def test_a_deck_killed_or_stopped_at_the_end_of_its_slot_is_back_within_seconds(
    process: int,
) -> None:
    room = Room()
    room.run(1)
    room.want("one", "two")
    room.run(1)
    room.processes[process].stopped = True
    room.run(0.4)
    room.want("two")
    room.run(STALE + 1)
    room.want("two", "three")
    room.run(1)
    assert sorted(deck.cue or "" for deck in room.decks) == ["three", "two"]
    assert {deck.use for deck in room.decks} == {DeckUse.IN_USE}
