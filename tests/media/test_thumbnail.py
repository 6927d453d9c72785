"""The picture of a cut shows its own beginning, or what follows where that is dull."""

import io
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.clips import numbered_clip
from support.marks import read_mark

from media.probe import ConfinedProber


@pytest.mark.parametrize(("first", "shown"), [(0, 0), (77, 77), (100, 150)])
def test_the_picture_of_a_cut_is_its_first_that_is_not_dull(
    first: int, shown: int, tmp_path: Path
) -> None:
    rate = Fraction(25)
    clip = numbered_clip(
        tmp_path / "film.mp4", rate=rate, frames=200, size=(320, 180), dark=range(100, 140)
    )
    picture = ConfinedProber().thumbnail(clip.path, first=timedelta(seconds=first / 25))
    assert picture is not None
    mark = read_mark(np.asarray(Image.open(io.BytesIO(picture)).convert("L")))

    assert mark is not None and mark.frame == shown
