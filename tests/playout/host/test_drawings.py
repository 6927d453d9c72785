"""Slides are drawn once, in the house format, and at most one in a turn."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.plans import at, page, plan

from config.names import AiringId, AssetKey, HouseFormat
from media.strips import strip
from playout.bulletins.looks import corners
from playout.engine.bus.key import Keyer
from playout.host.drawings import Drawings
from playout.model.announced import Announced
from playout.model.events import Message, MessagePlacement
from playout.model.graphics import Bug, ClockFace, Corner, GraphicsRules
from playout.model.look import LookFile, StationLook, StyleColours
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.settle import settle

HOUSE = HouseFormat.parse("160x90@25")


def message(placement: MessagePlacement) -> Message:
    return Message("m1", "Boil water.", placement, at("9:00"), at("11:00"), "ann")


def quiet(made: Plan) -> Rundown:
    """The rundown of a plan to which nothing has happened."""
    return settle(made, AirState(), at("10:00"), horizon=at("24:00"))


def test_a_page_is_drawn_once_and_at_the_house_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(board=(page(),))
    (shown,) = Drawings(tmp_path, HOUSE).board(made, quiet(made), at("10:00"))

    def never(*_: object, **__: object) -> object:
        raise AssertionError("drawn a second time")

    monkeypatch.setattr("playout.host.drawings.draw", never)
    again = Drawings(tmp_path, HOUSE).board(made, quiet(made), at("10:00"))

    assert Path(shown.path).stat().st_size == HOUSE.picture_bytes
    assert again == (shown,)


def test_one_new_page_is_drawn_each_turn(tmp_path: Path) -> None:
    made = plan(board=(page("one"), page("two")))
    drawings = Drawings(tmp_path, HOUSE)

    assert len(drawings.board(made, quiet(made), at("10:00"))) == 1
    assert len(drawings.board(made, quiet(made), at("10:00"))) == 2


def test_a_page_out_of_its_time_never_appears(tmp_path: Path) -> None:
    old = replace(page(), shown_until=at("9:00"))

    assert Drawings(tmp_path, HOUSE).board(plan(board=(old,)), quiet(plan()), at("10:00")) == ()


def test_two_slate_texts_give_two_pictures(tmp_path: Path) -> None:
    drawings, made = Drawings(tmp_path, HOUSE), plan()
    one, two = drawings.slate("Council begins shortly", made), drawings.slate("", made)

    assert one is not None and two is not None and one != two
    assert Path(one).read_bytes() != Path(two).read_bytes()


def test_a_full_disk_keeps_no_drawing_from_air(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file where a folder should be")
    drawings, made = Drawings(tmp_path / "drawn", HOUSE), plan(board=(page(),))
    slate = drawings.slate("x", made)
    (shown,) = drawings.board(made, quiet(made), at("10:00"))
    key = Keyer(HOUSE)
    key.use(drawings.graphic(message(MessagePlacement.STRIP), made))

    assert slate is not None and Path(slate).stat().st_size == HOUSE.picture_bytes
    assert Path(shown.path).stat().st_size == HOUSE.picture_bytes
    assert key.shown == "m1"
    assert list(drawings.problems.values()) == ["Bulletins cannot be written to disk: File exists."]


def test_slides_in_memory_move_to_the_disk_once_it_has_room(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file where a folder should be")
    drawings, made = Drawings(tmp_path / "drawn", HOUSE), plan()
    before = Path(drawings.slate("x", made) or "").read_bytes()
    (tmp_path / "drawn").unlink()
    drawings.board(made, quiet(made), at("10:00"))
    after = Path(drawings.slate("x", made) or "")

    assert after.parent == tmp_path / "drawn"
    assert after.read_bytes() == before
    assert drawings.problems == {}


@pytest.mark.parametrize(
    ("placement", "full"), [(MessagePlacement.STRIP, False), (MessagePlacement.FULL, True)]
)
def test_a_message_is_drawn_in_the_size_the_bus_expects(
    tmp_path: Path, placement: MessagePlacement, full: bool
) -> None:
    said = message(placement)
    graphic = Drawings(tmp_path, HOUSE).graphic(said, plan())
    key = Keyer(HOUSE)
    key.use(graphic)

    assert (key.shown, key.is_full) == ("m1", full)


def test_without_a_message_there_is_no_graphic(tmp_path: Path) -> None:
    assert Drawings(tmp_path, HOUSE).graphic(None, plan()) is None


def test_the_longest_message_fits_into_a_strip() -> None:
    """The strip is as tall as its lines: no letter of the last one is lost below the safe area."""
    text = " ".join(["water"] * 50)
    short, long = (strip(words, "urgent", 640, 360) for words in (text, text + " END"))

    assert len(text) == 299
    assert short.size == (640, 86)
    assert short.tobytes() != long.tobytes()


PICTURE = Media(AssetKey("a" * 64), ".png", 10, timedelta(0), None, has_sound=False)


def test_a_picture_that_is_not_here_yet_is_said_and_drawn_as_soon_as_it_comes(
    tmp_path: Path,
) -> None:
    here: dict[str, str] = {}
    drawings = Drawings(tmp_path, HOUSE, lambda media: here.get(media.key))
    shown = replace(page(), layout="full", picture=PICTURE, body="")
    made = plan(board=(shown,))
    (text,) = drawings.board(made, quiet(made), at("10:00"))
    lacking = dict(drawings.problems)
    Image.new("RGB", (64, 36), (0, 200, 0)).save(tmp_path / "picture.png")
    here[PICTURE.key] = str(tmp_path / "picture.png")
    (whole,) = drawings.board(made, quiet(made), at("10:00"))

    assert lacking == {
        "waits": "A picture has not arrived yet: \u201cnotice\u201d airs as text alone."
    }
    assert drawings.problems == {}
    assert Path(text.path).read_bytes() != Path(whole.path).read_bytes()
    assert Path(whole.path).read_bytes()[0] == pytest.approx(139, abs=3), "green, not a background"


def test_a_damaged_picture_leaves_the_text(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"no picture")
    drawings = Drawings(tmp_path / "drawn", HOUSE, lambda _: str(tmp_path / "picture.png"))
    made = plan(board=(replace(page(), layout="full", picture=PICTURE),))
    plain = plan(board=(page(),))

    (shown,) = drawings.board(made, quiet(made), at("10:00"))
    (text,) = drawings.board(plain, quiet(plain), at("10:00"))

    assert Path(shown.path).read_bytes() == Path(text.path).read_bytes()


def test_a_stations_colours_are_drawn_and_a_change_of_them_draws_again(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path, HOUSE)
    green = StationLook((StyleColours("plain", "#0b3d2e", "#e0b040", "#ffffff"),))
    usual, own = plan(board=(page(),)), plan(board=(page(),), look=green)

    paths = [drawings.board(made, quiet(made), at("10:00"))[0].path for made in (usual, own, usual)]

    assert paths[0] != paths[1]
    assert paths[0] == paths[2]


def test_a_bulletin_leaves_room_for_a_clock_and_has_the_date_of_its_day(tmp_path: Path) -> None:
    big = HouseFormat.parse("640x360@25")
    clock = GraphicsRules(zone="America/New_York", clock=ClockFace(Corner.TOP_RIGHT))
    made = plan(board=(page(),), graphics=clock, zone="America/New_York", days=3)
    drawings = Drawings(tmp_path, big)

    def drawn(now: datetime) -> bytes:
        return Path(drawings.board(made, quiet(made), now)[0].path).read_bytes()

    evening, night, morning = drawn(at("28:00")), drawn(at("28:59")), drawn(at("29:01"))

    assert evening == night
    assert morning != night, "it is Saturday in New York"
    luma = np.frombuffer(evening, np.uint8)[: 640 * 360].reshape(360, 640)
    assert luma[20:52, 530:606].max() < 90, "nothing stands where the clock lies"
    assert luma[20:52, 32:300].max() > 150, "the date stands beside it"


@pytest.mark.parametrize(
    ("bug", "clock", "expected"),
    [
        (None, None, set()),
        (None, "top left", {"top left"}),
        ("top left", "top left", {"top right"}),
        ("bottom right", "bottom right", {"bottom left"}),
        ("top right", "top left", {"top left"}),
    ],
)
def test_the_corners_left_free_are_those_of_the_rules(
    bug: str | None, clock: str | None, expected: set[str]
) -> None:
    rules = GraphicsRules(
        zone="UTC",
        bug=Bug("CH 13", corner=Corner(bug)) if bug else None,
        clock=ClockFace(Corner(clock)) if clock else None,
    )
    over = replace(rules, bug=replace(rules.bug, over_slides=True)) if rules.bug else rules

    assert corners(rules) == expected
    assert corners(over) == expected | ({bug} if bug else set())
    assert corners(None) == set()


def test_a_font_that_is_not_here_is_said(tmp_path: Path) -> None:
    font = StationLook(font=LookFile(AssetKey("b" * 64), ".ttf", 10))
    made, drawings = plan(board=(page(),), look=font), Drawings(tmp_path, HOUSE)

    (shown,) = drawings.board(made, quiet(made), at("10:00"))

    assert Path(shown.path).stat().st_size == HOUSE.picture_bytes
    assert list(drawings.problems.values()) == [
        "The station's font or logo has not arrived yet: bulletins air in the usual one."
    ]


def test_an_automatic_page_is_drawn_again_when_it_reads_otherwise_and_the_old_one_goes(
    tmp_path: Path,
) -> None:
    told = Announced(AiringId("m"), "Council", at("19:00"), timedelta(hours=1), live=True)
    auto = replace(page(), layout="tonight", heading="", body="")
    made = plan(board=(auto,), announced=(told,), zone="America/New_York")
    moved = replace(made, announced=(replace(told, start=at("20:00")),))
    drawings = Drawings(tmp_path, HOUSE)

    (first,) = drawings.board(made, quiet(made), at("10:00"))
    (second,) = drawings.board(moved, quiet(moved), at("10:00"))

    assert drawings.board(moved, quiet(moved), at("19:59")) == (second,)
    assert drawings.board(moved, quiet(moved), at("21:30")) == (), "over, so nothing to say"
    assert not Path(first.path).exists()
    assert Path(second.path).stat().st_size == HOUSE.picture_bytes
