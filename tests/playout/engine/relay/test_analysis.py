"""The analysis of a stream: every fault that is put into one is found, and no other."""

import pytest
from support.coded_stream import KEY

from playout.engine.relay.analysis import StreamAnalysis, StreamReport
from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.relay.units import AccessUnit
from playout.engine.transport import NULL_PACKET, pid_of

CLOCK = SlotClock(0, 3_008_000)
"""Two slots each millisecond."""


def good_stream(first: int = 0, seconds: int = 4) -> list[bytes]:
    mux = Mux(CLOCK, tables(StreamService("Gavel")), bytearray(len(COUNTED_PIDS)))
    packets = []
    for slot in range(first, first + 2000 * seconds):
        if slot % 66 == 0:
            stamp = CLOCK.stamp(slot) + 45_000
            mux.add(AccessUnit(1, True, True, stamp, stamp, KEY + b"x" * 4000))
        packets.append(mux.packet(slot))
    return packets


def analysed(packets: list[bytes], late: dict[int, int] | None = None) -> StreamReport:
    """Return the report on packets that arrived on time, except those that came late by so many
    nanoseconds.
    """
    analysis = StreamAnalysis()
    for place, packet in enumerate(packets):
        analysis.take(packet, CLOCK.instant(place) + (late or {}).get(place, 0))
    return analysis.report()


def clock_places(packets: list[bytes]) -> list[int]:
    return [at for at, p in enumerate(packets) if pid_of(p) == 256 and p[3] & 0x30 == 0x20]


def without_pat(packets: list[bytes]) -> list[bytes]:
    return [NULL_PACKET if pid_of(packet) == 0 else packet for packet in packets]


def test_a_good_stream_has_no_fault_and_its_figures_are_right() -> None:
    report = analysed(good_stream())

    assert report.faults() == []
    assert report.rate == pytest.approx(3_008_000, abs=1)
    assert report.seconds == pytest.approx(4, abs=0.04)
    assert report.clock_error_ns < 20
    assert report.tables[0, 0] == pytest.approx(0.09, abs=0.002)
    assert report.tables[17, 0x42] == pytest.approx(0.5, abs=0.002)
    assert 0.4 < report.leads[0] <= report.leads[1] <= 0.5
    assert report.jitter == pytest.approx(0, abs=1e-6)
    assert report.drift_ppm == pytest.approx(0, abs=0.1)


def test_a_stream_whose_clock_wraps_is_as_good() -> None:
    first = ((1 << 33) * 300 // 27_000_000 - 2) * 2000

    assert analysed(good_stream(first)).faults() == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda p: [*p[:500], b"\x00" * 188, *p[501:]], "sync byte"),
        (lambda p: [x for at, x in enumerate(p) if not 500 <= at < 600], "packets are missing"),
        (lambda p: p[:500] + without_pat(p[500:1200]) + p[1200:], "Table 0x00"),
        (lambda p: p[:4000] + good_stream(2000)[:2000], "steps back"),
        (lambda p: [*p[:3000], *[NULL_PACKET] * 30, *p[3000:]], "rate is not constant"),
        (lambda p: [x[:30] + b"!" + x[31:] if pid_of(x) == 4096 else x for x in p], "checksum"),
    ],
)
def test_every_fault_is_named(fault: object, words: str) -> None:
    report = analysed(fault(good_stream()))  # type: ignore[operator]

    assert any(words in text for text in report.faults())


def test_a_clock_that_is_missing_is_named_with_its_silence() -> None:
    packets = good_stream()
    places = clock_places(packets)
    for place in places[5:7]:
        packets[place] = NULL_PACKET

    assert analysed(packets).faults() == ["The clock is silent for up to 90 ms; at most 40."]


def test_a_picture_after_its_time_is_named() -> None:
    mux = Mux(CLOCK, tables(StreamService("Gavel")), bytearray(len(COUNTED_PIDS)))
    packets = [mux.packet(slot) for slot in range(3000)]
    mux.add(AccessUnit(1, True, True, 90_000, 90_000, KEY))
    packets += [mux.packet(slot) for slot in range(3000, 4000)]

    assert analysed(packets).faults() == ["A picture or sound comes after its time."]


def test_what_arrives_late_is_told_by_share_and_at_worst() -> None:
    packets = good_stream(seconds=8)
    places = clock_places(packets)
    late = {places[101]: 30_000_000} | dict.fromkeys(places[::10], 4_000_000)
    report = analysed(packets, late)

    assert report.jitter == pytest.approx(0.004, abs=0.001)
    assert report.latest == pytest.approx(0.03, abs=0.001)
