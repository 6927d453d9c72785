"""Captions of the air over fake decks and a fake live: what goes in comes out, triplet by triplet,
and nothing of one item over another."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from config.clock import SimulatedClock
from config.names import CueId, HouseFormat
from media.captions.track import CaptionPacket, CaptionTrack, triplets_of
from playout.engine.bus.bus import Bus, BusHandles
from playout.engine.fakes.deck import FakeDeck
from playout.engine.format.ticks import Ticks, to_ns
from playout.engine.links.messages import DESIRED, REPORT, SHOT
from playout.engine.links.port import Port, make_shared_state, port_pair, write_clock_start
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import Desired, Graphic, Shot
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RCL, EOC = b"\xfc\x94\x20", b"\xfc\x94\x2f"
CLEAR = [b"\xfc\x94\x2c", b"\xfc\x94\x2c", b"\xfc\x94\xae", b"\xfc\x94\xae"]
SECOND_CHANNEL = [bytes((0xFC, 0x1C, one[2])) for one in CLEAR]
SECONDS = 3600
"""Length of every file."""


def caption(name: int, second: int) -> list[bytes]:
    """The pairs of one caption: a pop-on whose text names its item and its second."""
    text = [bytes((0xFC, 0x40 + name % 32, 0x40 + name // 32)), bytes((0xFC, 0x60, second % 64))]
    return [RCL, RCL, *text * 3, EOC, EOC]


def brought(name: int, frame: int, rate: Fraction) -> bytes:
    """The pair that item `name` has at a frame: a caption at the start of each second."""
    step = 2 if rate > 31 else 1
    second, place = divmod(frame, round(rate))
    pairs = caption(name, second)
    fits = place % step == 0 and place // step < len(pairs)
    return pairs[place // step] if fits else b""


@dataclass
class FakeLive:
    """A live deck that has a slot ready for each of the next ticks."""

    ring: Ring
    port: Port
    rate: Fraction
    next: int = 0

    def step(self, tick: int) -> None:
        self.port.send({"source": "hall", "generation": 1})
        self.next = max(self.next, tick)
        while self.next < tick + self.rate / 4 and self.ring.room() > 0:
            position = self.ring.head
            self.ring.begin(position)
            captions = brought(0, self.next, self.rate)
            self.ring.commit(position, 1, self.next, 0, 1, captions)
            self.next += 1


class Station:
    """A bus with two fake decks and a fake live. `sent` is what left on field 1, tick by tick."""

    def __init__(self, folder: Path, rate: Fraction) -> None:
        self.folder, self.rate, self.clock = folder, rate, SimulatedClock(NOON)
        self.house = HouseFormat(64, 36, rate)
        self.program = make_ring("program", ring_shape_for(self.house, 1.2))
        now = self.clock.monotonic()
        write_clock_start(self.program, now, to_ns(NOON) - now)
        self.ticks = Ticks(rate, now)
        ends = [self._end(name) for name in "ab"]
        self.ends = tuple((ring, near) for ring, near, _ in ends)
        self.decks = [FakeDeck(Ring(ring), self.clock, {}) for ring, _, _ in ends]
        self.ports = [Port(far) for _, _, far in ends]
        ring, near, far = self._end("live")
        self.live, self.lives = FakeLive(Ring(ring), Port(far), rate), ((ring, near),)
        mine, far = port_pair()
        self.agent, self.mine, self.state = Port(far), mine, make_shared_state()
        self.ring, self.tick = Ring(self.program), 0
        self.stalled = False
        self.sent: list[bytes] = []
        self.start_bus()

    def _end(self, name: str) -> tuple[int, int, int]:
        return make_ring(name, ring_shape_for(self.house, 2.0)), *port_pair()

    def start_bus(self) -> None:
        """Start a bus process on the resources that outlive it."""
        decks, lives = (
            tuple((ring, os.dup(port)) for ring, port in ends) for ends in (self.ends, self.lives)
        )
        handles = BusHandles(self.program, decks, os.dup(self.mine), self.state, lives)
        self.bus = Bus(handles, self.folder / "air.log", self.clock)

    def end_bus(self) -> None:
        supply = self.bus._supply
        lives = [live._port for live in supply.lives._inputs]
        for port in (self.bus._agent, *lives, *(deck.port for deck in supply.decks)):
            port.close()
        self.bus._log.close()

    def close(self) -> None:
        self.end_bus()
        for port in (self.agent, self.live.port, *self.ports):
            port.close()

    def at(self, tick: int) -> datetime:
        """The instant of a tick, rounded up to what an instant can say."""
        after = self.ticks.due(tick) - self.ticks.epoch
        return NOON + timedelta(microseconds=-(-after // 1000))

    def track(self, name: int) -> str:
        """The file with the captions of an item."""
        path = self.folder / f"{name}.cc"
        frames = ((n, brought(name, n, self.rate)) for n in range(round(40 * self.rate)))
        packets = (CaptionPacket(round(n * 1_000_000 / self.rate), one) for n, one in frames if one)
        path.write_bytes(CaptionTrack(packets).to_bytes())
        return str(path)

    def show(self, *shots: Shot, graphic: Graphic | None = None) -> None:
        following = shots[1] if len(shots) > 1 else None
        desired = Desired(1, shots[0], following, graphic=graphic)
        self.agent.send(DESIRED.dump_python(desired, mode="json"))

    def run(self, ticks: int) -> list[bytes]:
        """Let ticks pass. Return the captions of field 1 on each of them."""
        begin = len(self.sent)
        for _ in range(ticks):
            for deck, port in zip(self.decks, self.ports, strict=True):
                self._step(deck, port)
            self.live.step(self.tick)
            self.bus.tick(self.tick)
            pairs = triplets_of(self.ring.captions(self.tick))
            self.sent.append(b"".join(one for one in pairs if one[0] == 0xFC))
            self.tick += 1
            behind = self.ticks.due(self.tick) - self.clock.monotonic()
            self.clock.advance(timedelta(microseconds=-(-behind // 1000)))
        return self.sent[begin:]

    def _step(self, deck: FakeDeck, port: Port) -> None:
        if self.stalled:
            return
        for message in port.receive():
            if "load" in message:
                deck.load(SHOT.validate_python(message["load"]), message["generation"])
            else:
                deck.stop()
        deck.step()
        generation = deck._generation
        report = REPORT.dump_python(deck.report(), mode="json")
        port.send({"report": report, "generation": generation})


NTSC, DOUBLE = Fraction(30000, 1001), Fraction(60000, 1001)


@pytest.fixture(params=[NTSC, DOUBLE], ids=["29.97", "59.94"])
def station(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Station]:
    station = Station(tmp_path, request.param)
    yield station
    station.close()


@dataclass(frozen=True)
class Stretch:
    """One item of a test's program, and what it must bring to air."""

    shot: Shot
    ticks: int
    captions: list[bytes]


def stretch(station: Station, number: int, first: int, chance: random.Random) -> Stretch:
    """An item that ends in a pause of its captions: a file from its start or joined in progress,
    with captions or without, a live, or the board.
    """
    second = round(station.rate)
    ticks = second * chance.randint(2, 3) + second * 8 // 10
    kind = chance.choice(["whole", "joined", "silent", "live", "board"])
    begin, cue = station.at(first), CueId(f"cue-{number}")
    end, path = station.at(first + ticks), f"/{number}.mp4"
    if kind == "board":
        return Stretch(Shot(cue, Layer.BOARD, begin, end), ticks, [])
    if kind == "live":
        shot = Shot(cue, Layer.DECK, begin, end, source="hall", beneath=Layer.SLATE)
        whole = -(-first // second) * second
        pairs = [brought(0, n, station.rate) for n in range(whole, first + ticks)]
        return Stretch(shot, ticks, [pair for pair in pairs if pair])
    offset = chance.randint(1, 20) * second + second // 6 if kind == "joined" else 0
    seconds_in = float(offset / station.rate)
    captions = None if kind == "silent" else station.track(number)
    shot = Shot(
        cue, Layer.DECK, begin, end, path=path, offset=seconds_in, length=SECONDS,
        captions=captions,
    )  # fmt: skip
    if kind == "silent":
        return Stretch(shot, ticks, [])
    start = offset if kind == "whole" else offset - second // 6 + second
    pairs = [brought(number, n, station.rate) for n in range(start, offset + ticks)]
    return Stretch(shot, ticks, [pair for pair in pairs if pair])


def pairs_of(sent: list[bytes]) -> list[bytes]:
    return [pair for piece in sent for pair in triplets_of(piece)]


def test_in_a_hundred_changes_of_every_kind_captions_out_are_captions_in(station: Station) -> None:
    chance, first = random.Random(7), 2 * round(station.rate)
    station.show(Shot(CueId("start"), Layer.SLATE, NOON, station.at(first)))
    stretches, start = [], first
    for number in range(1, 101):
        stretches.append(stretch(station, number, start, chance))
        start += stretches[-1].ticks
    opening = Shot(CueId("start"), Layer.SLATE, NOON, station.at(first))
    station.show(opening, stretches[0].shot)
    assert pairs_of(station.run(first))[-8:] == CLEAR + SECOND_CHANNEL

    for number, one in enumerate(stretches):
        station.show(*(other.shot for other in stretches[number : number + 2]))
        sent = pairs_of(station.run(one.ticks))

        assert sent == CLEAR + one.captions, f"item {number}: {one.shot}"


def on_air(station: Station, seconds: int) -> int:
    """Put a captioned file on air and let it run so long. Return the ticks of a second."""
    second = round(station.rate)
    shot = Shot(
        CueId("film"), Layer.DECK, station.at(2 * second), station.at(1000 * second),
        path="/film.mp4", length=SECONDS, captions=station.track(1),
    )  # fmt: skip
    station.show(Shot(CueId("start"), Layer.SLATE, NOON, shot.at), shot)
    station.run(2 * second)
    station.show(shot)
    station.run(seconds * second)
    return second


def captions_of(seconds: range) -> list[bytes]:
    """The captions of the film in these seconds."""
    return [pair for second in seconds for pair in caption(1, second)]


def test_pairs_of_frames_that_a_late_deck_made_the_air_skip_are_sent_all_the_same(
    station: Station,
) -> None:
    second = on_air(station, 3)
    station.run(second * 9 // 10)
    station.stalled = True
    held = station.run(deck_lead(station) + second * 2 // 10)
    station.stalled = False
    later = station.run(round(station.rate) * 8 - len(held))
    sent = pairs_of(held + later)
    facts = station.bus._last

    assert facts.layer is Layer.DECK
    assert sent == captions_of(range(4, 4 + len(sent) // len(caption(1, 0))))
    assert len(sent) >= 6 * len(caption(1, 0))


def deck_lead(station: Station) -> int:
    """Frames that wait in the ring of the deck on air."""
    return max(deck._ring.head - deck._ring.tail for deck in station.decks)


def test_a_bus_that_was_killed_clears_the_screen_and_goes_on_with_the_next_caption(
    station: Station,
) -> None:
    second = on_air(station, 3)
    station.run(second // 5)
    station.end_bus()
    station.start_bus()
    sent = pairs_of(station.run(3 * second - second // 5))

    assert sent == CLEAR + SECOND_CHANNEL + captions_of(range(4, 6))


def test_a_graphic_over_the_whole_picture_clears_and_mutes_and_a_strip_does_neither(
    station: Station,
) -> None:
    second = on_air(station, 3)
    strip, full = (rows_of(station, rows) for rows in (8, 36))
    desired = station.bus._switch.desired
    assert desired is not None
    station.show(desired.on_air, graphic=strip)
    under_strip = pairs_of(station.run(second))
    station.show(desired.on_air, graphic=full)
    muted = pairs_of(station.run(second + second // 6))
    station.show(desired.on_air)
    after = pairs_of(station.run(2 * second - second // 6))

    assert under_strip == captions_of(range(3, 4))
    assert muted == [RCL, *CLEAR]
    assert after[:4] == CLEAR
    assert after[4:] == captions_of(range(6, 7))


def rows_of(station: Station, rows: int) -> Graphic:
    """A graphic of so many rows from the top."""
    path = station.folder / f"rows-{rows}.i420"
    path.write_bytes(bytes(64 * rows * 3 // 2))
    return Graphic(f"rows-{rows}", str(path), 0, rows)


def test_a_fallen_item_clears_the_screen_and_comes_back_with_its_next_caption(
    station: Station,
) -> None:
    second = on_air(station, 3)
    station.stalled = True
    fallen = station.run(deck_lead(station) + second)
    layer = station.bus._last.layer
    station.stalled = False
    back = pairs_of(station.run(6 * second))
    own = back[4:]

    assert layer is Layer.SLATE
    assert pairs_of(fallen)[-4:] == CLEAR
    assert back[:4] == CLEAR
    assert own[0] == RCL and len(own) >= len(caption(1, 0))
    assert set(own) <= {pair for n in range(20) for pair in caption(1, n)}
