"""Graphics are drawn once, ahead of time, and ordered so that the keyer lays them as drawn."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.plans import at, item, live, media, minutes, page, plan

from config.names import HouseFormat
from media.graphics import lower_third
from media.graphics.stage import DrawnGraphic, Stage
from media.slides.i420 import to_i420
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.host.drawings import Drawings
from playout.model.events import Event
from playout.model.graphic_events import Keyed
from playout.model.graphics import (
    Bug,
    ClockFace,
    Countdown,
    Crawl,
    GraphicsRules,
    LowerThird,
    SpeedUnit,
)
from playout.model.layer import Layer
from playout.model.layered import Layered
from playout.model.plan import Media, Plan
from playout.model.rundown import cue_at
from playout.state.air_state import Situation
from playout.state.fold import fold
from playout.timing.settle import settle

HOUSE = HouseFormat.parse("640x360@25")
COUNCIL = live("council", at("11:00"), minutes(60))
ALL = GraphicsRules(Bug("13"), ClockFace(), countdown=Countdown(), zone="America/New_York")
MAYOR = LowerThird("m", "Ann Lee", "Mayor")


def made(rules: GraphicsRules | None = ALL) -> Plan:
    film = item("film", at("10:00"), minutes(30))
    return replace(plan(film, COUNCIL, board=(page(),)), graphics=rules)


def air(now: datetime, *events: Event, of: Plan | None = None) -> Situation:
    known = of or made()
    happened = fold(events)
    rundown = settle(known, happened, now)
    return Situation(known, rundown, happened, cue_at(rundown, now), now)


def by_id(ordered: tuple[Layered, ...]) -> dict[str, Layered]:
    return {one.id: one for one in ordered}


def test_two_are_drawn_in_a_turn_the_most_urgent_first(tmp_path: Path) -> None:
    drawings, now = Drawings(tmp_path, HOUSE), at("10:55")
    third = Keyed(MAYOR, at("10:40"), "ann")
    turns = [by_id(drawings.layers(air(now, third))).keys() for _ in range(3)]

    assert [len(turn) for turn in turns] == [2, 3, 3]
    assert turns[2] == {"bug", "clock", "countdown-" + air(at("11:00")).current.id}


def test_a_drawing_is_made_once_for_all_its_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Drawings(tmp_path, HOUSE).layers(air(at("10:05")))
    drawings = Drawings(tmp_path, HOUSE)
    again = drawings.layers(air(at("10:05")))
    files = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    def never(*_: object) -> object:
        raise AssertionError("drawn a second time")

    monkeypatch.setattr("playout.host.layers.drawing_of", never)
    later = drawings.layers(air(at("10:20")))

    assert again == before and files == {
        path: path.stat().st_mtime_ns for path in tmp_path.iterdir()
    }
    assert [one.path for one in later] == [one.path for one in before]


def test_a_drawing_that_was_removed_is_made_again(tmp_path: Path) -> None:
    drawings = Drawings(tmp_path, HOUSE)
    (bug,) = (one for one in drawings.layers(air(at("10:05"))) if one.id == "bug")
    Path(bug.path).unlink()
    drawings.layers(air(at("10:05")))

    assert Path(bug.path).exists()


def test_a_logo_is_shown_once_its_file_is_here(tmp_path: Path) -> None:
    logo, here = media("logo", minutes(0)), list[Media]()
    path = tmp_path / "logo.png"
    Image.new("RGBA", (64, 64), (0, 255, 0, 255)).save(path)
    known = replace(made(GraphicsRules(Bug("13", logo=logo.key))), pictures=(logo,))
    drawings = Drawings(tmp_path / "drawn", HOUSE, lambda one: str(path) if one in here else None)
    (letters,) = drawings.layers(air(at("10:05"), of=known))
    here.append(logo)
    (drawn,) = drawings.layers(air(at("10:05"), of=known))

    assert letters.path != drawn.path and drawn.width == drawn.height == 36


@pytest.mark.parametrize(
    ("speed", "unit"),
    [(100, SpeedUnit.PIXELS), (250, SpeedUnit.PIXELS), (150, SpeedUnit.WORDS)],
)
def test_a_crawl_ends_a_tick_after_its_passes(tmp_path: Path, speed: int, unit: SpeedUnit) -> None:
    wanted = Crawl("c", "Elm Street is closed.", speed, unit, times=2)
    third = Keyed(wanted, at("10:05"), "ann")
    (shown,) = Drawings(tmp_path, HOUSE).layers(air(at("10:05"), third, of=made(None)))
    assert shown.crawl is not None and shown.width == HOUSE.width
    if unit is SpeedUnit.PIXELS:
        assert shown.crawl.pixels == speed / HOUSE.rate
    lasts = shown.crawl.ticks(HOUSE.width)

    assert lasts is not None and lasts % 2 == 0
    assert shown.until - shown.at == timedelta(seconds=(lasts + 1) / 25)


def test_what_the_keyer_lays_is_what_was_drawn(tmp_path: Path) -> None:
    """Pillow's own mix of drawing and picture differs by two levels at most, edges included."""
    third = Keyed(MAYOR, at("10:05"), "ann")
    (order,) = Drawings(tmp_path, HOUSE).layers(air(at("10:05:02"), third, of=made(None)))
    drawn = lower_third.draw(Stage(HOUSE.width, HOUSE.height), MAYOR.first, MAYOR.second)
    picture = laid(order, Image.new("RGB", (HOUSE.width, HOUSE.height), (120, 120, 120)))
    whole = np.frombuffer(to_i420(mixed(drawn)), np.uint8)

    assert np.abs(picture.astype(int) - whole.astype(int)).max() <= 2
    assert (picture != picture[0]).any()


def laid(order: Layered, beneath: Image.Image) -> np.ndarray:
    keyer = LayerKeyer(HOUSE)
    keyer.use([replace(order, fade=0.0)])
    picture = np.frombuffer(to_i420(beneath), np.uint8).copy()

    def first_at(instant: datetime) -> int:
        return 0 if instant <= order.at else 100

    keyer.lay(picture, LaidTick(5, order.at, Layer.DECK, first_at))
    assert keyer.shown == (order.id,)
    return picture


def mixed(drawn: DrawnGraphic) -> Image.Image:
    whole = Image.new("RGBA", (HOUSE.width, HOUSE.height), (120, 120, 120, 255))
    whole.alpha_composite(drawn.image, (drawn.left, drawn.top))
    return whole


@pytest.mark.parametrize("house", ["1920x1080@30000/1001", "720x480@60000/1001", "64x36@25"])
def test_every_order_fits_the_picture(tmp_path: Path, house: str) -> None:
    drawings = Drawings(tmp_path, HouseFormat.parse(house))
    hand = (Keyed(Crawl("c", "x" * 600), at("10:54:58"), "ann"), Keyed(MAYOR, at("10:54:58"), "a"))
    for _ in range(3):
        drawings.layers(air(at("10:55"), *hand))
    ordered = drawings.layers(air(at("10:55"), *hand))
    keyer = LayerKeyer(HouseFormat.parse(house))
    keyer.use(ordered)
    keyer.use(ordered)

    assert len(keyer._drawn) == len(ordered) >= (2 if house.startswith("64") else 4)
