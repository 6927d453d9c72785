"""What each process of some channels spends, and how long its threads wait for a processor."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 2.0
"""Seconds between two looks."""
Spans = Mapping[int, tuple[int, int]]
"""For each thread, nanoseconds on a processor and in wait for one since it began."""


def spans_of(pid: int) -> Spans:
    """Return what each thread of a process has spent (the kernel's schedstat)."""
    found = {}
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError, ValueError):
                ran, waited, _ = map(int, (task / "schedstat").read_text().split())
                found[int(task.name)] = ran, waited
    return found


@dataclass(frozen=True)
class Spent:
    """What one process spent in one stretch of time: seconds of processor, and of waiting of its
    thread that waited longest.
    """

    name: str
    ran: float
    waited: float


@dataclass
class Looks:
    """All stretches: when each ended (monotonic seconds), how long it was, who spent what."""

    stretches: list[tuple[float, float, list[Spent]]] = field(default_factory=list)
    _last: dict[str, tuple[int, Spans]] = field(default_factory=dict)
    _at: float = 0.0

    def look(self, pids: Mapping[str, int], now: float) -> None:
        """Take the next look. A process seen for the first time counts from here on."""
        spent = []
        for name, pid in pids.items():
            spans, (before_pid, before) = spans_of(pid), self._last.get(name, (0, {}))
            if before_pid == pid:
                spent.append(_between(name, before, spans))
            self._last[name] = pid, spans
        if self._at:
            self.stretches.append((now, now - self._at, spent))
        self._at = now

    def cores(self) -> dict[str, float]:
        """Return the processors that each process used, on average."""
        total = sum(long for _, long, _ in self.stretches) or 1.0
        found: dict[str, float] = {}
        for _, _, spent in self.stretches:
            for one in spent:
                found[one.name] = found.get(one.name, 0.0) + one.ran / total
        return found

    def worst(self) -> dict[str, float]:
        """Return the greatest share of a stretch for which a thread of each process waited."""
        found: dict[str, float] = {}
        for _, long, spent in self.stretches:
            for one in spent:
                found[one.name] = max(found.get(one.name, 0.0), one.waited / long)
        return found


def _between(name: str, before: Spans, after: Spans) -> Spent:
    pairs = [(before.get(thread, (0, 0)), spans) for thread, spans in after.items()]
    ran = sum(b[0] - a[0] for a, b in pairs) / 1e9
    return Spent(name, ran, max((b[1] - a[1] for a, b in pairs), default=0) / 1e9)


@contextmanager
def watched(pids: Callable[[], Mapping[str, int]], now: Callable[[], float]) -> Iterator[Looks]:
    """Look at these processes every two seconds while the block runs."""
    looks, over = Looks(), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            looks.look(pids(), now())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield looks
    finally:
        over.set()
        thread.join()
