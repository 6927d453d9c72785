"""Whether a span of time is free among others."""

import pytest
from support.plans import at, minutes

from scheduler.domain.model.spans import TimeSpan, is_free

MEETING = (at("10:00"), at("11:00"))


@pytest.mark.parametrize(
    ("start", "length", "taken", "free"),
    [
        ("9:00", 60, [MEETING], True),  # ends as the meeting begins
        ("11:00", 30, [MEETING], True),
        ("9:00", 61, [MEETING], False),
        ("10:59", 30, [MEETING], False),
        ("10:15", 10, [MEETING], False),
        ("9:30", 120, [MEETING], False),
        ("10:15", 10, [], True),
    ],
)
def test_a_span_is_free_unless_something_overlaps_it(
    start: str, length: int, taken: list[TimeSpan], free: bool
) -> None:
    assert is_free(at(start), minutes(length), taken) is free
