"""The figures as a document: a chapter for each part, with players side by side in one table."""

from collections.abc import Mapping, Sequence
from typing import Any

NEVER = 1e8
"""Figures above this mean that the event never happened."""


def document(book: Mapping[str, dict[str, Any]], drawn: Mapping[str, str]) -> str:
    """Return docs/bench.md; `drawn` maps parts to their plots."""
    lines = [
        "# Measured",
        "",
        "Written by `make bench`; `--only PART` measures one part again. A figure with a limit",
        "is good or missed. Every run in real time says how long the machine itself stood still;",
        "past 2 % it proves nothing and counts as missed. `at the bus` is read from the air log,",
        "all else from a capture of what left the machine.",
        "",
    ]
    for name, kept in book.items():
        lines += chapter(kept)
        if name in drawn:
            lines += [f"![{kept['title']}]({drawn[name]})", ""]
    return "\n".join(lines)


def chapter(kept: Mapping[str, Any]) -> list[str]:
    """Return the chapter of one part."""
    machine = ", ".join(f"{name} {value}" for name, value in kept["machine"].items())
    stalls = ", ".join(f"{name}: {value}" for name, value in kept["stalls"].items())
    subjects = list(dict.fromkeys(one["subject"] for one in kept["figures"]))
    return [
        f"## {kept['title']}",
        "",
        f"{kept['date']}, {kept['seconds']:.0f} s at {kept['revision']}, by `{kept['command']}`.",
        f"Machine: {machine}.",
        f"Its own stalls meanwhile: {stalls}.",
        "",
        *(_side_by_side(kept["figures"], subjects) if subjects[1:] else _table(kept["figures"])),
        "",
        *(f"- {name}: {said}" for name, said in kept["words"].items()),
        *([""] if kept["words"] else []),
    ]


def is_good(kept: Mapping[str, Any]) -> bool:
    """Return whether all of Gavel's own figures kept their limits."""
    return all(one["good"] for one in kept["figures"] if one["subject"] == "gavel")


def _number(one: Mapping[str, Any]) -> str:
    if abs(one["value"]) > NEVER:
        return "never"
    return f"{one['value']:.4g} {one['unit']}".strip()


def _judged(one: Mapping[str, Any]) -> str:
    if one["most"] is None:
        return ""
    return "good" if one["good"] else "**missed**"


def _table(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| figure | value | at most | | |", "|---|---:|---:|---|---|"]
    for one in figures:
        most = "" if one["most"] is None else f"{one['most']:g} {one['unit']}".strip()
        words = f"{one['name']} | {_number(one)} | {most} | {_judged(one)} | {one['note']}"
        lines.append(f"| {words} |")
    return lines


def _side_by_side(figures: Sequence[Mapping[str, Any]], subjects: Sequence[str]) -> list[str]:
    """Return a table with a row for each figure and a column for each player."""
    names = list(dict.fromkeys((one["group"], one["name"]) for one in figures))
    found = {(one["group"], one["name"], one["subject"]): one for one in figures}
    lines = [f"| | {' | '.join(subjects)} |", f"|---|{'---:|' * len(subjects)}"]
    for group, name in names:
        cells = [found.get((group, name, subject)) for subject in subjects]
        shown = [_cell(one) if one else "" for one in cells]
        lines.append(f"| {group}: {name} | {' | '.join(shown)} |")
    return lines


def _cell(one: Mapping[str, Any]) -> str:
    missed = " **missed**" if _judged(one) == "**missed**" else ""
    return _number(one) + missed
