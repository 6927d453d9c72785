"""First pictures: those that libVLC loses while it starts are noticed and replaced."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from support.clips import numbered_clip
from support.marks import read_mark

from config.clock import SystemClock
from config.names import HouseFormat
from media.formats import recognise
from media.headers import family_of
from playout.engine.decks.conform import Conformer
from playout.engine.decks.conform_job import ConformJob
from playout.engine.decks.first_pictures import PICTURES_KEPT, FirstPictures, read_first_pictures
from playout.engine.format.framing import PictureBox
from playout.engine.links.ring import REPEATED, Picture, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for

SMALL = HouseFormat.parse("64x36@30000/1001")
Planes = Sequence[Picture]


def picture(number: int) -> Planes:
    luma = np.full((36, 64), 40, dtype=np.uint8)
    luma[:, number * 4 : number * 4 + 4] = 200
    return [luma, np.full((18, 32), 128, np.uint8), np.full((18, 32), 128, np.uint8)]


def conformed(shown: Sequence[int], expected: int = 0) -> tuple[Conformer, Ring]:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 2.0)))
    first = FirstPictures([picture(n) for n in range(PICTURES_KEPT)])
    run = ConformJob(
        1,
        0,
        SMALL.rate,
        PictureBox(0, 0, 64, 36),
        has_sound=False,
        opening=first,
        pictures=expected,
    )
    conform = Conformer(ring, run, SystemClock())
    for place, number in enumerate(shown):
        conform.picture(picture(number), place * 33_367, True)
    return conform, ring


def numbers(ring: Ring) -> list[int]:
    found = []
    for position in range(ring.head):
        slot = ring.look(position)
        assert slot is not None
        found.append(int(np.argmax(slot.picture[:64] == 200)) // 4)
    return found


@pytest.mark.parametrize("lost", [[0], [1], [0, 1], []])
def test_picture_lost_at_the_start_is_replaced(lost: list[int]) -> None:
    conform, ring = conformed([n for n in range(12) if n not in lost])
    assert numbers(ring) == list(range(12))
    assert conform.mended == len(lost)


def test_a_first_picture_shown_twice_counts_once() -> None:
    assert numbers(conformed([0, 0, 1, 2, 3])[1]) == [0, 1, 2, 3]


def test_identical_first_pictures_are_left_as_they_come() -> None:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 2.0)))
    run = ConformJob(
        1, 0, SMALL.rate, PictureBox(0, 0, 64, 36), has_sound=False,
        opening=FirstPictures([picture(0)] * PICTURES_KEPT),
    )  # fmt: skip
    conform = Conformer(ring, run, SystemClock())
    for place in range(12):
        conform.picture(picture(0), place * 33_367, True)
    assert ring.head == 12
    assert conform.mended == 0


def test_first_pictures_of_a_file_are_read(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "a.ts", codec="mpeg2video", frames=20, audio=None)
    family = family_of(clip.path, clip.path.name)
    pictures = read_first_pictures(clip.path, family, 640, 360)._pictures
    marks = [read_mark(planes[0]) for planes in pictures]
    assert [mark.frame for mark in marks if mark is not None] == list(range(PICTURES_KEPT))


def test_unreadable_file_has_no_first_pictures(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x08ftyp no film")
    family = recognise(path.read_bytes(), path.name)
    assert read_first_pictures(path, family, 64, 36).lost_before(0, picture(3)) == []


def test_slots_whose_picture_never_came_are_flagged() -> None:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 2.0)))
    conform = Conformer(
        ring, ConformJob(1, 0, SMALL.rate, PictureBox(0, 0, 64, 36), pictures=8), SystemClock()
    )
    conform.sound(np.full((16016, 2), 7, dtype=np.int16), 0)
    for place in range(7):
        conform.picture(picture(place), place * 33_367, True)
    assert conform.finish()
    slots = [ring.look(position) for position in range(ring.head)]
    assert [bool(slot.flags & REPEATED) for slot in slots if slot][:9] == [
        *[False] * 7,
        True,
        False,
    ]
