"""The relay behind a gate: nothing leaves without the lease, whatever stood still."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.coded_stream import EncoderStream, seconds_of
from support.relay_bench import RATE, Bench, clocks, continuity_errors, pictures

from playout.engine.links.fed import FedLine
from playout.engine.links.gate import Gate, make_gate
from playout.engine.relay.demux import run_mark
from playout.engine.relay.run import DATED_AHEAD_NS
from playout.engine.transport import pid_of

SECOND = 1_000_000_000


class Gated:
    """A relay behind a gate, in the middle of a stream of pictures."""

    def __init__(self) -> None:
        self.handle = make_gate()
        self.gate = Gate(self.handle)
        self.bench = Bench(gate=Gate(self.handle))
        os.write(self.bench.writing, run_mark(1))
        self.entries = iter(seconds_of(EncoderStream(), 12))

    def encode(self, seconds: float) -> None:
        self.bench.encode([next(self.entries) for _ in range(round(seconds * 30))])

    def open(self, seconds: float) -> None:
        """Open the gate for so many seconds."""
        self.gate.open(self.now + round(seconds * SECOND), self.now)

    @property
    def now(self) -> int:
        return self.bench.clock.monotonic()


@pytest.fixture
def gated() -> Iterator[Gated]:
    gated = Gated()
    yield gated
    gated.bench.close()
    os.close(gated.handle)


def test_a_closed_gate_lets_nothing_pass_and_the_relay_works_on(gated: Gated) -> None:
    gated.encode(2)

    assert gated.bench.heard.chunks == []
    assert gated.gate.picture_at > gated.now - SECOND // 10


def test_what_leaves_first_is_the_clock_marked_as_new_and_the_tables_and_a_key_picture(
    gated: Gated,
) -> None:
    gated.encode(2.4)
    gated.open(60)
    gated.encode(2)
    packets = gated.bench.heard.packets

    assert pid_of(packets[0]) == 256 and packets[0][5] & 0x90 == 0x90, "clock and discontinuity"
    assert [pid_of(packet) for packet in packets[1:4]] == [0, 4096, 17]
    assert [packet[5] & 0x80 for packet in packets if packet[3] & 0x30 == 0x20].count(0x80) == 1
    assert pictures(gated.bench)[0].is_key
    assert len(pictures(gated.bench)) > 20


@pytest.mark.parametrize(("is_open", "dated"), [(False, True), (True, False)])
def test_a_standby_dates_by_ticks_though_its_encoder_began_late(is_open: bool, dated: bool) -> None:
    """The run's first pictures come too late for their place, and the next ones in time. Where they
    leave, viewers would see the step.
    """
    gated = Gated()
    if is_open:
        gated.open(60)
    line, since = FedLine(gated.bench.fed[0], 1), gated.now - gated.bench.epoch
    line.feed(1_000_000, tick=round(since * 30 / SECOND))
    gated.bench.run(0.75)
    for _ in range(20):
        os.write(gated.bench.writing, next(gated.entries))
        gated.bench.run(0.002)
    gated.encode(2)
    due = since + DATED_AHEAD_NS + 2 * SECOND
    assert (abs(gated.gate.key[0] - due * 90_000 // SECOND) < 4) is dated
    gated.bench.close()
    os.close(gated.handle)


def test_the_clock_of_a_stream_that_begins_is_that_of_the_house(gated: Gated) -> None:
    gated.encode(1)
    gated.open(60)
    begun = gated.now
    gated.encode(1)
    first = clocks(gated.bench.heard.packets)[0][1]

    assert first / 27e6 == pytest.approx((begun - gated.bench.epoch) / SECOND, abs=0.02)


def test_nothing_leaves_after_the_deadline(gated: Gated) -> None:
    gated.encode(1)
    gated.open(0.5)
    gated.encode(2)

    assert len(gated.bench.heard.packets) == pytest.approx(RATE / 1504 / 2, abs=14)


def test_a_relay_that_stood_still_beyond_the_deadline_sends_nothing_when_it_wakes(
    gated: Gated,
) -> None:
    gated.open(0.5)
    gated.encode(0.3)
    before = len(gated.bench.heard.chunks)
    assert before
    gated.bench.clock.advance(timedelta(seconds=0.4))
    gated.encode(1)

    assert len(gated.bench.heard.chunks) == before


def test_a_relay_that_wakes_between_its_look_and_a_burst_sends_none(
    gated: Gated, monkeypatch: pytest.MonkeyPatch
) -> None:
    gated.open(0.5)
    gated.encode(0.3)
    before, clock = len(gated.bench.heard.chunks), gated.bench.clock
    relay, send = gated.bench.relay, gated.bench.relay._send

    def late(burst: object) -> None:
        clock.advance(timedelta(seconds=0.3))
        send(burst)  # type: ignore[arg-type]

    monkeypatch.setattr(relay, "_send", late)
    gated.bench.run(0.1)

    assert len(gated.bench.heard.chunks) == before


def test_the_gate_knows_the_last_slot_that_was_sent(gated: Gated) -> None:
    gated.open(1)
    gated.encode(1.5)
    end, counters = gated.gate.sent

    assert end == pytest.approx(RATE / 1504, abs=14)
    assert len(counters) == 8


def test_a_relay_that_was_killed_goes_on_behind_the_same_gate(gated: Gated) -> None:
    gated.open(1)
    gated.encode(0.5)
    gated.bench.relay = gated.bench.start()
    gated.encode(1)

    assert len(gated.bench.heard.packets) == pytest.approx(RATE / 1504, abs=21)


def test_a_planned_change_loses_no_picture_and_breaks_neither_clock_nor_counters() -> None:
    a, b = Gated(), Gated()
    a.open(60)
    for _ in range(75):
        a.encode(1 / 30)
        b.encode(1 / 30)
    key, group = b.gate.key
    cut = key + 2 * group
    a.gate.cut_at(cut)
    b.gate.cut_at(cut)
    while not a.gate.is_drained:
        a.encode(1 / 30)
        b.encode(1 / 30)
    a.gate.close()
    b.gate.go_on_from(*a.gate.sent)
    b.open(60)
    for _ in range(60):
        a.encode(1 / 30)
        b.encode(1 / 30)
    before, after = a.bench.heard.packets, b.bench.heard.packets
    a.bench.heard.chunks += b.bench.heard.chunks
    shown = [unit.pts for unit in pictures(a.bench)]
    steps = {y - x for x, y in zip(shown, shown[1:], strict=False)}
    at = [clock for _, clock in clocks([*before, *after])]

    assert group > 0 and cut in shown
    assert steps == {3000} and len(shown) > 120
    assert continuity_errors([*before, *after]) == 0
    assert all(0 < y - x < 0.031 * 27e6 for x, y in zip(at, at[1:], strict=False))
    assert not any(p[5] & 0x80 for p in after if p[3] & 0x20 and p[4]), "nothing is marked as new"
    for one in (a, b):
        one.bench.close()
        os.close(one.handle)


def test_pictures_held_back_for_a_change_that_never_came_leave_after_all(gated: Gated) -> None:
    gated.open(60)
    gated.encode(2.5)
    key, group = gated.gate.key
    gated.gate.cut_at(key + 2 * group)
    gated.encode(1.8)
    gated.gate.cut_at(0)
    gated.encode(2)
    shown = [unit.pts for unit in pictures(gated.bench)]

    assert {y - x for x, y in zip(shown, shown[1:], strict=False)} == {3000}
