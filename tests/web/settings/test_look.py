"""The look of bulletins: colours that can be read, fonts and logo kept, and carried to air."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from support.desk import CH13, NOW
from support.page import read
from support.website import Site, post

from media.typeset import FONT_FOLDER
from playout.model.plan import Plan
from playout.model.wire import decode
from scheduler.actions import undo
from scheduler.domain.model.look import LOOK_STYLES, usual_colours
from scheduler.domain.model.people import SYSTEM_ACTOR, Role
from scheduler.process.publish import publish
from scheduler.queries import changes, station
from scheduler.queries.host_api import published_plan

USUAL = {
    f"{style}_{part}": getattr(usual_colours(style), part)
    for style in LOOK_STYLES
    for part in ("background", "accent", "text")
}
GREEN = {"plain_background": "#0b3d2e", "plain_accent": "#e0b040", "plain_text": "#ffffff"}


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.ADMINISTRATOR)


def saved(client: Any, site: Site, **typed: str) -> Any:
    version = str(station.look(site.db)[1])
    return post(client, "/settings/look", **{**USUAL, **typed, "version": version})


def sent(client: Any, path: str, name: str, body: bytes) -> Any:
    token = read(client.get("/programs")).one("meta", name="csrf-token").get("content")
    return client.post(f"{path}?name={name}", data=body, headers={"X-CSRFToken": token})


def plan_of(site: Site) -> Plan:
    publish(site.db, CH13, NOW)
    newest = published_plan(site.db, CH13)
    assert newest is not None
    return decode(Plan, newest.body)


def test_a_citys_colours_go_out_with_the_plan_and_come_back_with_one_undo(
    site: Site, desk: Any
) -> None:
    assert saved(desk, site, **GREEN).status_code == 303
    (green,) = plan_of(site).look.colours
    change = changes.latest(site.db, "station", "station")
    assert change is not None
    undo.undo(site.db, SYSTEM_ACTOR, NOW, change.id)

    assert (green.style, green.background, green.text) == ("plain", "#0b3d2e", "#ffffff")
    assert plan_of(site).look.colours == ()


def test_the_usual_colours_are_not_stored(site: Site, desk: Any) -> None:
    assert saved(desk, site).status_code == 303
    assert station.look(site.db)[0].colours == ()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"plain_text": "#2a4a6a"}, "The text is hard to read on this background: its contrast"),
        ({"notice_accent": "#462c16"}, "The accent hardly shows on this background"),
        ({"urgent_background": "red"}, "Choose a color, or type it like #1a344e."),
    ],
)
def test_colours_that_cannot_be_read_are_refused_and_said_in_the_preview(
    site: Site, desk: Any, typed: dict[str, str], sentence: str
) -> None:
    answer = saved(desk, site, **typed)
    before = post(desk, "/settings/look/preview", **{**USUAL, **typed})

    assert answer.status_code == 422
    assert sentence in read(answer).text
    assert sentence in read(before).text
    assert station.look(site.db)[0].colours == ()


def test_the_preview_shows_each_style_in_the_colours_as_chosen(desk: Any) -> None:
    usual = read(post(desk, "/settings/look/preview", **USUAL)).all("img")
    green = read(post(desk, "/settings/look/preview", **{**USUAL, **GREEN})).all("img")
    same = [one.get("src") == other.get("src") for one, other in zip(usual, green, strict=True)]

    assert same == [False, True, True]


def test_an_uploaded_font_is_checked_chosen_and_fetched_by_the_broadcast_machine(
    site: Site, desk: Any
) -> None:
    body = (FONT_FOLDER / "DejaVuSerif.ttf").read_bytes()
    answer = sent(desk, "/settings/look/fonts", "City Serif.ttf", body)
    assert answer.status_code == 201
    assert answer.json["title"] == "DejaVu Serif"
    assert saved(desk, site, font=answer.json["id"]).status_code == 303
    font = plan_of(site).look.font
    assert font is not None
    fetched = site.visitor().get(f"/api/v1/host/ch13/media/{font.key}", headers=site.host_key())

    with fetched:
        assert fetched.data == body
    assert (font.suffix, font.size) == (".ttf", len(body))
    assert plan_of(site).drawn_from[0].key == font.key


def test_an_installed_font_is_stored_when_it_is_chosen(site: Site, desk: Any) -> None:
    assert saved(desk, site, bold="installed:DejaVu Serif, Bold").status_code == 303

    assert [font.name for font in station.fonts(site.db)] == ["DejaVu Serif, Bold"]
    assert station.look(site.db)[0].bold == station.fonts(site.db)[0].file


def test_what_is_no_font_is_refused_in_words(desk: Any) -> None:
    answer = sent(desk, "/settings/look/fonts", "a.ttf", b"no font at all")

    assert answer.status_code == 422
    assert answer.text == "Upload a font as a TTF or OTF file."


def test_a_logo_goes_out_with_the_plan(site: Site, desk: Any) -> None:
    held = BytesIO()
    Image.new("RGBA", (200, 100), (200, 30, 30, 128)).save(held, "PNG")
    answer = sent(desk, "/settings/logos", "seal.png", held.getvalue())
    assert saved(desk, site, logo=answer.json["id"]).status_code == 303
    logo = plan_of(site).look.logo
    shown = read(desk.get("/settings/look"))

    assert logo is not None and logo.suffix == ".png"
    assert "seal" in shown.text


def test_only_engineers_change_the_look(site: Site) -> None:
    scheduler = site.browser(Role.SCHEDULER)

    assert scheduler.get("/settings/look").status_code == 403
    assert post(scheduler, "/settings/look", **USUAL).status_code == 403
    assert sent(scheduler, "/settings/look/fonts", "a.ttf", b"x").status_code == 403


def test_a_look_that_somebody_else_changed_meanwhile_is_not_lost(site: Site, desk: Any) -> None:
    saved(desk, site, **GREEN)
    stale = post(desk, "/settings/look", **{**USUAL, "version": "1"})

    assert stale.status_code == 422
    assert "Save again to use yours." in read(stale).text
    assert station.look(site.db)[0].colours != ()
