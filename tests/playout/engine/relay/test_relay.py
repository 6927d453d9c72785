"""The relay as a whole, on a simulated clock: an encoder's pipe in, chunks of the stream out."""

import itertools
import os
from collections.abc import Iterator

import pytest
from support.coded_stream import EncoderStream, seconds_of
from support.relay_bench import Bench, clocks, continuity_errors, pictures

from playout.engine.links.fed import FedLine
from playout.engine.relay import prepared
from playout.engine.relay.demux import run_mark
from playout.engine.relay.senders import PipeSender
from playout.engine.relay.tables import StreamService
from playout.engine.transport import pid_of


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def test_the_stream_has_its_rate_before_there_is_an_encoder(bench: Bench) -> None:
    bench.run(2)

    assert len(bench.heard.packets) == pytest.approx(2000, abs=14)
    assert {pid_of(p) for p in bench.heard.packets} == {0, 17, 256, 4096, 0x1FFF}


def test_ten_kills_of_the_encoder_leave_the_clock_even_and_no_counter_broken(bench: Bench) -> None:
    for run in range(10):
        os.write(bench.writing, run_mark(run + 1))
        entries = seconds_of(EncoderStream(), 2)
        bench.encode(entries[:40])
        os.write(bench.writing, entries[40][: 100 + 61 * run])
        bench.run(0.7)
    packets = bench.heard.packets
    steps = {
        (b - a, q - p) for (p, a), (q, b) in zip(clocks(packets), clocks(packets)[1:], strict=False)
    }

    assert steps == {(27_000_000 * 30 // 1000, 30)}
    assert continuity_errors(packets) == 0
    assert bench.relay.demux.runs == 10
    assert len(pictures(bench)) >= 10 * 40 - 1


def test_stamps_rise_over_all_runs_and_lead_the_clock(bench: Bench) -> None:
    for run in range(3):
        os.write(bench.writing, run_mark(run + 1))
        bench.encode(seconds_of(EncoderStream(), 1))
        bench.run(1)
    stamps = [unit.dts for unit in pictures(bench)]

    assert stamps == sorted(set(stamps))
    assert stamps[0] == pytest.approx(90_000 * 0.6, abs=900)


def test_a_relay_that_starts_again_goes_on_with_clock_counters_and_delay(bench: Bench) -> None:
    os.write(bench.writing, run_mark(1))
    entries = seconds_of(EncoderStream(), 4)
    bench.encode(entries[:50])
    before, shift = len(bench.heard.packets), bench.relay.placement.shift
    bench.clock.wait(0.4)
    os.write(bench.writing, b"".join(entries[50:62]))
    bench.relay = bench.start()
    bench.encode(entries[62:])
    found = clocks(bench.heard.packets)
    after = next(value for at, value in found if at >= before)

    assert continuity_errors(bench.heard.packets) <= 2
    assert bench.relay.placement.shift == shift
    last = next(value for at, value in reversed(found) if at < before)
    assert 0.4 < (after - last) / 27e6 < 0.5


def test_a_target_that_takes_nothing_harms_no_other(bench: Bench) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    hung = PipeSender(1, writing)
    bench.relay.parts.senders.insert(0, hung)
    bench.run(3)
    os.close(reading)
    os.close(writing)

    assert hung.dropped > 300
    assert len(bench.heard.packets) == pytest.approx(3000, abs=14)


def test_an_encoder_that_makes_too_much_breaks_no_clock(bench: Bench) -> None:
    os.write(bench.writing, run_mark(1))
    fat = EncoderStream()
    for number in range(90):
        data = b"\0\0\1" + (b"\x67" if number % 30 == 0 else b"\x41") + b"x" * 12_000
        os.write(bench.writing, fat.unit(256, 36_000 + 3000 * number, data))
        bench.run(1 / 30)
    found = clocks(bench.heard.packets)

    assert bench.relay.placement.dropped > 10
    assert {b - a for (_, a), (_, b) in zip(found, found[1:], strict=False)} == {810_000}
    assert bench.relay.mux.waiting_seconds < 1


def test_a_relay_that_stood_still_leaves_out_slots_and_keeps_the_time(
    bench: Bench,
) -> None:
    bench.run(1)
    bench.clock.wait(3)
    bench.run(1)
    found = clocks(bench.heard.packets)

    assert bench.relay.skipped == pytest.approx(3000, abs=20)
    assert found[-1][1] / 27e6 == pytest.approx(5, abs=0.04)


def test_what_lies_ready_when_a_relay_stands_still_leaves_with_the_time_of_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "TOGETHER_SECONDS", 0.2)
    bench.relay = bench.start()
    os.write(bench.writing, run_mark(1))
    bench.encode(seconds_of(EncoderStream(), 1)[:25])
    before = len(bench.heard.packets)
    bench.clock.wait(0.8)
    bench.run(1)
    found = clocks(bench.heard.packets)
    steps = [(b, q - p - 27_000 * (b - a)) for (a, p), (b, q) in itertools.pairwise(found)]
    first = next(at for at, _ in found if at >= before)

    assert [one for one in steps if one[1]] == [(first, 27_000 * bench.relay.skipped)]
    assert 950 < bench.relay.skipped < 1000
    assert continuity_errors(bench.heard.packets) == 0


def test_a_relay_that_dies_with_chunks_that_lie_ready_breaks_no_counter(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "TOGETHER_SECONDS", 0.2)
    for _ in range(7):
        bench.relay = bench.start()
        bench.run(0.53)

    assert len(bench.heard.packets) > 2500
    assert continuity_errors(bench.heard.packets) == 0


def test_captions_of_a_frame_leave_in_its_picture(bench: Bench) -> None:
    line = FedLine(bench.fed[0], 5)
    os.write(bench.writing, run_mark(5))
    beginning = {8: b"\xfc\x94\x20"}
    said = beginning | {number: bytes((0xFC, 0x41, number)) for number in range(9, 60, 3)}
    for number in range(60):
        line.feed(1_000_000 + number * 100_000 // 3, said.get(number, b""))
    bench.encode(seconds_of(EncoderStream(), 2))
    bench.run(1)
    carried = [picture.data[picture.data.index(b"GA94") + 7 :][:3] for picture in pictures(bench)]

    assert len(carried) >= 58
    assert carried[8:] == [said.get(number, b"\xfc\x80\x80") for number in range(8, len(carried))]


def fed_captions(bench: Bench, beginnings: tuple[int, ...]) -> dict[int, bytes]:
    """Feed three seconds of frames, every third with its number. Return the captions by frame."""
    line = FedLine(bench.fed[0], 5)
    said = {number: bytes((0xFC, 0x41, number)) for number in range(0, 90, 3)}
    said |= dict.fromkeys(beginnings, b"\xfc\x94\x20")
    for number in range(90):
        line.feed(1_000_000 + number * 100_000 // 3, said.get(number, b""))
    return said


def carried(bench: Bench) -> list[bytes]:
    """Return the first triplet of each picture that left."""
    found = [one.data for one in pictures(bench)]
    return [data[data.index(b"GA94") + 7 :][:3] for data in found]


def test_a_run_that_began_before_the_relay_is_not_lost(bench: Bench) -> None:
    """The encoder was quicker: half a second of its pictures waits."""
    said, entries = fed_captions(bench, (8,)), seconds_of(EncoderStream(), 3)
    os.write(bench.writing, run_mark(5) + b"".join(entries[:14]))
    bench.encode(entries[14:])
    bench.run(1)
    sent = carried(bench)

    assert len(sent) >= 88
    assert sent[8:] == [said.get(number, b"\xfc\x80\x80") for number in range(8, len(sent))]
    assert bench.relay.placement.slack < 60_000


def test_captions_from_before_a_runs_first_picture_do_not_air_late(bench: Bench) -> None:
    """Of pictures 1 to 29 none can be placed."""
    said, entries = fed_captions(bench, (2, 32)), seconds_of(EncoderStream(), 3)
    os.write(bench.writing, run_mark(5) + entries[0])
    bench.run(0.01)
    bench.relay.placement.shift, bench.relay.placement._awaits_key = None, True
    bench.encode(entries[1:])
    bench.run(1)
    sent = carried(bench)

    assert len(sent) >= 58
    assert sent[1:] == [said.get(number, b"\xfc\x80\x80") for number in range(30, 29 + len(sent))]


def maps(bench: Bench) -> list[tuple[int, bool]]:
    """Return version of each map that left, and whether it announces service 1 of CEA-708."""
    packets = [packet for packet in bench.heard.packets if pid_of(packet) == 4096]
    found = [(packet[10] >> 1 & 31, b"eng\xc1\x3f\xff" in packet) for packet in packets]
    return [one for one, before in zip(found, [None, *found], strict=False) if one != before]


def test_the_map_announces_708_from_its_first_packet_until_line_21_says_words_alone() -> None:
    bench = Bench(StreamService("Gavel", psip=True))
    line = FedLine(bench.fed[0], 5)
    packet = b"\xff\x02\x22\xfe\x41\x42\xfe\x00\x00"
    said = {20: packet, 21: b"\xfc\x94\x20"}
    said |= {number: bytes((0xFC, 0x41, 0x42)) for number in range(25, 200, 5)}
    os.write(bench.writing, run_mark(5))
    for number, entry in enumerate(seconds_of(EncoderStream(), 7)):
        line.feed(1_000_000 + number * 100_000 // 3, said.get(number, b""))
        bench.encode([entry])
    bench.run(1)
    found = maps(bench)
    bench.close()

    assert [announced for _, announced in found] == [False, True, False]
    assert found[0] == found[2]
    assert found[0][0] != found[1][0]


def test_the_time_of_atsc_goes_on_second_by_second() -> None:
    bench = Bench(StreamService("Gavel", psip=True))
    bench.run(5)
    told = [
        int.from_bytes(packet[14:18], "big")
        for packet in bench.heard.packets
        if pid_of(packet) == 0x1FFB and packet[5] == 0xCD
    ]
    bench.close()

    assert told[-1] - told[0] == 4
    assert sorted(told) == told
    assert {b - a for a, b in zip(told, told[1:], strict=False)} <= {0, 1}
