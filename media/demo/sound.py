"""Sound for the demo city: murmured speech without words, and quiet music, made with numpy."""

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from config.names import SAMPLE_RATE
from media.asset import TARGET_LKFS
from media.loudness import LoudnessMeter

Sound = NDArray[np.float32]
VOWELS = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
)
"""The first three formants of five vowels, Hz."""
WIDTHS = (90.0, 110.0, 160.0)
HIGHEST_HZ = 3800.0
SCALE = (0, 2, 4, 7, 9, 12, 14, 16)


@dataclass(frozen=True)
class Voice:
    """One murmuring speaker: pitch in Hz, size of the throat (1 = grown man), and pace."""

    pitch: float
    throat: float = 1.0
    pace: float = 1.0


VOICES = (
    Voice(112),
    Voice(188, 1.15),
    Voice(98, 0.96, 0.9),
    Voice(205, 1.18, 1.1),
    Voice(135, 1.04),
)


def _syllable(voice: Voice, vowel: int, rise: float, seconds: float) -> Sound:
    """Make one syllable: harmonics of a gliding pitch, weighted by the vowel's formants."""
    count = round(seconds * SAMPLE_RATE)
    at = np.linspace(0.0, 1.0, count, dtype=np.float32)
    pitch = voice.pitch * (1 + rise * (at - 0.5))
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    sound = np.zeros(count, np.float32)
    for harmonic in range(1, int(HIGHEST_HZ / voice.pitch)):
        hz = harmonic * voice.pitch
        weight = 0.0
        for formant, width in zip(VOWELS[vowel], WIDTHS, strict=True):
            weight += 1.0 / (1.0 + ((hz - formant * voice.throat) / width) ** 2)
        sound += (weight / harmonic**0.45 * np.sin(harmonic * phase)).astype(np.float32)
    envelope = np.minimum(1.0, np.minimum(at / 0.18, (1 - at) / 0.35))
    return np.asarray(sound * envelope**1.5, np.float32)


def murmur(voice: Voice, seconds: float, seed: int) -> Sound:
    """Make speech without words: phrases of syllables with pauses between them."""
    rng = np.random.default_rng(seed)
    bank = [
        _syllable(voice, vowel, rise, length / voice.pace)
        for vowel in range(len(VOWELS))
        for rise, length in ((0.12, 0.15), (-0.1, 0.2), (-0.22, 0.28))
    ]
    sound, at = np.zeros(round(seconds * SAMPLE_RATE), np.float32), 0
    while at < len(sound):
        for _ in range(int(rng.integers(5, 14))):
            piece = bank[int(rng.integers(len(bank)))] * rng.uniform(0.55, 1.0)
            if rng.random() < 0.35:
                at += _hiss(sound, at, rng)
            room = sound[at : at + len(piece)]
            room += piece[: len(room)]
            at += int(len(piece) * rng.uniform(0.8, 1.05))
        at += int(rng.uniform(0.25, 0.9) * SAMPLE_RATE)
    return sound


def _hiss(sound: Sound, at: int, rng: np.random.Generator) -> int:
    """Add a consonant, a short breath of noise; return how many samples it took."""
    length = int(rng.uniform(0.03, 0.07) * SAMPLE_RATE)
    noise = np.diff(rng.normal(0, 0.16, length + 1)).astype(np.float32) * np.hanning(length)
    room = sound[at : at + length]
    room += noise[: len(room)].astype(np.float32)
    return int(length * 0.8)


def council(seconds: float, turn: float, seed: int) -> Sound:
    """Make speakers who take turns of `turn` seconds, in a quiet room."""
    parts = []
    for number in range(int(np.ceil(seconds / turn))):
        parts.append(murmur(VOICES[(number + seed) % len(VOICES)], turn, seed * 97 + number))
    sound = np.concatenate(parts)[: round(seconds * SAMPLE_RATE)]
    echo = round(0.061 * SAMPLE_RATE)
    sound[echo:] += 0.22 * sound[:-echo]
    return sound + _room(len(sound), seed)


def _room(samples: int, seed: int) -> Sound:
    """Make the background of a room: soft low noise."""
    block = np.random.default_rng(seed).normal(0, 1, SAMPLE_RATE * 4)
    soft = np.convolve(block, np.hanning(64) / 32, mode="same").astype(np.float32)
    return np.resize(soft * 0.02, samples)


def _pluck(hz: float, seconds: float) -> Sound:
    at = np.arange(round(seconds * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    tone = sum(
        np.sin(2 * np.pi * hz * n * at) * np.exp(-at * (2.2 + n)) / n**1.6 for n in (1, 2, 3)
    )
    return np.asarray(tone * np.minimum(1, at / 0.006), np.float32)


def music(seconds: float, seed: int, *, base: float = 196.0, beat: float = 0.5) -> Sound:
    """Make a slow pentatonic figure over held chords."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    plucks = {step: _pluck(base * 2 ** (step / 12), 1.6) for step in SCALE}
    step = 2
    for number in range(int(seconds / beat)):
        step = int(np.clip(step + rng.integers(-2, 3), 0, len(SCALE) - 1))
        if rng.random() < 0.82:
            _mix(sound, plucks[SCALE[step]] * 0.5, round(number * beat * SAMPLE_RATE))
    for number in range(int(np.ceil(seconds / (8 * beat)))):
        root = (0, -3, -5, 2)[number % 4]
        for tone in (0, 7, 12):
            pad = _pad(base / 2 * 2 ** ((root + tone) / 12), 8 * beat)
            _mix(sound, pad * 0.12, round(number * 8 * beat * SAMPLE_RATE))
    fade = round(0.6 * SAMPLE_RATE)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _pad(hz: float, seconds: float) -> Sound:
    at = np.arange(round(seconds * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    swell = np.minimum(1, np.minimum(at / 0.8, (seconds - at) / 0.8))
    return np.asarray(
        (np.sin(2 * np.pi * hz * at) + 0.3 * np.sin(4 * np.pi * hz * at)) * swell, np.float32
    )


def _mix(sound: Sound, piece: Sound, at: int) -> None:
    room = sound[at : at + len(piece)]
    room += piece[: len(room)]


def levelled(sound: Sound) -> NDArray[np.int16]:
    """Return the sound as stereo samples at -24 LKFS, with peaks under full scale."""
    loudness = _loudness(sound[: 40 * SAMPLE_RATE] / (np.abs(sound).max() + 1e-9) * 0.5)
    scaled = sound / (np.abs(sound).max() + 1e-9) * 0.5 * 10 ** ((TARGET_LKFS - loudness) / 20)
    bent = np.tanh(scaled)
    return np.repeat((bent * 32000).astype(np.int16), 2)


def _loudness(sound: Sound) -> float:
    meter = LoudnessMeter()
    stereo = np.repeat((sound * 32767).astype(np.int16), 2)[None, :]
    for begin in range(0, stereo.shape[1], 16384):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(stereo[:, begin : begin + 16384]), format="s16", layout="stereo"
        )
        frame.sample_rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
        meter.hear(frame)
    return meter.integrated() or TARGET_LKFS
