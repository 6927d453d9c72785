"""Uploaded logos: what uses each is said, and one is taken out or replaced in one undoable step."""

from typing import Any

import pytest
from support.desk import ADMIN, CH13, NOW
from support.page import read
from support.website import Site, post

from config.names import AssetKey
from playout.model.look import LookFile, StationLook
from playout.model.plan import Media
from scheduler.actions import graphics, logos, station
from scheduler.actions.undo import undo
from scheduler.domain.model.graphics import GraphicsDraft, Picture
from scheduler.domain.model.people import Role
from scheduler.queries import changes, grid
from scheduler.queries import graphics as query
from scheduler.queries import station as station_query
from scheduler.refusals import Conflict, Missing, Refused

PAGE = "/settings/logos"
UNUSED = "Not used."


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.ENGINEER)


def a_logo(site: Site, title: str, letter: str) -> Picture:
    media = Media(AssetKey(letter * 64), ".png", 10, NOW - NOW, None, has_sound=False)
    return graphics.keep_picture(site.db, ADMIN, NOW, title, media, (200, 100))


def file_of(logo: Picture) -> LookFile:
    return LookFile(logo.media.key, logo.media.suffix, logo.media.size)


def show(site: Site, logo: Picture, letters: str = "", *, in_look: bool = True) -> None:
    """Use the logo for the bug of CH13, and for bulletins if asked."""
    seen = query.channel_graphics(site.db, CH13).version
    draft = GraphicsDraft(bug_on=True, bug_text=letters, logo=logo.id)
    graphics.set_graphics(site.db, ADMIN, NOW, CH13, draft, seen)
    if in_look:
        _, version = station_query.look(site.db)
        look = StationLook(logo=file_of(logo))
        station.set_look(site.db, ADMIN, NOW, look, version)


def seen(site: Site) -> tuple[bool, str | None, LookFile | None]:
    """Return whether the bug is on, its logo, and that of bulletins."""
    draft = query.channel_graphics(site.db, CH13).draft
    return draft.bug_on, draft.logo, station_query.look(site.db)[0].logo


def undo_last(site: Site, entity: str, id: str) -> None:
    change = changes.latest(site.db, entity, id)
    assert change is not None
    undo(site.db, ADMIN, NOW, change.id)


@pytest.mark.parametrize(
    ("letters", "replaced", "on"),
    [("", False, False), ("CH 13", False, True), ("", True, True), ("CH 13", True, True)],
)
def test_it_is_taken_out_or_replaced_everywhere_and_one_undo_brings_all_back(
    site: Site, letters: str, replaced: bool, on: bool
) -> None:
    seal, star = a_logo(site, "Seal", "a"), a_logo(site, "Star", "b")
    show(site, seal, letters)
    before, version = seen(site), grid.channel(site.db, CH13).plan_version

    logos.remove_logo(site.db, ADMIN, NOW, seal.id, star.id if replaced else None)
    after = (star.id, file_of(star)) if replaced else (None, None)
    assert seen(site) == (on, *after)
    assert query.pictures(site.db) == (star,)
    assert grid.channel(site.db, CH13).plan_version > version
    undo_last(site, "logo", seal.id)
    assert seen(site) == before and query.pictures(site.db) == (seal, star)


def test_bulletins_keep_a_drawing_that_is_still_offered_under_another_name(site: Site) -> None:
    seal = a_logo(site, "Seal", "a")
    a_logo(site, "Seal again", "a")
    show(site, seal)
    logos.remove_logo(site.db, ADMIN, NOW, seal.id, None)

    assert seen(site) == (False, None, file_of(seal))


def test_a_removed_logo_cannot_be_chosen_or_removed_again(site: Site) -> None:
    seal, star = a_logo(site, "Seal", "a"), a_logo(site, "Star", "b")
    logos.remove_logo(site.db, ADMIN, NOW, seal.id, None)

    with pytest.raises(Missing):
        logos.remove_logo(site.db, ADMIN, NOW, seal.id, None)
    for wrong in (seal.id, star.id):
        with pytest.raises(Refused):
            logos.remove_logo(site.db, ADMIN, NOW, star.id, wrong)
    with pytest.raises(Refused):
        show(site, seal)
    with pytest.raises(Refused):
        station.set_look(site.db, ADMIN, NOW, StationLook(logo=file_of(seal)), 0)
    assert query.pictures(site.db) == (star,)


def test_undoing_an_older_change_does_not_bring_a_removed_logo_on_air(site: Site) -> None:
    seal, star = a_logo(site, "Seal", "a"), a_logo(site, "Star", "b")
    show(site, seal)
    show(site, star)
    logos.remove_logo(site.db, ADMIN, NOW, seal.id, None)
    before = seen(site)

    for entity, id in (("graphics", CH13), ("station", "station")):
        with pytest.raises(Refused, match="has been removed"):
            undo_last(site, entity, id)
    assert seen(site) == before


def test_redoing_a_removal_is_refused_once_the_logo_is_used_again(site: Site) -> None:
    seal = a_logo(site, "Seal", "a")
    logos.remove_logo(site.db, ADMIN, NOW, seal.id, None)
    undo_last(site, "logo", seal.id)
    show(site, seal)

    with pytest.raises((Refused, Conflict)):
        undo_last(site, "logo", seal.id)
    assert query.pictures(site.db) == (seal,)


def test_the_page_says_what_uses_each_and_removes_it_with_an_undo(site: Site, desk: Any) -> None:
    seal, star = a_logo(site, "Seal", "a"), a_logo(site, "Star", "b")
    show(site, seal)
    page = read(desk.get(PAGE))
    used, free = page.all("li", class_="flex-wrap")
    assert "Bug of City Channel 13." in used and "Logo of the bulletins." in used
    assert UNUSED in free and UNUSED not in used
    button = used.one("button")
    assert "the bug of City Channel 13 is switched off" in button.get("data-consequence")

    answer = post(desk, f"{PAGE}/{seal.id}/remove", instead=star.id)
    assert answer.headers["Location"].endswith(PAGE)
    page = read(desk.get(PAGE))
    assert "Replaced the logo Seal with Star." in page and page.find(data_undo=True)
    (left,) = page.all("li", class_="flex-wrap")
    assert "Star" in left and "Bug of City Channel 13." in left


def test_only_who_sets_up_channels_removes_logos(site: Site) -> None:
    seal = a_logo(site, "Seal", "a")
    for role in (Role.VIEWER, Role.SCHEDULER, Role.OPERATOR):
        client = site.browser(role)
        assert client.get(PAGE).status_code == 403
        assert post(client, f"{PAGE}/{seal.id}/remove").status_code == 403
    assert query.pictures(site.db) == (seal,)
