"""A live source's sound: channels, gain, and samples at the house's rate whatever its own is."""

from functools import cache

import numpy as np
import numpy.typing as npt

from config.names import SAMPLE_RATE
from playout.engine.format.sound import Gain, SampleTape
from playout.engine.links.ring import Sound
from playout.model.source import SoundMap

TAPS = 16
PHASES = 512
JUMP_SAMPLES = SAMPLE_RATE * 15 // 1000
"""Samples by which a block may lie off its place before sound is left out or silence put in."""
LONGEST_GAP_SAMPLES = 3 * SAMPLE_RATE
_Weights = npt.NDArray[np.float32]


def map_channels(block: Sound, how: SoundMap) -> Sound:
    """The two channels that air."""
    if how is SoundMap.LEFT:
        return np.repeat(block[:, :1], 2, axis=1)
    if how is SoundMap.RIGHT:
        return np.repeat(block[:, 1:], 2, axis=1)
    if how is SoundMap.MONO:
        both = block.astype(np.int32).sum(axis=1, keepdims=True) // 2
        block = np.repeat(both, 2, axis=1).astype(np.int16)
    return block


class SourceGain:
    """The gain of a source, with its limiter or without."""

    def __init__(self, gain_db: float, limiter: bool) -> None:
        self._gain = Gain(gain_db) if limiter else None
        self._factor = float(10 ** (gain_db / 20))

    def apply(self, block: Sound) -> Sound:
        """The same samples, louder or softer."""
        if self._gain is not None:
            return self._gain.apply(block)
        if self._factor == 1.0:
            return block
        loud = block.astype(np.float32) * self._factor
        clipped: Sound = np.clip(loud.round(), -32768, 32767).astype(np.int16)
        return clipped


@cache
def _table() -> _Weights:
    """Windowed sinc weights: one row for each part of a sample that a position may lie off."""
    off = np.arange(PHASES + 1)[:, None] / PHASES
    x = np.arange(TAPS)[None, :] - (TAPS // 2 - 1) - off
    weights = np.sinc(x) * np.cos(np.pi * np.clip(x / TAPS, -0.5, 0.5)) ** 2
    even: _Weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return even


def resampled(tape: SampleTape, positions: npt.NDArray[np.float64]) -> Sound:
    """The tape's sound at these positions, which rise by about one sample each."""
    first = int(np.floor(positions[0])) - TAPS
    count = int(np.ceil(positions[-1])) + TAPS - first
    raw = tape.cut(first, count)
    whole = np.floor(positions).astype(np.int64)
    phase = np.rint((positions - whole) * PHASES).astype(np.int64)
    if not phase.any() and np.all(np.diff(whole) == 1):
        return raw[whole[0] - first : whole[0] - first + len(positions)]
    index = whole[:, None] - first - (TAPS // 2 - 1) + np.arange(TAPS)[None, :]
    weights = _table()[phase]
    near = raw.astype(np.float32)[index]
    mixed = np.einsum("nt,ntc->nc", weights, near)
    heard: Sound = np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)
    return heard


class SourceTape:
    """A source's sound by its own time; what comes a little off its place is joined on."""

    def __init__(self) -> None:
        self.tape = SampleTape()
        self.has_begun = False
        self.mended = 0
        """Times that silence was put in or sound left out."""

    @property
    def end(self) -> int:
        """Sample after the last, at the house's rate on the source's own time."""
        return self.tape.end if self.has_begun else -(1 << 62)

    def lay(self, block: Sound, where: int) -> None:
        """Put a block that belongs at sample `where`."""
        if not self.has_begun:
            self.tape.start_at(where)
            self.has_begun = True
        off = where - self.tape.end
        if abs(off) > JUMP_SAMPLES:
            self.mended += 1
            if off > LONGEST_GAP_SAMPLES:
                self.tape = SampleTape()
                self.tape.start_at(where)
            elif off > 0:
                self.tape.put(np.zeros((off, 2), dtype=np.int16))
            else:
                block = block[-off:]
        self.tape.put(block)

    def forget(self, before: int) -> None:
        """Let go of what lies before this sample."""
        self.tape.forget(before - 2 * TAPS)
