"""A check of sizes: functions within 40 lines, files within 300, migrations with unique numbers.

It also finds docstrings that open with a question word.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
QUESTION_WORDS = frozenset({"What", "How", "Where", "Whether", "Those", "When", "Who", "Which"})
"""No docstring opens with one: a function's begins with a verb, that of all else with a noun."""


def findings(root: Path, rooms: list[str]) -> list[str]:
    """Return one line for each file or function that is too long, and each module without a
    docstring.
    """
    found: list[str] = []
    for path in sorted(path for room in rooms for path in (root / room).rglob("*.py")):
        if "versions" in path.parts or "node_modules" in path.parts:
            continue
        text = path.read_text()
        tree = ast.parse(text)
        where = path.relative_to(root)
        if text.count("\n") > LONGEST_FILE:
            found.append(f"{where}: {text.count(chr(10))} lines; a file stays under {LONGEST_FILE}")
        if not ast.get_docstring(tree):
            found.append(f"{where}: no sentence saying what it is for")
        found += (f"{where}:{fault}" for node in ast.walk(tree) for fault in _faults(node))
    return found + same_step(root)


def _faults(node: ast.AST) -> Iterator[str]:
    """Yield the line and the fault of a function that is too long or a docstring that asks."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield f"{node.lineno} {node.name}: {lines} lines"
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        opening = (ast.get_docstring(node) or " ").split(" ")[0].rstrip(",:")
        if opening in QUESTION_WORDS:
            yield f"{getattr(node, 'lineno', 1)} opens with {opening}; begin with a verb or noun"


def same_step(root: Path) -> list[str]:
    """Return one line for each number that two migrations share: Alembic would run only one."""
    steps: dict[str, list[str]] = {}
    for path in sorted((root / "scheduler/db/migrations/versions").glob("*.py")):
        steps.setdefault(path.name.split("_")[0], []).append(path.name)
    return [f"{' and '.join(names)} bear one number" for names in steps.values() if len(names) > 1]


if __name__ == "__main__":
    problems = findings(Path(__file__).parent.parent, sys.argv[1:])
    print("\n".join(problems) or "every function and file is within its size")
    sys.exit(bool(problems))
