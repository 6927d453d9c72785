"""The clock of a source: packets dated back, strays dropped, restarts found."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playout.engine.gateway.continuity import Continuity, ProbeBacklog
from playout.engine.links.packets import CodedPacket, CodedTrack, StreamFormat

TICK = Fraction(1, 90000)
FORM = StreamFormat(
    (CodedTrack("video", "h264", TICK, 640, 360, Fraction(30)), CodedTrack("audio", "aac", TICK)),
    epoch=7,
)


def pack(seconds: float, *, track: int = 0, late: float = 0.0) -> CodedPacket:
    """A packet dated and arriving at `seconds`, or `late` after that."""
    at = round(seconds * 90000)
    return CodedPacket(track, False, at, at, 3000, round((seconds + late) * 1e9), bytes(100))


def packet(arrival: float, dts: float) -> CodedPacket:
    """A packet of the picture by both of its times, in seconds."""
    return replace(pack(dts), arrival=round(arrival * 1e9))


WAITED = 10_000_000


def test_probed_packets_are_dated_back_from_the_first_one_waited_for() -> None:
    probed, opened = ProbeBacklog(FORM), round(5.6e9)
    looked = [pack(5 + n / 10, track=n % 2) for n in range(6)]
    looked = [replace(one, arrival=opened) for one in looked]
    assert [probed.take(one, 0) for one in looked] == [[]] * 6
    given = probed.take(replace(pack(5.6), arrival=opened + WAITED), WAITED)
    came = [round(one.arrival / 1e9, 2) for one in given]
    assert [one.dts for one in given] == [one.dts for one in (*looked, pack(5.6))]
    assert came == [5.01, 5.21, 5.21, 5.41, 5.41, 5.6, 5.61]
    later = pack(5.7)
    assert probed.take(later, 0) == [later]


def test_probed_packets_across_a_clock_break_keep_the_time_of_their_delivery() -> None:
    probed = ProbeBacklog(FORM)
    before, after = pack(900), replace(pack(1), arrival=round(901e9))
    assert probed.take(before, 0) == []
    assert probed.take(after, WAITED) == [before, after]


def test_packets_of_segments_are_never_held() -> None:
    one = pack(3)
    assert ProbeBacklog(replace(FORM, bursty=True)).take(one, 0) == [one]


def breaks(packs: list[CodedPacket]) -> list[tuple[bool, float]]:
    time = Continuity(FORM)
    return [
        (restarts, round(one.dts / 90000, 2))
        for given in packs
        for restarts, one in time.take(given)
    ]


def test_a_clock_that_goes_on_never_restarts() -> None:
    packs = [pack(n / 30, late=n % 3 * 0.1) for n in range(300)]
    assert not any(restarts for restarts, _ in breaks(packs))
    assert len(breaks(packs)) == 300


def test_an_encoder_reboot_restarts_with_its_first_packet() -> None:
    before = [pack(100 + n / 30) for n in range(30)]
    after = [
        CodedPacket(0, n == 0, n * 3000, n * 3000, 3000, round((102 + n / 30) * 1e9), b"x")
        for n in range(30)
    ]
    found = breaks([*before, *after])
    assert [place for place, (restarts, _) in enumerate(found) if restarts] == [30]
    assert found[30] == (True, 0.0)
    assert len(found) == 60


def test_strays_from_before_an_outage_are_dropped() -> None:
    before = [pack(n / 30) for n in range(30)] + [pack(n / 30, track=1) for n in range(30)]
    strays = [pack(1.0, late=5.0), pack(1.03, late=5.0), pack(1.0, late=5.0, track=1)]
    after = [pack(6 + n / 30, track=n % 2) for n in range(30)]
    found = breaks([*before, *strays, *after])
    assert sum(restarts for restarts, _ in found) == 1
    assert len(found) == 90


def test_a_source_that_paused_and_goes_on_late_restarts() -> None:
    found = breaks([pack(n / 30) for n in range(30)] + [pack(1 + n / 30, late=4) for n in range(9)])
    assert sum(restarts for restarts, _ in found) == 1


EXAMPLE = [
    pytest.param(10.00, 5000.00, [(False, 5000.00)], id="the first packet"),
    pytest.param(10.04, 5000.04, [(False, 5000.04)], id="goes on"),
    pytest.param(10.08, 8123.40, [], id="leaps ahead"),
    pytest.param(10.12, 5000.08, [(False, 5000.08)], id="goes on without the stray"),
    pytest.param(10.16, 0.00, [], id="after a reboot, one of three"),
    pytest.param(10.20, 0.04, [], id="two of three"),
    pytest.param(10.24, 0.08, [(True, 0.00), (False, 0.04), (False, 0.08)], id="restarts"),
    pytest.param(10.28, 0.12, [(False, 0.12)], id="goes on after the restart"),
    pytest.param(13.32, 0.16, [], id="three seconds behind"),
    pytest.param(13.36, 0.20, [], id="still behind"),
    pytest.param(13.40, 0.24, [(True, 0.16), (False, 0.20), (False, 0.24)], id="restarts again"),
]


@pytest.mark.parametrize("row", range(len(EXAMPLE)), ids=[str(row.id) for row in EXAMPLE])
def test_each_row_of_the_worked_example_holds(row: int) -> None:
    """The example in the docstring of Continuity, packet by packet."""
    time = Continuity(FORM)
    for before in EXAMPLE[:row]:
        time.take(packet(*before.values[:2]))
    arrival, dts, expected = EXAMPLE[row].values

    given = time.take(packet(arrival, dts))

    assert [(restarts, round(one.dts / 90000, 2)) for restarts, one in given] == expected


def test_the_worked_example_of_the_probe_backlog_holds() -> None:
    """The example in the docstring of ProbeBacklog."""
    backlog = ProbeBacklog(FORM)
    assert backlog.take(packet(5.60, 905.00), 0) == []
    assert backlog.take(packet(5.60, 905.20), 0) == []

    given = backlog.take(packet(5.61, 905.40), WAITED)

    assert [round(one.arrival / 1e9, 2) for one in given] == [5.21, 5.41, 5.61]
    assert backlog.take(packet(5.81, 905.60), 0) == [packet(5.81, 905.60)]
