"""Conversion of every picture to the one matrix of the house format."""

import numpy as np
import pytest

from media.colour import BT601, HOUSE_MATRIX, OF_RGB, matrix_of, to_house


def planes(luma, blue, red, size=(8, 6)):
    width, height = size
    half = (height // 2, width // 2)
    full = np.full((height, width), luma, np.uint8)
    return full, np.full(half, blue, np.uint8), np.full(half, red, np.uint8)


@pytest.mark.parametrize(
    ("matrix", "given", "right"),
    [
        (BT601, (85, 103, 202), (73, 111, 202)),
        (5, (85, 103, 202), (73, 111, 202)),
        (HOUSE_MATRIX, (73, 111, 202), (73, 111, 202)),
        (BT601, (126, 128, 128), (126, 128, 128)),
        (BT601, (16, 128, 128), (16, 128, 128)),
        (BT601, (235, 128, 128), (235, 128, 128)),
        (BT601, (41, 240, 110), (32, 240, 118)),
        (BT601, (145, 54, 34), (173, 42, 26)),
        (9, (80, 107, 203), (73, 111, 202)),
        (2, (85, 103, 202), (85, 103, 202)),
    ],
)
def test_a_colour_becomes_that_of_the_house(matrix, given, right):
    shown = planes(*given)
    to_house(shown, matrix)

    for plane, value in zip(shown, right, strict=True):
        assert np.abs(plane.astype(int) - value).max() <= 1


def test_chroma_lifts_the_four_pixels_it_belongs_to_and_no_others():
    luma, blue, red = planes(100, 128, 128, (8, 8))
    red[1, 2] = 202
    to_house((luma, blue, red), BT601)

    changed = np.argwhere(luma != 100)
    assert {tuple(place) for place in changed} == {(2, 4), (2, 5), (3, 4), (3, 5)}


def test_a_box_inside_a_larger_picture_is_converted_alone():
    luma, blue, red = planes(85, 103, 202, (16, 12))
    to_house((luma[4:8, 2:10], blue[2:4, 1:5], red[2:4, 1:5]), BT601)

    assert (luma[4, 2], luma[7, 9], luma[3, 2], luma[4, 10]) == (73, 73, 85, 85)
    assert (blue[2, 1], blue[1, 1], red[3, 4], red[3, 5]) == (111, 103, 202, 202)


def test_values_out_of_range_are_clipped():
    dark, bright = planes(2, 240, 240), planes(254, 16, 16)
    to_house(dark, BT601)
    to_house(bright, BT601)

    assert dark[0].max() < 20 and bright[0].min() > 240


@pytest.mark.parametrize(
    ("tag", "size", "matrix"),
    [
        (1, (640, 360), HOUSE_MATRIX),
        (6, (1920, 1080), 6),
        (5, (720, 576), 5),
        (9, (3840, 2160), 9),
        (0, (1280, 720), OF_RGB),
        (2, (1280, 720), HOUSE_MATRIX),
        (2, (720, 480), BT601),
        (2, (720, 576), BT601),
        (2, (960, 720), HOUSE_MATRIX),
        (2, (1280, 534), HOUSE_MATRIX),
        (3, (640, 360), BT601),
    ],
)
def test_an_untagged_picture_gets_the_matrix_players_assume(tag, size, matrix):
    assert matrix_of(tag, *size) == matrix
