"""One red is one red on air, whatever it came in, and the stream says how to show it."""

from pathlib import Path

import pytest
from PIL import Image
from support.airing import air
from support.colours import RED, RED_601, RED_709, Flat, colours_of, flat_clip, is_near

pytestmark = pytest.mark.air


def test_files_and_stills_of_any_colour_coding_air_as_one_and_the_stream_names_it(
    tmp_path: Path,
) -> None:
    files = [
        flat_clip(tmp_path / "sd.mp4", Flat(RED_601, tag=6)),
        flat_clip(tmp_path / "untagged.mp4", Flat(RED_601)),
        flat_clip(tmp_path / "hd.mp4", Flat(RED_709, (1280, 720), tag=1)),
    ]
    still = tmp_path / "still.png"
    Image.new("RGB", (640, 360), RED).save(still)
    aired = air([*files, still], tmp_path, "--each", "1")
    seen, named = colours_of(aired.path)
    numbers = [place for place, colour in enumerate(seen) if colour[2] > 180]
    shown = seen[numbers[0] : numbers[-1] + 1]

    assert len(shown) > 100
    assert [colour for colour in shown if not is_near(colour, RED_709)] == []
    assert named == (1, 1, 1)
