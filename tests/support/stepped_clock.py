"""A wall clock that a test sets, for the programs that it starts and for no others."""

import mmap
import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

NANOSECONDS = struct.Struct("=q")


class SteppedClock:
    """The offset of a wall clock, and the variables with which a program has it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        library, path = folder / "stepped_clock.so", folder / "stepped_clock"
        source = Path(__file__).with_suffix(".c")
        words = ["gcc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
        subprocess.run(words, check=True)
        path.write_bytes(bytes(NANOSECONDS.size))
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library), "STEPPED_CLOCK": str(path),
        }  # fmt: skip
        handle = os.open(path, os.O_RDWR)
        self._page = mmap.mmap(handle, NANOSECONDS.size)
        os.close(handle)

    def step(self, seconds: float) -> None:
        """Set the clock this far off the true one: ahead, or behind where negative."""
        self._page[:] = NANOSECONDS.pack(round(seconds * 1e9))
