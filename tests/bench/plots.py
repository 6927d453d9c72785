"""SVG plots of the bench, drawn with only lines and words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 372, 72, 190, 52, 48
COLOURS = ("#0b5fff", "#c2410c", "#15803d", "#9333ea", "#be123c", "#0e7490", "#854d0e")
STYLE = (
    "text{font:13px sans-serif;fill:#222}.t{font-weight:bold;font-size:15px}"
    ".g{stroke:#ccc}.l{fill:none;stroke-width:2.5}rect.p{fill:#fff}"
)
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """One direction of a plot: its words, its range in values, and whether it is logarithmic."""

    words: str
    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 to 1."""
        if self.log:
            value, low, high = (log10(max(one, 1e-3)) for one in (value, self.low, self.high))
            return (value - low) / (high - low)
        return (value - self.low) / (self.high - self.low)

    def marks(self) -> list[float]:
        """Return the values that have a grid line."""
        if self.log:
            first, last = round(log10(self.low)), round(log10(self.high))
            return [10.0**power for power in range(first, last + 1)]
        return [self.low + (self.high - self.low) * n / 4 for n in range(5)]


def _x(axis: Axis, value: float) -> float:
    return LEFT + axis.place(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)


def _frame(title: str, across: Axis, up: Axis) -> list[str]:
    right, foot = WIDTH - RIGHT, HEIGHT - BOTTOM
    drawn = [f'<text class="t" x="{LEFT}" y="22">{escape(title)}</text>']
    for value in up.marks():
        at = _y(up, value)
        drawn.append(f'<path class="g" d="M{LEFT} {at:.1f}H{right}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>')
    for value in across.marks():
        at = _x(across, value)
        drawn.append(f'<text x="{at:.1f}" y="{foot + 18}" text-anchor="middle">{value:g}</text>')
    middle = (LEFT + right) / 2
    drawn.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{across.words}</text>')
    drawn.append(f'<text x="14" y="{TOP - 8}">{up.words}</text>')
    return drawn


def curves(title: str, lines: Mapping[str, Line], across: Axis, up: Axis) -> str:
    """Return a plot with a line for each name, the names at the right."""
    drawn = _frame(title, across, up)
    for place, (name, line) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = " ".join(f"{_x(across, a):.1f},{_y(up, b):.1f}" for a, b in line)
        key = TOP + 10 + 20 * place
        drawn.append(f'<polyline class="l" stroke="{colour}" points="{points}"/>')
        drawn.append(f'<path class="l" stroke="{colour}" d="M{WIDTH - RIGHT + 12} {key}h18"/>')
        drawn.append(f'<text x="{WIDTH - RIGHT + 36}" y="{key + 4}">{escape(name)}</text>')
    return _svg(drawn)


def bars(title: str, values: Mapping[str, float], up: Axis) -> str:
    """Return a plot with a bar for each name, its value on top."""
    across = Axis("", 0, max(1, len(values)))
    drawn = [line for line in _frame(title, across, up) if 'text-anchor="middle"' not in line]
    for place, (name, value) in enumerate(values.items()):
        left, right = _x(across, place + 0.2), _x(across, place + 0.8)
        top, foot = _y(up, value), _y(up, up.low)
        colour = COLOURS[0] if name == "gavel" else "#94a3b8"
        drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{max(1.0, foot - top):.1f}" fill="{colour}"/>'
        )
        centre = f'x="{(left + right) / 2:.1f}" text-anchor="middle"'
        drawn.append(f'<text {centre} y="{top - 6:.1f}">{value:.3g}</text>')
        drawn.append(f'<text {centre} y="{foot + 18:.1f}">{escape(name)}</text>')
    return _svg(drawn)


def _svg(drawn: Sequence[str]) -> str:
    inside = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">\n'
        f'<style>{STYLE}</style>\n<rect class="p" width="{WIDTH}" height="{HEIGHT}"/>\n'
        f"{inside}\n</svg>\n"
    )


def _costs(kept: Mapping[str, Any]) -> str:
    lines = kept["curves"]
    return curves(
        "What thinking costs",
        lines,
        Axis("airings in the plan", 1, 10_000, log=True),
        Axis("ms of processor", 0.01, 10_000, log=True),
    )


def _lost(kept: Mapping[str, Any]) -> str:
    found = {
        one["subject"]: one["value"]
        for one in kept["figures"]
        if one["name"] == "frames lost per join"
    }
    return bars(kept["title"], found, Axis("frames lost per join", 0, max(4.0, *found.values())))


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "alike": _lost,
    "mixed": _lost,
    "costs": _costs,
}


def draw(book: Mapping[str, dict[str, Any]], folder: Path) -> dict[str, str]:
    """Write a plot of each part that has one; return their paths relative to the parent folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, drawing in DRAWN.items():
        if name in book:
            (folder / f"{name}.svg").write_text(drawing(book[name]))
            made[name] = f"{folder.name}/{name}.svg"
    return made
