"""The week grid's events and the rundown beside it: kinds by word, short items within reach."""

from datetime import timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PRODUCER, a_draft, a_source, an_airing
from support.page import Element, read
from support.website import Site

from scheduler.actions import proposals
from scheduler.domain.model.people import Role

TODAY = "/schedule/ch13/2026-W47?day=2026-11-22"
EVENTS = "/schedule/events/2026-W47.json"
KINDS = {
    "live": {"title": "Council", "source": "chamber"},
    "replay": {"title": "Council again", "replay": True},
    "slate": {"title": "Notice", "slate_text": "Main Street is closed."},
    "program": {"title": "Film"},
}


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.VIEWER)


def kinds(element: Element) -> list[str]:
    """Return the kinds whose mark the element shows, in order."""
    return [
        name.removeprefix("kind-")
        for mark in element.all(class_="kind")
        for name in mark.get("class").split()
        if name != "kind"
    ]


def of_every_kind(site: Site) -> None:
    for hours, over in enumerate(KINDS.values(), 1):
        if "source" in over:
            over = {**over, "source": a_source(site.db)}
        an_airing(site.db, NOW + hours * HOUR, **over)


def test_each_event_says_its_kind_and_its_light_in_words(site: Site, desk: Any) -> None:
    of_every_kind(site)
    found = desk.get(EVENTS).json["events"]

    assert [one["extendedProps"]["kind"] for one in found] == list(KINDS)
    assert [one["classNames"] for one in found] == [[f"tile-{kind}"] for kind in KINDS]
    film = found[-1]
    assert film["title"] == "Film"
    assert film["extendedProps"]["light"] == "red"
    assert film["extendedProps"]["why"] == "It has no file yet."


def test_the_legend_names_every_kind_of_the_grid(site: Site, desk: Any) -> None:
    legend = read(desk.get(TODAY)).one(class_="legend")

    assert set(kinds(legend)) == {*KINDS, "proposal", "block", "bulletins"}
    assert "check it" in legend and "cannot air" in legend


def test_a_row_of_the_rundown_says_live_replay_or_slate(site: Site, desk: Any) -> None:
    of_every_kind(site)
    proposals.add(site.db, PRODUCER, NOW, a_draft(NOW + 5 * HOUR, source="x", title="Parks"))
    rows = read(desk.get(TODAY)).all("tr")
    said = {
        title: [kind for kind in kinds(row) if row.find("span", kind)]
        for title in ("Council", "Council again", "Notice", "Film", "Parks")
        for row in rows
        if f" {title}, " in row.get("aria-label")
    }

    assert said == {
        "Council": ["live"], "Council again": ["replay"], "Notice": ["slate"], "Film": [],
        "Parks": ["live"],
    }  # fmt: skip


def four_shorts(site: Site) -> list[str]:
    titles = ["Minute", "Routes", "Hours", "Calendar"]
    for number, title in enumerate(titles):
        an_airing(site.db, NOW + HOUR + 5 * number * MINUTE, length=5 * MINUTE, title=title)
    return titles


def test_short_items_in_a_row_are_one_event_that_opens_them(site: Site, desk: Any) -> None:
    titles = four_shorts(site)
    council = an_airing(site.db, NOW + 2 * HOUR, title="Council")
    found = desk.get(EVENTS).json["events"]

    (tile,) = [one for one in found if one["extendedProps"].get("view") == "grid"]
    assert tile["title"] == "4 short items" and tile["extendedProps"]["names"] == titles
    assert (tile["start"][11:], tile["end"][11:]) == ("14:00:00", "14:20:00")
    listed = [one["title"] for one in found if one["extendedProps"].get("view") == "list"]
    assert listed == titles
    opened = read(desk.get(tile["extendedProps"]["show"]))
    places = [opened.text.index(title) for title in titles]
    assert places == sorted(places) and council.title not in opened
    assert len(opened.all(hx_get=True)) == 4


def test_a_short_item_is_drawn_taller_and_keeps_its_true_time(site: Site, desk: Any) -> None:
    an_airing(site.db, NOW + HOUR - 5 * MINUTE, length=5 * MINUTE, title="Pledge")
    an_airing(site.db, title="Council")
    pledge, council = desk.get(EVENTS).json["events"]

    assert (pledge["start"][11:], pledge["end"][11:]) == ("13:40:00", "14:00:00")
    assert pledge["extendedProps"]["off"] == [15 * 60, 0]
    assert council["start"][11:] == "14:00:00" and "off" not in council["extendedProps"]


@pytest.mark.parametrize(
    "asked",
    ["", "since=1&until=", "since=9&until=9", "since=0&until=2147483647", "since=x&until=y",
     "since=-5&until=5", "since=99999999999999&until=99999999999999999"],
)  # fmt: skip
def test_an_invalid_span_of_a_tile_is_not_found(desk: Any, asked: str) -> None:
    assert desk.get(f"/schedule/ch13/several?{asked}").status_code == 404


def test_a_tile_whose_items_moved_since_opens_an_empty_list(site: Site, desk: Any) -> None:
    since = int((NOW + timedelta(days=1)).timestamp())
    page = desk.get(f"/schedule/{CH13}/several?since={since}&until={since + 60}")
    assert "Nothing starts here anymore." in page.get_data(as_text=True)
