"""Colours: whatever a picture's coding, deck, live deck and gateway convert it to the house's."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from support.colours import (
    RED_601,
    RED_601_FULL,
    RED_709,
    Colour,
    Flat,
    colour_at,
    flat_clip,
    flat_picture,
    is_near,
)

from config.clock import SystemClock
from config.names import HouseFormat
from media.colour import BT601, HOUSE_MATRIX, planes_of
from playout.engine.decks.conform import Conformer
from playout.engine.decks.conform_job import ConformJob
from playout.engine.format.framing import PictureBox
from playout.engine.gateway.encode import Encoder
from playout.engine.links.ring import Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.file_options import family_of
from playout.engine.vlc.tracks import merge_tracks, read_tracks

SMALL = HouseFormat.parse("64x36@30000/1001")
BOX = PictureBox(8, 0, 48, 36)


@pytest.mark.parametrize(("matrix", "given"), [(BT601, RED_601), (HOUSE_MATRIX, RED_709)])
@pytest.mark.parametrize("still", [False, True])
def test_deck_converts_pictures_to_the_house_colours(
    matrix: int, given: Colour, still: bool
) -> None:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 2.0)))
    run = ConformJob(1, 0, SMALL.rate, BOX, matrix, has_sound=False, still=still)
    conformer = Conformer(ring, run, SystemClock())
    source = planes_of(flat_picture(Flat(given, (64, 36))))
    before = [plane.copy() for plane in source]
    conformer.picture(source, 9_000_000, True)
    slot = ring.look(0)

    assert slot is not None
    shown = planes(slot.picture, 64, 36)
    assert is_near(colour_at(shown), RED_709, 1)
    assert (shown[0][0, 7], shown[1][0, 3], shown[2][0, 3]) == (16, 128, 128)
    for plane, kept in zip(source, before, strict=True):
        assert np.array_equal(plane, kept)


@pytest.mark.parametrize(
    ("flat", "matrix"),
    [
        (Flat(RED_601, tag=6), 6),
        (Flat(RED_601, (1280, 720), tag=6), 6),
        (Flat(RED_709, tag=1), HOUSE_MATRIX),
        (Flat(RED_601), BT601),
        (Flat(RED_709, (1280, 720)), HOUSE_MATRIX),
    ],
)
def test_deck_knows_the_colour_matrix_of_a_file(tmp_path: Path, flat: Flat, matrix: int) -> None:
    path = str(flat_clip(tmp_path / "a.mp4", flat, frames=3))
    family = family_of(path)
    assert family is not None
    seen = read_tracks(path, family)

    assert seen.matrix == matrix
    assert merge_tracks(seen, seen).matrix == matrix


@pytest.mark.parametrize(
    "flat",
    [
        Flat(RED_601, (640, 360), tag=6),
        Flat(RED_601_FULL, (1280, 720), tag=5, pixels="yuvj420p"),
        Flat(RED_709, (1280, 720)),
    ],
)
def test_gateway_encodes_in_the_house_colours_and_names_them(flat: Flat) -> None:
    encoder = Encoder.picture(0, flat.size, Fraction(30))
    picture: Any = flat_picture(flat)
    picture.pts, picture.time_base = 0, Fraction(1, 30)
    packs = encoder.encode(picture, 0)
    decoder: Any = av.CodecContext.create("h264", "r")
    frames = [*decoder.decode(av.Packet(packs[0].data)), *decoder.decode(None)]

    assert is_near(colour_at(planes_of(frames[0])), RED_709)
    assert int(frames[0].colorspace) == HOUSE_MATRIX
