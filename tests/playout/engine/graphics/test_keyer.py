"""The keyer lays what is due, where it belongs, and nothing that does not fit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.layer_files import layer_file, plain_layer

from config.names import HouseFormat
from playout.engine.graphics.keyer import LaidTick, LayerKeyer
from playout.engine.links.ring import Picture, planes
from playout.model.layer import Layer
from playout.model.layered import CELLS, Crawling, DigitForm, Digits, Layered

HOUSE = HouseFormat.parse("64x36@25")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tick_of(instant: datetime) -> int:
    return -((NOON - instant) * 25 // timedelta(seconds=1))


def at(tick: int) -> datetime:
    return NOON + timedelta(seconds=tick / 25)


def laid(
    keyer: LayerKeyer, tick: int, layer: Layer = Layer.DECK, kept: tuple[int, int] = (0, 0)
) -> Picture:
    picture = np.full(HOUSE.picture_bytes, 40, dtype=np.uint8)
    keyer.lay(picture, LaidTick(tick, at(tick), layer, tick_of, kept))
    return picture


def luma(picture: Picture) -> Picture:
    return planes(picture, 64, 36)[0]


def graphic(folder: Path, **rest: object) -> Layered:
    path = plain_layer(folder / "g", 16, 8)
    made = Layered("g", path, 4, 2, 16, 8, at(10), at(20))
    return replace(made, **rest)  # type: ignore[arg-type]


def test_a_graphic_covers_its_box_alone(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path)])
    grey, blue, _ = planes(laid(keyer, 10), 64, 36)

    assert (grey[2:10, 4:20] == 235).all() and (grey == 235).sum() == 16 * 8
    assert (blue[1:5, 2:10] == 128).all() and (blue == 128).sum() == 8 * 4
    assert keyer.shown == ("g",)


def test_a_graphic_is_there_from_its_first_tick_and_gone_on_its_end(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path)])

    seen = [tick for tick in range(30) if (laid(keyer, tick) != 40).any()]
    assert seen == list(range(10, 20))


def test_a_later_graphic_lies_over_an_earlier_one(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    over = replace(graphic(tmp_path), id="o", path=plain_layer(tmp_path / "o", 16, 8, luma=100))
    keyer.use([graphic(tmp_path), replace(over, left=12)])
    grey = luma(laid(keyer, 12))

    assert (grey[2, 4:12] == 235).all() and (grey[2, 12:28] == 100).all()
    assert keyer.shown == ("g", "o")


@pytest.mark.parametrize(
    ("rest", "layer", "kept", "shown"),
    [
        ({}, Layer.SLATE, (0, 0), True),
        ({"over": (Layer.DECK,)}, Layer.DECK, (0, 0), True),
        ({"over": (Layer.DECK,)}, Layer.BOARD, (0, 0), False),
        ({"over": (Layer.BOARD, Layer.SLATE)}, Layer.SLATE, (0, 0), True),
        ({}, Layer.DECK, (0, 36), False),
        ({}, Layer.DECK, (8, 36), False),
        ({}, Layer.DECK, (10, 36), True),
    ],
)
def test_a_graphic_gives_way_to_other_layers_and_to_the_rows_of_an_emergency(
    tmp_path: Path, rest: dict[str, object], layer: Layer, kept: tuple[int, int], shown: bool
) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path, **rest)])

    assert bool((laid(keyer, 12, layer, kept) != 40).any()) is shown
    assert keyer.shown == (("g",) if shown else ())


def test_another_order_under_the_same_id_goes_on_as_it_began(tmp_path: Path) -> None:
    keyer, first = LayerKeyer(HOUSE), graphic(tmp_path, fade=0.16)
    keyer.use([first])
    began = [luma(laid(keyer, tick))[2, 4] for tick in range(8, 15)]
    keyer.use([replace(first, at=at(14), until=at(60))])
    goes_on = [luma(laid(keyer, tick))[2, 4] for tick in range(15, 20)]

    assert began[:2] == [40, 40] and sorted(began) == began and began[-1] == 235
    assert goes_on == [235] * 5, "it neither comes again nor goes at its old end"


def test_two_times_of_one_graphic_do_not_touch_each_other(tmp_path: Path) -> None:
    keyer, first = LayerKeyer(HOUSE), graphic(tmp_path)
    keyer.use([first, replace(first, at=at(30), until=at(35))])

    seen = [tick for tick in range(50) if (laid(keyer, tick) != 40).any()]
    assert seen == [*range(10, 20), *range(30, 35)]


@pytest.mark.parametrize(
    "rest",
    [
        {"left": 50}, {"left": -2}, {"top": 30}, {"left": 3}, {"width": 15}, {"width": 14},
        {"path": "/nowhere"}, {"crawl": Crawling(16, Fraction(0))},
        {"digits": Digits("/nowhere", 2, 2, 8, 0, 0, DigitForm.LEFT)},
        {"digits": Digits("/nowhere", 4, 2, 8, 0, 0, DigitForm.LEFT)},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_not_laid_and_harms_no_other(
    tmp_path: Path, rest: dict[str, object]
) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path, id="bad", **rest), graphic(tmp_path)])
    picture = laid(keyer, 12)

    assert keyer.shown == ("g",) and (picture != 40).any()


def test_a_file_that_comes_late_is_read_when_it_is_ordered_again(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    order = graphic(tmp_path, path=str(tmp_path / "late"))
    keyer.use([order])
    laid(keyer, 12)
    assert keyer.shown == ()
    plain_layer(tmp_path / "late", 16, 8)
    keyer.use([order])
    laid(keyer, 13)

    assert keyer.shown == ("g",)


def crawl(folder: Path) -> Layered:
    """A text of eight columns, each two levels lighter than the one before, on a band of 20."""
    text = np.full((4, 8), 20, np.uint8)
    text[:, 1:] = np.arange(100, 114, 2, dtype=np.uint8)
    path = layer_file(folder / "c", text, np.full((4, 8), 255, np.uint8))
    moves = Crawling(8, Fraction(3, 2))
    return Layered("c", path, 10, 30, 20, 4, at(10), at(100), crawl=moves)


def test_a_crawl_stands_where_its_tick_says_and_ends_with_its_pass(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([crawl(tmp_path)])
    band = {tick: luma(laid(keyer, tick))[30] for tick in range(8, 40)}

    assert (band[9] == 40).all()
    assert (band[10][10:30] == 20).all() and (band[10][:10] == 40).all()
    for tick in range(10, 29):
        left = 10 + 20 - (tick - 10) * 3 // 2
        edges = np.flatnonzero(band[tick] == 100)
        assert list(edges) == ([left + 1] if 10 <= left + 1 < 30 else []), tick
    assert [tick for tick in band if (band[tick] != 40).any()] == list(range(10, 29))


def test_a_keyer_that_starts_in_the_middle_continues_a_crawl_in_its_place(tmp_path: Path) -> None:
    order = crawl(tmp_path)
    whole, late = LayerKeyer(HOUSE), LayerKeyer(HOUSE)
    whole.use([order])
    for tick in range(10, 17):
        before = laid(whole, tick)
    late.begun = whole.begun
    late.use([replace(order, at=order.at + timedelta(milliseconds=30))])

    assert (laid(late, 16) == before).all()


def test_digits_change_on_their_second(tmp_path: Path) -> None:
    cells = np.repeat(np.arange(11, dtype=np.uint8) * 10 + 50, 2)[None, :].repeat(4, axis=0)
    path = layer_file(tmp_path / "d", cells, np.full((4, 22), 255, np.uint8))
    assert cells.shape[1] == 2 * len(CELLS)
    digits = Digits(path, 2, 2, 4, 2, 2, DigitForm.LEFT, target=at(200))
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path, until=at(400), digits=digits)])

    def shown(tick: int) -> str:
        row = luma(laid(keyer, tick))[5, 6:16:2]
        return "".join(CELLS[(int(value) - 50) // 10] for value in row)

    assert [shown(tick) for tick in (24, 25, 49, 50, 175, 199, 200, 300)] == [
        "00:08", "00:07", "00:07", "00:06", "00:01", "00:01", "00:00", "00:00",
    ]  # fmt: skip


def test_what_lies_beneath_can_be_put_back(tmp_path: Path) -> None:
    keyer = LayerKeyer(HOUSE)
    keyer.use([graphic(tmp_path), replace(crawl(tmp_path), left=4, top=4)])
    picture = laid(keyer, 15)
    copied = picture.copy()
    keyer.uncover(copied)

    assert (picture != 40).any() and (copied == 40).all()
