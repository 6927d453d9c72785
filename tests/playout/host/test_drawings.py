"""Slides are drawn once, in the house format, and at most one in a turn."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.plans import at, page, plan

from config.names import HouseFormat
from media import slides
from media.strips import strip
from playout.direction.overlay import Overlay
from playout.engine.bus.key import Keyer
from playout.host.drawings import Drawings
from playout.model.events import MessagePlacement

HOUSE = HouseFormat.parse("160x90@25")


def test_a_page_is_drawn_once_and_at_the_house_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(board=(page(),))
    (shown,) = Drawings(tmp_path, HOUSE).board(made, at("10:00"))

    def never(*_: object, **__: object) -> object:
        raise AssertionError("drawn a second time")

    monkeypatch.setattr(slides, "render", never)
    again = Drawings(tmp_path, HOUSE).board(made, at("10:00"))

    assert Path(shown.path).stat().st_size == HOUSE.picture_bytes
    assert again == (shown,)


def test_one_new_page_is_drawn_each_turn(tmp_path: Path) -> None:
    made = plan(board=(page("one"), page("two")))
    drawings = Drawings(tmp_path, HOUSE)

    assert len(drawings.board(made, at("10:00"))) == 1
    assert len(drawings.board(made, at("10:00"))) == 2


def test_a_page_out_of_its_time_never_appears(tmp_path: Path) -> None:
    old = replace(page(), shown_until=at("9:00"))

    assert Drawings(tmp_path, HOUSE).board(plan(board=(old,)), at("10:00")) == ()


def test_two_slate_texts_give_two_pictures(tmp_path: Path) -> None:
    drawings, made = Drawings(tmp_path, HOUSE), plan()
    one, two = drawings.slate("Council begins shortly", made), drawings.slate("", made)

    assert one is not None and two is not None and one != two
    assert Path(one).read_bytes() != Path(two).read_bytes()


def test_a_full_disk_keeps_no_drawing_from_air(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file where a folder should be")
    drawings, made = Drawings(tmp_path / "drawn", HOUSE), plan(board=(page(),))
    slate = drawings.slate("x", made)
    (shown,) = drawings.board(made, at("10:00"))
    key = Keyer(HOUSE)
    key.use(
        drawings.graphic(Overlay("m1", "Boil water.", MessagePlacement.STRIP, emergency=True), made)
    )

    assert slate is not None and Path(slate).stat().st_size == HOUSE.picture_bytes
    assert Path(shown.path).stat().st_size == HOUSE.picture_bytes
    assert key.shown == "m1"
    assert list(drawings.problems.values()) == ["Bulletins cannot be written to disk: File exists."]


def test_slides_in_memory_move_to_the_disk_once_it_has_room(tmp_path: Path) -> None:
    (tmp_path / "drawn").write_text("a file where a folder should be")
    drawings, made = Drawings(tmp_path / "drawn", HOUSE), plan()
    before = Path(drawings.slate("x", made) or "").read_bytes()
    (tmp_path / "drawn").unlink()
    drawings.board(made, at("10:00"))
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
    said = Overlay("m1", "Boil water.", placement, emergency=True)
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
