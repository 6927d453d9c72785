"""Files aired with the real `gavel-playout play`, captured as a viewer receives them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from support.capture import Burst, Capture, CapturedPicture, read_bursts, read_ts
from support.capture_analysis import Run, runs
from support.ports import free_udp_port
from support.stalls import Canary, Stall
from support.transport import TransportReport, check_transport

HOUSE_FORMAT = "640x360@30000/1001"
EXCUSED_SHARE_LIMIT = 0.02
REAL_STALL_NS = 100_000_000
"""Shorter stalls cannot disturb an engine that buffers two seconds."""
FILM_SUFFIXES = (".mp4", ".ts", ".mkv")
PIPELINE_DELAY_NS = 2_500_000_000
"""Delay after which a stall may show in the capture."""


@dataclass
class CapturedAiring:
    """One run of `play`: its as-run lines, its log and the capture."""

    code: int
    lines: list[dict[str, Any]]
    log: str
    path: Path
    stalls: list[Stall]
    started: int
    seconds: float

    @cached_property
    def seen(self) -> list[CapturedPicture]:
        return read_ts(self.path)

    @cached_property
    def runs(self) -> list[Run]:
        return runs(self.seen)

    @cached_property
    def bursts(self) -> list[Burst]:
        return read_bursts(self.path)

    @cached_property
    def transport(self) -> TransportReport:
        return check_transport(self.path)

    def conclusive(self) -> None:
        """Fail the test, as inconclusive, when the machine itself stalled too much."""
        long = [s for s in self.stalls if s.end - s.begin > REAL_STALL_NS]
        lost = sum(s.end - s.begin for s in long) / 1e9
        if lost > EXCUSED_SHARE_LIMIT * self.seconds:
            pytest.fail(f"inconclusive: the machine stalled for {lost:.2f} s: {len(long)} times")

    def excuses(self, arrived: float | None) -> bool:
        """Return whether the machine stalled shortly before this arrival (UTC seconds)."""
        if arrived is None:
            return False
        at = time.monotonic_ns() - round((time.time() - arrived) * 1e9)
        long = [s for s in self.stalls if s.end - s.begin > REAL_STALL_NS]
        return any(s.begin <= at <= s.end + PIPELINE_DELAY_NS for s in long)


def children_of(pid: int) -> dict[str, int]:
    """Return the engine's processes below a `play`, by the name of their command and number."""
    found: dict[str, int] = {}
    text = Path(f"/proc/{pid}/task").iterdir()
    ids = [int(x) for task in text for x in (task / "children").read_text().split()]
    for child in sorted(ids):
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        kind = next((w.decode()[6:] for w in words if w.startswith(b"child-")), "other")
        count = sum(name.split()[0] == kind for name in found)
        found[f"{kind} {count + 1}" if count else kind] = child
    return found


def has_film(pid: int) -> bool:
    """Return whether a process has a film open."""
    try:
        handles = [handle.readlink() for handle in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return False
    return any(path.suffix in FILM_SUFFIXES for path in handles)


def air(
    files: Sequence[Path],
    folder: Path,
    *options: str,
    meanwhile: Callable[["RunningPlay"], None] | None = None,
    house: str = HOUSE_FORMAT,
    patience: float = 300,
) -> CapturedAiring:
    """Play the files to a UDP port, capture it, and return all there is to judge.

    `patience` is how many seconds the player may take in all.
    """
    port, path = free_udp_port(), folder / "capture.ts"
    argv = [sys.executable, "-m", "playout.cli.main", "play", *map(str, files), "--format", house]
    argv += ["--output", f"udp://127.0.0.1:{port}", *options]
    started = time.monotonic_ns()
    with Canary(folder / "stalls", realtime=True) as canary, Capture(port, path):
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True)
            if meanwhile is not None:
                playing = RunningPlay(process.pid, folder / "log")
                threading.Thread(target=meanwhile, args=(playing,), daemon=True).start()
            out, _ = process.communicate(timeout=patience)
        time.sleep(0.5)
        stalls = canary.stalls()
    lines = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    seconds = (time.monotonic_ns() - started) / 1e9
    text = (folder / "log").read_text()
    return CapturedAiring(process.returncode, lines, text, path, stalls, started, seconds)


@dataclass
class RunningPlay:
    """A running `play`, to be disturbed."""

    pid: int
    log: Path

    @cached_property
    def begun(self) -> float:
        """Return when `play` announced the start of the first file, two and a half seconds ahead;
        wait until it does.
        """
        while "On air from" not in self.log.read_text():
            time.sleep(0.02)
        return time.monotonic()

    def after(self, seconds: float) -> None:
        """Sleep until so many seconds after that announcement."""
        time.sleep(max(0.0, self.begun + seconds - time.monotonic()))

    def strike(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to one of its processes as soon as that exists. `deck on air` and `deck
        idle` are told apart by whether they have a film open.
        """
        while (pid := self._target(name)) is None:
            time.sleep(0.02)
        os.kill(pid, number)

    def _target(self, name: str) -> int | None:
        children = children_of(self.pid)
        if name not in ("deck on air", "deck idle"):
            return children.get(name)
        decks = [pid for kind, pid in children.items() if kind.startswith("deck")]
        busy = [pid for pid in decks if has_film(pid)]
        idle = [pid for pid in decks if pid not in busy]
        if len(busy) != 1 or len(idle) != 1:
            return None
        return busy[0] if name == "deck on air" else idle[0]
