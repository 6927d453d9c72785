"""A file that rests in the archive, as staff and a broadcast machine meet it."""

import pytest
from support.desk import CH13, HOUR, NOW, an_airing, an_asset
from support.page import read
from support.website import Site, post

from config.names import AssetKey
from scheduler.actions import disk_days
from scheduler.actions.disk_days import DiskReading
from scheduler.db.tables.recordings import RestingRow
from scheduler.domain.air.readiness import Light
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.queries import grid, resting


@pytest.fixture
def film(site: Site) -> Asset:
    """Give a file that rests since now."""
    asset = an_asset(site.db, "Budget hearing", "f")
    assert asset.media is not None
    with site.db.write() as session:
        key = asset.media.key
        row = RestingRow(key=key, suffix=".mp4", size=9_000_000_000, since=NOW, wanted=None)
        session.add(row)
    rooms = [DiskReading(one.lower(), one, 10**12, 10**13) for one in ("Server", "Archive")]
    disk_days.note(site.db, rooms, NOW)
    return asset


def is_wanted(site: Site) -> bool:
    (one,) = resting.resting_of(site.db, [AssetKey("f" * 64)])
    return one.wanted is not None


def test_its_page_says_where_it_is_and_brings_it_back(site: Site, film: Asset) -> None:
    browser = site.browser(Role.PRODUCER)
    page = read(browser.get(f"/media/{film.id}"))
    copies = " ".join(page.one("section", **{"aria-labelledby": "h-copies"}).text.split())
    assert "Since Sunday 22 November 2026 it rests in the archive" in copies
    assert "comes back by itself before it airs." in copies
    assert "rests in the archive, so it cannot be played here" in " ".join(page.text.split())
    answer = post(browser, f"/media/{film.id}/return")
    assert answer.status_code == 303 and is_wanted(site)
    after = " ".join(read(browser.get(f"/media/{film.id}")).text.split())
    assert (
        "It is coming back from the archive, ready about" in after
        and "Bring it back now" not in after
    )


def test_a_viewer_sees_no_button_and_a_download_asks_for_it(site: Site, film: Asset) -> None:
    browser = site.browser(Role.VIEWER)
    assert "Bring it back now" not in browser.get(f"/media/{film.id}").get_data(as_text=True)
    assert not is_wanted(site)
    answer = browser.get(f"/media/{film.id}/download")
    assert answer.status_code == 303 and is_wanted(site)


def test_a_machine_that_needs_it_is_told_to_ask_again(site: Site, film: Asset) -> None:
    del film
    path = f"/api/v1/host/{CH13}/media/{'f' * 64}"
    asked = site.visitor().get(path, headers=site.host_key("playout-1"))
    assert asked.status_code == 404
    assert "comes back from the archive" in asked.get_data(as_text=True)
    assert is_wanted(site)


@pytest.mark.parametrize(
    ("hours", "light", "words"),
    [
        (24 * 15, Light.READY, "comes back 14 days before"),
        (24 * 13, Light.AMBER, "coming back, ready about"),
        (20, Light.AMBER, "coming back, ready about"),
        (0.2, Light.RED, "in the archive"),
    ],
)
def test_its_airing_says_when_it_is_back(
    site: Site, film: Asset, hours: float, light: Light, words: str
) -> None:
    airing = an_airing(site.db, NOW + hours * HOUR, asset=film.id)
    view = grid.airing(site.db, airing.id, NOW)
    assert view.readiness is light and words in view.why
