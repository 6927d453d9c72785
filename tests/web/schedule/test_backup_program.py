"""The file that airs where an airing's own file fails is chosen in the drawer of the airing."""

from datetime import date

from support.desk import CH13, an_asset
from support.page import read
from support.website import Site, post

from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Role
from scheduler.queries import grid


def the_airing(site: Site) -> Airing:
    week = grid.week(site.db, [CH13], date(2026, 11, 16), site.clock.utc())
    (view,) = week.airings
    return view.airing


def test_a_backup_program_is_chosen_kept_and_named_in_the_history(site: Site) -> None:
    council, film = an_asset(site.db, "Council", "c"), an_asset(site.db, "Film", "f")
    browser = site.browser(Role.SCHEDULER)
    drawer = read(browser.get(f"/airings/new?channel={CH13}&asset={council.id}"))
    typed = drawer.one("form", action="/airings").fields
    assert post(browser, "/airings", **{**typed, "substitute": film.id}).status_code < 400
    airing = the_airing(site)
    assert (airing.draft.asset, airing.draft.substitute) == (council.id, film.id)

    drawer = read(browser.get(f"/airings/{airing.id}"))
    form = drawer.one("form", action=f"/airings/{airing.id}").fields
    assert form["substitute"] == film.id
    assert post(browser, f"/airings/{airing.id}", **{**form, "substitute": ""}).status_code < 400
    assert the_airing(site).draft.substitute is None
    history = read(browser.get(f"/airings/{airing.id}")).items
    assert any(one.startswith("Backup program: ") and "before: Film" in one for one in history)
