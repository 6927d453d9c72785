"""Forms offer few of many files, and take any of them."""

from typing import Any

import pytest
from support.desk import HOUR, NOW, an_asset
from support.page import read
from support.website import Site, post

from scheduler.domain.model.people import Role
from scheduler.queries import programs
from web.kit import file_offers


@pytest.fixture
def desk(site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(file_offers, "MOST_OFFERED", 3)
    return site.browser(Role.ADMINISTRATOR)


def test_a_form_offers_the_newest_files_and_finds_and_takes_the_others(
    site: Site, desk: Any
) -> None:
    old = an_asset(site.db, "Budget hearing", "0", at=NOW - HOUR)
    for number in range(4):
        an_asset(site.db, f"Parks {number}", f"{number + 1}")
    form = read(desk.get("/airings/new?channel=ch13"))
    assert form.one("select", id="asset").get("data-pick") == "/media/choices"
    assert "Budget hearing" not in form
    (found,) = desk.get("/media/choices?q=budg").get_json()
    assert found == {"value": old.id, "words": "Budget hearing (1 h)", "length": "1 h"}

    assert post(desk, "/programs", title="Hearings", asset=old.id).status_code < 400
    (card,) = programs.program_cards(site.db, NOW)
    assert card.program.asset == old.id
    drawer = read(desk.get(f"/programs/{card.program.id}"))
    assert drawer.one("option", value=old.id).get("selected") is not None, "still offered"


def test_a_block_lists_its_files_first_and_searches_for_more(site: Site, desk: Any) -> None:
    for number in range(5):
        an_asset(site.db, f"Parks {number}", f"{number + 1}")
    listed = read(desk.get("/blocks/new?channel=ch13")).one("div", **{"data-picks": "assets"})
    assert listed.get("data-pick") == "/media/choices"
