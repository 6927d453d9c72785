"""A preview of a source before air: the host opens it while a page asks for its picture."""

from typing import Any

from support.desk import ADMIN, NOW
from support.page import read
from support.session import in_session
from support.website import Site

from playout.model.wire import Ack, Report, decode, encode
from scheduler.actions import sources
from scheduler.domain.model.people import Role
from scheduler.domain.model.source import SourceDraft

JPEG = b"\xff\xd8 a picture"


def report(site: Site, room: Any) -> Ack:
    told = Report(room.status(site.clock.utc()), None, ())
    answer = site.visitor().post(
        "/api/v1/host/ch13/report", data=encode(told), headers=room.headers
    )
    return decode(Ack, answer.get_data())


def test_a_previewed_source_is_requested_from_the_host_and_shown(site: Site) -> None:
    room: Any = in_session(site.db)
    room.headers = site.host_key()
    source = sources.add(site.db, ADMIN, NOW, SourceDraft("Lobby", "test:")).id
    assert report(site, room).looking == ()
    desk = site.browser(Role.OPERATOR)
    page = desk.get(f"/settings/sources/{source}/look").get_data(as_text=True)
    assert "Lobby" in page and "built-in test picture" in page
    picture = f"/settings/sources/{source}/look/ch13.jpg"
    assert desk.get(picture).status_code == 204
    ack = report(site, room)
    assert ack.looking == (source,) and not ack.watching
    sent = site.visitor().post(
        f"/api/v1/host/ch13/sources/{source}/picture",
        data=JPEG,
        headers={**room.headers, "X-Gavel-Meter": '{"left_db": -20}'},
    )
    assert sent.status_code == 204
    shown = desk.get(picture)
    assert shown.get_data() == JPEG and shown.headers["X-Gavel-Meter"] == '{"left_db": -20}'
    assert desk.get("/channels/ch13/picture.jpg").status_code == 204
    site.clock.wait(11)
    assert report(site, room).looking == ()


def test_the_sheet_shows_the_first_source_before_it_is_put_on_air(site: Site) -> None:
    in_session(site.db)
    desk = site.browser(Role.OPERATOR)
    sheet = read(desk.get("/channels/ch13/override"))
    picture, first = sheet.one(data_picture=True).get("data-picture"), sheet.control("source").value
    assert picture == f"/settings/sources/{first}/look/ch13.jpg" and sheet.find(data_verdict=True)
    assert desk.get(picture).status_code == 204


def test_only_operators_may_preview_a_source(site: Site) -> None:
    source = sources.add(site.db, ADMIN, NOW, SourceDraft("Lobby", "test:")).id
    assert site.browser(Role.SCHEDULER).get(f"/settings/sources/{source}/look").status_code == 403
