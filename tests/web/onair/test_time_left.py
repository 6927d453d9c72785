"""The time left on the On air page: to the end of a program, and of filler to the next program."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, an_airing, an_asset
from support.page import Element, read
from support.website import Site

from scheduler.domain.model.people import Role


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.OPERATOR)


def now_of(desk: Any) -> Element:
    return read(desk.get("/")).one("div", id=f"desk-{CH13}")


@pytest.mark.parametrize(
    ("ahead", "words", "left"),
    [
        (None, "nothing is planned in the coming days", None),
        (2 * HOUR, "until 15:00", "next program in 2:00:00"),
        (23 * HOUR, "until tomorrow 12:00", "next program in 23:00:00"),
        (75 * HOUR, "until Wed 25 Nov 16:00", None),
    ],
)
def test_filler_counts_to_the_next_program_unless_that_is_days_away(
    site: Site, desk: Any, ahead: timedelta | None, words: str, left: str | None
) -> None:
    if ahead is not None:
        an_airing(site.db, NOW + ahead, asset=an_asset(site.db).id)
    text = now_of(desk).text

    assert words in text and "time left" not in text
    assert ("next program in" in text) == (left is not None)
    assert left is None or left in text


def test_a_program_counts_to_its_own_end(site: Site, desk: Any) -> None:
    an_airing(site.db, NOW - HOUR / 4, asset=an_asset(site.db).id)
    an_airing(site.db, NOW + 3 * HOUR, asset=an_asset(site.db).id)

    assert "time left 0:4" in now_of(desk).text


def test_a_program_of_another_day_is_listed_with_its_day(site: Site, desk: Any) -> None:
    an_airing(site.db, NOW + 75 * HOUR, asset=an_asset(site.db).id, title="Harbor")

    assert "Wed 25 Nov 16:00 Next Harbor" in now_of(desk).text
