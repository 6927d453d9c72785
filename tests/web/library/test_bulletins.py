"""The bulletin form: its preview at air size, what it says of the text, and automatic pages."""

import base64
import io
from typing import Any

import pytest
from PIL import Image
from support.desk import NOW
from support.page import read
from support.website import Site, post

from scheduler.actions import slides as action
from scheduler.domain.model.people import SYSTEM_ACTOR, Role
from scheduler.domain.model.slide import SlideDraft
from scheduler.queries import proposals, slides
from web.library.board import LAYOUT_WORDS

FORM = {
    "heading": "Leaf pickup", "body": "Bags at the curb.", "channel": "", "seconds": "10",
    "shown_from": "2026-11-22", "shown_until": "2026-12-06", "style": "plain", "layout": "text",
}  # fmt: skip


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.SCHEDULER)


def seen(client: Any, **typed: str) -> tuple[Image.Image, str]:
    """The picture and the words of the preview of what is typed."""
    answer = post(client, "/bulletins/preview", **{**FORM, **typed})
    assert answer.status_code == 200
    page = read(answer)
    _, _, data = page.one("img").get("src").partition("base64,")
    return Image.open(io.BytesIO(base64.b64decode(data))), page.text


def test_the_preview_has_the_size_of_the_channels_picture(desk: Any) -> None:
    picture, words = seen(desk)

    assert picture.size == (1280, 720)
    assert "1280 × 720" in words
    assert "contrast" in words


def test_what_is_typed_is_what_is_seen(desk: Any) -> None:
    one, other = (seen(desk, heading=heading)[0].tobytes() for heading in ("Leaves", "Snow"))

    assert one != other


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"body": "leaves " * 50}, "too long to read in 10 seconds: most viewers need 22"),
        ({"body": "leaves " * 200}, "Some of the text does not fit."),
        ({"layout": "qr", "link": "https://a.example/" + "x" * 380}, "too fine for a telephone"),
    ],
)
def test_the_preview_says_what_viewers_could_not_read(
    desk: Any, typed: dict[str, str], sentence: str
) -> None:
    _, fine = seen(desk)
    _, words = seen(desk, **typed)

    assert sentence not in fine
    assert sentence in words


@pytest.mark.parametrize(
    "typed",
    [
        *({"heading": "", "body": "", "layout": layout} for layout in LAYOUT_WORDS),
        {"seconds": "ten"},
        {"layout": "no such"},
        {"style": "no such"},
        {"picture": "no such", "layout": "full"},
        {"channel": "no such"},
        {"link": "\u202e not an address", "layout": "qr"},
        {"layout": "week"},
        {"layout": "events", "body": "|||\n|\nMon|"},
    ],
)
def test_an_unfinished_bulletin_has_a_preview_too(desk: Any, typed: dict[str, str]) -> None:
    assert seen(desk, **typed)[0].size == (1280, 720)


def test_the_board_adds_a_code_with_its_link(site: Site, desk: Any) -> None:
    typed = {"layout": "qr", "link": "https://three-rivers.example", "second": "in short"}
    assert post(desk, "/bulletins", **{**FORM, **typed}).status_code == 303
    (slide,) = slides.slides(site.db)

    assert (slide.draft.layout, slide.draft.link) == ("qr", "https://three-rivers.example")
    assert slide.draft.second == "in short"


def test_what_a_layout_lacks_is_said_beside_its_field(desk: Any) -> None:
    answer = post(desk, "/bulletins", **{**FORM, "layout": "full"})

    assert answer.status_code == 422
    assert "Choose a picture of the library, or another layout." in read(answer).text


def test_an_automatic_page_is_switched_on_with_one_press_and_undone(site: Site, desk: Any) -> None:
    assert post(desk, "/bulletins/automatic", kind="week").status_code == 303
    (slide,) = slides.slides(site.db)
    listed = read(desk.get("/bulletins"))

    assert slide.draft.layout == "week"
    assert "Meetings this week" in listed.text
    assert len(listed.all("input", name="kind")) == 3, "the other three can still be switched on"
    drawer = read(desk.get(f"/bulletins/{slide.id}"))
    assert "writes this page itself" in drawer.text
    assert drawer.all("textarea") == []


def test_an_automatic_page_keeps_its_kind_when_its_seconds_change(site: Site, desk: Any) -> None:
    post(desk, "/bulletins/automatic", kind="next")
    (slide,) = slides.slides(site.db)
    typed = {
        **FORM, "layout": "next", "heading": slide.draft.heading, "body": "", "seconds": "20",
        "version": str(slide.version),
    }  # fmt: skip
    assert post(desk, f"/bulletins/{slide.id}", **typed).status_code == 303
    (after,) = slides.slides(site.db)

    assert (after.draft.layout, after.draft.seconds) == ("next", 20)


def test_a_producer_proposes_an_automatic_page(site: Site) -> None:
    producer = site.browser(Role.PRODUCER)
    assert post(producer, "/bulletins/automatic", kind="changes").status_code == 303
    (waiting,) = proposals.bulletins(site.db, NOW)

    assert slides.slides(site.db) == ()
    assert waiting.draft.layout == "changes"


def test_no_other_page_is_switched_on(site: Site, desk: Any) -> None:
    assert post(desk, "/bulletins/automatic", kind="text").status_code == 422
    assert slides.slides(site.db) == ()


def test_the_card_of_an_automatic_page_is_never_an_old_one(site: Site, desk: Any) -> None:
    post(desk, "/bulletins/automatic", kind="week")
    draft = SlideDraft("Leaf pickup", "Bags out.", None, NOW)
    action.add(site.db, SYSTEM_ACTOR, NOW, draft)
    kept = {
        slide.draft.layout: desk.get(f"/bulletins/{slide.id}/picture.png").headers["Cache-Control"]
        for slide in slides.slides(site.db)
    }

    assert kept == {"week": "no-cache", "text": "private, max-age=3600"}


def test_a_viewer_sees_no_switch_and_draws_no_preview(site: Site) -> None:
    viewer = site.browser(Role.VIEWER)

    assert "Automatic pages" not in read(viewer.get("/bulletins")).text
    assert post(viewer, "/bulletins/preview", **FORM).status_code == 403


def events(**columns: list[str]) -> dict[str, Any]:
    """A bulletin's form whose layout is a list of events, with these columns of rows."""
    rows = {f"event-{name}": column for name, column in columns.items()}
    return FORM | {"layout": "events", "body": "Dec 1 | Old"} | rows


def test_rows_of_events_are_stored_as_lines_and_come_back_as_rows(desk: Any, site: Site) -> None:
    typed = events(
        date=["Dec 7", "", "Dec 9"], time=["6 PM", "", ""], what=["Council", "", "Zoning"],
        where=["Room 2", "", ""],
    )  # fmt: skip
    assert post(desk, "/bulletins", **typed).status_code == 303
    (slide,) = slides.slides(site.db)
    page = read(desk.get(f"/bulletins/{slide.id}"))

    assert slide.draft.body == "Dec 7 | Council | Room 2 | 6 PM\nDec 9 | Zoning"
    assert [one.get("value") for one in page.all("input", name="event-what")] == [
        "Council", "Zoning", "", "", "", "",
    ]  # fmt: skip


def test_events_typed_as_lines_by_an_older_page_are_kept_and_shown_as_rows(
    desk: Any, site: Site
) -> None:
    assert post(desk, "/bulletins", **events()).status_code == 303
    (slide,) = slides.slides(site.db)
    page = read(desk.get(f"/bulletins/{slide.id}"))

    assert slide.draft.body == "Dec 1 | Old"
    assert page.one(id="event-date-1").get("value") == "Dec 1"


def test_rows_that_were_emptied_are_refused_in_words(desk: Any, site: Site) -> None:
    typed = events(date=[""], time=[""], what=[""], where=[""]) | {"event-rows": "1"}
    answer = post(desk, "/bulletins", **typed)

    assert answer.status_code == 422
    assert "Give at least one event" in read(answer).text
    assert slides.slides(site.db) == ()


def test_seven_events_are_refused_and_kept_in_the_form(desk: Any) -> None:
    seven = [str(number) for number in range(7)]
    answer = post(desk, "/bulletins", **events(date=seven, time=seven, what=seven, where=seven))

    assert "up to 6 events, and this has 7" in read(answer).text
    assert len(read(answer).all("input", name="event-what")) == 7
