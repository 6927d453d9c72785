"""Names and crawls in the drawer of an airing, of a series and of a proposal."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.page import Element, read
from support.website import Site, post

from config.names import AiringId, Revision
from playout.model.graphics import LowerThird
from playout.model.plan import Item
from scheduler.actions import airings
from scheduler.actions.undo import undo
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.model.airing import Airing, again
from scheduler.domain.model.airing_graphics import AiringGraphic, AiringGraphicKind
from scheduler.domain.model.people import Role
from scheduler.queries import changes, grid, proposals
from scheduler.reading.snapshot import snapshot

CHAIR = AiringGraphic("Ana Ruiz", "Chair", after=5 * MINUTE, shown_for=timedelta(seconds=8))
BY_HAND = AiringGraphic("Call 311", kind=AiringGraphicKind.CRAWL, passes=2)


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def film(site: Site, *graphics: AiringGraphic) -> Airing:
    asset = an_asset(site.db)
    return an_airing(site.db, NOW + HOUR, title="Parks", asset=asset.id, graphics=graphics)


def drawer(desk: Any, airing: AiringId) -> Element:
    return read(desk.get(f"/airings/{airing}"))


def main_form(page: Element) -> Element:
    return next(form for form in page.all("form") if form.find(name="graphic-kind"))


def row(kind: str, at: str, first: str, second: str = "", seconds: str = "8") -> dict[str, str]:
    return {
        "kind": kind, "at": at, "first": first, "second": second, "seconds": seconds,
        "passes": "2",
    }  # fmt: skip


def typed(page: Element, *rows: dict[str, str]) -> dict[str, Any]:
    """Return what the form would send with these rows in place of its own."""
    kept = {name: value for name, value in main_form(page).sent.items() if "graphic-" not in name}
    names = ("kind", "at", "first", "second", "seconds", "passes")
    return kept | {f"graphic-{name}": [one[name] for one in rows] for name in names}


def stored(site: Site, airing: AiringId) -> Airing:
    return grid.airing(site.db, airing, site.clock.utc()).airing


def item_of(site: Site, airing: AiringId) -> Item:
    with site.db.read() as session:
        since, until = window(NOW)
        plan = build_plan(snapshot(session, CH13, since, until), since, until, NOW, Revision(1))
    return next(item for item in plan.items if item.airing == airing)


def test_names_and_crawls_are_typed_in_rows_and_the_timed_ones_reach_the_plan(
    site: Site, desk: Any
) -> None:
    airing = film(site)
    rows = (row("crawl", "", "Call 311"), row("lower third", "5 min", "Ana Ruiz", "Chair"))
    post(desk, f"/airings/{airing.id}", **typed(drawer(desk, airing.id), *rows))

    assert stored(site, airing.id).draft.graphics == (CHAIR, BY_HAND)
    (shown,) = item_of(site, airing.id).graphics
    assert isinstance(shown, LowerThird) and shown.after == 5 * MINUTE


def test_the_drawer_shows_the_rows_as_saved_with_an_empty_one_below(site: Site, desk: Any) -> None:
    airing = film(site, CHAIR, BY_HAND)
    form = main_form(drawer(desk, airing.id)).sent

    assert form["graphic-first"] == ["Ana Ruiz", "Call 311", ""]
    assert form["graphic-at"] == ["5 min", "", ""]
    assert form["graphic-passes"] == ["1", "2", "1"]


def test_saving_the_drawer_as_it_is_changes_nothing(site: Site, desk: Any) -> None:
    airing = film(site, CHAIR, BY_HAND)
    post(desk, f"/airings/{airing.id}", **main_form(drawer(desk, airing.id)).sent)

    assert stored(site, airing.id).draft == airing.draft


def test_an_emptied_row_is_removed_and_undo_brings_it_back(site: Site, desk: Any) -> None:
    airing = film(site, CHAIR, BY_HAND)
    post(desk, f"/airings/{airing.id}", **typed(drawer(desk, airing.id), row("crawl", "", "")))
    assert stored(site, airing.id).draft.graphics == ()
    change = changes.latest(site.db, "airing", airing.id)
    assert change is not None
    undo(site.db, PLANNER, NOW, change.id)

    assert stored(site, airing.id).draft.graphics == (CHAIR, BY_HAND)


@pytest.mark.parametrize(
    ("at", "words"),
    [("soon", "Write a length"), ("5:30", "after the airing ends"), ("-5", "Write a length")],
)
def test_a_moment_that_cannot_be_is_refused_and_the_rows_are_kept(
    site: Site, desk: Any, at: str, words: str
) -> None:
    airing = film(site)
    sent = typed(drawer(desk, airing.id), row("lower third", at, "Ana Ruiz"))
    answer = post(desk, f"/airings/{airing.id}", **sent)

    assert answer.status_code == 422 and words in read(answer)
    assert main_form(read(answer)).sent["graphic-first"] == ["Ana Ruiz", ""]
    assert stored(site, airing.id).draft.graphics == ()


def test_a_form_without_rows_keeps_what_is_planned(site: Site, desk: Any) -> None:
    airing = film(site, CHAIR)
    sent = main_form(drawer(desk, airing.id)).sent
    kept = {name: value for name, value in sent.items() if "graphic-" not in name}
    post(desk, f"/airings/{airing.id}", **{**kept, "notes": "Ask Ann"})

    assert stored(site, airing.id).draft.graphics == (CHAIR,)
    assert stored(site, airing.id).draft.notes == "Ask Ann"


def test_a_conflict_and_the_history_tell_names_in_words(site: Site, desk: Any) -> None:
    airing = film(site, CHAIR)
    mine = typed(drawer(desk, airing.id), row("crawl", "", "Mine"))
    theirs = typed(drawer(desk, airing.id), row("lower third", "1 min", "Theirs"))
    post(desk, f"/airings/{airing.id}", **theirs)
    page = read(post(desk, f"/airings/{airing.id}", **mine))

    assert ["Names and crawls", "At 1 min: Theirs", "By hand, crawl: Mine"] in page.rows
    told = read(site.browser(Role.ADMINISTRATOR).get("/history")).rows
    assert ["Names and crawls", "At 5 min: Ana Ruiz, Chair", "At 1 min: Theirs"] in told


def test_a_copy_takes_its_names_along_and_a_replay_of_a_live_does_not(site: Site) -> None:
    airing = film(site, CHAIR, BY_HAND)
    copied = airings.copy(site.db, PLANNER, NOW, airing.id, NOW + 5 * HOUR)
    replayed = airings.copy(site.db, PLANNER, NOW, airing.id, NOW + 9 * HOUR, replay=True)
    live = replace(airing.draft, source="chamber", asset=None, record=True)

    assert copied.draft.graphics == replayed.draft.graphics == (CHAIR, BY_HAND)
    assert again(live, airing.id, NOW + HOUR, replay=False).graphics == (CHAIR, BY_HAND)
    assert again(live, airing.id, NOW + HOUR, replay=True).graphics == ()


def test_each_airing_of_a_series_has_the_names_of_its_series(site: Site, desk: Any) -> None:
    an_asset(site.db)
    page = read(desk.get("/series/new"))
    sent = typed(page, row("lower third", "2 min", "Ana Ruiz", "Chair"))
    sent |= {"title": "Parks", "channel": "ch13", "at": "08:00", "length": "30 min"}
    sent |= {"kind": "weekly", "weekdays": ["1"], "first": "2026-11-24"}
    post(desk, "/series", **sent)

    week = grid.week(site.db, [CH13], (NOW + timedelta(days=1)).date(), NOW)
    (view,) = week.airings
    assert view.airing.title == "Parks"
    assert [one.first for one in view.airing.draft.graphics] == ["Ana Ruiz"]
    rows = main_form(read(desk.get(f"/series/{view.series_id}"))).sent
    assert rows["graphic-first"] == ["Ana Ruiz", ""]


def test_a_proposal_brings_its_names_onto_the_schedule(site: Site, desk: Any) -> None:
    producer = site.browser(Role.PRODUCER)
    page = read(producer.get("/proposals/new?channel=ch13&day=2026-11-24&at=10:00"))
    sent = typed(page, row("lower third", "1 min", "Ana Ruiz"))
    post(producer, "/proposals", **{**sent, "title": "Parks", "length": "30 min"})
    (waiting,) = proposals.waiting(site.db, NOW)
    shown = main_form(read(desk.get(f"/proposals/{waiting.id}"))).sent
    post(desk, f"/proposals/{waiting.id}/accept", version=str(waiting.version))

    assert shown["graphic-first"] == ["Ana Ruiz", ""]
    (view,) = grid.week(site.db, [CH13], (NOW + timedelta(days=1)).date(), NOW).airings
    assert [one.first for one in view.airing.draft.graphics] == ["Ana Ruiz"]
