"""Colours on air: one red is one red whatever its coding, and the stream names its matrix."""

import pytest
from support.captured_airing import CapturedAiring
from support.colours import RED_709, colours_of, is_near
from support.reel import REDS, SECONDS

pytestmark = pytest.mark.air


def test_files_and_stills_of_any_colour_coding_air_as_one_and_the_stream_names_it(
    mixed: CapturedAiring,
) -> None:
    seen, named = colours_of(mixed.path)
    numbers = [place for place, colour in enumerate(seen) if colour[2] > 180]
    shown = seen[numbers[0] : numbers[-1] + 1]

    assert len(shown) > (REDS - 0.5) * SECONDS * 30
    assert [colour for colour in shown if not is_near(colour, RED_709)] == []
    assert named == (1, 1, 1)
