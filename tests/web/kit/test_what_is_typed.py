"""Addresses and forms beyond their bounds: each is refused with a sentence."""

import logging

import pytest
from support.desk import ADMIN, NOW, an_airing, an_asset
from support.website import Site, post, token_of

from config.bounded import whole
from scheduler.actions import programs
from scheduler.domain.model.people import Role
from scheduler.domain.model.program import ProgramDraft


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("7", 7), (" 7 ", 7), ("-7", -7), ("0", 0), ("", None), ("x", None), ("1.5", None),
        ("٣", None), ("1_0", None), ("+1", None), ("2147483648", None), ("9" * 5000, None),
        ("--1", None),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_within_bounds(text: str, reads: int | None) -> None:
    assert whole(text, -1000) == reads


@pytest.mark.parametrize(
    "path",
    ["/tv/%00", "/%00/lineup.ics", "/login%00", "/schedule/ch13/0001-W01",
     "/schedule/ch13/9999-W52", "/reports/ch13/0001-01-01", "/reports/ch13/9999-12-31.csv",
     "/undo/" + "9" * 30],
)  # fmt: skip
def test_an_out_of_range_address_is_not_found(site: Site, path: str) -> None:
    for browser in (site.visitor(), site.browser(Role.ADMINISTRATOR)):
        assert browser.get(path).status_code in (302, 404, 405)
    assert site.visitor().get("/tv/%00").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/meetings?week=9999-W52", 200), ("/meetings?week=%00", 422),
        ("/history?before=" + "9" * 30, 200),
        ("/airings/new?day=9999-12-31&at=23:59&minutes=" + "9" * 30, 200), ("/history?q=%00", 422),
        ("/series/preview?at=10:00&first=9999-12-31&channel=ch13", 200),
        ("/series/preview?at=10:00&first=2026-11-24&channel=ch13&start_rule=x&every=x", 200),
    ],
)  # fmt: skip
def test_an_out_of_range_query_causes_no_error(site: Site, path: str, status: int) -> None:
    assert site.browser(Role.ADMINISTRATOR).get(path).status_code == status


def test_out_of_range_form_values_are_refused_with_a_sentence(site: Site) -> None:
    boss, airing = site.browser(Role.ADMINISTRATOR), an_airing(site.db)
    program = programs.add(site.db, ADMIN, NOW, ProgramDraft("News"))
    for path, form in (
        (f"/airings/{airing.id}/move", {"minutes": "9" * 14, "version": "x"}),
        (f"/airings/{airing.id}/cancel", {"version": "no number"}),
        (f"/programs/{program.id}", {"title": "x" * 300, "category": "y" * 300}),
        (f"/programs/{program.id}", {"title": "a\x00b"}),
        ("/bulletins", {"heading": "h", "shown_from": "0001-01-01", "seconds": "inf"}),
        ("/channels/ch13/command", {"verb": "skip", "cue": "c" * 400}),
        ("/channels/ch13/command", {"verb": "skip", "minutes": "-5"}),
    ):
        assert post(boss, path, **form).status_code in (303, 409, 422), path


def test_a_source_address_is_never_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    boss = site.browser(Role.ADMINISTRATOR)
    for gain in ("nan", "inf", "-inf", "1e400", "99"):
        key = "srt://10.0.0.5:9000?passphrase=hunter2hunter2"
        answer = post(boss, "/settings/sources", name="Hall", address=key, gain_db=gain)
        assert answer.status_code == 422
        assert "hunter2" not in answer.get_data(as_text=True)
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
def test_a_malformed_header_causes_no_error(site: Site, header: str) -> None:
    boss = site.browser(Role.ADMINISTRATOR)
    an_asset(site.db)
    assert boss.get("/live/banner", headers={header: "http://[::1"}).status_code == 200


NO_FORM: dict[str, tuple[str, bytes]] = {
    "JSON nested without end": ("application/json", b"[" * 100_000),
    "JSON that is a list": ("application/json", b"[1, 2]"),
    "JSON of the right fields": ("application/json", b'{"name": "Hall\\u0000", "title": 5}'),
    "JSON that is none": ("application/json", b"{"),
    "a part without a name, and a file without one": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n"
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nnameless\r\n--x--\r\n',
    ),
    "files in place of fields": (
        "multipart/form-data; boundary=x",
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n.\r\n' % name
            for name in (b"name", b"title", b"heading", b"at", b"version", b"weekdays")
        )
        + b"--x--\r\n",
    ),
}


@pytest.mark.parametrize("kind", NO_FORM)
def test_a_body_that_is_not_a_form_counts_as_empty(site: Site, kind: str) -> None:
    boss = site.browser(Role.ADMINISTRATOR)
    headers = {"X-CSRFToken": token_of(boss)}
    content_type, body = NO_FORM[kind]
    for path in FORMS:
        sent = boss.post(path, data=body, content_type=content_type, headers=headers)
        empty = boss.post(path, headers=headers)
        assert sent.status_code == empty.status_code == 422, path


FORMS = ("/programs", "/series", "/bulletins", "/airings", "/meetings", "/settings/sources",
         "/calendars", "/settings/channels", "/settings/hosts")  # fmt: skip
