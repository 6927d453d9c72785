"""The report of `make soak`: every note under docs/soak in one document, the verdict on top."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NOT_NOTES = ("outcomes", "run")
DOUBT_FIGURES = ("time the machine stood still", "ticks excused by a stall")
"""Figures that decide whether a run proves anything; past their limits it is inconclusive."""
ORDER = ("stream", "hung_targets", "channels_4", "caption_joins_30", "caption_joins_60")
ORDER += ("watcher_faults", "watcher_day", "watcher_chain")
ORDER += ("drift", "hogs", "long", "ends", "kills", "nights", "hour", "takes")
ORDER += ("faults_ends", "faults_disk", "faults_restored", "faults_starts")
NEVER = 1e8


def number(value: float) -> str:
    """Return a figure as text; "never" for one that did not happen."""
    if value > NEVER:
        return "never"
    return f"{value:.4g}"


def row(figure: dict[str, Any]) -> str:
    """Return one table row."""
    limit, judged = "", ""
    if figure["most"] is not None:
        limit = f"{figure['most']:g} {figure['unit']}"
        judged = "good" if figure["good"] else "**missed**"
    value = f"{number(figure['value'])} {figure['unit']}"
    note = figure["note"].replace("|", "/").strip()
    return f"| {figure['name']} | {value} | {limit} | {judged} | {note} |"


def chapter(note: dict[str, Any]) -> list[str]:
    """Return the chapter of one run."""
    machine = ", ".join(f"{name} {value}" for name, value in note["machine"].items())
    stalls = ", ".join(f"{name}: {value}" for name, value in note["stalls"].items())
    return [
        f"## {note['title']}",
        "",
        f"{note['date']}, {note['seconds']:.0f} s of real time at {note['revision']}, by",
        f"`{note['command']}`.",
        f"Machine: {machine}.",
        f"Its own stalls meanwhile: {stalls}.",
        "",
        "| what | figure | at most | | |",
        "|---|---:|---:|---|---|",
        *(row(figure) for figure in note["figures"]),
        "",
    ]


def outcomes(kept: Mapping[str, Any]) -> list[str]:
    """Return the table of each test's newest outcome."""
    rows = [
        f"| `{name}` | {one['outcome']} | {one['date']} | {one['seconds']:.0f} s |"
        f" {one['why'].replace('|', '/')} |"
        for name, one in kept.items()
    ]
    head = ["| test | ended | when | took | |", "|---|---|---|---:|---|"]
    return ["## Tests", "", *head, *rows, ""]


def is_inconclusive(note: Mapping[str, Any]) -> bool:
    """Return whether the machine stalled too much for this run to prove anything."""
    return any(not one["good"] for one in note["figures"] if one["name"] in DOUBT_FIGURES)


def reasons_not_green(
    notes: Iterable[Mapping[str, Any]], kept: Mapping[str, Any], asked: Mapping[str, Any]
) -> list[str]:
    """Return why the requested run is not green, one line each; empty if it is."""
    found = []
    for test in asked["tests"]:
        one = kept.get(test)
        if one is None or one["date"] < asked["began"]:
            found.append(f"not run this time: `{test}`")
        elif one["outcome"] != "passed":
            word = "inconclusive" if "inconclusive" in one["why"] else one["outcome"]
            found.append(f"{word}: `{test}` {one['why']}".strip())
    for note in notes:
        if note["date"] < asked["began"]:
            continue
        if is_inconclusive(note):
            found.append(f"inconclusive: {note['title']}, the machine itself was away too much")
        missed = [one["name"] for one in note["figures"] if not one["good"]]
        found += [
            f"missed: {note['title']}: {name}" for name in missed if name not in DOUBT_FIGURES
        ]
    return found


def verdict(wrong: Sequence[str], asked: Mapping[str, Any]) -> list[str]:
    """Return the first lines: green, or every reason why not."""
    if not asked["tests"]:
        return ["**No whole run has been made yet.**", ""]
    when = f"the run begun {asked['began']} at {asked['revision']}"
    if not wrong and not asked["whole"]:
        return [f"**As promised, but only a part was asked for**: {when}.", ""]
    if not wrong:
        return [f"**Green**: {when}, {len(asked['tests'])} tests.", ""]
    return [f"**Not green**: {when}.", "", *(f"- {line}" for line in wrong), ""]


def rank(path: Path) -> tuple[int, str]:
    """Return a note's position in the document."""
    name = path.stem
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def document(
    notes: Iterable[Mapping[str, Any]], kept: Mapping[str, Any], asked: Mapping[str, Any]
) -> str:
    """Return the whole document."""
    notes = list(notes)
    lines = [
        "# Soak",
        "",
        "Written by `make soak` from the notes in `docs/soak`. Every figure was read from a",
        "capture of what left the machine, or from the air log where it says `at the bus`.",
        "GAVEL_SOAK_MINUTES and GAVEL_SOAK_ROUNDS make a run shorter, GAVEL_SOAK_SEED repeats it.",
        "A run during which the machine itself stood still for more than 2 % is inconclusive,",
        "which is not green; nor is one in which a test was skipped or not reached.",
        "",
        *verdict(reasons_not_green(notes, kept, asked), asked),
    ]
    for note in notes:
        lines += chapter(note)
    return "\n".join([*lines, *outcomes(kept)])


def _read(path: Path, otherwise: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else otherwise


def main(arguments: Sequence[str]) -> int:
    """Write the document beside the folder of notes; return 1 unless the newest run is green."""
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "soak"
    found = [path for path in folder.glob("*.json") if path.stem not in NOT_NOTES]
    notes = [json.loads(path.read_text()) for path in sorted(found, key=rank)]
    kept = _read(folder / "outcomes.json", {})
    asked = _read(folder / "run.json", {"began": "", "revision": "", "whole": False, "tests": []})
    text = document(notes, kept, asked)
    folder.with_suffix(".md").write_text(text)
    print(text)
    return 1 if reasons_not_green(notes, kept, asked) or not asked["tests"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
