"""Every layout, in every size and style: inside the safe area, large enough, and legible."""

import numpy as np
import pytest
import segno
from PIL import Image

from media.palette import (
    LEAST_CONTRAST,
    PALETTES,
    Palette,
    contrast,
    least_contrast,
    palette_of,
    read_colour,
    write_colour,
)
from media.slides.content import (
    SAFE_SHARE,
    SMALLEST_TEXT,
    STYLES,
    DrawnSlide,
    Look,
    SlideContent,
)
from media.slides.draw import LAYOUTS, bulletin, draw, slate
from media.slides.i420 import to_i420
from media.typeset import fit_text, set_text

LONG = "The Department of Public Works will replace the water main. " * 30
STATION = "City of Three Rivers \u00b7 Channel 13"
SIZES = [(848, 480), (1280, 720), (1920, 1080)]
PICTURE = Image.new("RGB", (800, 600), (40, 70, 100))
TEXTS = {
    "nothing": "",
    "short": "Tuesday, 10 am",
    "long": LONG,
    "one word": "W" * 300,
    "a list": "- one\n- two\n\nthree",
    "events": "Mon, Dec 7 | Planning Commission | Room 2\nTue, Dec 8 | 6:00 PM | Council | Hall",
    "many events": "Mon, Dec 7 | Planning Commission of the City | Room 2\n" * 12,
}


def slide(layout: str, body: str = "Text.", style: str = "plain", **rest: object) -> SlideContent:
    given = {
        "second": body,
        "link": "https://three-rivers.example/plan",
        "picture": PICTURE,
        **rest,
    }
    return SlideContent("City Council meets on Tuesday", body, style, layout, **given)  # type: ignore[arg-type]


def bright(drawn: DrawnSlide, threshold: int = 140) -> tuple[float, float, float, float]:
    """The bounds (left, top, right, bottom) of bright pixels, as shares of the picture."""
    grey = np.asarray(drawn.image.convert("L"))
    rows, columns = np.nonzero(grey > threshold)
    height, width = grey.shape
    return columns.min() / width, rows.min() / height, columns.max() / width, rows.max() / height


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[1]} rows")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_all_text_is_inside_the_safe_area_and_large_enough_for_an_old_set(
    layout: str, body: str, size: tuple[int, int]
) -> None:
    drawn = draw(slide(layout, body), Look(station=STATION, now_text="10:42 am"), size)
    left, top, right, bottom = bright(drawn)

    assert drawn.image.size == size
    assert min(left, top) >= SAFE_SHARE - 0.005
    assert max(right, bottom) <= 1 - SAFE_SHARE + 0.005
    assert drawn.smallest >= round(size[1] * SMALLEST_TEXT)


@pytest.mark.parametrize("corner", ["top left", "top right", "bottom left", "bottom right"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_a_corner_in_which_a_clock_lies_is_left_free(layout: str, body: str, corner: str) -> None:
    """A clock or bug has at most a sixth of the width and a tenth of the height."""
    look = Look(station=STATION, now_text="Tuesday, November 24", clear=frozenset({corner}))
    grey = np.asarray(draw(slide(layout, body), look, (1280, 720)).image.convert("L"))
    rows = slice(36, 108) if corner.startswith("top") else slice(543, 616)
    columns = slice(64, 277) if corner.endswith("left") else slice(1003, 1216)

    assert grey[rows, columns].max() <= 140


@pytest.mark.parametrize("clear", [{"top right"}, {"top left"}, {"bottom right"}, set()])
def test_the_date_stands_beside_a_clock_above_or_at_the_foot(clear: set[str]) -> None:
    dated, bare = (
        draw(slide("text"), Look(now_text=date, station="A", clear=frozenset(clear)), (1280, 720))
        for date in ("Tuesday, November 24", "")
    )
    changed = np.asarray(dated.image) != np.asarray(bare.image)
    rows = np.nonzero(changed.any(axis=(1, 2)))[0]
    above = any(corner.startswith("top") for corner in clear)

    assert (rows.max() < 120) if above else (rows.min() > 600)


def test_a_list_of_short_events_has_one_line_each_in_larger_letters() -> None:
    short, long = (
        draw(slide("events", "\n".join([f"Mon | Board | {where}"] * 6)), Look(), (1280, 720))
        for where in ("Room 2", "Room 2 on the second floor of the City Hall annex, north side")
    )

    assert short.smallest >= long.smallest
    assert not short.cut


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_that_does_not_fit_is_called_cut(layout: str) -> None:
    fits, over = (draw(slide(layout, body), Look(), (1280, 720)) for body in ("Tuesday.", LONG * 3))

    assert not fits.cut
    assert over.cut


def test_a_seventh_event_is_called_cut() -> None:
    six, seven = ("\n".join(["Mon | Board"] * count) for count in (6, 7))

    assert not draw(slide("events", six), Look(), (1280, 720)).cut
    assert draw(slide("events", seven), Look(), (1280, 720)).cut


@pytest.mark.parametrize("layout", ["picture", "full", "qr"])
def test_without_its_picture_or_link_a_slide_is_its_text_alone(layout: str) -> None:
    bare = slide(layout, picture=None, link="")
    alone = draw(slide("text", picture=None, link=""), Look(), (640, 360))

    assert draw(bare, Look(), (640, 360)).image.tobytes() == alone.image.tobytes()


def test_a_logo_slide_shows_the_stations_logo_unless_it_has_a_picture() -> None:
    red, green = (Image.new("RGBA", (90, 60), colour) for colour in ("#d01010", "#10d010"))
    look = Look(logo=red)

    def middle(drawn: DrawnSlide) -> object:
        return drawn.image.getpixel((320, 120))

    assert middle(draw(slide("logo", picture=None), look, (640, 360))) == (208, 16, 16)
    assert middle(draw(slide("logo", picture=green), look, (640, 360))) == (16, 208, 16)


@pytest.mark.parametrize("rows", [480, 720, 1080])
def test_a_code_leads_where_its_link_does(rows: int) -> None:
    """Its modules, read back from the drawn picture, are those of the link's code."""
    link = "https://three-rivers.example/tenth-street"
    drawn = draw(slide("qr", link=link), Look(station=STATION), (rows * 16 // 9 // 16 * 16, rows))
    grey = np.asarray(drawn.image.convert("L"))[:, rows:]
    white = grey >= 250
    columns = np.flatnonzero(white.sum(axis=0) > rows // 8)
    down = np.flatnonzero(white[:, columns[0] : columns[-1]].sum(axis=1) > rows // 8)
    tile = grey[down[0] : down[-1] + 1, columns[0] : columns[-1] + 1]
    corner = rows // 36  # its round corners are dark
    tile = tile[corner:-corner, corner:-corner]
    dark = np.argwhere(tile < 128)
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0) + 1
    expected = np.array([list(row) for row in segno.make(link, error="m", micro=False).matrix])
    step = (bottom - top) / len(expected)
    at = ((np.arange(len(expected)) + 0.5) * step).astype(int)
    read = tile[np.ix_(top + at, left + at)] < 128

    assert right - left == bottom - top
    assert np.array_equal(read, expected.astype(bool))
    assert step >= rows / 80, "a telephone across the room reads it"


@pytest.mark.parametrize(("letters", "fine"), [(20, False), (80, False), (380, True)])
def test_a_code_too_fine_to_read_across_a_room_is_called_so(letters: int, fine: bool) -> None:
    drawn = draw(slide("qr", link="https://a.example/" + "x" * letters), Look(), (1280, 720))

    assert drawn.fine_code is fine


def test_short_text_is_set_larger_than_long_text() -> None:
    short, long = (draw(slide("text", body), Look(), (640, 360)) for body in ("Happy", LONG))

    assert short.smallest > 1.5 * long.smallest


def test_a_last_line_of_one_word_is_balanced_away() -> None:
    text = "Boil it for one minute before you drink it"
    lines = set_text(text, 480, 24, bold=False, balance=False).lines

    assert len(lines) == 2
    assert len(lines[-1].text.split()) > 2


def test_a_word_is_set_smaller_before_it_is_broken() -> None:
    address = fit_text("three-rivers.example/speak", 300, 100, range(40, 10, -1), balance=True)
    endless = fit_text("W" * 300, 300, 100, range(40, 10, -1))

    assert [line.text for line in address.lines] == ["three-rivers.example/speak"]
    assert len(endless.lines) > 1 and endless.cut


@pytest.mark.parametrize("layout", ["text", "no such layout"])
def test_an_unknown_layout_or_style_is_plain_text(layout: str) -> None:
    plain = bulletin("a", "b", "plain", 320, 180)

    assert draw(SlideContent("a", "b", "no such", layout), Look(), (320, 180)).image == plain


def test_the_same_text_gives_the_same_picture() -> None:
    one, two = (slate("We will be right back", Look(station=STATION), (640, 360)) for _ in "ab")

    assert one.tobytes() == two.tobytes()


def test_a_slate_without_text_names_the_station() -> None:
    look = Look(station=STATION)

    assert slate("", look, (320, 180)) == slate(STATION, look, (320, 180))


def test_each_style_looks_different() -> None:
    looks = {bulletin("Boil water", "Now.", style, 320, 180).tobytes() for style in STYLES}

    assert len(looks) == len(STYLES)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_the_usual_colours_can_be_read(palette: Palette) -> None:
    assert least_contrast(palette) >= LEAST_CONTRAST


@pytest.mark.parametrize("ground", ["#1a344e", "#fdf6e3", "#76767a", "#ffffff"])
@pytest.mark.parametrize("picture", ["#ffffff", "#000000", "#d0e020"])
def test_text_over_a_picture_can_be_read_whatever_it_shows(ground: str, picture: str) -> None:
    behind, under = read_colour(ground), read_colour(picture)
    assert behind is not None and under is not None
    text = (0, 0, 0) if sum(behind) > 380 else (255, 255, 255)
    palette = palette_of(behind, (200, 160, 40), text)
    look = Look(palettes={"plain": palette})
    shown = slide("full", "Below.", picture=Image.new("RGB", (64, 36), under))
    image = draw(shown, look, (640, 360)).image
    band = image.getpixel((600, 330))

    assert isinstance(band, tuple)
    assert contrast(text, band[:3]) >= LEAST_CONTRAST  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    first, second = read_colour(one), read_colour(other)
    assert first is not None and second is not None

    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


@pytest.mark.parametrize("background", ["#0b3d2e", "#fdf6e3", "#ffffff", "#000000", "#7a0c18"])
def test_a_citys_palette_keeps_smaller_text_as_legible_as_it_can(background: str) -> None:
    ground = read_colour(background)
    assert ground is not None
    text = (0, 0, 0) if sum(ground) > 380 else (255, 255, 255)
    palette = palette_of(ground, (200, 160, 40), text)

    assert least_contrast(palette) >= LEAST_CONTRAST
    assert palette.heading == text


@pytest.mark.parametrize("text", ["", "#12345", "blue", "#gggggg", "#1234567"])
def test_what_is_no_colour_is_not_read(text: str) -> None:
    assert read_colour(text) is None


def test_a_colour_is_written_as_it_is_read() -> None:
    assert read_colour(write_colour((26, 52, 78))) == (26, 52, 78)


def test_a_citys_colours_are_what_is_drawn() -> None:
    look = Look(palettes={"plain": palette_of((250, 250, 250), (0, 90, 0), (10, 10, 10))})
    light = draw(SlideContent("Hello", "World"), look, (640, 360)).image

    assert light.getpixel((620, 10)) > (230, 230, 230)
    assert np.asarray(light.convert("L")).min() < 40


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_colours_become_bt709_limited_range(colour: tuple[int, ...], expected: object) -> None:
    raw = np.frombuffer(to_i420(Image.new("RGB", (64, 36), colour)), np.uint8)
    luma, blue, red = raw[0], raw[64 * 36], raw[-1]

    assert len(raw) == 64 * 36 * 3 // 2
    assert np.allclose((luma, blue, red), expected, atol=1)
