"""A check that functions stay within 40 lines, files within 300, and migrations have unique
numbers.
"""

import ast
import sys
from pathlib import Path

LONGEST_FUNCTION = 40
LONGEST_FILE = 300


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
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(f"{where}:{node.lineno} {node.name}: {lines} lines")
    return found + same_step(root)


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
