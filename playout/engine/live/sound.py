"""Sound of a live source: channels, gain, and resampling to the house rate."""

from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from config.names import SAMPLE_RATE
from playout.engine.format.sound import Gain, SampleTape
from playout.engine.links.ring import Sound
from playout.model.source import SoundMap

TAPS = 16
"""Samples that make up one resampled sample, and steps into which a sample is divided."""
PHASES = 512
JUMP_SAMPLES = SAMPLE_RATE * 15 // 1000
"""Samples by which a block may lie off its place before silence is inserted or sound is cut."""
LONGEST_GAP_SAMPLES = 3 * SAMPLE_RATE
"""Longest gap that is filled with silence; after a longer one the tape begins again."""
_Weights = npt.NDArray[np.float32]


def map_channels(block: Sound, how: SoundMap) -> Sound:
    """Return the two channels that air."""
    if how is SoundMap.LEFT:
        return np.repeat(block[:, :1], 2, axis=1)
    if how is SoundMap.RIGHT:
        return np.repeat(block[:, 1:], 2, axis=1)
    if how is SoundMap.MONO:
        both = block.astype(np.int32).sum(axis=1, keepdims=True) // 2
        block = np.repeat(both, 2, axis=1).astype(np.int16)
    return block


class SourceGain:
    """The gain of a source, with or without the limiter."""

    def __init__(self, gain_db: float, limiter: bool) -> None:
        self._gain = Gain(gain_db) if limiter else None
        self._factor = float(10 ** (gain_db / 20))

    def apply(self, block: Sound) -> Sound:
        """Return the samples with the gain applied. Without the limiter they clip."""
        if self._gain is not None:
            return self._gain.apply(block)
        if self._factor == 1.0:
            return block
        loud = block.astype(np.float32) * self._factor
        clipped: Sound = np.clip(loud.round(), -32768, 32767).astype(np.int16)
        return clipped


@cache
def _table() -> _Weights:
    """Return windowed sinc weights, one row for each fraction of a sample (PHASES of them)."""
    off = np.arange(PHASES + 1)[:, None] / PHASES
    x = np.arange(TAPS)[None, :] - (TAPS // 2 - 1) - off
    weights = np.sinc(x) * np.cos(np.pi * np.clip(x / TAPS, -0.5, 0.5)) ** 2
    even: _Weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return even


def resampled(tape: SampleTape, positions: npt.NDArray[np.float64]) -> Sound:
    """Return the tape's sound at these positions, which rise by about one sample each.

    Positions that are whole samples are copied bit for bit.
    """
    first = int(np.floor(positions[0])) - TAPS
    count = int(np.ceil(positions[-1])) + TAPS - first
    raw = tape.cut(first, count)
    whole = np.floor(positions).astype(np.int64)
    phase = np.rint((positions - whole) * PHASES).astype(np.int64)
    if not phase.any() and np.all(np.diff(whole) == 1):
        return raw[whole[0] - first : whole[0] - first + len(positions)]
    weights, begin = _table()[phase], whole - first - (TAPS // 2 - 1)
    # One channel at a time: what is multiplied lies side by side in memory, which takes a quarter
    # of the time of both channels at once.
    mixed = [
        np.einsum("nt,nt->n", weights, sliding_window_view(channel, TAPS)[begin])
        for channel in np.ascontiguousarray(raw.T, dtype=np.float32)
    ]
    heard: Sound = np.clip(np.rint(np.stack(mixed, 1)), -32768, 32767).astype(np.int16)
    return heard


class SourceTape:
    """Sound of a source on the source's own time. A block that is slightly off its place is
    appended without a seam.
    """

    def __init__(self) -> None:
        self.tape = SampleTape()
        self.has_begun = False
        self.mended = 0
        """How often silence was inserted or sound cut."""

    @property
    def end(self) -> int:
        """Sample after the last one, at 48 kHz on the source's own time."""
        return self.tape.end if self.has_begun else -(1 << 62)

    def lay(self, block: Sound, where: int) -> None:
        """Append a block that belongs at sample `where`.

        Off by 15 ms or less, the block joins the one before: container time stamps are rounded, and
        a seam each time would click. Off by more, insert silence or cut the overlap.
        """
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
        """Drop what lies before this sample, except what the resampler still reads."""
        self.tape.forget(before - 2 * TAPS)
