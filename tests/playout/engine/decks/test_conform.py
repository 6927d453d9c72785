"""Conforming: shape, frame rates and sound, without any decoder."""

from fractions import Fraction

import numpy as np
import pytest

from config.clock import SystemClock
from config.names import FRAME_RATES, HouseFormat
from playout.engine.decks.conform import Conformer
from playout.engine.decks.conform_job import ConformJob
from playout.engine.format.framing import PictureBox, fit, place
from playout.engine.format.sound import CEILING, Gain, SampleTape
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import NO_PICTURE, SAME_PICTURE, Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.pieces import source_frame

HOUSE = HouseFormat.parse("640x360@30000/1001")
SMALL = HouseFormat.parse("64x36@30000/1001")


@pytest.mark.parametrize(
    ("size", "sar", "box"),
    [
        ((1280, 720), Fraction(1), PictureBox(0, 0, 640, 360)),
        ((1920, 1080), Fraction(1), PictureBox(0, 0, 640, 360)),
        ((720, 480), Fraction(8, 9), PictureBox(80, 0, 480, 360)),
        ((720, 480), Fraction(32, 27), PictureBox(0, 0, 640, 360)),
        ((720, 1280), Fraction(1), PictureBox(218, 0, 202, 360)),
        ((1920, 800), Fraction(1), PictureBox(0, 46, 640, 266)),
    ],
)
def test_pictures_keep_their_shape(size: tuple[int, int], sar: Fraction, box: PictureBox) -> None:
    assert fit(*size, sar, HOUSE) == box


def test_area_outside_the_picture_is_black() -> None:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 1.0)))
    target = ring.begin(0).picture
    target[:] = 200
    source = [np.full((36, 64), level, dtype=np.uint8) for level in (90, 60, 70)]
    place(target, SMALL, PictureBox(16, 0, 32, 36), source)
    luma, blue, red = planes(target, 64, 36)
    assert set(luma[:, :16].ravel()) == {16}
    assert set(luma[:, 48:].ravel()) == {16}
    assert set(luma[:, 16:48].ravel()) == {90}
    assert set(blue[:, :8].ravel()) == {128}
    assert set(red[:, 8:24].ravel()) == {70}


@pytest.mark.parametrize(
    ("slot", "begins", "picture", "samples"),
    [
        (0, 0.000, 0, (0, 1601)),
        (1, 0.033, 0, (1601, 3203)),
        (2, 0.067, 1, (3203, 4804)),
        (3, 0.100, 2, (4804, 6406)),
        (4, 0.133, 3, (6406, 8008)),
        (5, 0.167, 4, (8008, 9609)),
    ],
)
def test_each_row_of_the_worked_example_holds(
    slot: int, begins: float, picture: int, samples: tuple[int, int]
) -> None:
    """The example in the docstring of Conformer."""
    assert float(slot / HOUSE.rate) == pytest.approx(begins, abs=0.0005)
    assert source_frame(slot, Fraction(25), HOUSE.rate) == picture
    assert (sound_before(HOUSE.rate, slot), sound_before(HOUSE.rate, slot + 1)) == samples


@pytest.mark.parametrize("source", sorted(FRAME_RATES))
@pytest.mark.parametrize("house", sorted(FRAME_RATES))
def test_no_source_frame_is_more_than_a_house_frame_off_its_time(
    source: Fraction, house: Fraction
) -> None:
    for slot in range(0, 2000, 7):
        frame = source_frame(slot, source, house)
        off = slot / house - frame / source
        assert -Fraction(1, 900) <= off < max(1 / source, 1 / house)


def test_equal_rates_give_every_frame_once_however_the_container_rounds_them() -> None:
    rounded = Fraction(500000, 16683)
    assert [source_frame(n, rounded, SMALL.rate) for n in range(9000)] == list(range(9000))


def conformer(**more: object) -> tuple[Conformer, Ring]:
    ring = Ring(make_ring("test", ring_shape_for(SMALL, 2.0)))
    values: dict[str, object] = {
        "generation": 1,
        "first": 0,
        "rate": SMALL.rate,
        "box": PictureBox(0, 0, 64, 36),
        **more,
    }
    return Conformer(ring, ConformJob(**values), SystemClock()), ring  # type: ignore[arg-type]


def pictures(count: int) -> list[list[np.ndarray]]:
    return [[np.full((36, 64), 30 + n, dtype=np.uint8)] * 3 for n in range(count)]


def test_sound_is_placed_on_the_sample_of_its_time() -> None:
    conform, ring = conformer()
    start = 5_000_000
    click = np.zeros((48000, 2), dtype=np.int16)
    click[sound_before(SMALL.rate, 10)] = 9999
    conform.sound(click, start)
    for number, picture in enumerate(pictures(20)):
        conform.picture(picture, start + number * 1001 * 1_000_000 // 30000, True)
    slots = [ring.look(position) for position in range(20)]
    loud = [n for n, slot in enumerate(slots) if slot is not None and slot.sound[1:-1].any()]
    assert loud == [10]
    slot = slots[10]
    assert slot is not None
    assert abs(int(np.argmax(slot.sound[:, 0])) - 1) <= 2


def test_a_file_without_sound_is_silent() -> None:
    conform, ring = conformer(has_sound=False)
    for number, picture in enumerate(pictures(5)):
        conform.picture(picture, number * 33367, True)
    assert ring.head == 5
    slot = ring.look(4)
    assert slot is not None
    assert int(slot.picture[0]) == 34
    assert not slot.sound.any()


def test_sound_alone_makes_slots_without_picture() -> None:
    conform, ring = conformer(has_picture=False)
    conform.sound(np.full((16016, 2), 7, dtype=np.int16), 1_000_000)
    assert ring.head >= 9
    slot = ring.look(3)
    assert slot is not None
    assert slot.flags == NO_PICTURE
    assert (slot.sound[1 : slot.samples - 1] == 7).all()


def test_sound_longer_than_the_picture_keeps_the_last_picture() -> None:
    conform, ring = conformer()
    conform.sound(np.full((16016, 2), 7, dtype=np.int16), 0)
    for number, picture in enumerate(pictures(5)):
        conform.picture(picture, number * 33367, True)
    assert conform.finish()
    assert ring.head in (9, 10)
    slot = ring.look(8)
    assert slot is not None
    assert (int(slot.picture[0]), slot.flags) == (34, SAME_PICTURE)


def test_a_still_lasts_as_long_as_there_is_room() -> None:
    conform, ring = conformer(still=True, has_sound=False)
    conform.picture(pictures(1)[0], 0, True)
    conform.pump()
    assert ring.room() == 0
    slot = ring.look(ring.head - 1)
    assert slot is not None
    assert slot.frame == ring.head - 1
    assert int(slot.picture[0]) == 30


def test_gain_is_exact_where_nothing_is_too_loud() -> None:
    block = np.full((1024, 2), 1000, dtype=np.int16)
    assert (Gain(6.0206).apply(block) == 2000).all()
    assert Gain(0.0).apply(block) is block


def test_the_limiter_never_passes_its_ceiling() -> None:
    rng = np.random.default_rng(1)
    gain = Gain(12.0)
    for _ in range(20):
        block = rng.integers(-32768, 32767, (1024, 2)).astype(np.int16)
        assert np.abs(gain.apply(block).astype(int)).max() <= CEILING + 1
    assert gain.limited == 20


def test_tape_is_silent_where_it_has_no_samples() -> None:
    tape = SampleTape()
    tape.start_at(10)
    tape.put(np.full((5, 2), 3, dtype=np.int16))
    assert tape.cut(8, 9)[:, 0].tolist() == [0, 0, 3, 3, 3, 3, 3, 0, 0]
