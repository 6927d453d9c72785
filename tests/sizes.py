"""Say where a function passes 40 lines, a file 300, or two database steps bear one number."""

import ast
import sys
from pathlib import Path

LONGEST_FUNCTION = 40
LONGEST_FILE = 300


def findings(root: Path, rooms: list[str]) -> list[str]:
    """One line for each place that is too long or does not say what it is for."""
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
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(f"{where}:{node.lineno} {node.name}: {lines} lines")
    return found + same_step(root)


def same_step(root: Path) -> list[str]:
    """One line for each number that two steps of the database bear: only one would be taken."""
    steps: dict[str, list[str]] = {}
    for path in sorted((root / "scheduler/db/migrations/versions").glob("*.py")):
        steps.setdefault(path.name.split("_")[0], []).append(path.name)
    return [f"{' and '.join(names)} bear one number" for names in steps.values() if len(names) > 1]


if __name__ == "__main__":
    problems = findings(Path(__file__).parent.parent, sys.argv[1:])
    print("\n".join(problems) or "every function and file is within its size")
    sys.exit(bool(problems))
