"""Standing graphics of a channel: what a draft must say, and the rules that its plan carries."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from config.names import AssetKey
from playout.model.graphics import (
    Bug,
    ClockFace,
    ComingNext,
    Corner,
    Countdown,
    GraphicsRules,
    Stretch,
)
from playout.model.plan import Media
from scheduler.domain.model.graphics import (
    ByTheClock,
    ChannelGraphics,
    GraphicsDraft,
    Picture,
    problems,
    rules,
)
from scheduler.domain.model.ids import PictureId
from scheduler.domain.series.hours import WeeklyHours

ZONE = "America/New_York"
KEY = AssetKey("a" * 64)
SEAL = Picture(
    PictureId("p1"),
    "Seal",
    Media(KEY, ".png", 10, timedelta(0), None, has_sound=False),
    200,
    100,
    datetime(2026, 11, 1, tzinfo=UTC),
    "Ana",
)
LETTERS = GraphicsDraft(bug_on=True, bug_text="CH 13")


def test_a_channel_of_which_nobody_set_anything_has_no_rules() -> None:
    assert rules(ChannelGraphics(), ZONE, twelve_hours=True) is None
    assert problems(GraphicsDraft()) == {}


def test_what_is_switched_off_is_in_no_rule() -> None:
    off = replace(LETTERS, bug_on=False, logo=SEAL.id)

    assert rules(ChannelGraphics(off, SEAL), ZONE, twelve_hours=True) is None


def test_each_graphic_that_is_on_becomes_a_rule() -> None:
    draft = GraphicsDraft(
        bug_on=True,
        logo=SEAL.id,
        bug_corner=Corner.BOTTOM_RIGHT,
        bug_opacity=60,
        says_live=False,
        over_slides=True,
        clock_on=True,
        clock_corner=Corner.TOP_LEFT,
        clock_over_programs=True,
        next_on=True,
        next_before=timedelta(seconds=90),
        next_for=timedelta(seconds=12),
        countdown_on=True,
        countdown_most=timedelta(minutes=5),
    )

    assert rules(ChannelGraphics(draft, SEAL), ZONE, twelve_hours=False) == GraphicsRules(
        bug=Bug("", KEY, Corner.BOTTOM_RIGHT, 0.6, says_live=False, over_slides=True),
        clock=ClockFace(Corner.TOP_LEFT, twelve_hours=False, over_programs=True),
        coming_next=ComingNext(timedelta(seconds=90), timedelta(seconds=12)),
        countdown=Countdown(timedelta(minutes=5)),
        zone=ZONE,
    )


def test_a_clock_without_hours_in_the_window_of_a_plan_is_not_shown_in_it() -> None:
    hours = WeeklyHours(frozenset({4}), time(6), time(9))
    graphics = ChannelGraphics(GraphicsDraft(clock_on=True), clock_hours=(hours,))
    when = Stretch(SEAL.uploaded, SEAL.uploaded + timedelta(hours=3))

    assert rules(graphics, ZONE, twelve_hours=True) is None
    made = rules(graphics, ZONE, (), ByTheClock(clock=(when,)), twelve_hours=True)
    assert made is not None and made.clock == ClockFace(Corner.TOP_LEFT, hours=(when,))


@pytest.mark.parametrize(("on", "names"), [(True, ("Kraus",)), (False, ())])
def test_names_for_captions_go_where_lives_are_captioned(on: bool, names: tuple[str, ...]) -> None:
    draft = replace(LETTERS, caption_lives=on)
    made = rules(ChannelGraphics(draft), ZONE, ("Kraus",), twelve_hours=True)

    assert made is not None and made.caption_names == names


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"bug_text": "  "}, "bug_text", "Write the letters of the bug, or choose a logo"),
        ({"bug_text": "x" * 13}, "bug_text", "up to 12 characters"),
        ({"bug_opacity": 10}, "bug_opacity", "20 to 100 percent"),
        ({"bug_opacity": 101}, "bug_opacity", "20 to 100 percent"),
        ({"clock_on": True, "clock_corner": Corner.TOP_RIGHT}, "clock_corner", "another one"),
        ({"next_before": timedelta(minutes=11)}, "next_before", "10 minutes before the end"),
        ({"next_for": timedelta(seconds=61)}, "next_for", "not past the end"),
        ({"next_for": timedelta(seconds=2)}, "next_for", "3 seconds or more"),
        ({"countdown_most": timedelta(hours=2)}, "countdown_most", "one hour before"),
    ],
)
def test_a_wrong_field_is_named_in_a_sentence(
    change: dict[str, object], field: str, words: str
) -> None:
    found = problems(replace(LETTERS, **change))

    assert list(found) == [field] and words in found[field]


def test_the_clock_may_stand_in_the_corner_of_a_bug_that_is_off() -> None:
    draft = GraphicsDraft(clock_on=True, clock_corner=Corner.TOP_RIGHT)

    assert problems(draft) == {}
