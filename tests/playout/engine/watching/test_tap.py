"""The tap and the orders: memory between relay, watcher and supervisor."""

import os

import numpy as np
import pytest

from playout.engine.links.placed import PLACED_SLOTS, PlacedReader, PlacedWriter, make_placed
from playout.engine.links.restart_orders import ask_restart, make_orders, order_reader
from playout.engine.links.tap import CHUNK_BYTES, TapReader, TapWriter, make_tap
from playout.engine.watching.signature import BLOCKS

RATE = 2_000_000


def chunk(number: int) -> bytes:
    return number.to_bytes(4, "big") * (CHUNK_BYTES // 4)


def test_a_reader_gets_each_chunk_once_and_in_order() -> None:
    handle = make_tap(RATE)
    writer, reader = TapWriter(handle), TapReader(handle)
    for number in range(20):
        writer.put(chunk(number), 1000 + number)
    first = reader.read()
    writer.put(chunk(20), 1020)
    second = reader.read()

    assert first.chunks == [(1000 + number, chunk(number)) for number in range(20)]
    assert (second.chunks, second.missed) == ([(1020, chunk(20))], False)
    assert (reader.read().chunks, first.missed) == ([], False)


def test_a_reader_that_is_late_knows_that_it_missed_some() -> None:
    handle = make_tap(RATE)
    writer, reader = TapWriter(handle), TapReader(handle)
    for number in range(5000):
        writer.put(chunk(number), number)
    found = reader.read()
    writer.put(chunk(5000), 5000)

    assert found.missed
    assert found.chunks[-1] == (4999, chunk(4999))
    assert all(data == chunk(at) for at, data in found.chunks)
    assert not reader.read().missed


@pytest.mark.parametrize("together", [1, 2, 5])
def test_chunks_that_leave_together_are_read_one_by_one(together: int) -> None:
    """Over the end of the ring too: it has 570 places."""
    handle = make_tap(RATE)
    writer, reader = TapWriter(handle), TapReader(handle)
    read = []
    for first in range(0, 1500, together):
        writer.put(b"".join(map(chunk, range(first, first + together))), first)
        if first % 45 == 0:
            read += reader.read().chunks
    read += reader.read().chunks

    assert [data for _, data in read] == [*map(chunk, range(len(read)))]
    assert [at for at, _ in read] == [at // together * together for at in range(len(read))]
    assert len(read) >= 1500


def test_a_relay_that_starts_again_goes_on_behind_the_last_chunk() -> None:
    handle = make_tap(RATE)
    reader = TapReader(handle)
    TapWriter(handle).put(chunk(1), 1)
    TapWriter(handle).put(chunk(2), 2)

    assert [at for at, _ in reader.read().chunks] == [1, 2]


def test_a_target_is_asked_to_be_opened_again_once() -> None:
    handle = make_tap(RATE)
    writer, reader = TapWriter(handle), TapReader(handle)
    assert writer.asked_to_reopen() is None
    for target in (0, 0, 3):
        reader.ask_to_reopen(target)
        assert writer.asked_to_reopen() == target
        assert writer.asked_to_reopen() is None
    assert TapWriter(handle).asked_to_reopen() is None


def test_an_order_reaches_the_supervisor_once() -> None:
    handle = make_orders()
    newest = order_reader(handle)
    assert newest() == ""
    ask_restart(handle, "stream relay")

    assert (newest(), newest()) == ("stream relay", "")
    assert order_reader(handle)() == ""
    os.close(handle)


def test_notes_of_the_last_seconds_are_kept_in_order() -> None:
    handle = make_placed()
    writer, reader = PlacedWriter(handle), PlacedReader(handle)
    blocks = np.arange(BLOCKS)
    for tick in range(2 * PLACED_SLOTS):
        writer.put(tick * 1000, 3, tick / 1e4, (blocks + tick % 256).astype(np.uint8))
    kept = reader.since(1_400_000)

    assert list(kept.instants) == [tick * 1000 for tick in range(1401, 1440)]
    assert np.array_equal(kept.signatures[-1], (blocks + 1439 % 256).astype(np.uint8))
    assert kept.powers[-1] == pytest.approx(0.1439)
    assert len(reader.since(0).instants) < PLACED_SLOTS
