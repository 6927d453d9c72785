"""The barcode survives what air does to it, and is never believed when damaged."""

import numpy as np
import pytest
from PIL import Image
from support.marks import Mark, active_area, draw_mark, read_mark


def scaled(luma, width, height):
    return np.asarray(Image.fromarray(luma).resize((width, height), Image.Resampling.BILINEAR))


def boxed(luma, width, height):
    box = np.full((height, width), 16, np.uint8)
    top, left = (height - luma.shape[0]) // 2, (width - luma.shape[1]) // 2
    box[top : top + luma.shape[0], left : left + luma.shape[1]] = luma
    return box


@pytest.mark.parametrize("house", [(640, 360), (320, 180), (1280, 720)])
@pytest.mark.parametrize("source", [(1920, 1080), (720, 1280), (720, 480), (640, 360)])
def test_a_mark_survives_scaling_with_bars(source, house):
    mark = Mark(0xA5C3, 0xFEDCB, flash=True)
    share = min(house[0] / source[0], house[1] / source[1])
    small = scaled(draw_mark(mark, *source), round(source[0] * share), round(source[1] * share))
    assert read_mark(boxed(small, *house)) == mark


def test_every_number_reads_back_as_itself():
    rng = np.random.default_rng(7)
    for _ in range(300):
        mark = Mark(int(rng.integers(1 << 16)), int(rng.integers(1 << 20)), bool(rng.integers(2)))
        assert read_mark(draw_mark(mark, 320, 180)) == mark


def test_a_mark_survives_the_noise_of_a_cheap_encoder():
    luma = draw_mark(Mark(9, 1234), 320, 180).astype(int)
    noisy = luma + np.random.default_rng(1).normal(0, 14, luma.shape)
    assert read_mark(np.clip(noisy, 0, 255).astype(np.uint8)) == Mark(9, 1234)


def test_a_blend_of_two_frames_reads_as_no_mark():
    one, two = draw_mark(Mark(9, 127), 640, 360), draw_mark(Mark(9, 128), 640, 360)
    assert read_mark(((one.astype(int) + two) // 2).astype(np.uint8)) is None


def test_a_mark_with_one_wrong_block_is_rejected():
    luma = draw_mark(Mark(9, 127), 640, 360).copy()
    block = luma[110:145, 270:310]
    block[:] = np.where(block > 128, 40, 215)
    assert read_mark(luma) is None


@pytest.mark.parametrize("level", [0, 16, 110, 235])
def test_a_flat_picture_carries_no_mark(level):
    assert read_mark(np.full((360, 640), level, np.uint8)) is None


def test_black_has_no_active_area():
    assert active_area(np.full((360, 640), 16, np.uint8)) is None
