"""Gated loudness of a stretch of air, kept in a few hundred numbers however long the stretch is."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from config.names import SAMPLE_RATE
from playout.engine.loudness.meter import HOP_SAMPLES, HOPS_A_BLOCK, Hop, lkfs

ABSOLUTE_GATE = -70.0
"""LKFS below which a block of 400 ms does not count (BS.1770)."""
RELATIVE_GATE = -10.0
"""LU from the loudness of the blocks that pass the first gate, below which a block does not count
either."""
_STEPS = 5
"""Classes of blocks in a decibel. A block on the edge of the gate is judged by its class, which
changes a loudness by less than 0.1 LU."""
_LARGEST_CLASS, _LARGEST_COUNT = 200, 10**9


class LoudnessTally:
    """The loudness of some air: blocks counted by their level, and the highest true peak."""

    def __init__(self) -> None:
        self._classes: dict[int, tuple[int, float]] = {}
        self._last: deque[float] = deque(maxlen=HOPS_A_BLOCK)
        self.hops = 0
        self.true_peak = 0.0
        """Highest true peak, as a part of full scale."""

    @property
    def seconds(self) -> float:
        """Seconds of sound measured."""
        return self.hops * HOP_SAMPLES / SAMPLE_RATE

    def add(self, hop: Hop) -> None:
        """Add the tenth of a second that follows the last one."""
        self.hops += 1
        self.true_peak = max(self.true_peak, hop.true_peak)
        self._last.append(hop.power)
        if len(self._last) < HOPS_A_BLOCK:
            return
        power = sum(self._last) / HOPS_A_BLOCK
        level = lkfs(power)
        if level > ABSOLUTE_GATE:
            place = int(level * _STEPS // 1)
            count, powers = self._classes.get(place, (0, 0.0))
            self._classes[place] = (count + 1, powers + power)

    def part(self) -> None:
        """Note that what comes next does not follow what came last: no block holds both."""
        self._last.clear()

    def merge(self, other: "LoudnessTally") -> None:
        """Add everything that another tally has counted."""
        for place, (count, powers) in other._classes.items():
            mine, own = self._classes.get(place, (0, 0.0))
            self._classes[place] = (mine + count, own + powers)
        self.hops += other.hops
        self.true_peak = max(self.true_peak, other.true_peak)

    def integrated(self) -> float | None:
        """Return the gated loudness, LKFS; None when nothing passed the gate."""
        if not self._classes:
            return None
        gate = lkfs(_mean(self._classes.values())) + RELATIVE_GATE
        above = [pair for place, pair in self._classes.items() if place >= int(gate * _STEPS // 1)]
        return lkfs(_mean(above))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        classes = {
            str(place): [n, float(f"{sum_:.7g}")] for place, (n, sum_) in self._classes.items()
        }
        return {"hops": self.hops, "true_peak": self.true_peak, "classes": classes}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "LoudnessTally":
        """Read what `to_dict` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        made = cls()
        made.hops, made.true_peak = int(kept["hops"]), float(kept["true_peak"])
        for name, (count, powers) in kept["classes"].items():
            place = int(name)
            sane = -1000 <= place <= _LARGEST_CLASS and 0 < count <= _LARGEST_COUNT
            if not sane or not 0 < float(powers) < _LARGEST_COUNT:
                raise ValueError("a class of blocks is out of bounds")
            made._classes[place] = (int(count), float(powers))
        return made


def _mean(pairs: Iterable[tuple[int, float]]) -> float:
    kept = list(pairs)
    return sum(powers for _, powers in kept) / sum(count for count, _ in kept)
