"""House sound: gain with a limiter, and a file's samples placed by their time stamps."""

from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from config.names import SAMPLE_RATE
from playout.engine.links.ring import Sound

JUMP_SAMPLES = SAMPLE_RATE * 40 // 1000
"""Samples off its place from which a block has a hole or an overlap before it; less is rounding."""
LONGEST_HOLE_SAMPLES = 10 * SAMPLE_RATE
"""Longest hole that is filled with silence: a broken date must not fill the memory."""
CEILING = 10 ** (-1 / 20) * 32767
"""Level that limited sound stays below: 1 dB below full scale."""
_CHUNK = 64
"""Samples that the limiter judges together, and how slowly it recovers after each."""
_RELEASE = 0.97
_Levels = npt.NDArray[np.float32]


class Gain:
    """A gain with a limiter: peaks above CEILING are turned down, never clipped."""

    def __init__(self, decibels: float) -> None:
        self._factor = float(10 ** (decibels / 20))
        self._level = 1.0
        self.limited = 0
        """Blocks in which the limiter acted."""

    def apply(self, block: Sound) -> Sound:
        """Return the same samples with the gain applied."""
        if self._factor == 1.0:
            return block
        loud = block.astype(np.float32) * self._factor
        peak = float(np.abs(loud).max(initial=0.0))
        if peak > CEILING or self._level < 0.999:
            self.limited += peak > CEILING
            loud *= self._curve(loud)[:, None]
        return loud.round().astype(np.int16)

    def _curve(self, loud: _Levels) -> _Levels:
        """Return the limiter's factor for each sample: down at once, back up slowly."""
        chunks = -(-len(loud) // _CHUNK)
        padded = np.zeros((chunks * _CHUNK, loud.shape[1]), dtype=np.float32)
        padded[: len(loud)] = np.abs(loud)
        peaks = padded.reshape(chunks, -1).max(axis=1)
        wanted = np.minimum(1.0, CEILING / np.maximum(peaks, 1.0))
        levels = [self._level]
        for level in wanted:
            risen = 1.0 - (1.0 - levels[-1]) * _RELEASE
            levels.append(min(float(level), risen))
        levels[0] = min(levels[0], levels[1])
        edges = [min(pair) for pair in zip(levels, levels[1:], strict=False)] + [levels[-1]]
        self._level = levels[-1]
        where = np.arange(len(loud)) / _CHUNK
        curve = np.interp(where, np.arange(len(edges)), edges).astype(np.float32)
        return np.minimum(curve, np.repeat(wanted, _CHUNK)[: len(loud)].astype(np.float32))


class SampleTape:
    """Stereo samples by their number, counted from the first frame of a file; silence where there
    are none.
    """

    def __init__(self) -> None:
        self._blocks: list[Sound] = []
        self._starts: list[int] = []
        """Number of each block's first sample."""
        self.end = 0
        """Number of the sample after the last one."""

    def start_at(self, sample: int) -> None:
        """Set the number of the first sample. Call it before the first `put`."""
        self.end = sample

    def put(self, block: Sound) -> None:
        """Append a block."""
        self._blocks.append(block)
        self._starts.append(self.end)
        self.end += len(block)

    def cut(self, first: int, count: int) -> Sound:
        """Return a copy of `count` samples from sample `first` on."""
        out = np.zeros((count, 2), dtype=np.int16)
        begin, last = max(0, bisect_right(self._starts, first) - 1), first + count
        for place in range(begin, len(self._starts)):
            at, block = self._starts[place], self._blocks[place]
            if at >= last:
                break
            low, high = max(first, at), min(last, at + len(block))
            if low < high:
                out[low - first : high - first] = block[low - at : high - at]
        return out

    def forget(self, before: int) -> None:
        """Drop whole blocks that lie before this sample."""
        while self._blocks and self._starts[0] + len(self._blocks[0]) <= before:
            del self._blocks[0], self._starts[0]


class SoundTrack:
    """Sound of a file on a tape, each block placed by its date relative to the first picture's."""

    def __init__(self, first: int) -> None:
        self.tape = SampleTape()
        self._first = first
        self._early: list[tuple[Sound, int]] = []
        self._base: int | None = None
        self.has_begun = False
        self.jumps = 0
        """Blocks with a hole or an overlap before them."""

    @property
    def is_placed(self) -> bool:
        """Tell whether the instant of the first sample is known."""
        return self._base is not None

    @property
    def first_date(self) -> int | None:
        """Date of the first block that waits for a place, in microseconds."""
        return self._early[0][1] if self._early else None

    def place(self, base: int) -> None:
        """Set the date of the first sample (microseconds), and place the blocks that waited."""
        self._base = base
        early, self._early = self._early, []
        for block, date in early:
            self.put(block, date)

    def put(self, block: Sound, date: int) -> None:
        """Place the next block by its date (microseconds), and keep it.

        A hole becomes silence, an overlap is cut. A block less than JUMP_SAMPLES off just joins on,
        because dates are rounded.
        """
        if self._base is None:
            self._early.append((block, date))
            return
        where = self._first + round((date - self._base) * SAMPLE_RATE / 1e6)
        if not self.has_begun:
            self.tape.start_at(where)
            self.has_begun = True
        off = where - self.tape.end
        self.jumps += abs(off) > JUMP_SAMPLES
        if off > JUMP_SAMPLES:
            self.tape.put(np.zeros((min(off, LONGEST_HOLE_SAMPLES), 2), dtype=np.int16))
        elif off < -JUMP_SAMPLES:
            block = block[-off:]
        self.tape.put(block)
