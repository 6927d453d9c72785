"""A measured figure, and the context every figure needs: machine, stalls, commit."""

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support.stalls import Stall

ROOT = Path(__file__).parents[2]
LONG_NS = 100_000_000
"""Only stalls this long are counted as time lost: an engine holds more than that in its rings."""


@dataclass(frozen=True)
class Figure:
    """A number with its unit, its subject, and the limit it must not exceed (None: shown only)."""

    group: str
    name: str
    value: float
    unit: str
    most: float | None = None
    subject: str = "gavel"
    note: str = ""

    @property
    def good(self) -> bool:
        return self.most is None or self.value <= self.most


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def machine() -> dict[str, object]:
    """Return facts about the machine of the measurement."""
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "load": round(load, 2),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def revision() -> str:
    """Return the measured commit, with a plus if files were changed since; empty if unknown."""
    words = ["git", "describe", "--always", "--dirty=+"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def stalled(stalls: Sequence[Stall], seconds: float) -> dict[str, float]:
    """Return the machine's stalls as figures."""
    spans = [(stall.end - stall.begin) / 1e6 for stall in stalls]
    long = [span for span in spans if span >= LONG_NS / 1e6]
    return {
        "stalls over 20 ms": len(spans),
        "stalls over 100 ms": len(long),
        "longest ms": round(max(spans, default=0.0), 1),
        "percent of the time": round(sum(long) / 10 / seconds, 3) if seconds else 0.0,
    }
