"""`make soak` runs this last: every note under docs/soak becomes one table in docs/soak.md."""

import json
import sys
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
ORDER = ("drift", "hogs", "long", "kills", "takes", "takes_loaded")
NEVER = 1e8


def number(value: float) -> str:
    """A figure as it is read; what never came says so."""
    if value > NEVER:
        return "never"
    return f"{value:.4g}"


def row(figure: dict[str, Any]) -> str:
    """One line of the table."""
    limit, judged = "", ""
    if figure["most"] is not None:
        limit = f"{figure['most']:g} {figure['unit']}"
        judged = "good" if figure["good"] else "**missed**"
    value = f"{number(figure['value'])} {figure['unit']}"
    note = figure["note"].replace("|", "/").strip()
    return f"| {figure['name']} | {value} | {limit} | {judged} | {note} |"


def chapter(note: dict[str, Any]) -> list[str]:
    """One run."""
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


def outcomes(folder: Path) -> list[str]:
    """How each test ended when it last ran."""
    path = folder / "outcomes.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    rows = [
        f"| `{name}` | {one['outcome']} | {one['date']} | {one['seconds']:.0f} s |"
        for name, one in kept.items()
    ]
    return ["## Tests", "", "| test | ended | when | took |", "|---|---|---|---:|", *rows, ""]


def rank(path: Path) -> tuple[int, str]:
    """Where a note stands in the document."""
    name = path.stem
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def document(folder: Path) -> str:
    """The whole document."""
    lines = [
        "# Soak",
        "",
        "Written by `make soak` from the notes in `docs/soak`. Every figure was read from a",
        "capture of what left the machine, or from the air log where it says `at the bus`.",
        "GAVEL_SOAK_MINUTES and GAVEL_SOAK_ROUNDS make a run shorter, GAVEL_SOAK_SEED repeats it.",
        "",
    ]
    for path in sorted(folder.glob("*.json"), key=rank):
        if path.stem != "outcomes":
            lines += chapter(json.loads(path.read_text()))
    lines += outcomes(folder)
    return "\n".join(lines)


def main() -> int:
    """Write docs/soak.md; 1 when a figure passed its limit."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "docs" / "soak"
    text = document(folder)
    folder.with_suffix(".md").write_text(text)
    print(text)
    return 1 if "**missed**" in text else 0


if __name__ == "__main__":
    sys.exit(main())
