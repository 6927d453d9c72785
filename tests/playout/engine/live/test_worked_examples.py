"""The numbers in the heads of `source_clock` and `sync`, worked by the code they describe."""

from collections.abc import Callable

import numpy as np
import pytest

from config.names import HouseFormat
from playout.engine.format.ticks import NS, Ticks
from playout.engine.links.ring import TAIL, Picture, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.live.source_clock import DEPTH, SourceClock
from playout.engine.live.sync import DecodedPicture, LiveSync

FRAME = NS // 25
SMALL = HouseFormat.parse("64x36@25")
SLOW = 1 + 1e-4
"""Arrival times of a source whose clock is 100 ppm slow, as a multiple of the true ones."""


def ns(seconds: float) -> int:
    return round(seconds * NS)


def paint(number: int) -> Callable[[Picture], None]:
    def draw(target: Picture) -> None:
        target[:4] = np.frombuffer(number.to_bytes(4, "little"), np.uint8)

    return draw


def drifting(minutes: float) -> tuple[SourceClock, float]:
    """The clock after so many minutes of a slow source, and the slack of the last packet."""
    clock, slack = SourceClock(bursty=False), 0.0
    for number in range(round(minutes * 60 * 25)):
        at = number * FRAME
        arrival = ns(100.0) + round(at * SLOW)
        clock.observe(at, arrival)
        clock.follow(clock.drift(FRAME))
        slack = (at + clock.base - arrival) / NS
    return clock, slack


def test_the_earliest_packet_of_a_new_stretch_sets_its_place() -> None:
    clock = SourceClock(bursty=False)
    clock.observe(0, ns(100.000))
    assert clock.base == ns(100.600)

    clock.observe(ns(0.040), ns(100.010))
    assert clock.base == ns(100.570)


def test_a_packet_later_than_the_depth_covers_moves_the_source_once() -> None:
    clock = SourceClock(bursty=False)
    for number in range(100):
        clock.observe(number * FRAME, ns(100.0) + number * FRAME)
    clock.observe(100 * FRAME, ns(100.45) + 100 * FRAME)

    assert (clock.base, clock.steps) == (pytest.approx(ns(100.75), abs=1000), 1)


def test_a_slow_source_is_followed_once_it_leaves_the_dead_band() -> None:
    before, _ = drifting(20.0)
    assert before.base == ns(100 + DEPTH)

    after, slack = drifting(30.0)
    assert after.base == pytest.approx(ns(100.654), abs=100_000)
    assert slack == pytest.approx(0.474, abs=0.0001)


def test_picture_and_sound_of_a_tick_are_looked_up_at_one_source_time() -> None:
    ring, ticks = Ring(make_ring("live", ring_shape_for(SMALL, 1.2))), Ticks(SMALL.rate, 0)
    clock = SourceClock(bursty=False)
    sync = LiveSync(ring, ticks, 1, clock=clock)
    shown: dict[int, int] = {}
    for tick in range(2500, 2530):
        now = ticks.due(tick)
        at = now - ns(100.010) - 30_000_000
        if at >= 0:
            clock.observe(at, now - 30_000_000)
            sync.picture(DecodedPicture(at, paint(at // FRAME)))
            sync.sound(np.zeros((1920, 2), np.int16), at)
        sync.pump(now)
        while ring.tail < ring.head and ring.peek(ring.tail).frame <= tick:
            slot = ring.peek(ring.tail)
            shown[slot.frame] = int.from_bytes(bytes(slot.picture[:4]), "little")
            ring.put_word(TAIL, ring.tail + 1)

    assert clock.base == ns(100.610)
    assert (shown[2515], shown[2516]) == (0, 1)
    assert sync._edges(2515, 0) == (-480.0, 1440.0)
    assert sync._edges(2516, 4000) == (1440.0, pytest.approx(3360 - 0.192))
