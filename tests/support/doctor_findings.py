"""What `doctor` can find: every MachineFinding that the code makes, with its words and its fix.

`PYTHONPATH=tests python -m support.doctor_findings` writes the tables of docs/doctor.md again.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "media", "playout", "scheduler", "web")
PAGE = ROOT / "docs" / "doctor.md"
PARTS = {
    "On both": ("config", "media", "playout/notify"),
    "On a broadcast machine": ("playout/cli",),
    "On a server": ("scheduler", "web"),
}
"""The headings of the page, and the folders whose findings each lists."""
HOLE = "…"
"""Stands for what is filled in: a name, a number, the words of an error."""


Scopes = tuple[ast.FunctionDef | ast.Module, ...]
"""Where the value of a name is looked for, the innermost first."""


@dataclass(frozen=True)
class KnownFinding:
    """One call that makes a finding."""

    place: str
    grades: frozenset[str]
    text: str
    fix: str
    """Empty where the call gives none."""


def known_findings() -> list[KnownFinding]:
    """Return every finding that the code can make, in the order of files and lines."""
    found = []
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            source = path.read_text()
            if "MachineFinding(" in source:
                found += list(_findings(source, str(path.relative_to(ROOT))))
    return found


def page_rows(folders: tuple[str, ...]) -> list[str]:
    """Return the rows of the page for what is found by these folders and is not good; of what is
    said in the words of an error alone there is none.
    """
    rows = (
        f"| {one.text} | {one.fix} |"
        for one in known_findings()
        if one.place.startswith(folders) and one.grades != {"good"} and re.search(r"\w", one.text)
    )
    return list(dict.fromkeys(rows))


def _findings(source: str, file: str) -> Iterator[KnownFinding]:
    module = ast.parse(source)
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "MachineFinding":
                yield _finding(call, (function, module), file)


def _finding(call: ast.Call, scopes: Scopes, file: str) -> KnownFinding:
    given = list(call.args) + [one.value for one in call.keywords if one.arg == "mend"]
    grades = {
        node.value
        for node in ast.walk(given[0])
        if isinstance(node, ast.Constant) and node.value in ("good", "note", "wrong")
    }
    fix = _words(given[2], scopes, call.lineno) if len(given) > 2 else ""
    if len(given) > 2 and ast.unparse(given[2]) in {ast.unparse(one) for one in ast.walk(given[1])}:
        fix = ""  # It repeats what is wrong.
    place = f"{file}:{call.lineno}"
    return KnownFinding(place, frozenset(grades), _words(given[1], scopes, call.lineno), fix)


def _words(value: ast.expr, scopes: Scopes, line: int) -> str:
    """Return the words of an expression; those of a name are what it was given last before it."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.JoinedStr):
        return "".join(_words(one, scopes, line) for one in value.values)
    if isinstance(value, ast.FormattedValue):
        return _words(value.value, scopes, line)
    if isinstance(value, ast.Name):
        for scope in scopes:
            given = [node for node in _given(value.id, scope) if node.lineno <= line]
            if given:
                return _words(given[-1].value, scopes, given[-1].lineno - 1)
        return _imported(value.id, scopes[-1])
    return HOLE


def _imported(name: str, module: ast.FunctionDef | ast.Module) -> str:
    """Return the words of a constant that a module imports from another one of ours."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and any(one.name == name for one in node.names):
            path = ROOT / f"{(node.module or '').replace('.', '/')}.py"
            if path.is_file():
                other = ast.parse(path.read_text())
                given = _given(name, other)
                return _words(given[-1].value, (other,), 0) if given else HOLE
    return HOLE


def _given(name: str, scope: ast.FunctionDef | ast.Module) -> list[ast.Assign]:
    """Return where a name is given a value in a function, or at the top of a module."""
    nodes = ast.walk(scope) if isinstance(scope, ast.FunctionDef) else scope.body
    given = [
        node
        for node in nodes
        if isinstance(node, ast.Assign)
        and any(isinstance(to, ast.Name) and to.id == name for to in node.targets)
    ]
    return sorted(given, key=lambda node: node.lineno)


if __name__ == "__main__":
    text = PAGE.read_text().split("\n## ")[0].rstrip() + "\n"
    for heading, folders in PARTS.items():
        rows = "\n".join(page_rows(folders))
        text += f"\n## {heading}\n\n| it says | do this |\n|---|---|\n{rows}\n"
    PAGE.write_text(text)
