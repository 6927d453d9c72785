"""An output's view of a bus that works, is late, or is gone."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from config.clock import SimulatedClock
from config.names import HouseFormat
from playout.engine.format.ticks import NS, sound_before
from playout.engine.links.ring import EPOCH, TAKERS, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.outputs.feed import PICTURE_HELD_FOR, FeedTick, ProgramFeed

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Bus(SimulatedClock):
    """A clock on which a bus publishes each tick when it is due, until the test stops it."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.2, 24)))
        self.epoch = self.monotonic()
        self.ring.put_word(EPOCH, self.epoch)
        self.alive, self.next = True, 0

    def wait(self, seconds: float, wake: object = None) -> bool:
        super().wait(seconds)
        due = (self.monotonic() - self.epoch) * 25 // NS
        while self.next <= due:
            if self.alive:
                slot = self.ring.begin(self.next)
                slot.picture[:], slot.sound[:] = self.next % 200, self.next
                captions = bytes((0xFC, 0x41, self.next % 128))
                self.ring.commit(self.next, 1, self.next, 3, 1920, captions)
            self.next += 1
        return False


def taken(feed: ProgramFeed, number: int) -> FeedTick:
    """Take a frame as libVLC does: its picture is copied at once."""
    fed = feed.at(number)
    return replace(fed, picture=fed.picture.copy())


def test_every_tick_is_seen_once_with_its_own_sound() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 2, bus)
    fed = [taken(feed, number) for number in range(50)]
    assert [one.tick for one in fed] == list(range(1, 51))
    assert all((one.picture == one.tick).all() for one in fed)
    assert all((one.sound == one.tick).all() and len(one.sound) == 1920 for one in fed)
    assert bus.ring.word(TAKERS + 2) == 50
    assert feed.repeated == 0


def test_captions_of_every_tick_are_handed_on_once_also_those_of_a_tick_that_came_late() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    early = [feed.at(number) for number in range(5)]
    bus.alive = False
    late = [feed.at(number) for number in range(5, 8)]
    bus.next, bus.alive = 6, True
    again = [feed.at(number) for number in range(8, 12)]
    handed = b"".join(one.captions for one in [*early, *late, *again])

    assert [one.captions for one in late] == [b""] * 3
    assert handed == b"".join(bytes((0xFC, 0x41, tick)) for tick in range(1, 13))


def test_sound_may_be_asked_for_before_or_after_its_picture() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    assert feed.at(3).tick == 4
    assert feed.at(0).tick == 1


def test_a_picture_lies_in_the_ring_until_the_bus_comes_near_it() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    first, sound = feed.at(0), feed.at(0).sound
    bus.wait(0.4)
    still = feed.at(0)
    bus.wait(0.2)
    later = feed.at(0)
    bus.wait(2.0)

    assert first.is_lent and still.picture is first.picture
    assert later.sound is sound and not later.is_lent
    assert (later.picture == first.tick).all()
    assert not (first.picture == first.tick).all()


def test_a_picture_that_was_overwritten_before_it_was_asked_for_is_the_newest_one() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    first = feed.at(0)
    bus.wait(2.0)

    assert (feed.at(0).picture == bus.next - 1).all()
    assert feed.at(0).tick == first.tick


def test_without_a_bus_the_last_picture_is_held_half_a_second_then_a_slate() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    last = feed.at(0).picture.copy()
    bus.alive = False
    feed.at(1)
    bus.ring.begin(1).picture[:] = 0
    gone = [feed.at(number) for number in range(2, 40)]
    same = [bool(np.array_equal(one.picture, last)) for one in gone]
    assert sum(same) <= PICTURE_HELD_FOR * 25
    assert same == sorted(same, reverse=True)
    assert gone[-1].picture[0] != last[0]
    assert not any(one.sound.any() for one in gone)


def test_a_bus_that_comes_back_is_seen_at_its_tick() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    feed.at(0)
    bus.alive = False
    for number in range(1, 20):
        feed.at(number)
    bus.alive = True
    back = [taken(feed, number) for number in range(20, 60)]
    assert [int(one.picture[0]) for one in back[5:]] == [one.tick for one in back[5:]]
    assert [one.tick for one in back] == list(range(21, 61))


def test_a_stalled_output_jumps_to_now_without_a_hole_in_its_clock() -> None:
    bus = Bus()
    feed = ProgramFeed(bus.ring, 0, bus)
    feed.at(0)
    bus.wait(10.0)
    assert feed.at(1).tick >= 248
    assert feed.microseconds(2) - feed.microseconds(1) == 40_000


def test_the_outputs_time_never_drifts() -> None:
    rate = HOUSE.rate
    feed = ProgramFeed(Bus().ring, 0, SimulatedClock(NOON))
    assert feed.microseconds(25 * 86400) - feed.microseconds(0) == 86400 * 1_000_000
    assert sound_before(rate, 25 * 86400) == 86400 * 48000
