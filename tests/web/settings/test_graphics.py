"""The graphics of a channel in its settings: saved, undone, refused, and carried into the plan."""

import base64
import io
from typing import Any

import pytest
from PIL import Image, ImageChops
from support.desk import ADMIN, CH13, NOW, set_hour_style
from support.page import Element, read
from support.website import Site, post, token_of

from config.names import Revision
from config.times import Hours
from media.store import MediaStore
from playout.model.graphics import Bug, Corner
from playout.model.plan import Plan
from scheduler.actions import station
from scheduler.actions.undo import undo
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish_all
from scheduler.queries import changes, grid
from scheduler.queries import graphics as query
from scheduler.queries.host_api import media_suffix
from scheduler.reading.snapshot import snapshot

PAGE = "/settings/graphics/ch13"


@pytest.fixture
def desk(site: Site) -> Any:
    return site.browser(Role.ENGINEER)


def typed(desk: Any, **over: str) -> dict[str, Any]:
    return {**read(desk.get(PAGE)).one("form", id="graphics").sent, **over}


def plan_of(site: Site) -> Plan:
    with site.db.read() as session:
        since, until = window(NOW)
        return build_plan(snapshot(session, CH13, since, until), since, until, NOW, Revision(1))


def png(mode: str = "RGBA", size: tuple[int, int] = (120, 60)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def send(desk: Any, content: bytes, name: str = "City seal.png") -> Any:
    headers = {"X-CSRFToken": token_of(desk), "Content-Type": "application/octet-stream"}
    return desk.post(f"/settings/logos?name={name}", data=content, headers=headers)


def test_a_bug_is_set_shown_in_the_form_and_carried_into_the_plan(site: Site, desk: Any) -> None:
    assert plan_of(site).graphics is None
    answer = post(desk, PAGE, **typed(desk, bug_on="y", bug_text="CH 13", bug_opacity="70"))

    assert answer.headers["Location"].endswith(PAGE)
    page = read(desk.get(PAGE))
    assert "Changed the graphics of City Channel 13." in page and page.find(data_undo=True)
    assert page.field("Letters").value == "CH 13"
    rules = plan_of(site).graphics
    assert rules is not None and rules.zone == "America/New_York"
    assert rules.bug == Bug("CH 13", corner=Corner.TOP_RIGHT, opacity=0.7)


def test_one_undo_takes_the_first_setting_back(site: Site, desk: Any) -> None:
    post(desk, PAGE, **typed(desk, bug_on="y", bug_text="CH 13"))
    before = grid.channel(site.db, CH13).plan_version
    change = changes.latest(site.db, "graphics", CH13)
    assert change is not None
    undo(site.db, ADMIN, NOW, change.id)

    assert plan_of(site).graphics is None
    assert grid.channel(site.db, CH13).plan_version > before


def test_a_mistake_stands_beside_its_field_and_the_typing_is_kept(site: Site, desk: Any) -> None:
    wrong = typed(desk, bug_on="y", bug_text="CH 13", clock_on="y", clock_corner="top right")
    answer = post(desk, PAGE, **wrong)
    page = read(answer)

    assert answer.status_code == 422
    assert "The bug is in this corner" in page
    assert page.field("Letters").value == "CH 13"
    assert plan_of(site).graphics is None


def test_a_length_that_cannot_be_read_is_refused_beside_its_field(site: Site, desk: Any) -> None:
    answer = post(desk, PAGE, **typed(desk, next_for="soon"))

    assert answer.status_code == 422 and "Write a length" in read(answer)


def test_of_two_people_the_later_sees_what_the_first_saved(site: Site, desk: Any) -> None:
    mine = typed(desk, bug_on="y", bug_text="MINE")
    post(desk, PAGE, **typed(desk, bug_on="y", bug_text="THEIRS"))
    page = read(post(desk, PAGE, **mine))

    assert ["Letters", "THEIRS", "MINE"] in page.rows
    assert page.field("Letters").value == "MINE"


def test_an_uploaded_logo_is_offered_stored_and_fetched_by_its_machine(
    site: Site, desk: Any
) -> None:
    answer = send(desk, png())
    assert answer.status_code == 201 and answer.json["title"] == "City seal"
    post(desk, PAGE, **typed(desk, bug_on="y", logo=answer.json["id"]))

    plan = plan_of(site)
    assert plan.graphics is not None and plan.graphics.bug is not None
    (picture,) = plan.pictures
    assert plan.graphics.bug.logo == picture.key
    assert MediaStore(site.settings.media_root).has(picture.key, ".png")
    assert media_suffix(site.db, picture.key) == ".png"
    publish_all(site.db, NOW)
    fetched = site.visitor().get(f"/api/v1/host/ch13/media/{picture.key}", headers=site.host_key())
    stored = fetched.data
    fetched.close()
    assert fetched.status_code == 200 and Image.open(io.BytesIO(stored)).mode == "RGBA"
    shown = desk.get(f"/settings/logos/{answer.json['id']}.png")
    assert shown.mimetype == "image/png" and shown.data == stored


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b'<?xml version="1.0"?><svg width="9">', "seal.svg", "SVG drawing"),
        (b"", "seal.png", "empty"),
        (png(size=(8, 8)), "dot.png", "smaller than 16 pixels"),
    ],
)
def test_what_is_no_logo_is_refused_in_a_sentence(
    site: Site, desk: Any, content: bytes, name: str, words: str
) -> None:
    answer = send(desk, content, name)

    assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert query.pictures(site.db) == ()


def test_a_picture_beyond_the_limit_is_refused_before_it_is_read(site: Site, desk: Any) -> None:
    assert send(desk, b"x" * (9 << 20)).status_code == 413


def test_a_logo_that_nobody_uploaded_is_refused(site: Site, desk: Any) -> None:
    answer = post(desk, PAGE, **typed(desk, bug_on="y", bug_text="CH 13", logo="x" * 32))

    assert answer.status_code == 422 and plan_of(site).graphics is None


def test_only_who_sets_up_channels_sets_their_graphics(site: Site) -> None:
    for role in (Role.VIEWER, Role.SCHEDULER, Role.OPERATOR, Role.EMERGENCY):
        client = site.browser(role)
        assert client.get(PAGE).status_code == 403
        assert post(client, PAGE, bug_on="y", bug_text="CH 13").status_code == 403
        assert send(client, png()).status_code == 403


def test_a_change_of_the_stations_hours_changes_the_clock_on_the_picture(
    site: Site, desk: Any
) -> None:
    post(desk, PAGE, **typed(desk, clock_on="y"))
    set_hour_style(site.db, Hours.TWELVE)
    before = grid.channel(site.db, CH13).plan_version
    rules = plan_of(site).graphics
    assert rules is not None and rules.clock is not None and rules.clock.twelve_hours
    station.set_hours(site.db, ADMIN, NOW, Hours.TWENTY_FOUR)

    rules = plan_of(site).graphics
    assert rules is not None and rules.clock is not None and not rules.clock.twelve_hours
    assert grid.channel(site.db, CH13).plan_version > before


def pictures(page: Element) -> dict[str, Image.Image]:
    """Return the example pictures of a page by their captions."""
    found = {}
    for each in page.all("img", class_="air-size"):
        content = base64.b64decode(each.get("src").partition(",")[2])
        found[each.get("alt")] = Image.open(io.BytesIO(content)).convert("RGB")
    return found


def preview(desk: Any, **over: str) -> dict[str, Image.Image]:
    return pictures(read(post(desk, f"{PAGE}/preview", **typed(desk, **over))))


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box in which two pictures differ by more than JPEG does."""
    apart = ImageChops.difference(one, other).convert("L").point(lambda value: 255 * (value > 40))
    return apart.getbbox()


MEETING, REPLAY, BULLETINS = (
    "During a live meeting, with a name", "Near the end of a replay", "Bulletins before a meeting",
)  # fmt: skip


def test_the_preview_shows_each_graphic_at_air_size_where_it_will_be(site: Site, desk: Any) -> None:
    off = pictures(read(desk.get(PAGE)))
    assert {name: one.size for name, one in off.items()} == dict.fromkeys(
        (MEETING, REPLAY, BULLETINS), (1280, 720)
    )
    bug = preview(desk, bug_on="y", bug_text="CH 13", bug_corner="top right")
    for name in (MEETING, REPLAY):
        box = changed(off[name], bug[name])
        assert box is not None and box[0] > 900 and box[1] > 30 and box[3] < 160, name
    assert changed(off[BULLETINS], bug[BULLETINS]) is None

    over = preview(desk, bug_on="y", bug_text="CH 13", over_slides="y")
    assert changed(off[BULLETINS], over[BULLETINS]) is not None
    clock = preview(desk, clock_on="y", clock_corner="top left")
    assert changed(off[MEETING], clock[MEETING]) is None
    box = changed(off[BULLETINS], clock[BULLETINS])
    assert box is not None and box[0] < 80 and box[1] < 100
    coming = preview(desk, next_on="y", countdown_on="y")
    for name in (REPLAY, BULLETINS):
        box = changed(off[name], coming[name])
        assert box is not None and box[1] > 400, name


def test_the_words_of_the_bug_are_seen_in_the_preview(site: Site, desk: Any) -> None:
    words = preview(desk, bug_on="y", bug_text="CH 13")
    without = {**typed(desk, bug_on="y", bug_text="CH 13")}
    del without["says_live"], without["says_replay"]
    bare = pictures(read(post(desk, f"{PAGE}/preview", **without)))

    box = changed(words[MEETING], bare[MEETING])
    assert box is not None
    middle = words[MEETING].getpixel((box[0] + 4, (box[1] + box[3]) // 2))
    assert middle[0] > 140 and middle[1] < 80
    assert changed(words[REPLAY], bare[REPLAY]) is not None


def test_the_preview_shows_the_chosen_logo_and_saves_nothing(site: Site, desk: Any) -> None:
    seal = Image.new("RGBA", (120, 60), (250, 210, 40, 255))
    held = io.BytesIO()
    seal.save(held, "PNG")
    logo = send(desk, held.getvalue()).json["id"]
    off = pictures(read(desk.get(PAGE)))
    shown = preview(desk, bug_on="y", logo=logo, bug_opacity="100")

    box = changed(off[REPLAY], shown[REPLAY])
    assert box is not None
    red, green, blue = shown[REPLAY].getpixel(((box[0] + box[2]) // 2, box[1] + 20))
    assert red > 200 and green > 170 and blue < 110
    assert plan_of(site).graphics is None


def test_what_cannot_be_saved_can_still_be_looked_at(site: Site, desk: Any) -> None:
    shown = preview(
        desk, bug_on="y", bug_text="CH 13", bug_opacity="900", bug_corner="middle", next_for="soon",
        logo="x" * 32, clock_on="y", clock_corner="top right",
    )  # fmt: skip

    assert set(shown) == {MEETING, REPLAY, BULLETINS}
