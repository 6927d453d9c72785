"""The limits of a bulletin's text, what each layout needs, and its way into the plan."""

from dataclasses import replace

import pytest
from support.desk import CH13, MINUTE, NOW, PLANNER, a_channel, an_airing, an_asset, some_media

from config.names import AssetKey, Revision
from playout.model.announced import AutomaticPage
from playout.model.plan import Media, Plan
from playout.model.wire import decode
from scheduler.actions import airings, jobs, media, slides, undo
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.slide import (
    SlideDraft,
    automatic,
    problems,
    seconds_to_read,
)
from scheduler.process.publish import publish
from scheduler.queries import changes, library
from scheduler.queries.host_api import published_plan
from scheduler.refusals import Refused

HOUR = 60 * MINUTE


def draft(layout: str, body: str = "Text.", **rest: object) -> SlideDraft:
    return SlideDraft("Leaf pickup", body, None, NOW, layout=layout, **rest)  # type: ignore[arg-type]


def a_still(db: Database, title: str = "Park") -> AssetId:
    """Add a picture that passed ingest."""
    asset = media.register(db, PLANNER, NOW, f"{title}.upload", f"{title}.png", title)
    job = jobs.claim(db, NOW)
    assert job is not None
    still = Media(AssetKey("f" * 64), ".png", 1000, 0 * HOUR, None, has_sound=False)
    media.finish_job(db, NOW, job.id, media=still, facts={}, summary="Ready for air.")
    return library.entry(db, asset.id).asset.id


def published(db: Database) -> Plan:
    assert publish(db, CH13, NOW) is not None
    newest = published_plan(db, CH13)
    assert newest is not None
    return decode(Plan, newest.body)


@pytest.mark.parametrize(("words", "fine"), [(1, True), (58, True), (59, False)])
def test_a_bulletin_too_long_to_read_is_refused(words: int, fine: bool) -> None:
    found = problems(SlideDraft("Leaf pickup", "leaves " * words, None, NOW))

    assert (found == {}) is fine
    assert fine or f"this has {words + 2}" in found["body"]


@pytest.mark.parametrize(
    ("made", "field", "sentence"),
    [
        (draft("picture"), "picture", "Choose a picture of the library, or another layout."),
        (draft("full"), "picture", "Choose a picture of the library, or another layout."),
        (draft("qr"), "link", "Type the address that the code leads to: https://\u2026"),
        (draft("qr", link="three-rivers"), "link", "An address starts with https://"),
        (draft("columns"), "second", "Type the text of the right column"),
        (draft("events", ""), "body", "Give at least one event"),
        (
            draft("events", "Mon | Zoning\nCleanup"),
            "body",
            "Event 2, \u201cCleanup\u201d: write its",
        ),
        (draft("events", "Mon |  | Room 2"), "body", "Event 1: write what happens."),
        (draft("events", "Mon | Zoning\n" * 7), "body", "up to 6 events, and this has 7"),
        (draft("columns", second="x" * 1001), "second", "Use up to 1000 characters."),
        (draft("marquee"), "layout", "Choose one of text, picture, full"),
    ],
)
def test_each_layout_says_what_it_lacks(made: SlideDraft, field: str, sentence: str) -> None:
    assert sentence in problems(made)[field]


@pytest.mark.parametrize(
    "made",
    [
        draft("qr", link="https://three-rivers.example"),
        draft("columns", second="Right."),
        draft("events", "Mon | Zoning\nTue | Council | Hall"),
        draft("logo"),
        *(automatic(kind, NOW) for kind in AutomaticPage),
    ],
)
def test_a_whole_bulletin_has_no_problem(made: SlideDraft) -> None:
    assert problems(made) == {}


@pytest.mark.parametrize(("words", "seconds"), [(0, 3), (14, 8), (58, 25)])
def test_reading_takes_a_look_and_160_words_a_minute(words: int, seconds: int) -> None:
    """Two words are the heading."""
    assert seconds_to_read(SlideDraft("Leaf pickup", "leaves " * words, None, NOW)) == seconds


def test_a_picture_has_to_be_a_still_of_the_library(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    film = an_asset(sqlite_db)
    for picture in (film.id, AssetId("no such")):
        with pytest.raises(Refused) as refused:
            slides.add(sqlite_db, PLANNER, NOW, draft("full", picture=picture))

        assert "picture" in refused.value.field_errors


def test_a_plan_carries_what_every_layout_is_drawn_from(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    still = a_still(sqlite_db)
    for made in (
        draft("picture", picture=still),
        draft("qr", link="https://a.example", second="a.example"),
        automatic(AutomaticPage.WEEK, NOW, seconds=20),
    ):
        slides.add(sqlite_db, PLANNER, NOW, made)
    plan = published(sqlite_db)
    picture, code, week = plan.board

    assert picture.picture is not None and picture.picture.is_still
    assert plan.drawn_from == (picture.picture,)
    assert (code.layout, code.link, code.second) == ("qr", "https://a.example", "a.example")
    assert (week.layout, week.heading, week.body, week.seconds) == ("week", "", "", 20)
    assert (plan.zone, plan.hours) == ("America/New_York", "12")


def test_a_film_is_no_still() -> None:
    assert not some_media().is_still


def moved(db: Database, airing: Airing, to: int) -> Airing:
    """Move the airing `to` hours after NOW, an hour after it was planned."""
    return airings.edit(
        db, PLANNER, NOW + HOUR, airing.id, replace(airing.draft, start=NOW + to * HOUR),
        airing.version,
    )  # fmt: skip


def test_a_plan_announces_what_was_moved_until_it_is_back(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    film = an_asset(sqlite_db).id
    airing = an_airing(sqlite_db, NOW + 30 * HOUR, asset=film)
    assert published(sqlite_db).announced == ()
    airing = moved(sqlite_db, airing, 32)
    (told,) = published(sqlite_db).announced
    airing = moved(sqlite_db, airing, 33)
    (again,) = published(sqlite_db).announced
    moved(sqlite_db, airing, 30)

    assert (told.start, told.moved_from) == (NOW + 32 * HOUR, NOW + 30 * HOUR)
    assert again.moved_from == NOW + 30 * HOUR, "viewers knew the first time"
    assert published(sqlite_db).announced == ()


def test_the_undo_of_a_move_announces_nothing(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    airing = an_airing(sqlite_db, NOW + 30 * HOUR, asset=an_asset(sqlite_db).id)
    moved(sqlite_db, airing, 32)
    change = changes.latest(sqlite_db, "airing", airing.id)
    assert change is not None
    undo.undo(sqlite_db, PLANNER, NOW + HOUR, change.id)

    assert published(sqlite_db).announced == ()


def test_a_canceled_airing_is_announced_and_a_slip_of_the_hand_is_not(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    film = an_asset(sqlite_db).id
    told, slip = (an_airing(sqlite_db, NOW + h * HOUR, asset=film) for h in (30, 40))
    airings.cancel(sqlite_db, PLANNER, NOW + MINUTE, slip.id, slip.version)
    airings.cancel(sqlite_db, PLANNER, NOW + HOUR, told.id, told.version)

    assert [(one.airing, one.cancelled) for one in published(sqlite_db).announced] == [
        (told.id, True)
    ]


def test_revision_counts_a_change_of_the_board(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    before = published(sqlite_db).revision
    slides.add(sqlite_db, PLANNER, NOW, automatic(AutomaticPage.NEXT, NOW))

    assert published(sqlite_db).revision == Revision(before + 1)
