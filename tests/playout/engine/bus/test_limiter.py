"""The limiter: true peaks below the ceiling, no bit changed below it, no seam between ticks."""

import numpy as np
import pytest

from config.names import SAMPLE_RATE
from playout.engine.bus.limiter import CEILING_DBTP, LOOK_AHEAD, Limiter
from playout.engine.format.true_peak import TAPS, peaks_between
from playout.engine.links.ring import Sound

TICK = 1601


def true_peak_db(sound: Sound) -> float:
    """Return the true peak from sixteen points a sample, by a spectrum and not by the limiter's
    filter."""
    padded = np.concatenate((np.zeros((500, 2)), sound / 32768, np.zeros((500, 2))))
    spectrum = np.fft.rfft(padded, axis=0)
    fine = np.fft.irfft(spectrum, 16 * len(padded), axis=0) * 16
    return 20 * float(np.log10(np.abs(fine).max()))


def limited(sound: Sound, tick: int = TICK) -> Sound:
    """Return all of the sound as one limiter passes it, tick by tick, brought back in time."""
    limiter, tail = Limiter(), np.zeros((LOOK_AHEAD, 2), dtype=np.int16)
    fed = np.concatenate((sound, tail))
    blocks = [limiter.apply(fed[at : at + tick]) for at in range(0, len(fed), tick)]
    return np.concatenate(blocks)[LOOK_AHEAD:]


def stereo(wave: np.ndarray, other: float = 1.0) -> Sound:
    """Return a wave (1.0 is full scale) as house sound, the right channel scaled by `other`."""
    both = np.stack((wave, wave * other), axis=1)
    return (both * 32767).round().clip(-32768, 32767).astype(np.int16)


def sine(hertz: float, level: float, phase: float = 0.0, seconds: float = 0.5) -> np.ndarray:
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return level * np.sin(2 * np.pi * hertz * at + np.radians(phase))


def noise(highest_hertz: float) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(1).uniform(-1, 1, 24000))
    spectrum[round(highest_hertz / SAMPLE_RATE * 24000) :] = 0
    return np.fft.irfft(spectrum)


def test_a_peak_between_two_samples_is_seen() -> None:
    """At a quarter of the sampling rate and 45 degrees every sample is 3 dB below the wave."""
    wave = stereo(sine(SAMPLE_RATE / 4, 1.0, 45.0)).astype(np.float32)
    assert np.abs(wave).max() < 0.708 * 32768
    middle = peaks_between(wave)[100:-100]
    assert 20 * np.log10(middle.max() / 32768) == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("level_db", [-2.3, -6.0, -20.0, -90.0])
@pytest.mark.parametrize("hertz", [50.0, 997.0, 9000.0])
def test_sound_below_the_ceiling_passes_bit_for_bit(hertz: float, level_db: float) -> None:
    wave = sine(hertz, 10 ** (level_db / 20))
    sound = stereo(wave * np.hanning(len(wave)) ** 0.2, 0.3)
    assert np.array_equal(limited(sound), sound)


LOUD = {
    "sine between samples": stereo(sine(SAMPLE_RATE / 4, 1.0, 45.0)),
    "bass": stereo(sine(50.0, 1.0)),
    "voice, right channel alone": stereo(sine(440.0, 0.1), 10.0),
    "clipped": stereo(np.clip(sine(300.0, 8.0), -1, 1)),
    "step": stereo(np.repeat([0.0, 0.95, -0.95, 0.1], 6000)),
    "single samples": stereo(np.where(np.arange(24000) % 1601 == 0, 1.0, 0.0)),
    "noise": stereo(noise(16_000.0), -1.0),
    "join of quiet and loud": stereo(np.concatenate((sine(997.0, 0.05), sine(2000.0, 1.0)))),
    "join in the middle of a wave": stereo(np.concatenate((sine(80, 0.9, 90), sine(80, 0.9, -90)))),
}


@pytest.mark.parametrize("name", LOUD)
@pytest.mark.parametrize("tick", [800, 1601, 2000])
def test_no_true_peak_leaves_above_the_ceiling(name: str, tick: int) -> None:
    out = limited(LOUD[name], tick)
    assert true_peak_db(LOUD[name]) > CEILING_DBTP
    assert true_peak_db(out) <= CEILING_DBTP


@pytest.mark.parametrize("name", LOUD)
def test_length_of_a_tick_leaves_no_trace_in_the_sound(name: str) -> None:
    assert np.abs(limited(LOUD[name], 800).astype(int) - limited(LOUD[name], 2000)).max() <= 1


def test_level_falls_before_the_peak_and_returns_within_a_second() -> None:
    quiet = sine(997.0, 0.25, seconds=2.0)
    quiet[SAMPLE_RATE // 2] = 1.0
    sound = stereo(quiet)
    gain = np.abs(limited(sound)[:, 0]) / np.maximum(1, np.abs(sound[:, 0].astype(float)))
    heard = np.abs(sound[:, 0]) > 4000
    at = SAMPLE_RATE // 2
    assert np.all(gain[: at - LOOK_AHEAD - TAPS][heard[: at - LOOK_AHEAD - TAPS]] == 1.0)
    assert gain[at - 3 : at + 3].max() == pytest.approx(10 ** (-2.2 / 20), abs=0.05)
    steps = np.abs(np.diff(gain[heard]))
    assert steps.max() < 0.05
    assert np.all(gain[at + SAMPLE_RATE :][heard[at + SAMPLE_RATE :]] > 0.998)


def test_white_noise_stays_below_the_ceiling_as_the_standard_measures_it() -> None:
    """Above 20 kHz the filter of BS.1770 sees up to 2 dB too little; no program has peaks there."""
    out = limited(stereo(np.random.default_rng(1).uniform(-1, 1, 24000)))
    assert 20 * np.log10(peaks_between(out.astype(np.float32)).max() / 32768) <= CEILING_DBTP


def test_both_channels_are_turned_down_together() -> None:
    out = limited(stereo(sine(440.0, 1.0), 0.5))
    assert np.abs(out[:, 0].astype(int) - 2 * out[:, 1].astype(int)).max() <= 2


def test_a_new_limiter_lets_no_peak_through() -> None:
    """The bus may restart in the middle of loud sound."""
    loud = LOUD["noise"]
    first = Limiter().apply(loud[7 : 7 + TICK])[: -2 * TAPS]
    assert true_peak_db(first) <= CEILING_DBTP
