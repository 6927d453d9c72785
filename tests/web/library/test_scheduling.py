"""The way from a file to the schedule is there for those who may go it, and for no one else."""

import pytest
from support.desk import HOUR, NOW, PLANNER, an_asset
from support.page import read
from support.website import Site

from config.names import ChannelId
from scheduler.actions import airings, cuts
from scheduler.domain.library.cuts import CutDraft
from scheduler.domain.model.airing import AiringDraft
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

    chosen = drawer.one("select", name="asset").one("option", value=file.id)
    assert chosen.get("selected") is not None
    assert drawer.one("input", id="title").get("value") == "Council, March 3"


def test_a_file_that_is_no_more_opens_an_empty_drawer(site: Site) -> None:
    drawer = read(site.browser(Role.SCHEDULER).get("/airings/new?asset=" + "x" * 300))

    assert not drawer.one("input", id="title").get("value")


def test_the_page_of_a_recording_says_when_its_cut_airs(site: Site) -> None:
    """A clerk who scheduled the trimmed hearing looks for it on the page of the hearing too."""
    file = an_asset(site.db, "Council, March 3", "c")
    cut = cuts.add(site.db, PLANNER, NOW, file.id, CutDraft("Without the recess", ((0, 9000),)))
    browser = site.browser(Role.VIEWER)
    assert "It is not scheduled." in read(browser.get(f"/media/{file.id}"))
    channel = ChannelId("ch13")
    for asset, start in ((cut, NOW + 744 * HOUR), (file, NOW + 746 * HOUR)):
        draft = AiringDraft(channel, "Council", start, HOUR / 2, asset=asset.id)
        airings.add(site.db, PLANNER, NOW, draft)
    page = read(browser.get(f"/media/{file.id}"))

    address = page.one("p", id="airs-next").one("a").get("href")
    assert address == "/schedule/ch13/2026-W52?day=2026-12-23", "next month, not today"
    assert "as the cut Without the recess" in page.one("p", id="airs-next")
    assert "and 1 more time" in page.one("p", id="airs-next")
    assert "more time" not in read(browser.get(f"/media/{cut.id}")).one("p", id="airs-next")
