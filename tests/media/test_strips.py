"""Text over the lower part of the picture: its height, its colours and its safe area."""

import numpy as np
import pytest

from media.palette import PALETTES, Palette
from media.slides.content import SAFE_SHARE
from media.strips import strip, strip_rows

LONG = "The water main on Oak Street is closed until further notice. " * 20


@pytest.mark.parametrize(
    ("height", "rows"),
    [
        pytest.param(1080, 260, id="1080 lines"),
        pytest.param(720, 172, id="720 lines"),
        pytest.param(360, 86, id="360 lines"),
        pytest.param(36, 8, id="the smallest house format"),
        pytest.param(2, 2, id="never less than a pair of rows"),
    ],
)
def test_a_strip_covers_a_quarter_of_the_picture_in_even_rows(height: int, rows: int) -> None:
    assert strip_rows(height) == rows


@pytest.mark.parametrize(
    ("style", "palette"),
    [pytest.param(style, palette, id=style) for style, palette in PALETTES.items()]
    + [pytest.param("no such style", PALETTES["plain"], id="an unknown style is plain")],
)
def test_a_strip_has_the_colours_of_its_style(style: str, palette: Palette) -> None:
    image = strip("", style, 640, 360)

    assert image.size == (640, strip_rows(360))
    assert image.getpixel((320, 0)) == palette.accent
    assert image.getpixel((320, image.height - 1)) == palette.bottom


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        pytest.param("Boil water", False, id="a short text"),
        pytest.param("Boil water\n\nUntil Friday\n- Oak Street", False, id="several lines"),
        pytest.param(LONG, True, id="a text too long for it"),
        pytest.param("W" * 400, True, id="a word too long for a line"),
    ],
)
@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (128, 96)], ids=str)
def test_text_stays_in_the_safe_area(text: str, is_cut: bool, size: tuple[int, int]) -> None:
    """The ellipsis of a text that is cut may reach into the right margin, as far as it is wide."""
    width, height = size
    bare = np.asarray(strip("", "urgent", width, height), np.int16)
    changed = np.asarray(strip(text, "urgent", width, height), np.int16) != bare
    rows, columns = np.nonzero(changed.any(axis=2))

    assert len(rows)
    assert columns.min() >= round(width * SAFE_SHARE) - 1
    assert columns.max() <= width - (0 if is_cut else round(width * SAFE_SHARE))
    assert rows.max() < strip_rows(height) - round(height * SAFE_SHARE)
