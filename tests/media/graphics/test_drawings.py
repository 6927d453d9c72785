"""Every graphic lies inside the title safe area, in letters large enough, in legal colours."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from media.graphics import coming_next, corner, countdown, crawl, lower_third
from media.graphics.countdown import DrawnTime
from media.graphics.digits import cells
from media.graphics.layer import to_layer
from media.graphics.stage import BAND_BOTTOM, LEAST_TEXT, DrawnGraphic, Stage, even
from media.palette import LEAST_CONTRAST, PALETTES, contrast
from media.slides.content import SAFE_SHARE
from media.typeset import DEJAVU, font

SIZES = [(1920, 1080), (1280, 720), (848, 480), (720, 480)]
LONG = "Public hearing on the proposed rezoning of 1200 Elm Street and land north of it, item 12"
LOGO = Image.new("RGBA", (400, 300), (0, 255, 0, 255))
Bytes = NDArray[np.uint8]


def stage(size: tuple[int, int]) -> Stage:
    return Stage(*size)


def of(drawn: DrawnGraphic | DrawnTime) -> DrawnGraphic:
    return drawn.face if isinstance(drawn, DrawnTime) else drawn


STILL: dict[str, Callable[[Stage], DrawnGraphic | DrawnTime]] = {
    "third": lambda on: lower_third.draw(on, "Ann Lee", "Mayor"),
    "third, one line": lambda on: lower_third.draw(on, "Item 4b"),
    "third, long": lambda on: lower_third.draw(on, LONG, LONG),
    "next": lambda on: coming_next.draw(on, "Coming up next", "City Council"),
    "next, long": lambda on: coming_next.draw(on, LONG, LONG),
    "countdown": lambda on: countdown.draw(on, "City Council", "begins in"),
    "countdown, long": lambda on: countdown.draw(on, LONG, LONG),
    "bug": lambda on: corner.bug(on, "top right", "CITY 13", None, 0.8),
    "bug, live": lambda on: corner.bug(on, "top left", "13", None, 0.8, "LIVE"),
    "bug, replay": lambda on: corner.bug(on, "bottom right", "13", None, 0.8, "REPLAY"),
    "bug, long": lambda on: corner.bug(on, "bottom left", "W" * 24, None, 1.0, "LIVE"),
    "logo": lambda on: corner.bug(on, "bottom right", "", LOGO, 0.5, "REPLAY"),
    "clock": lambda on: corner.clock(on, "top left", 4, 1),
    "clock, seconds": lambda on: corner.clock(on, "bottom right", 6, 2),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STILL)
def test_a_graphic_lies_whole_inside_the_title_safe_area_on_even_pixels(
    name: str, size: tuple[int, int]
) -> None:
    on = stage(size)
    drawn = of(STILL[name](on))
    right, bottom = drawn.left + drawn.image.width, drawn.top + drawn.image.height

    assert drawn.left >= on.margin and right <= on.width - on.margin
    floor = sum(crawl.band(on)) if "countdown" in name else even(on.height * BAND_BOTTOM)
    assert drawn.top >= on.ceiling and bottom <= floor
    assert not any(n % 2 for n in (drawn.left, drawn.top, *drawn.image.size))
    assert drawn.image.getchannel("A").getextrema()[1] > 100


@pytest.mark.parametrize("size", SIZES)
def test_a_bug_below_stands_beside_the_widest_lower_third_and_above_the_crawl(
    size: tuple[int, int],
) -> None:
    on = stage(size)
    third = of(lower_third.draw(on, LONG, LONG))
    bug = of(corner.bug(on, "bottom right", "", LOGO, 0.8, "REPLAY"))
    top, rows = crawl.band(on)

    assert third.left + third.image.width <= bug.left
    assert max(third.top + third.image.height, bug.top + bug.image.height) <= top
    assert top + rows <= round(on.height * (1 - SAFE_SHARE)) + 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name", ["third, long", "next, long", "countdown, long", "bug", "clock", "bug, live"]
)
def test_letters_are_never_smaller_than_an_old_set_can_show(
    name: str, size: tuple[int, int]
) -> None:
    """The tallest run of bright pixels in any column is at least that of a small letter."""
    drawn = STILL[name](stage(size))
    image = drawn.cells.image if isinstance(drawn, DrawnTime) else drawn.image
    rgba = np.asarray(image, np.int16)
    bright = (rgba[:, :, :3].min(axis=2) > 190) & (rgba[:, :, 3] > 100)
    tallest = max(_longest(bright[:, column]) for column in range(bright.shape[1]))
    least = font(round(size[1] * LEAST_TEXT), False).getbbox("l")

    assert tallest >= 0.9 * (least[3] - least[1])


def _longest(column: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], column.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


@pytest.mark.parametrize("size", SIZES)
def test_no_line_is_a_single_row_which_would_flicker(size: tuple[int, int]) -> None:
    on = stage(size)
    band = np.asarray(crawl.draw(on, "x").image)[:, 0, :3]
    bar = np.asarray(lower_third.draw(on, "x").image)[4, :, :3]
    accent = np.array(on.palette.accent)

    assert (band == accent).all(axis=1).sum() == max(2, round(size[1] / 240))
    assert (bar == accent).all(axis=1).sum() >= 4


@pytest.mark.parametrize("name", STILL)
def test_luma_and_colour_stay_within_the_limited_range(name: str) -> None:
    drawn = of(STILL[name](stage((848, 480))))
    luma, alpha, blue, red, half = layer(drawn.image)
    whole, part = alpha == 255, half == 255

    assert luma[whole].min(initial=16) >= 16 and luma.max() <= 235
    for colour in (blue, red):
        assert colour[part].min(initial=128) >= 16 and colour[part].max(initial=128) <= 240
    assert (luma[alpha == 0] == 0).all()


def layer(image: Image.Image) -> tuple[Bytes, Bytes, Bytes, Bytes, Bytes]:
    data = np.frombuffer(to_layer(image), np.uint8)
    pixels, quarter = image.width * image.height, image.width * image.height // 4
    assert len(data) == 2 * pixels + 3 * quarter
    cuts = np.split(data, (pixels, 2 * pixels, 2 * pixels + quarter, 2 * pixels + 2 * quarter))
    return cuts[0], cuts[1], cuts[2], cuts[3], cuts[4]


def test_a_layer_has_the_house_colours_multiplied_by_what_is_seen_of_them() -> None:
    image = Image.new("RGBA", (4, 2), (255, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 2, 2))
    image.paste((255, 255, 255, 128), (2, 0, 3, 2))
    luma, alpha, blue, red, half = layer(image)

    assert list(luma[:4]) == [63, 63, 118, 0], "BT.709 red is 63, half of white 118"
    assert list(alpha[:4]) == [255, 255, 128, 0]
    assert (list(blue), list(red)) == ([102, 32], [240, 32])
    assert list(half) == [255, 64]


@pytest.mark.parametrize("style", PALETTES)
@pytest.mark.parametrize("beneath", [(0, 0, 0), (255, 255, 255), (190, 190, 190)])
def test_text_on_a_panel_can_be_read_over_any_picture(
    style: str, beneath: tuple[int, int, int]
) -> None:
    palette = PALETTES[style]
    drawn = lower_third.draw(Stage(1280, 720, palette), "Ann Lee", "Mayor")
    picture = Image.new("RGBA", drawn.image.size, (*beneath, 255))
    picture.alpha_composite(drawn.image)
    ground = picture.getpixel((drawn.image.width - 4, 4))
    assert isinstance(ground, tuple)

    for text in (palette.heading, palette.body):
        assert contrast(text, (ground[0], ground[1], ground[2])) >= LEAST_CONTRAST


def test_a_long_text_is_set_smaller_and_then_cut() -> None:
    on = stage((1280, 720))
    assert not lower_third.draw(on, "Ann Lee", LONG).cut
    assert lower_third.draw(on, "Ann Lee", LONG * 3).cut


def test_digits_stand_in_even_cells_of_one_width() -> None:
    drawn = cells(60, (255, 255, 255), DEJAVU)
    row = np.asarray(drawn.image.getchannel("A"))
    for number in range(10):
        cell = row[:, number * drawn.cell : (number + 1) * drawn.cell]
        seen = np.flatnonzero(cell.max(axis=0))
        assert abs(int(seen[0]) + int(seen[-1]) - drawn.cell + 1) <= 6, "in the middle"

    assert drawn.cell % 2 == drawn.colon % 2 == drawn.height % 2 == 0
    assert drawn.colon < drawn.cell and drawn.image.width == 10 * drawn.cell + drawn.colon


def test_a_crawl_is_as_long_as_its_text_and_bare_at_both_ends() -> None:
    on = stage((1280, 720))
    drawn = crawl.draw(on, "Elm Street is closed.")
    pixels = np.asarray(drawn.image)

    assert drawn.image.width == crawl.text_width("Elm Street is closed.", 720, DEJAVU)
    assert (pixels[:, 0] == pixels[:, -1]).all() and (pixels[:, 0] == pixels[:, 1]).all()
    assert (pixels[:, :, :3].min(axis=2) > 200).any() and (pixels[:, :, 3] == 255).all()


@pytest.mark.parametrize("size", SIZES)
def test_words_a_minute_are_the_same_speed_on_every_set(size: tuple[int, int]) -> None:
    """At 120 words of six letters a minute, twelve digits come in each second."""
    rate = Fraction(30000, 1001)
    pixels = crawl.pixels_a_tick(120, size[1], DEJAVU, rate)
    digit = font(round(size[1] * crawl.SIZE), True).getlength("0")

    assert abs(float(pixels * rate) - 12 * digit) < 0.2
    assert crawl.pixels_a_tick(1, size[1], DEJAVU, rate) == crawl.LEAST_PIXELS


def test_a_logo_keeps_its_shape_and_what_is_clear() -> None:
    logo = Image.new("RGBA", (400, 100), (0, 0, 255, 0))
    logo.paste((0, 0, 255, 255), (0, 0, 200, 100))
    drawn = corner.bug(stage((1280, 720)), "top left", "13", logo, 0.5).image
    alpha = np.asarray(drawn.getchannel("A"))

    assert 3.8 < drawn.width / drawn.height < 4.2
    assert abs(int(alpha[20, 20]) - 128) <= 1 and alpha[20, -20] == 0
