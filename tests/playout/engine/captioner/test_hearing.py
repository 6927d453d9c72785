"""Program sound as a recognizer hears it."""

import numpy as np
import pytest

from config.names import SAMPLE_RATE, HouseFormat
from media.speech.words import SPEECH_RATE
from playout.engine.captioner.hearing import Downsampler, ProgramSound
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    mono = np.round(16000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16)
    return np.stack([mono, mono], axis=1)


def loudness(speech: np.ndarray) -> float:
    return float(np.sqrt((speech[100:-100] ** 2).mean()) * np.sqrt(2))


@pytest.mark.parametrize(("hertz", "least", "most"), [(300, 0.47, 0.5), (3000, 0.46, 0.5)])
def test_what_people_say_stays_as_loud_as_it_is(hertz: float, least: float, most: float) -> None:
    assert least < loudness(Downsampler().take(tone(hertz))) < most


@pytest.mark.parametrize("hertz", [9500, 13000, 20000])
def test_what_speech_cannot_hold_does_not_fold_back(hertz: float) -> None:
    assert loudness(Downsampler().take(tone(hertz))) < 0.01


def test_pieces_of_any_size_give_the_same_speech_as_the_whole() -> None:
    whole, down = tone(700), Downsampler()
    sizes = np.random.default_rng(3).integers(1, 3000, 60)
    cuts = np.clip(np.cumsum(sizes), 0, len(whole))
    parts = [down.take(part) for part in np.split(whole, cuts)]

    assert np.allclose(np.concatenate(parts), Downsampler().take(whole), atol=1e-6)


def filled(ring: Ring, ticks: int) -> None:
    for _ in range(ticks):
        tick = ring.head
        slot = ring.begin(tick)
        slot.sound[:1600] = 8000
        ring.commit(tick, 1, tick, 3, 1600)


def test_sound_of_the_program_is_heard_once_in_order() -> None:
    shape = ring_shape_for(HouseFormat.parse("64x36@30"), 1.2)
    ring = Ring(make_ring("program", shape))
    program = ProgramSound(ring)
    filled(ring, 10)
    first = program.new()
    filled(ring, 20)
    second = program.new()

    assert len(first) + len(second) == pytest.approx(30 / 30 * SPEECH_RATE, abs=20)
    assert len(program.new()) == 0


def test_sound_that_left_the_ring_unheard_is_silence_of_its_length() -> None:
    shape = ring_shape_for(HouseFormat.parse("64x36@30"), 1.2)
    ring = Ring(make_ring("program", shape))
    program = ProgramSound(ring)
    filled(ring, 60)
    speech = program.new()

    assert len(speech) == pytest.approx(60 / 30 * SPEECH_RATE, abs=20)
    assert speech[100] == 0 and speech[-100] > 0.2
