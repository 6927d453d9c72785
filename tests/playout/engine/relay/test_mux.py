"""The multiplexer, slot by slot: clock, tables, picture and sound at one rate."""

from collections import Counter, deque

import pytest

from playout.engine.relay.demux import Demux, run_mark
from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import pid_of, read_clock

RATE = 4_512_000
"""3000 slots a second."""
CLOCK = SlotClock(0, RATE)


def make_mux(counters: bytearray | None = None) -> Mux:
    return Mux(CLOCK, tables(StreamService("Gavel")), counters or bytearray(len(COUNTED_PIDS)))


def unit(pts: int, data: bytes, *, video: bool = True, key: bool = False) -> AccessUnit:
    return AccessUnit(1, video, key, pts, pts, data)


def read_back(packets: list[bytes]) -> list[AccessUnit]:
    return Demux().take(run_mark(1) + b"".join(packets))


def test_the_clock_is_exact_for_its_slot_and_comes_every_30_ms() -> None:
    mux = make_mux()
    packets = [mux.packet(slot) for slot in range(9000)]
    clocks = [
        (slot, read_clock(p[6:12])) for slot, p in enumerate(packets) if p[3] & 0x20 and p[5] & 0x10
    ]

    assert [slot for slot, _ in clocks] == list(range(0, 9000, 90))
    assert all(value == (slot * 188 + 11) * 8 * 27_000_000 // RATE for slot, value in clocks)


def test_every_slot_has_a_whole_packet_and_empty_ones_are_null() -> None:
    mux = make_mux()
    packets = [mux.packet(slot) for slot in range(3000)]

    assert {(len(p), p[0]) for p in packets} == {(188, 0x47)}
    counted = Counter(map(pid_of, packets))
    assert counted[0] == counted[4096] == 12
    assert counted[17] == 2
    assert counted[0x1FFF] == mux.nulls == 3000 - 12 - 12 - 2 - 34


@pytest.mark.parametrize("key", [True, False])
@pytest.mark.parametrize("size", [1, 150, 160, *range(165, 175), *range(349, 358), 100_000])
def test_a_unit_of_any_size_arrives_as_it_was(size: int, key: bool) -> None:
    mux, data = make_mux(), (b"\0\0\1\x67" + b"d" * size)[: max(size, 4)]
    mux.add(unit(50_000, data, key=key))
    mux.add(unit(53_000, b"\0\0\1\x41next"))
    got = read_back([mux.packet(slot) for slot in range(900)])

    assert (got[0].pts, got[0].data) == (50_000, data)
    assert mux.waiting_seconds == 0


def busy_mux() -> Mux:
    """Return a multiplexer with two seconds of pictures of all sizes, and their sound."""
    mux = make_mux(bytearray(b"\x0c" * len(COUNTED_PIDS)))
    for number in range(60):
        stamp = 40_000 + 3000 * number
        mux.add(unit(stamp, bytes((number,)) * (1 + number * 733 % 21_000), key=number % 30 == 0))
        mux.add(unit(stamp, b"s" * 576, video=False))
    return mux


@pytest.mark.parametrize("count", [1, 7, 28, 50])
def test_many_packets_at_once_are_those_made_one_by_one(count: int) -> None:
    one, many = busy_mux(), busy_mux()
    slots = 9000 // count * count

    singly = [one.packet(slot) for slot in range(slots)]
    at_once = b"".join(many.packets(first, count) for first in range(0, slots, count))
    assert at_once == b"".join(singly)
    assert (one.nulls, one.late, one.waiting_seconds) == (many.nulls, many.late, 0)
    assert one.nulls > 1000


def test_counters_go_on_over_packets_of_the_clock_and_over_a_new_multiplexer() -> None:
    counters, seen = bytearray(len(COUNTED_PIDS)), []
    for second in range(2):
        mux = make_mux(counters)
        for number in range(30):
            stamp = 90_000 * second + 3000 * number + 40_000
            mux.add(unit(stamp, b"v" * 9000))
            mux.add(unit(stamp, b"s" * 500, video=False))
        seen += [mux.packet(slot) for slot in range(3000 * second, 3000 * second + 3000)]
    last: dict[int, int] = {}
    for packet in seen:
        pid, count = pid_of(packet), packet[3] & 15
        if pid == 0x1FFF:
            continue
        expected = last.get(pid, count if packet[3] & 0x10 == 0 else (count - 1) & 15)
        if packet[3] & 0x10:
            expected = (expected + 1) & 15
        last[pid] = count

        assert count == expected


def test_sound_is_sent_a_tenth_of_a_second_ahead_and_before_pictures() -> None:
    mux = make_mux()
    mux.add(unit(45_000, b"s" * 100, video=False))
    for number in range(30):
        mux.add(unit(45_000 + number, b"v" * 20_000))
    sent = next(slot for slot in range(3000) if pid_of(mux.packet(slot)) == 257)

    assert sent == pytest.approx(3000 * 0.4, abs=4)


def test_units_that_leave_too_late_are_counted() -> None:
    mux = make_mux()
    mux.add(unit(9000, b"v" * 184 * 400))
    for slot in range(600):
        mux.packet(slot)

    assert mux.late == 1


@pytest.mark.parametrize("rate", [2_050_000, 4_700_000, 20_000_000])
def test_a_picture_is_sent_no_later_than_it_was_said_to_be_ready(rate: int) -> None:
    """With sound at 192 kbit/s, four packets each 24 ms, and pictures that wait for one another."""
    clock = SlotClock(0, rate)
    mux = Mux(clock, tables(StreamService("Gavel")), bytearray(len(COUNTED_PIDS)))
    ready, late, last = deque[int](), [], 0
    for slot in range(clock.slots(6)):
        now = clock.stamp(slot)
        if now // 2160 > last:
            last = now // 2160
            mux.add(unit(now + 4000, b"s" * 576, video=False))
            if last % 14 == 0:
                picture = unit(now, b"v" * (rate // 30))
                ready.append(mux.ready(slot, picture))
                mux.add(picture)
        before = mux.late
        mux.packet(slot)
        if mux.late > before:
            late.append(now - ready.popleft())

    assert len(late) > 10
    assert max(late) <= 0
    assert min(late) > -0.25 * 90_000
