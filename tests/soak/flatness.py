"""Memory, descriptors and threads of every process over time, and whether they stay."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure

EVERY = 15.0
"""Seconds between two looks."""
MOST_MB, MOST_HANDLES, MOST_THREADS = 8.0, 2, 1
"""The most that one process may have gained between the first and the last quarter."""


@dataclass(frozen=True)
class Look:
    """What one process had at one moment."""

    at: float
    """Monotonic seconds."""
    name: str
    pid: int
    memory_mb: float
    handles: int
    threads: int


class Looks:
    """A thread that looks at the processes which a function names, until it is left."""

    def __init__(self, named: Callable[[], Mapping[str, int]]) -> None:
        self.made: list[Look] = []
        self._named, self._over = named, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Looks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            now = []
            for name, pid in self._named().items():
                with suppress(OSError, StopIteration):
                    now.append(look_at(name, pid))
            self.made += together(now)


def look_at(name: str, pid: int) -> Look:
    """Return what a process has now. Raises OSError for one that is gone."""
    home = Path(f"/proc/{pid}")
    lines = (home / "smaps_rollup").read_text().splitlines()
    memory = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
    handles, threads = len([*(home / "fd").iterdir()]), len([*(home / "task").iterdir()])
    return Look(time.monotonic(), name, pid, memory, handles, threads)


def together(now: Sequence[Look]) -> list[Look]:
    """Return what was seen at one moment with all decks as one: they fill their rings in turn."""
    decks = [one for one in now if one.name.startswith("deck")]
    if not decks:
        return [*now]
    memory = sum(one.memory_mb for one in decks)
    handles, threads = sum(one.handles for one in decks), sum(one.threads for one in decks)
    both = Look(decks[0].at, "decks", sum(d.pid for d in decks), memory, handles, threads)
    return [both, *(one for one in now if one not in decks)]


def gained(looks: Sequence[Look]) -> tuple[float, float, float]:
    """Return by how much the middle of the last quarter is above that of the first: MB, handles
    and threads. The first quarter counts from the second look on, when all is loaded.
    """
    quarter = max(1, len(looks) // 4)
    first, last = looks[1 : 1 + quarter], looks[-quarter:]
    sides = [(one.memory_mb, one.handles, one.threads) for one in first]
    others = [(one.memory_mb, one.handles, one.threads) for one in last]
    before = [sorted(column)[len(column) // 2] for column in zip(*sides, strict=True)]
    after = [sorted(column)[len(column) // 2] for column in zip(*others, strict=True)]
    memory, handles, threads = (b - a for a, b in zip(before, after, strict=True))
    return memory, handles, threads


def figures(made: Sequence[Look]) -> list[Figure]:
    """Return what each process gained, one row a process; one that began anew is a fault."""
    rows = []
    for name in dict.fromkeys(one.name for one in made):
        mine = [one for one in made if one.name == name]
        memory, handles, threads = gained(mine)
        words = f"{mine[-1].memory_mb:.0f} MB, {mine[-1].handles} descriptors, "
        words += f"{mine[-1].threads} threads at the end"
        rows += [
            Figure("hour", f"{name}: memory gained", memory, "MB", MOST_MB, note=words),
            Figure("hour", f"{name}: descriptors gained", handles, "", MOST_HANDLES),
            Figure("hour", f"{name}: threads gained", threads, "", MOST_THREADS),
            Figure(
                "hour", f"{name}: starts after the first", len({m.pid for m in mine}) - 1, "", 0
            ),
        ]
    return rows
