"""The page of saved searches: written with a live count, shown in order, removed knowingly."""

from datetime import date
from typing import Any

import pytest
from support.desk import HOUR, NOW, PLANNER, an_asset
from support.page import read
from support.website import Site, post

from playout.model.plan import EndRule, MissedStart
from scheduler.actions import details
from scheduler.domain.library.details import Details
from scheduler.domain.model.people import Role
from scheduler.queries import blocks, programs, searches
from scheduler.queries.searches import SearchCard

COUNCIL = {"name": "Newest Council", "body": "City Council", "order": "newest"}


@pytest.fixture
def desk(site: Site) -> Any:
    for title, day, key in (("May 4", date(2026, 5, 4), "a"), ("Nov 17", date(2026, 11, 17), "b")):
        asset = an_asset(site.db, title, key, HOUR)
        details.edit(site.db, PLANNER, NOW, asset.id, Details(day=day, body="City Council"), 0)
    return site.browser(Role.SCHEDULER)


def saved(site: Site) -> SearchCard:
    (card,) = searches.cards(site.db, NOW)
    return card


def text(answer: Any) -> str:
    return read(answer).text


def test_what_is_typed_is_found_at_once_and_saved_as_shown(site: Site, desk: Any) -> None:
    said = text(post(desk, "/media/searches/preview", **COUNCIL | {"name": ""}))
    assert said.startswith("Finds 2 files now City Council, newest first Nov 17")
    within = text(post(desk, "/media/searches/preview", **COUNCIL, within_days="30"))
    assert within.startswith("Finds 1 file now City Council, not older than 30 days, newest first")
    nothing = text(post(desk, "/media/searches/preview", **COUNCIL, words="zoning"))
    assert nothing.startswith("Finds nothing now")
    half = text(post(desk, "/media/searches/preview", **COUNCIL, longest="an hour or so"))
    assert "At most as long as" in half
    assert searches.cards(site.db, NOW) == ()

    post(desk, "/media/searches", **COUNCIL, within_days="30")
    assert saved(site).found.count == 1
    assert "1 file now" in text(desk.get("/media/searches"))


def test_a_wrong_field_keeps_what_was_typed(site: Site, desk: Any) -> None:
    answer = post(desk, "/media/searches", body="City Council", order="newest", name="")

    assert answer.status_code == 422
    assert 'value="City Council"' in answer.get_data(as_text=True)
    assert searches.cards(site.db, NOW) == ()


@pytest.mark.parametrize(
    "typed", [{"kind": "date"}, {"order": "10:00"}, {"captioned": "x"}, {"channel": "ch99"}]
)
def test_a_choice_that_no_field_offers_is_named_and_breaks_no_page(
    desk: Any, typed: dict[str, str]
) -> None:
    answer = post(desk, "/media/searches", **({"name": "Newest", "order": "newest"} | typed))

    assert answer.status_code == 422
    assert 'value="Newest"' in answer.get_data(as_text=True)


def test_a_series_and_a_block_draw_from_it_and_the_page_says_so(site: Site, desk: Any) -> None:
    post(desk, "/media/searches", **COUNCIL)
    id = saved(site).saved.id
    rule = {
        "channel": "ch13", "title": "Council replay", "kind": "weekly", "weekdays": ["0", "2", "4"],
        "every": "1", "at": "14:00", "length": "1:00", "first": "2026-11-22",
        "start_rule": "follow", "search": id,
    }  # fmt: skip
    post(desk, "/series", **rule)
    block = {
        "channel": "ch13", "name": "Council night", "weekdays": ["0"], "at": "18:00",
        "until": "23:00", "first": "2026-11-22", "fill": "ordered", "searches": [id],
        "no_repeat": "0:30",
    }  # fmt: skip
    post(desk, "/blocks", **block)

    (series,) = programs.series_cards(site.db, NOW)
    airing = series.series.draft.airing
    assert (airing.search, airing.end_rule, airing.missed) == (
        id, EndRule.FINISH, MissedStart.TOP,
    )  # fmt: skip
    (card,) = blocks.cards(site.db)
    assert [item.title for item in blocks.card(site.db, card.block.id, NOW).next][:2] == [
        "Nov 17", "May 4",
    ]  # fmt: skip
    shown = text(desk.get("/media/searches"))
    assert "feeds the block Council night, the series Council replay" in shown
    post(desk, f"/series/{series.series.id}", **rule | {"search": "", "version": "1"})
    (series,) = programs.series_cards(site.db, NOW)
    assert series.series.draft.airing.end_rule is EndRule.CUT


def test_it_fills_gaps_and_is_removed_only_with_what_it_feeds_on_the_page(
    site: Site, desk: Any
) -> None:
    post(desk, "/media/searches", **COUNCIL)
    id, version = saved(site).saved.id, "1"
    post(desk, f"/media/searches/{id}/filler", channel="ch13", used="yes")
    assert [use.id for use in saved(site).uses] == ["filler-ch13"]

    unseen = post(desk, f"/media/searches/{id}/remove", version=version)
    assert unseen.status_code == 422 and "feeds the gaps of" in text(unseen)
    page = text(desk.get(f"/media/searches/{id}"))
    assert "the gaps of" in page
    post(desk, f"/media/searches/{id}/remove", version=version, feeding=["filler-ch13"])
    assert searches.cards(site.db, NOW) == ()


def test_viewers_read_and_do_not_write(site: Site) -> None:
    viewer = site.browser(Role.VIEWER)

    assert viewer.get("/media/searches").status_code == 200
    assert post(viewer, "/media/searches", **COUNCIL).status_code == 403
