"""Rows of events on a bulletin and the text they are stored as, which the drawing reads."""

import pytest

from media.slides.events import EventLine, read_events
from scheduler.domain.model.slide_events import SlideEvent, body_of, events_of


@pytest.mark.parametrize(
    ("body", "event"),
    [
        ("Leaf pickup", SlideEvent(what="Leaf pickup")),
        ("Mon, Dec 7 | Council", SlideEvent("Mon, Dec 7", "", "Council")),
        ("Dec 7 | Council | Room 2, 6 PM", SlideEvent("Dec 7", "", "Council", "Room 2, 6 PM")),
        ("Dec 7 | Council | Room 2 | 6 PM", SlideEvent("Dec 7", "6 PM", "Council", "Room 2")),
        (
            "Dec 7 | Council | Hall | 6 PM | free",
            SlideEvent("Dec 7", "6 PM, free", "Council", "Hall"),
        ),
    ],
)
def test_a_line_of_any_number_of_parts_is_read(body: str, event: SlideEvent) -> None:
    assert events_of(f"\n{body}\n\n") == (event,)


@pytest.mark.parametrize(
    "event",
    [
        SlideEvent("Dec 7", "6:00 PM", "Council", "Room 2"),
        SlideEvent("Dec 7", "6:00 PM", "Council"),
        SlideEvent("Dec 7", "", "Council", "Room 2"),
        SlideEvent("Dec 7", "", "Council"),
        SlideEvent("", "6:00 PM", "Council"),
    ],
)
def test_what_is_written_is_read_again(event: SlideEvent) -> None:
    assert events_of(body_of((event, SlideEvent()))) == (event,)


def test_a_bar_inside_a_field_parts_nothing() -> None:
    assert body_of((SlideEvent("Dec 7", "", "Red | Blue", ""),)) == "Dec 7 | Red / Blue"


def test_where_and_time_are_drawn_beside_each_other() -> None:
    with_all = SlideEvent("Dec 7", "6:00 PM", "Council", "Room 2")
    without_room = SlideEvent("Dec 8", "6:00 PM", "Zoning")

    assert read_events(body_of((with_all, without_room))) == (
        EventLine("Dec 7", "Council", "Room 2, 6:00 PM"),
        EventLine("Dec 8", "Zoning", "6:00 PM"),
    )
