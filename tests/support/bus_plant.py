"""A whole bus over fake decks in simulated time."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import SimulatedClock
from config.names import HouseFormat
from playout.engine.bus.bus import Bus, BusHandles
from playout.engine.fakes.deck import FakeDeck
from playout.engine.fakes.music import FakeMusic
from playout.engine.format.ticks import to_ns
from playout.engine.links.messages import REPORT, SHOT
from playout.engine.links.port import Port, make_shared_state, port_pair, write_clock_start
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, music_shape, ring_shape_for
from playout.model.engine import BoardPage

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = 25


class FakeDeckProcess:
    """A fake deck at the far end of a port, in the place of `run_deck`."""

    def __init__(self, ring: int, port: int, clock: SimulatedClock) -> None:
        self.port, self._deck = Port(port), FakeDeck(Ring(ring), clock, {})
        self._generation = 0

    @property
    def is_idle(self) -> bool:
        """Whether it has no file."""
        return self._deck.report().cue is None

    def step(self) -> None:
        for message in self.port.receive():
            self._generation = message["generation"]
            if "load" in message:
                self._deck.load(SHOT.validate_python(message["load"]), self._generation)
            else:
                self._deck.stop()
        self._deck.step()
        report = REPORT.dump_python(self._deck.report(), mode="json")
        self.port.send({"report": report, "generation": self._generation})


class Plant:
    """A bus that can be killed and restarted while everything else stays."""

    def __init__(self, folder: Path, with_music: int = 0) -> None:
        self.clock, self.log = SimulatedClock(NOON), folder / "air.log"
        self._program = make_ring("program", ring_shape_for(HOUSE, 1.2))
        now = self.clock.monotonic()
        write_clock_start(self._program, now, to_ns(NOON) - now)
        self.decks, ends = [], []
        for name in "ab":
            ring, (near, far) = make_ring(name, ring_shape_for(HOUSE, 2.0)), port_pair()
            self.decks.append(FakeDeckProcess(ring, far, self.clock))
            ends.append((ring, near))
        mine, far = port_pair()
        self.agent = Port(far)
        self._handles = (self._program, tuple(ends), mine, make_shared_state())
        self._unlogged = os.memfd_create("unlogged")
        self._music = make_ring("music", music_shape(HOUSE.rate))
        self.music = FakeMusic(Ring(self._music), with_music) if with_music else None
        self.board: tuple[BoardPage, ...] = ()
        self.ring, self.next = Ring(self._program), 0
        self.stalled = False
        """Whether decks have stopped bringing frames."""
        self.seen: list[tuple[int, int]] = []
        """Layer and grey level of each tick; no layer where no bus was running."""
        self.start_bus()

    def start_bus(self) -> None:
        program, decks, agent, state = self._handles
        mine = tuple((ring, os.dup(port)) for ring, port in decks)
        handles = BusHandles(program, mine, os.dup(agent), state, unlogged=self._unlogged)
        if self.music is not None:
            handles = replace(handles, music=self._music)
        self.bus: Bus | None = Bus(handles, self.log, self.clock)

    def end_bus(self) -> None:
        """Do what the end of its process does: close its descriptors and nothing else."""
        assert self.bus is not None
        for port in (self.bus._agent, *(deck.port for deck in self.bus._supply.decks)):
            port.close()
        self.bus._log.close()
        self.bus = None

    def close(self) -> None:
        self.end_bus()
        os.close(self._unlogged)
        for port in (self.agent, *(deck.port for deck in self.decks)):
            port.close()

    def run(self, seconds: float) -> list[tuple[int, int]]:
        """Let time pass. Return what the program showed meanwhile, tick by tick."""
        begin = len(self.seen)
        for _ in range(round(seconds * SECOND)):
            for deck in () if self.stalled else self.decks:
                deck.step()
            if self.music is not None:
                self.music.step()
            if self.bus is not None:
                self.bus.tick(self.next)
            slot = self.ring.look(self.next)
            self.seen.append((0, 0) if slot is None else (slot.flags, int(slot.picture[0])))
            self.next += 1
            self.clock.advance(timedelta(seconds=1 / SECOND))
        return self.seen[begin:]
