"""Feeds and the public page over HTTP: cached, conditional, without cookies or secrets."""

from support.desk import HOUR, NOW, PLANNER, an_airing, an_asset
from support.page import read
from support.website import Site

from scheduler.actions import airings


def test_a_feed_answers_304_until_something_viewers_see_changes(site: Site) -> None:
    made = an_airing(site.db, asset=an_asset(site.db).id)
    client = site.visitor()
    first = client.get("/ch13/lineup.ics")
    assert first.content_type == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert b"SUMMARY:City Council" in first.data and "Set-Cookie" not in first.headers
    again = client.get("/ch13/lineup.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    airings.move(site.db, PLANNER, NOW + HOUR / 6, made.id, NOW + 3 * HOUR, made.version)
    after = client.get("/ch13/lineup.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200 and after.headers["ETag"] != first.headers["ETag"]


def test_a_compressed_feed_answers_304_to_its_own_tag(site: Site) -> None:
    an_airing(site.db)
    headers = {"Accept-Encoding": "gzip"}
    first = site.visitor().get("/ch13/lineup.ics", headers=headers)
    assert first.headers["Content-Encoding"] == "gzip"
    headers["If-None-Match"] = first.headers["ETag"]
    assert site.visitor().get("/ch13/lineup.ics", headers=headers).status_code == 304


def test_head_and_any_accept_header_are_answered(site: Site) -> None:
    head = site.visitor().head("/ch13/live.ics", headers={"Accept": "image/png"})
    assert head.status_code == 200 and head.data == b"" and head.headers["ETag"]


def test_the_feed_of_an_unknown_channel_is_not_found(site: Site) -> None:
    assert site.visitor().get("/ch99/lineup.ics").status_code == 404


def test_the_public_page_tells_now_and_next_and_sets_no_cookie(site: Site) -> None:
    an_airing(site.db, NOW - HOUR / 2, title="Planning Commission")
    an_airing(site.db, NOW + HOUR, title="City Council")
    page = site.visitor().get("/tv/ch13")
    text = page.get_data(as_text=True)
    assert "Planning Commission" in text and "until 13:30" in text
    assert "14:00" in text and "City Council" in text
    assert "Set-Cookie" not in page.headers and "Cookie" not in page.headers.get("Vary", "")


def test_the_public_page_offers_every_way_to_subscribe(site: Site) -> None:
    page = read(site.visitor().get("/tv/ch13"))
    addresses = " ".join(link.get("href") for link in page.all("a"))
    for start in (
        "webcal://127.0.0.1:8080/ch13/lineup.ics",
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F",
        "https://outlook.office.com/calendar/0/addfromweb?url=http%3A%2F%2F",
    ):
        assert start in addresses
    assert page.find("svg") is not None


def test_nothing_private_is_on_a_public_page_or_in_a_feed(site: Site) -> None:
    canary = "CANARY-7f3"
    an_airing(site.db, notes=f"note {canary}", title="Council")
    an_airing(site.db, NOW + 3 * HOUR, title=f"secret {canary}", public=False)
    for path in ("/tv/ch13", "/ch13/lineup.ics", "/ch13/live.ics"):
        text = site.visitor().get(path).get_data(as_text=True)
        assert canary not in text and "Pat Planner" not in text, path


def test_the_address_in_a_calendar_leads_to_the_public_page(site: Site) -> None:
    made = an_airing(site.db)
    answer = site.visitor().get(f"/ch13/airing/{made.id}")
    assert answer.headers["Location"] == f"/tv/ch13#{made.id}"
    assert site.visitor().get("/ch99").status_code == 404


def test_markup_in_a_title_is_escaped(site: Site) -> None:
    an_airing(site.db, title="<script>alert(1)</script>")
    page = read(site.visitor().get("/tv/ch13"))
    assert "<script>alert(1)</script>" in page and not page.all("script", src=False)
