"""Notes on each tick of the last seconds: a signature of the picture placed, and its sound.

The monitor writes it for every tick, as the bus published it, graphics included. The watcher of the
output compares what leaves with it, so stillness and silence that were placed are no faults.
"""

import mmap
import os
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from playout.engine.watching.signature import BLOCKS, Signature

PLACED_SLOTS = 720
"""Ticks that are kept: twelve seconds at 60 a second, twenty-four at 30."""
PAGE_BYTES = 4096
_RECORD = np.dtype(
    [("instant", "<i8"), ("power", "<f4"), ("layer", "<u4"), ("blocks", "u1", BLOCKS)]
)
_MARGIN = 16
"""Oldest records that are not read, because the monitor may write over them meanwhile."""


@dataclass(frozen=True)
class Placed:
    """Ticks as they were placed, in order of time; empty where nobody knows."""

    instants: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """Monotonic nanoseconds of each tick."""
    powers: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """Mean square of each tick's samples, of full scale."""
    signatures: npt.NDArray[np.uint8] = field(
        default_factory=lambda: np.zeros((0, BLOCKS), np.uint8)
    )

    def between(self, first: int, last: int) -> "Placed":
        """Return what was placed at instants in [first, last]."""
        here = np.s_[
            int(np.searchsorted(self.instants, first)) : int(
                np.searchsorted(self.instants, last, side="right")
            )
        ]
        return Placed(self.instants[here], self.powers[here], self.signatures[here])


def make_placed() -> int:
    """Return the handle of empty memory for it."""
    handle = os.memfd_create("gavel-placed")
    os.ftruncate(handle, PAGE_BYTES + PLACED_SLOTS * _RECORD.itemsize)
    return handle


class _Memory:
    def __init__(self, handle: int) -> None:
        memory = mmap.mmap(handle, 0)
        self._head = np.frombuffer(memory, np.uint64, 1)
        self._records = np.frombuffer(memory, _RECORD, PLACED_SLOTS, PAGE_BYTES)


class PlacedWriter(_Memory):
    """The monitor's side."""

    def put(self, instant: int, layer: int, power: float, blocks: Signature) -> None:
        """Write what was placed on the next tick."""
        head = int(self._head[0])
        record = self._records[head % PLACED_SLOTS]
        record["instant"], record["layer"], record["power"] = instant, layer, power
        record["blocks"] = blocks
        self._head[0] = head + 1


class PlacedReader(_Memory):
    """The watcher's side."""

    def since(self, instant: int) -> Placed:
        """Return what was placed after this monotonic instant, as far as it is still kept."""
        head = int(self._head[0])
        count = min(head, PLACED_SLOTS - _MARGIN)
        places = np.arange(head - count, head) % PLACED_SLOTS
        kept = self._records[places]
        kept = kept[kept["instant"] > instant]
        # A monitor that started again may have written a tick twice.
        order = np.argsort(kept["instant"], kind="stable")
        kept = kept[order]
        return Placed(kept["instant"], kept["power"], kept["blocks"])

    def layer(self) -> int | None:
        """Return the number of the layer that was placed last; None before any was."""
        head = int(self._head[0])
        return int(self._records[(head - 1) % PLACED_SLOTS]["layer"]) if head else None
