"""The ring of a deck: memory for the pictures that wait, and not for those that were shown."""

import os
import random

import pytest

from config.names import HouseFormat
from playout.engine.links.deck_ring import DeckRing
from playout.engine.links.ring import TAIL, Ring
from playout.engine.links.ring_shape import (
    DRAWN_PLACES,
    RingShape,
    deck_ring_shape,
    make_ring,
    ring_shape_for,
)

HOUSE = HouseFormat.parse("64x36@30")
SLOTS = 60


class Bench:
    """A writer and a reader of one ring. Each picture is the number of its position."""

    def __init__(self, shape: RingShape | None = None) -> None:
        self.handle = make_ring("test", shape or ring_shape_for(HOUSE, 2.0))
        self.writer, self.reader = DeckRing(self.handle), Ring(self.handle)

    def write(self, positions: range) -> None:
        for position in positions:
            self.writer.begin(position).picture[:] = position % 251
            self.writer.commit(position, 1, position, 0, 0)

    def free(self, before: int) -> None:
        self.reader.put_word(TAIL, before)

    def seen(self, positions: range) -> list[int]:
        slots = [self.reader.look(position) for position in positions]
        assert all(slot is None or (slot.picture == slot.picture[0]).all() for slot in slots)
        return [-1 if slot is None else int(slot.picture[0]) for slot in slots]

    @property
    def touched(self) -> int:
        """Pages of memory that the ring has."""
        return os.fstat(self.handle).st_blocks * 512 // 4096


def test_a_picture_goes_where_the_one_was_that_the_reader_freed_last() -> None:
    bench = Bench()
    bench.write(range(10))
    begun = bench.touched
    for position in range(10, 200):
        bench.free(position - 9)
        bench.write(range(position, position + 1))
        assert bench.seen(range(position - 9, position + 1)) == [
            one % 251 for one in range(position - 9, position + 1)
        ]
    assert bench.touched - begun < 2 * 4096 // 4096 + SLOTS  # the slots' own pages, no pictures


def test_every_place_can_be_in_use_at_once() -> None:
    bench = Bench()
    bench.write(range(SLOTS))
    assert bench.writer.room() == 0
    assert bench.seen(range(SLOTS)) == [*range(SLOTS)]
    bench.free(1)
    bench.write(range(SLOTS, SLOTS + 1))
    assert bench.seen(range(1, SLOTS + 1)) == [*range(1, SLOTS + 1)]


def test_the_two_newest_pictures_stay_although_the_reader_freed_them() -> None:
    bench = Bench()
    bench.write(range(5))
    bench.free(5)
    bench.writer.begin(5).picture[:] = 200
    assert [int(bench.writer.peek(one).picture[0]) for one in (3, 4, 5)] == [3, 4, 200]


def test_a_slot_begun_again_keeps_its_picture_and_those_after_it() -> None:
    bench = Bench()
    for position in range(3):
        bench.writer.begin(position).picture[:] = position
    for position in range(3):
        bench.writer.begin(position).sound[:] = 5
        bench.writer.commit(position, 1, position, 0, 1600)
    assert bench.seen(range(3)) == [0, 1, 2]


@pytest.mark.parametrize("freed", [0, 4, 10])
def test_a_writer_that_starts_again_leaves_what_waits_for_the_reader(freed: int) -> None:
    bench = Bench()
    bench.write(range(10))
    bench.free(freed)
    bench.writer.begin(10)
    bench.writer = DeckRing(bench.handle)
    bench.write(range(10, SLOTS + freed))
    assert bench.seen(range(freed, SLOTS + freed)) == [*range(freed, SLOTS + freed)]


def test_a_ring_given_back_has_every_place_free_also_for_a_new_writer() -> None:
    bench = Bench()
    bench.write(range(10))
    bench.writer.give_back()
    bench.writer = DeckRing(bench.handle)
    bench.free(10)
    bench.write(range(10, 10 + SLOTS))
    assert bench.seen(range(10, 10 + SLOTS)) == [*range(10, 10 + SLOTS)]


def test_a_ring_may_hold_fewer_pictures_than_slots() -> None:
    handle = make_ring("test", ring_shape_for(HOUSE, 2.0, 24))
    ring, reader = Ring(handle), Ring(handle)
    assert ring.shape == RingShape(HOUSE, SLOTS, 24) == reader.shape
    for position in range(SLOTS):
        slot = ring.begin(position)
        slot.picture[:], slot.sound[:] = position, position
        ring.commit(position, 1, position, 0, 1600)
    whole = [position for position in range(SLOTS) if reader.has_picture(position)]
    assert whole == [*range(SLOTS - 23, SLOTS)]
    for position in range(SLOTS):
        slot = reader.look(position)
        assert slot is not None and int(slot.sound[0, 0]) == position
        assert int(slot.picture[0]) == position or position not in whole
        copied = reader.copy(position, slot.picture.copy(), slot.sound.copy())
        assert (copied is not None) is (position in whole)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_drawn_ahead_overwrites_nothing_that_waits_or_is_compared(seed: int) -> None:
    """Pictures are drawn into lent places. Some get a slot, some several, some none."""
    dice, bench, shown = random.Random(seed), Bench(deck_ring_shape(HOUSE, 2.0)), None
    ring, head, lent, expected = bench.writer, 0, 0, dict[int, int]()
    for number in range(1, 2000):
        place = ring.lend(head, shown)
        if place is not None:
            lent += 1
            assert place != shown
            ring.place(place)[:] = number % 251
        for copy in range(dice.choice((0, 1, 1, 1, 1, 2, 6))):
            if ring.room() <= 0:
                bench.free(dice.randint(ring.tail + 1, head))
            slot = ring.begin(head, None if copy else place)
            slot.picture[:] = number % 251
            ring.commit(head, 1, head, 0, 0)
            expected[head], head = number % 251, head + 1
        shown = place if place is not None else shown
        assert shown is None or place is None or (ring.place(shown) == number % 251).all()
        waiting = range(max(ring.tail, head - SLOTS), head)
        assert bench.seen(waiting) == [expected[one] for one in waiting]

    assert lent == 1999
    assert ring.shape.pictures == SLOTS + DRAWN_PLACES


def test_a_ring_without_places_to_spare_lends_none() -> None:
    assert Bench().writer.lend(0, None) is None
    assert Bench().reader.lend(0, None) is None
