"""Rings: what a reader may trust."""

import os

import numpy as np
import pytest

from config.names import HouseFormat
from playout.engine.links.ring import TAIL, Ring, black
from playout.engine.links.ring_shape import (
    LARGEST_RING_BYTES,
    make_ring,
    read_shape,
    ring_shape_for,
)

HOUSE = HouseFormat.parse("64x36@30000/1001")


def test_both_ends_see_the_same_slots() -> None:
    handle = make_ring("test", ring_shape_for(HOUSE, 1.0))
    writer, reader = Ring(handle), Ring(handle)
    slot = writer.begin(0)
    slot.picture[:] = 77
    slot.sound[:] = 5
    assert reader.look(0) is None
    writer.commit(0, 3, 41, 1, 1601)
    seen = reader.look(0)
    assert seen is not None
    assert (seen.generation, seen.frame, seen.flags, seen.samples) == (3, 41, 1, 1601)
    assert int(seen.picture[-1]) == 77
    assert reader.head == 1


def test_an_overwritten_position_is_gone_and_a_half_written_one_is_not_there() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    for position in range(ring.shape.slots + 1):
        ring.begin(position)
        ring.commit(position, 1, position, 0, 0)
    assert ring.look(0) is None
    assert ring.look(1) is not None
    ring.begin(1 + ring.shape.slots)
    assert ring.look(1) is None
    assert ring.look(1 + ring.shape.slots) is None


def test_copy_of_an_overwritten_slot_is_none() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    picture = black(ring.shape)
    sound = np.zeros((ring.shape.samples, 2), dtype=np.int16)
    assert ring.copy(0, picture, sound) is None


def test_room_excludes_slots_the_reader_still_needs() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    for position in range(5):
        ring.begin(position)
        ring.commit(position, 1, position, 0, 0)
    ring.put_word(TAIL, 2)
    assert ring.room() == ring.shape.slots - 3


def test_a_writer_that_starts_again_goes_on_where_the_last_one_was() -> None:
    handle = make_ring("test", ring_shape_for(HOUSE, 1.0))
    first = Ring(handle)
    first.begin(0)
    first.commit(0, 1, 0, 0, 0)
    first.begin(1)
    again = Ring(handle)
    assert again.head == 1
    assert again.look(1) is None


def test_ring_of_large_pictures_stays_within_its_memory_limit() -> None:
    shape = ring_shape_for(HouseFormat.parse("3840x2160@60"), 2.0)
    assert shape.size < LARGEST_RING_BYTES * 1.1
    assert shape.slots >= 8


def test_memory_that_is_no_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="not a ring"):
        read_shape(bytes(4096))


PAIR = b"\xfc\x94\x2c"


def test_a_slot_carries_the_captions_of_its_tick_and_not_those_of_the_turn_before() -> None:
    handle = make_ring("test", ring_shape_for(HOUSE, 1.0))
    writer, reader = Ring(handle), Ring(handle)
    for position in range(writer.shape.slots + 1):
        writer.begin(position)
        writer.commit(position, 1, position, 0, 0, PAIR if position == 0 else b"")
        seen = reader.captions(position)

        assert seen == (PAIR if position == 0 else b"")


def test_captions_leave_sound_and_picture_of_their_slot_alone() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    slot = ring.begin(0)
    slot.sound[:], slot.picture[:] = 5, 77
    ring.commit(0, 1, 0, 0, 1601, PAIR * 20)

    assert slot.captions == PAIR * 20
    assert (slot.samples, int(slot.sound.min()), int(slot.picture.min())) == (1601, 5, 77)


def test_captions_of_an_overwritten_slot_are_none() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    ring.begin(0)
    ring.commit(0, 1, 0, 0, 0, PAIR)
    ring.begin(ring.shape.slots)

    assert ring.captions(0) == b""


def test_more_captions_than_a_frame_carries_are_refused() -> None:
    ring = Ring(make_ring("test", ring_shape_for(HOUSE, 1.0)))
    ring.begin(0)

    with pytest.raises(ValueError, match="do not fit"):
        ring.commit(0, 1, 0, 0, 0, PAIR * 21)


def test_a_ring_of_the_layout_before_is_refused() -> None:
    head = bytearray(make_head())
    head[8] = 1

    with pytest.raises(ValueError, match="not a ring"):
        read_shape(bytes(head))


def make_head() -> bytes:
    """Return the first bytes of a ring."""
    return os.pread(make_ring("test", ring_shape_for(HOUSE, 1.0)), 4096, 0)


def test_a_ring_given_back_is_empty_for_both_ends_and_can_be_filled_again() -> None:
    handle = make_ring("test", ring_shape_for(HOUSE, 2.0))
    writer, reader = Ring(handle), Ring(handle)
    for position in range(10):
        writer.begin(position).picture[:] = 77
        writer.commit(position, 3, position, 0, 1601)
    held = os.fstat(handle).st_blocks
    writer.give_back()

    assert os.fstat(handle).st_blocks < held / 4
    assert [reader.look(position) for position in range(10)] == [None] * 10
    assert reader.head == 10 and reader.shape == writer.shape
    writer.begin(10).picture[:] = 78
    writer.commit(10, 4, 0, 0, 1601)
    again = reader.look(10)
    assert again is not None and int(again.picture[-1]) == 78
