"""A virtual X screen whose picture is read out of its memory."""

import mmap
import os
import struct
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from support.marks import read_mark

SAMPLES_PER_SECOND = 150


@dataclass(frozen=True)
class ScreenChange:
    """A new mark on the screen, from monotonic second `at` on; -1 is no mark."""

    at: float
    frame: int
    ident: int = -1


class Screen:
    """Xvfb of one size on a free display, watched by a child process until the block ends.

    The empty screen shows a pattern and a pointer, so that uncovered screen would be noticed.
    """

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self._folder, self._size = folder, (width, height)
        self.display = ""

    def __enter__(self) -> "Screen":
        read, write = os.pipe()
        width, height = self._size
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"]
            + ["-fbdir", str(self._folder), "-nolisten", "tcp", "-retro"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, self._server.pid, -15)
        os.close(write)
        with os.fdopen(read) as said:
            self.display = f":{said.readline().strip()}"
        self._watcher = subprocess.Popen(
            [sys.executable, __file__, str(self._folder)],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        )
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._watcher, self._server):
            process.terminate()
            process.wait(10)

    def picture(self) -> NDArray[np.uint8]:
        """Return the current screen, rows by columns by (blue, green, red)."""
        return _pixels(_memory(self._folder)).copy()

    @property
    def glances(self) -> list[ScreenChange]:
        """Every change of the mark on the screen so far."""
        lines = (self._folder / "glances").read_text().splitlines()
        words = [line.split() for line in lines]
        return [ScreenChange(float(at), int(frame), int(ident)) for at, frame, ident in words]


def _memory(folder: Path) -> mmap.mmap:
    with (folder / "Xvfb_screen0").open("rb") as file:
        return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)


def _pixels(memory: mmap.mmap) -> NDArray[np.uint8]:
    words = struct.unpack_from(">25I", memory)
    start, width, height, pitch = words[0] + 12 * words[19], words[4], words[5], words[12]
    flat = np.frombuffer(memory, np.uint8, pitch * height, start)
    return flat.reshape(height, pitch // 4, 4)[:, :width, :3]


def _watch(folder: Path) -> None:
    """Record every change of the mark, with its time (in the child)."""
    with suppress(OSError):
        os.nice(-15)
    screen, last = _pixels(_memory(folder))[:, :, 1], (-2, -2)
    with (folder / "glances").open("w") as out:
        while True:
            at = time.monotonic()
            mark = read_mark(screen.copy())
            shown = (-1, -1) if mark is None else (mark.frame, mark.ident)
            if shown != last:
                last = shown
                out.write(f"{at} {shown[0]} {shown[1]}\n")
                out.flush()
            time.sleep(max(0.0, 1 / SAMPLES_PER_SECOND - (time.monotonic() - at)))


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
