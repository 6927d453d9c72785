"""Slides: inside the safe area whatever is typed, and converted to the bus's pixels."""

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from media.slides import STYLES, bulletin, render, slate, to_i420

LONG = "The Department of Public Works will replace the water main. " * 30
STATION = "City of Three Rivers \u00b7 Channel 13"


def lit(image, threshold=140):
    """Return (left, top, right, bottom) of the bright pixels as shares of the picture, and their
    count.
    """
    grey = np.asarray(image.convert("L"))
    rows, columns = np.nonzero(grey > threshold)
    height, width = grey.shape
    box = columns.min() / width, rows.min() / height, columns.max() / width, rows.max() / height
    return box, len(rows)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (320, 180)])
@pytest.mark.parametrize("body", ["", "Tuesday, 10 am", LONG, "W" * 300, "- one\n- two\n\nthree"])
def test_text_never_leaves_the_safe_area(style, size, body):
    image = bulletin("City Council meets on Tuesday", body, style, *size, STATION, "10:42 am")
    assert image.size == size
    (left, top, right, bottom), _ = lit(image)
    assert left >= 0.045 and top >= 0.045
    assert right <= 0.955 and bottom <= 0.955


def test_a_long_heading_shrinks_and_leaves_room_for_the_body():
    with_body = lit(bulletin(LONG[:160], "Call 311", "plain", 640, 360))[1]
    without = lit(bulletin(LONG[:160], "", "plain", 640, 360))[1]
    assert with_body > without


def test_short_text_is_set_larger_than_long_text():
    def tallest(body):
        grey = np.asarray(bulletin("", body, "plain", 640, 360).convert("L"))[:, 60:]
        rows = (grey > 140).any(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(int), [0]])))
        return max(edges[1::2] - edges[::2])

    assert tallest("Happy") > 1.5 * tallest(LONG)


def test_text_too_long_for_any_size_ends_in_an_ellipsis():
    whole, more = (
        bulletin("", LONG * 4, "plain", 640, 360),
        bulletin("", LONG * 9, "plain", 640, 360),
    )
    assert np.array_equal(np.asarray(whole), np.asarray(more))


def test_the_same_text_gives_the_same_picture():
    one, two = (slate("We will be right back", 640, 360, STATION) for _ in range(2))
    assert one.tobytes() == two.tobytes()


def test_an_unknown_style_is_plain():
    plain = bulletin("a", "b", "plain", 320, 180)
    assert bulletin("a", "b", "no such", 320, 180).tobytes() == plain.tobytes()


@dataclass
class Page:
    heading: str
    body: str
    style: str = "notice"


def test_a_page_is_drawn_in_its_style_and_bare_text_is_a_slate():
    page = render(Page("a", "b"), 320, 180, station="s", now_text="n")
    assert page.tobytes() == bulletin("a", "b", "notice", 320, 180, "s", "n").tobytes()
    assert render("Back soon", 320, 180).tobytes() == slate("Back soon", 320, 180).tobytes()


def test_empty_text_still_makes_a_picture():
    for image in (
        bulletin("", "", "plain", 320, 180),
        slate("", 320, 180),
    ):
        assert image.size == (320, 180)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_colours_become_bt709_limited_range(colour, expected):
    raw = np.frombuffer(to_i420(Image.new("RGB", (64, 36), colour)), np.uint8)
    assert len(raw) == 64 * 36 * 3 // 2
    luma, blue, red = raw[0], raw[64 * 36], raw[-1]
    assert np.allclose((luma, blue, red), expected, atol=1)


def test_an_urgent_slide_does_not_look_like_a_plain_one():
    looks = {
        bulletin("Boil water", "Until further notice.", style, 320, 180).tobytes()
        for style in STYLES
    }
    assert len(looks) == len(STYLES)
