"""One measured figure, and the table and JSON that all of them become."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """A number with its unit, who it is about, and what it must not pass (None: only shown)."""

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
    """The value below which this share of them lies; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0.0


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "load": round(load, 2),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def as_table(figures: Sequence[Figure], about: dict[str, object]) -> str:
    """The figures as Markdown."""
    words = ", ".join(f"{name} {value}" for name, value in about.items())
    lines = [
        "# Measured",
        "",
        f"Written by `make bench`. Machine: {words}.",
        "",
        "| what | figure | subject | value | at most | |",
        "|---|---|---|---:|---:|---|",
    ]
    for one in figures:
        most = "" if one.most is None else f"{one.most:g} {one.unit}"
        judged = "" if one.most is None else ("good" if one.good else "**missed**")
        lines.append(
            f"| {one.group} | {one.name} | {one.subject} | {one.value:.4g} {one.unit} | {most} | "
            f"{judged} {one.note} |"
        )
    return "\n".join(lines) + "\n"


def write(figures: Sequence[Figure], folder: Path) -> None:
    """Write bench.json and bench.md into `folder`."""
    about = machine()
    content = {"machine": about, "figures": [asdict(one) | {"good": one.good} for one in figures]}
    (folder / "bench.json").write_text(json.dumps(content, indent=1) + "\n")
    (folder / "bench.md").write_text(as_table(figures, about))
