"""The cache of public answers: the same bytes for everybody, renewed when the schedule changes."""

import pytest
from support.desk import HOUR, NOW, an_airing
from support.website import Site

from config.clock import SimulatedClock
from scheduler.actions import channels
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.queries import grid
from web.public.cache import ANSWER_KEPT_FOR, ANSWERS_KEPT, PublicCache, coding_of

PATHS = ("/tv/ch13", "/tv/ch13/now", "/ch13/lineup.ics", "/ch13/live.ics", "/static/base.css")


class Counted:
    """An app that counts its requests."""

    def __init__(self, status: str = "200 OK") -> None:
        self.asked: list[dict[str, object]] = []
        self.status = status

    def __call__(self, environ, start):
        self.asked.append(environ)
        start(self.status, [("Content-Type", "text/plain"), ("ETag", '"a"')])
        return [b"drawn"]


def get(app, path, **more):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "tv.example"} | more
    said = []
    body = b"".join(app(environ, lambda status, headers: said.append((status, headers))))
    return said[0][0], body


def kept_over(app, marks):
    return PublicCache(app, marks.get, SimulatedClock(NOW), ["tv.example"])


def test_a_thousand_viewers_cost_one_drawing_for_each_coding() -> None:
    app, marks = Counted(), {"ch13": 1}
    kept = kept_over(app, marks)
    for number in range(1000):
        more = {"HTTP_ACCEPT_ENCODING": ("gzip, br", "gzip", "")[number % 3]}
        asked = {"QUERY_STRING": f"n={number}", "HTTP_COOKIE": f"gavel={number}"}
        assert get(kept, "/tv/ch13", **more, **asked) == ("200 OK", b"drawn")
    assert len(app.asked) == 3
    assert not any("HTTP_COOKIE" in one or one["QUERY_STRING"] for one in app.asked)


def test_an_answer_is_redrawn_when_its_mark_changes_or_it_is_too_old() -> None:
    app, marks, clock = Counted(), {"ch13": 1}, SimulatedClock(NOW)
    kept = PublicCache(app, marks.get, clock, ["tv.example"])
    get(kept, "/tv/ch13"), get(kept, "/tv/ch13")
    assert len(app.asked) == 1
    marks["ch13"] = 2
    get(kept, "/tv/ch13")
    assert len(app.asked) == 2
    clock.advance(ANSWER_KEPT_FOR)
    get(kept, "/tv/ch13")
    assert len(app.asked) == 3


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/tv/ch99", {}),
        ("/onair", {}),
        ("/tv/ch13", {"REQUEST_METHOD": "POST"}),
        ("/tv/ch13", {"HTTP_HOST": "evil.example"}),
        ("/static/base.css", {"HTTP_RANGE": "bytes=0-9"}),
    ],
)
def test_other_requests_go_to_the_app(path, more) -> None:
    app = Counted()
    kept = kept_over(app, {"ch13": 1})
    get(kept, path, **more), get(kept, path, **more)
    assert len(app.asked) == 2


def test_missing_pages_are_not_cached_and_the_cache_is_bounded() -> None:
    lost = kept_over(Counted("404 NOT FOUND"), {})
    get(lost, "/static/none.css")
    assert not lost._kept
    kept = kept_over(Counted(), {})
    for number in range(ANSWERS_KEPT + 50):
        get(kept, f"/static/{'./' * number}base.css")
    assert len(kept._kept) == ANSWERS_KEPT


@pytest.mark.parametrize("path", PATHS)
def test_each_public_answer_has_its_own_etag_and_is_compressed(site: Site, path: str) -> None:
    an_airing(site.db)
    plain = site.visitor().get(path)
    small = site.visitor().get(path, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip" and len(small.data) < len(plain.data)
    assert "Accept-Encoding" in small.headers["Vary"]
    for answer in (plain, small):
        headers = {
            "If-None-Match": answer.headers["ETag"],
            "Accept-Encoding": answer.headers.get("Content-Encoding", ""),
        }
        again = site.visitor().get(path, headers=headers)
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_of_one_channel_follows_the_name_of_another(site: Site) -> None:
    assert "Planning TV" not in site.visitor().get("/tv/ch13").get_data(as_text=True)
    other = next(one for one in grid.channels(site.db) if one.id == "ch14")
    draft = ChannelDraft("ch14", "Planning TV", other.zone, other.format)
    channels.edit(site.db, SYSTEM_ACTOR, NOW, other.id, draft, other.version)
    assert "Planning TV" in site.visitor().get("/tv/ch13").get_data(as_text=True)


def test_the_cache_refuses_an_untrusted_host_name(site: Site) -> None:
    site.visitor().get("/tv/ch13")
    assert site.visitor().get("/tv/ch13", headers={"Host": "evil.example"}).status_code == 400


def test_an_impossible_channel_name_is_not_found_on_either_database(each_site: Site) -> None:
    for slug in ("%00", "a%00b", "%01", "%ff", "%ED%A0%80", "%E2%80%AE", "x" * 5000, "%2e%2e"):
        for path in (one.replace("ch13", slug) for one in PATHS if "ch13" in one):
            assert each_site.visitor().get(path).status_code == 404, path


def test_canceling_an_airing_updates_the_cached_page(site: Site) -> None:
    an_airing(site.db, NOW + HOUR, title="City Council")
    client = site.visitor()
    assert "City Council" in client.get("/tv/ch13").get_data(as_text=True)
    an_airing(site.db, NOW + 3 * HOUR, title="Zoning Board")
    assert "Zoning Board" in client.get("/tv/ch13").get_data(as_text=True)


def test_the_coding_follows_the_browser() -> None:
    told = {"gzip, deflate, br, zstd": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "": "identity"}
    assert {said: coding_of(said) for said in told} == told
