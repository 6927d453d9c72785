"""What web servers share: the same rules in the memory of one and in the rows of several."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import NOW
from support.website import DATABASE_VARIABLE, Site, post

from config.clock import SimulatedClock
from scheduler.db import passing
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from web import create_app
from web.kit.picture_cache import (
    WATCHED_SECONDS,
    PictureCache,
    PicturesInMemory,
    PicturesInRows,
    source_pictures,
)
from web.kit.presence import (
    PRESENT_SECONDS,
    Colleague,
    Presence,
    PresenceInMemory,
    PresenceInRows,
)
from web.kit.tries import FREE_FAILURES, NumbersInRows, Tries

JPEG = b"\xff\xd8 a picture"
KINDS = ("memory", "sqlite", "postgres")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture(params=KINDS)
def two_of(
    request: pytest.FixtureRequest, clock: SimulatedClock
) -> Callable[[str], tuple[object, object]]:
    """Return a maker of one thing as two web servers see it; in memory there is only one."""
    kind: str = request.param

    def make(what: str) -> tuple[object, object]:
        if kind == "memory":
            in_memory = PicturesInMemory if what == "pictures" else PresenceInMemory
            one = in_memory(clock.monotonic)
            return one, one
        db: Database = request.getfixturevalue(f"{kind}_db")
        in_rows = PicturesInRows if what == "pictures" else PresenceInRows
        return in_rows(db, clock), in_rows(db, clock)

    return make


def test_a_picture_sent_to_one_server_is_shown_by_the_other(
    two_of: Callable[[str], tuple[PictureCache, PictureCache]], clock: SimulatedClock
) -> None:
    one, other = two_of("pictures")
    assert other.ask("ch13") is None and other.age("ch13") is None
    one.put("ch13", JPEG, "{}")
    clock.wait(1.5)
    first = other.ask("ch13")
    assert first is not None and (first.jpeg, first.meter) == (JPEG, "{}")
    assert other.age("ch13") == pytest.approx(1.5)
    one.put("ch13", JPEG + b"2", "")
    second = other.ask("ch13")
    assert second is not None and second.jpeg == JPEG + b"2" and second.etag != first.etag
    assert other.ask("ch13") == second == one.ask("ch13")


def test_a_machine_hears_from_either_server_that_somebody_watches(
    two_of: Callable[[str], tuple[PictureCache, PictureCache]], clock: SimulatedClock
) -> None:
    one, other = two_of("pictures")
    assert not one.watched("ch13")
    one.ask("ch13")
    one.ask(f"{source_pictures('ch13')}lobby")
    assert one.watched("ch13"), "at once on the server that was asked"
    assert other.watched("ch13") and not other.watched("ch14")
    assert other.watched_under(source_pictures("ch13")) == ("lobby",)
    clock.wait(WATCHED_SECONDS - 1)
    assert other.watched("ch13")
    one.ask("ch13")
    clock.wait(2)
    assert other.watched("ch13"), "who goes on watching goes on being known"
    clock.wait(WATCHED_SECONDS)
    assert not other.watched("ch13") and other.watched_under(source_pictures("ch13")) == ()


def test_colleagues_see_one_another_across_servers(
    two_of: Callable[[str], tuple[Presence, Presence]], clock: SimulatedClock
) -> None:
    one, other = two_of("presence")
    one.note("a", "Ana", "Schedule")
    other.note("b", "Ben", "On air")
    assert other.others("b") == (Colleague("Ana", "Schedule"),)
    assert one.others("a") == (Colleague("Ben", "On air"),)
    for _ in range(20):
        clock.wait(2)
        one.note("a", "Ana", "")
    assert other.others("c") == (Colleague("Ana", "Schedule"), Colleague("Ben", "On air"))
    clock.wait(6)
    assert other.others("b") == (Colleague("Ana", "Schedule"),)
    one.note("a", "Ana", "Media")
    assert other.others("b") == (Colleague("Ana", "Media"),)
    clock.wait(PRESENT_SECONDS)
    assert other.others("b") == ()


def test_failed_sign_ins_count_across_servers_and_are_forgotten(
    db: Database, clock: SimulatedClock
) -> None:
    def tries() -> Tries:
        numbers = [NumbersInRows(db, kind) for kind in ("account", "address", "all", "both")]
        return Tries(lambda: clock.utc().timestamp(), *numbers)  # type: ignore[arg-type]

    one, other = tries(), tries()
    for _ in range(FREE_FAILURES // 2):
        one.failed("dana", "192.0.2.1")
        other.failed("dana", "192.0.2.1")
    assert one.wait("dana", "192.0.2.1") == other.wait("dana", "192.0.2.1") > 0
    other.succeeded("dana", "192.0.2.1")
    assert one.wait("dana", "192.0.2.1") == 0
    clock.wait(13 * 3600)
    passing.forget(db, clock.utc(), timedelta(hours=12))
    assert passing.failed_tries(db, "address 192.0.2.1") is None


def test_two_web_servers_are_one_to_staff_and_machines(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, "postgres")
    first: Site = request.getfixturevalue("site")
    second = replace(first, app=create_app(first.settings, first.db, first.clock))
    chief = first.browser(Role.OPERATOR)
    cookie = chief.get_cookie("gavel")
    assert cookie is not None
    there = second.app.test_client()
    there.set_cookie("gavel", cookie.value)
    assert there.get("/account").status_code == 200, "signed in at one is signed in at the other"
    assert post(there, "/channels/ch13/command", verb="slate").status_code == 303

    assert there.get("/channels/ch13/picture.jpg").status_code == 204
    sent = first.visitor().post("/api/v1/host/ch13/picture", data=JPEG, headers=first.host_key())
    assert sent.status_code == 204
    assert there.get("/channels/ch13/picture.jpg").data == JPEG
    answers = [
        post(site.visitor(), "/login", login="nobody", password="wrong words here").status_code
        for site in (first, second) * FREE_FAILURES
    ]
    assert answers == [422] * FREE_FAILURES + [429] * FREE_FAILURES
