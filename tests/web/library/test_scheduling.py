"""The way from a file to the schedule is there for those who may go it, and for no one else."""

import pytest
from support.desk import an_asset
from support.page import read
from support.website import Site

from scheduler.domain.model.people import Role


@pytest.mark.parametrize(
    ("role", "words", "address"),
    [
        (Role.SCHEDULER, "Schedule it", "/airings/new"),
        (Role.PRODUCER, "Propose an airing", "/proposals/new"),
        (Role.VIEWER, "", ""),
    ],
)
def test_each_role_gets_its_own_way_with_the_file_chosen(
    site: Site, role: Role, words: str, address: str
) -> None:
    file = an_asset(site.db, "Council, March 3", "c")
    browser = site.browser(role)
    for path in (f"/media/{file.id}", "/media"):
        page = read(browser.get(path))
        assert [said for said in ("Schedule it", "Propose an airing") if said in page] == (
            [words] if words else []
        )
    if not words:
        return
    drawer = read(browser.get(f"{address}?channel=ch13&asset={file.id}"))

    assert drawer.one("option", value=file.id).get("selected") is not None
    assert drawer.one("input", id="title").get("value") == "Council, March 3"


def test_a_file_that_is_no_more_opens_an_empty_drawer(site: Site) -> None:
    drawer = read(site.browser(Role.SCHEDULER).get("/airings/new?asset=" + "x" * 300))

    assert not drawer.one("input", id="title").get("value")
