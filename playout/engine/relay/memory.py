"""The relay's memory that outlives it: continuity counters, and the place of the encoder's run.

The supervisor keeps the memory open. A relay that was killed goes on with the same counters, clock
and delay, so receivers see lost packets and nothing else.
"""

import mmap
import os
import struct
from collections.abc import MutableSequence

from playout.engine.relay.mux import COUNTED_PIDS

_BYTES = 4096
_PLACE = struct.Struct("<?Qq?q")
_PLACE_AT = 64


def make_memory() -> int:
    """Return the handle of empty memory for one relay."""
    handle = os.memfd_create("gavel-relay")
    os.ftruncate(handle, _BYTES)
    return handle


class RelayMemory:
    """The relay's view of it."""

    def __init__(self, handle: int) -> None:
        self._map = mmap.mmap(handle, _BYTES)

    @property
    def counters(self) -> MutableSequence[int]:
        """The continuity counters, one byte for each of COUNTED_PIDS."""
        view: MutableSequence[int] = memoryview(self._map)[: len(COUNTED_PIDS)]  # type: ignore[assignment]
        return view

    def save_run(self, name: int, shift: int, constant: int | None) -> None:
        """Keep the place of the run of this name, and the constant of its stamps if it is known."""
        is_known = constant is not None
        _PLACE.pack_into(self._map, _PLACE_AT, True, name, shift, is_known, constant or 0)

    def load_run(self) -> tuple[int, int, int | None] | None:
        """Return what `save_run` kept last; None before the first run."""
        is_kept, name, shift, is_known, constant = _PLACE.unpack_from(self._map, _PLACE_AT)
        return (name, shift, constant if is_known else None) if is_kept else None
