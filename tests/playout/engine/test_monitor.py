"""The monitor's judgement, on pictures and sound that are known."""

import io

import numpy as np
import pytest
from PIL import Image

from config.names import HouseFormat
from playout.engine.monitor import FLOOR_DB, Monitor, jpeg, level_db, momentary_lkfs
from playout.engine.ring import black
from playout.engine.ringfile import shape_for
from playout.engine.stillstore import house_slate

HOUSE = HouseFormat.parse("320x180@30000/1001")


def test_loudness_of_the_reference_tone_is_what_the_standard_says() -> None:
    tone = np.sin(2 * np.pi * 997 * np.arange(19200) / 48000)
    one_side = np.stack([tone, np.zeros_like(tone)], axis=1)
    assert momentary_lkfs(one_side) == pytest.approx(-3.01, abs=0.05)
    assert momentary_lkfs(one_side * 0.1) == pytest.approx(-23.01, abs=0.05)


def test_silence_has_a_floor_and_not_a_crash() -> None:
    assert level_db(np.zeros(100)) == FLOOR_DB
    assert momentary_lkfs(np.zeros((19200, 2))) == FLOOR_DB
    assert level_db(np.array([0.5, -1.0])) == 0.0


def test_black_frozen_and_silent_need_their_time() -> None:
    monitor, dark = Monitor(HOUSE), black(shape_for(HOUSE, 1.0))
    early = [monitor.see(dark, 0.5) for _ in range(3)][-1]
    assert (early["black"], early["frozen"], early["silent"]) == (False, False, False)
    late = [monitor.see(dark, 0.5) for _ in range(9)][-1]
    assert (late["black"], late["frozen"], late["silent"]) == (True, True, True)


def test_moving_pictures_with_sound_are_well() -> None:
    monitor, rng = Monitor(HOUSE), np.random.default_rng(1)
    for _ in range(20):
        picture = rng.integers(30, 200, HOUSE.picture_bytes).astype(np.uint8)
        monitor.hear(rng.integers(-9000, 9000, (1601, 2)).astype(np.int16))
        meter = monitor.see(picture, 0.5)
    assert (meter["black"], meter["frozen"], meter["silent"]) == (False, False, False)


def test_the_picture_shown_is_the_picture_on_air() -> None:
    image = Image.open(io.BytesIO(jpeg(house_slate(HOUSE), HOUSE))).convert("RGB")
    assert image.size == (320, 180)
    red, _, blue = image.getpixel((5, 5))  # type: ignore[misc]
    assert blue > red + 20
