"""A witness of the machine's own stalls: late ticks are excused only on its evidence."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

BEAT_SECONDS = 0.005
LATE_NS = 20_000_000


@dataclass(frozen=True)
class Stall:
    """The machine did not run the canary from `begin` to `end` (CLOCK_MONOTONIC, nanoseconds)."""

    begin: int
    end: int


class Canary:
    """A child process that notes each time it wakes more than 20 ms late.

    It is a child and no thread: in a busy test the interpreter's own lock would look like a stall
    and excuse what must not be excused. With `realtime` it asks for SCHED_RR, as the process under
    test does.
    """

    def __init__(self, path: Path, *, realtime: bool = False) -> None:
        self._path, self._realtime = path, realtime
        self.steal_seconds = 0.0

    def __enter__(self) -> Self:
        self._steal = _steal()
        self._child = subprocess.Popen(
            [sys.executable, "-S", __file__, str(self._path), str(int(self._realtime))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._child.stdout is not None
        self._child.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate()
        self.steal_seconds = _steal() - self._steal

    def stalls(self) -> list[Stall]:
        """Return every stall noted so far."""
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [Stall(int(a), int(b)) for a, b in (line.split() for line in lines)]


def is_excused(begin: int, end: int, stalls: Sequence[Stall], margin: int = 50_000_000) -> bool:
    """Return whether [begin, end] (CLOCK_MONOTONIC ns) touches a stall, within `margin`."""
    return any(s.begin - margin <= end and begin <= s.end + margin for s in stalls)


def _steal() -> float:
    """Return the processor seconds that the host took from this machine since boot."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


def _watch(path: Path, realtime: bool) -> None:
    """Beat until standard input closes (in the child)."""
    if realtime:
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(20))
        except PermissionError:
            print("ordinary priority", end=" ")
    os.set_blocking(0, False)
    print("ready", flush=True)
    with path.open("w", buffering=1) as notes:
        due = time.monotonic_ns()
        while True:
            due += int(BEAT_SECONDS * 1e9)
            time.sleep(max(0.0, (due - time.monotonic_ns()) / 1e9))
            now = time.monotonic_ns()
            if now - due > LATE_NS:
                notes.write(f"{due} {now}\n")
                due = now
            if _closed():
                return


def _closed() -> bool:
    try:
        return os.read(0, 1) == b""
    except BlockingIOError:
        return False


if __name__ == "__main__":
    _watch(Path(sys.argv[1]), sys.argv[2] == "1")
