"""Names and crawls planned with an airing: what may be saved, and what its plan carries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from playout.model.graphics import Crawl, LowerThird
from scheduler.domain.model.airing_graphics import (
    MOST_GRAPHICS,
    AiringGraphic,
    AiringGraphicKind,
    as_json,
    from_json,
    planned,
    problem,
)

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
CHAIR = AiringGraphic("Ana Ruiz", "Chair", after=5 * MINUTE)
CRAWL = AiringGraphic("Call 311", kind=AiringGraphicKind.CRAWL, after=MINUTE, passes=3)
BY_HAND = AiringGraphic("Mei Chen", "Ward 3")


def test_only_what_has_a_time_comes_by_itself() -> None:
    name, crawl = planned((CHAIR, CRAWL, BY_HAND))

    assert isinstance(name, LowerThird) and isinstance(crawl, Crawl)
    assert (name.first, name.second, name.after) == ("Ana Ruiz", "Chair", 5 * MINUTE)
    assert (crawl.text, crawl.times, crawl.after) == ("Call 311", 3, MINUTE)


def test_a_graphic_keeps_its_id_whatever_is_planned_beside_it() -> None:
    alone, beside = planned((CHAIR,)), planned((CRAWL, CHAIR))

    assert alone[0] == beside[1]


def test_the_same_words_at_two_moments_are_two_graphics() -> None:
    first, second = planned((CHAIR, replace(CHAIR, after=6 * MINUTE)))

    assert first.id != second.id


def test_graphics_come_back_from_storage_as_they_were() -> None:
    graphics = (CHAIR, CRAWL, BY_HAND, replace(CHAIR, after=timedelta(seconds=0.5)))

    assert from_json(as_json(graphics)) == graphics


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": ""}, "Write what a name or crawl says"),
        ({"first": "x" * 121}, "up to 120 characters for a line"),
        ({"second": "x" * 121}, "up to 120 characters for a line"),
        ({"after": HOUR}, "after the airing ends"),
        ({"shown_for": SECOND}, "2 seconds to 5 minutes"),
        ({"shown_for": 6 * MINUTE}, "2 seconds to 5 minutes"),
    ],
)
def test_a_wrong_name_is_refused_in_a_sentence(change: dict[str, object], words: str) -> None:
    assert words in problem((replace(CHAIR, **change),), HOUR)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": "x" * 601}, "up to 600 characters for a crawl"),
        ({"passes": 0}, "pass 1 to 50 times"),
        ({"passes": 51}, "pass 1 to 50 times"),
    ],
)
def test_a_wrong_crawl_is_refused_in_a_sentence(change: dict[str, object], words: str) -> None:
    assert words in problem((replace(CRAWL, **change),), HOUR)


def test_what_is_right_is_not_refused() -> None:
    assert problem((CHAIR, CRAWL, BY_HAND, replace(CHAIR, after=timedelta(0))), HOUR) == ""
    assert problem((BY_HAND,) * MOST_GRAPHICS, HOUR) == ""
    assert "at most" in problem((BY_HAND,) * (MOST_GRAPHICS + 1), HOUR)
