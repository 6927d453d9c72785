"""One room, one source, one channel's air: what two meetings cannot both have."""

from dataclasses import replace
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW

from config.names import ChannelId
from scheduler.domain.clashes.double_bookings import (
    Booking,
    Need,
    double_bookings,
    new_double_bookings,
)

COUNCIL = Booking("a", "City Council", NOW, NOW + 2 * HOUR, CH13, "chamber", "Council Chamber")
CH22 = ChannelId("ch22")
ALL = {Need.AIR, Need.SOURCE, Need.ROOM}


def other(**over: Any) -> Booking:
    return replace(COUNCIL, id="b", title="Zoning Board", **over)


@pytest.mark.parametrize(
    ("over", "needs"),
    [
        ({}, ALL),
        ({"room": "Room 4"}, {Need.AIR, Need.SOURCE}),
        ({"room": " council  CHAMBER"}, ALL),
        ({"room": "", "source": "attic"}, {Need.AIR}),
        ({"channel": CH22}, {Need.SOURCE, Need.ROOM}),
        ({"channel": CH22, "source": "attic"}, {Need.ROOM}),
        ({"channel": None, "source": None}, {Need.ROOM}),
        ({"start": NOW + HOUR, "end": NOW + 3 * HOUR, "source": "attic"}, {Need.AIR, Need.ROOM}),
    ],
)
def test_two_overlapping_meetings_name_every_shared_need(
    over: dict[str, Any], needs: set[Need]
) -> None:
    (found,) = double_bookings([other(**over)], [COUNCIL])
    assert found.needs == needs


@pytest.mark.parametrize(
    "over",
    [
        {"start": NOW + 2 * HOUR, "end": NOW + 3 * HOUR},
        {"start": NOW - HOUR, "end": NOW},
        {"channel": CH22, "source": "attic", "room": "Room 4"},
        {"channel": None, "source": None, "room": ""},
    ],
)
def test_meetings_in_sequence_or_with_nothing_shared_do_not_collide(over: dict[str, Any]) -> None:
    assert double_bookings([other(**over)], [COUNCIL]) == ()


def test_a_meeting_never_collides_with_itself() -> None:
    assert double_bookings([replace(COUNCIL, start=NOW + HOUR)], [COUNCIL]) == ()


def test_a_collision_that_existed_before_is_not_asked_about_again() -> None:
    stood = other(room="Room 4")
    assert new_double_bookings([replace(stood, title="New name")], [stood], [COUNCIL]) == ()
    (found,) = new_double_bookings([other()], [stood], [COUNCIL])
    assert found.needs == ALL
    (later,) = new_double_bookings([replace(stood, end=stood.end + HOUR)], [stood], [COUNCIL])
    assert later.needs == {Need.AIR, Need.SOURCE}


def test_a_token_names_exactly_one_collision() -> None:
    (one,) = double_bookings([other()], [COUNCIL])
    (same,) = double_bookings([replace(other(), id="c")], [COUNCIL])
    (later,) = double_bookings([other(start=NOW + HOUR)], [COUNCIL])
    (less,) = double_bookings([other(room="")], [COUNCIL])
    assert one.token == same.token
    assert len({one.token, later.token, less.token}) == 3
