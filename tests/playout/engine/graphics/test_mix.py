"""The mix of a graphic and a picture is right to one level, and leaves what it does not cover."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.layer_files import layer_file, plain_layer

from playout.engine.graphics.mix import read_sprite
from playout.engine.graphics.moments import OPAQUE

BENEATH = np.arange(256, dtype=np.uint8).reshape(2, 128)


def mixed(folder: Path, luma: int, alpha: int, strength: int) -> NDArray[np.uint8]:
    """Return what becomes of each of the 256 levels beneath a graphic."""
    sprite = read_sprite(plain_layer(folder / "g", 128, 2, luma, alpha), 128, 2)
    picture = BENEATH.copy()
    sprite.plane(0, 0, 128, strength).lay(picture)
    return picture


@pytest.mark.parametrize("alpha", [0, 1, 2, 100, 127, 128, 204, 254, 255])
@pytest.mark.parametrize("strength", [1, 51, 128, 255, OPAQUE])
def test_every_mix_is_right_to_one_level(tmp_path: Path, alpha: int, strength: int) -> None:
    share = alpha / 255 * strength / OPAQUE
    for luma in (0, 16, 180, 235, 255):
        exact = luma * share + BENEATH * (1 - share)

        assert np.abs(mixed(tmp_path, luma, alpha, strength) - exact).max() < 1.6


def test_nothing_changes_where_a_graphic_is_clear_and_nothing_shines_through_where_it_is_whole(
    tmp_path: Path,
) -> None:
    assert (mixed(tmp_path, 235, 0, OPAQUE) == BENEATH).all()
    assert (mixed(tmp_path, 235, 0, 100) == BENEATH).all()
    assert (mixed(tmp_path, 235, 255, OPAQUE) == 235).all()


def test_every_plane_has_its_own_pixels(tmp_path: Path) -> None:
    alpha = np.zeros((4, 6), np.uint8)
    alpha[:2, :2] = 255
    path = layer_file(tmp_path / "g", np.full((4, 6), 90, np.uint8), alpha, blue=200, red=50)
    sprite = read_sprite(path, 6, 4)
    planes = [np.full((4, 6), 7, np.uint8), *(np.full((2, 3), 7, np.uint8) for _ in "br")]
    for number, plane in enumerate(planes):
        sprite.plane(number, 0, plane.shape[1], OPAQUE).lay(plane)

    for plane, value in zip(planes, (90, 200, 50), strict=True):
        covered = plane == value
        assert covered.sum() == plane.size // 6 and (plane[~covered] == 7).all()


def test_a_file_of_another_size_is_refused(tmp_path: Path) -> None:
    path = plain_layer(tmp_path / "g", 4, 4)

    with pytest.raises(ValueError, match="44 bytes are no graphic of 4x6"):
        read_sprite(path, 4, 6)
