"""Bursts of chunks that leave together: how many, when, with which time, and how many at once."""

import pytest

from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.prepared import AHEAD_SECONDS, TOGETHER_SECONDS, PreparedBursts
from playout.engine.relay.slots import SlotClock

RATES = [(700_000, 1), (1_504_000, 1), (4_700_000, 4), (19_392_000, 17)]
"""Rates of streams, and how many chunks leave together."""


def line_of(rate: int, ahead: float = AHEAD_SECONDS) -> PreparedBursts:
    slots, counters = SlotClock(1_000_000, rate), bytearray(len(COUNTED_PIDS))
    return PreparedBursts(Mux(slots, [], counters), slots, counters, 0, ahead)


@pytest.mark.parametrize(("rate", "together"), RATES)
def test_at_most_ten_milliseconds_of_the_stream_leave_together(rate: int, together: int) -> None:
    slots, line = SlotClock(1_000_000, rate), line_of(rate)
    for _ in range(50):
        line.make()
    bursts = [*line.waiting]

    for number, burst in enumerate(bursts):
        first = 7 * together * number
        assert [len(chunk) for chunk in burst.chunks] == [1316] * together
        assert b"".join(burst.chunks) == burst.data
        assert burst.instant == slots.instant(burst.end - 1)
        assert burst.stamps() == [slots.stamp(first + 7 * chunk) for chunk in range(together)]
    assert bursts[-1].end == line.slot
    apart = [(b.instant - a.instant) / 1e6 for a, b in zip(bursts, bursts[1:], strict=False)]
    assert together == 1 or max(apart) < 10


@pytest.mark.parametrize(("rate", "at_once"), [(700_000, 1), (4_700_000, 3), (19_392_000, 3)])
def test_bursts_of_thirty_milliseconds_are_made_at_once(rate: int, at_once: int) -> None:
    ahead, one_by_one = line_of(rate), line_of(rate, TOGETHER_SECONDS)
    ahead.make()
    one_by_one.make()

    assert (len(ahead.waiting), len(one_by_one.waiting)) == (at_once, 1)
    instants = [burst.instant for burst in ahead.waiting]
    assert instants == sorted(set(instants))


def test_bursts_left_waiting_leave_one_after_the_other_behind_what_was_left_out() -> None:
    slots, line = SlotClock(1_000_000, 4_700_000), line_of(4_700_000)
    line.make()
    before = line.waiting[0].data
    left_out = line.leave_out(1_000_000 + 2_000_000_000)

    assert left_out + 84 == line.slot == slots.due(2_001_000_000) + 84
    assert [burst.end - burst.first for burst in line.waiting] == [28, 28, 28]
    assert [burst.instant for burst in line.waiting] == [
        slots.instant(burst.end - 1) for burst in line.waiting
    ]
    assert line.waiting[0].data != before, "the clock says the time of then"
