"""One measured part of the bench: its figures, and all a reader needs to judge or repeat it."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import ROOT, Figure, machine, revision, stalled
from support.stalls import Canary, Stall

MOST_STALLED = 2.0
"""Percent of a real-time run the machine may have stood still; past it the run proves nothing."""
Curves = dict[str, list[tuple[float, float]]]


@dataclass
class Measured:
    """The result of one part."""

    figures: list[Figure]
    curves: Curves = field(default_factory=dict)
    """Lines of a plot, by whose they are."""
    words: dict[str, str] = field(default_factory=dict)
    """What the reader must know: the command line of each player, what failed and how."""


@dataclass(frozen=True)
class Part:
    """One part: its name on the command line, its heading, and the function that measures it.

    `measure` takes its own folder and whether to be quick. `real_time` parts also report how much
    the machine itself stalled.
    """

    name: str
    title: str
    measure: Callable[[Path, bool], Measured]
    real_time: bool = True


def run(part: Part, folder: Path, quick: bool) -> dict[str, Any]:
    """Measure one part beside a canary; return the chapter as it is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with Canary(folder / "stalls", realtime=part.real_time) as canary:
        measured = part.measure(folder, quick)
        stalls, seconds = canary.stalls(), time.monotonic() - began
    share = stalled(stalls, seconds)
    figures = list(measured.figures)
    if part.real_time:
        figures.append(_still(stalls, share["percent of the time"]))
    return {
        "title": part.title,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python tests/bench/run.py --only {part.name}",
        "seconds": round(seconds, 1),
        "revision": revision(),
        "machine": machine(),
        "stalls": share,
        "words": measured.words,
        "figures": [asdict(one) | {"good": one.good} for one in figures],
        "curves": measured.curves,
    }


def _still(stalls: Sequence[Stall], percent: float) -> Figure:
    worst = max((stall.end - stall.begin for stall in stalls), default=0) / 1e6
    note = f"{len(stalls)} stalls, worst {worst:.0f} ms; past the limit this run proves nothing"
    name = "time the machine itself stood still"
    return Figure("machine", name, percent, "%", MOST_STALLED, note=note)


def kept() -> dict[str, Any]:
    """Return the newest chapter of each part measured before."""
    path = ROOT / "docs" / "bench.json"
    return dict(json.loads(path.read_text())["parts"]) if path.exists() else {}


def keep(parts: dict[str, Any]) -> None:
    """Write docs/bench.json."""
    path = ROOT / "docs" / "bench.json"
    path.write_text(json.dumps({"parts": parts}, indent=1, default=str) + "\n")
