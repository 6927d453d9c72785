"""The page of one file: what it shows of a file that plays, of a still, and of one elsewhere."""

from datetime import timedelta
from fractions import Fraction

import pytest
from support.desk import an_asset
from support.page import read
from support.website import Site

from media.store import MediaStore
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from web.kit.context import SERVICES_KEY
from web.library.asset import frames_of


def with_bytes(site: Site, file: Asset) -> None:
    """Put something into the store under the key of the file."""
    assert file.media is not None
    store: MediaStore = site.app.extensions[SERVICES_KEY].store
    path = store.path(file.media.key, file.media.suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")


@pytest.mark.parametrize(
    ("length", "rate", "frames"),
    [
        (timedelta(seconds=10), Fraction(25), 250),
        (timedelta(microseconds=10_010_000), Fraction(30000, 1001), 300),
        (timedelta(hours=4), Fraction(30000, 1001), 431_568),
        (timedelta(0), Fraction(25), 1),
    ],
)
def test_frames_are_counted_at_the_exact_rate(
    length: timedelta, rate: Fraction, frames: int
) -> None:
    assert frames_of(length, rate) == frames


def test_the_page_names_the_file_and_is_linked_from_the_library(site: Site) -> None:
    file, desk = an_asset(site.db), site.browser(Role.VIEWER)
    listed = read(desk.get("/media")).one(id=f"open-{file.id}")
    page = read(desk.get(listed.get("href")))

    assert page.one("h1").text == file.title
    assert page.one(id="h-captions").text == "Captions"


def test_a_file_that_is_not_on_this_server_has_no_player_and_says_why(site: Site) -> None:
    page = site.browser(Role.VIEWER).get(f"/media/{an_asset(site.db).id}").get_data(as_text=True)

    assert "<video" not in page
    assert "not on this server" in page


def test_a_file_with_its_bytes_here_is_played_at_its_exact_rate(site: Site) -> None:
    file = an_asset(site.db)
    with_bytes(site, file)
    page = site.browser(Role.VIEWER).get(f"/media/{file.id}").get_data(as_text=True)
    assert file.media is not None and file.media.rate is not None

    assert f'data-rate-of="{file.media.rate.numerator}"' in page
    assert f'src="/media/{file.id}/play"' in page


def test_an_unknown_file_is_not_found(site: Site) -> None:
    assert site.browser(Role.VIEWER).get("/media/none").status_code == 404


def test_a_download_has_the_title_as_its_name(site: Site) -> None:
    file = an_asset(site.db, "Año nuevo: 2027/28")
    with_bytes(site, file)
    answer = site.browser(Role.VIEWER).get(f"/media/{file.id}/download")

    assert answer.data == b"picture"
    assert (
        "filename*=UTF-8''A%C3%B1o%20nuevo%202027%2028.mp4" in answer.headers["Content-Disposition"]
    )
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer.close()


def test_without_another_file_there_is_no_original_to_download(site: Site) -> None:
    file = an_asset(site.db)
    with_bytes(site, file)

    assert (
        site.browser(Role.VIEWER).get(f"/media/{file.id}/download?original=yes").status_code == 404
    )
