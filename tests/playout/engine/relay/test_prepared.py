"""Chunks that leave together: how many, when, and with which time."""

import pytest

from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.prepared import PreparedChunks
from playout.engine.relay.slots import SlotClock


@pytest.mark.parametrize(
    ("rate", "together"), [(700_000, 1), (1_504_000, 1), (4_700_000, 4), (19_392_000, 17)]
)
def test_at_most_ten_milliseconds_of_the_stream_leave_together(rate: int, together: int) -> None:
    slots, counters = SlotClock(1_000_000, rate), bytearray(len(COUNTED_PIDS))
    line = PreparedChunks(Mux(slots, [], counters), slots, counters, 0)
    instants = []
    for burst in range(50):
        line.make()
        made, first = [*line.waiting], 7 * together * burst
        line.waiting.clear()
        instants.append(slots.instant(line.slot - 1))
        assert [len(chunk.data) for chunk in made] == [1316] * together
        assert {chunk.instant for chunk in made} == {instants[-1]}
        assert [chunk.stamp for chunk in made] == [
            slots.stamp(first + 7 * number) for number in range(together)
        ]

    apart = [(b - a) / 1e6 for a, b in zip(instants, instants[1:], strict=False)]
    assert together == 1 or max(apart) < 10
