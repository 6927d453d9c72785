"""docs/scenarios.md is true: the tests it names exist, and numbered tests are in their rows."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "scenarios.md").read_text()
ROWS = {int(row[1]): row[2] for row in re.finditer(r"^\| S(\d+) \|(.+)$", PAGE, re.MULTILINE)}
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TEST = re.compile(r"^ *(?:async )?def (test_\w+)\(", re.MULTILINE)


def defined_in(path: Path) -> set[str]:
    """Return the tests that a file defines."""
    return set(TEST.findall(path.read_text())) if path.exists() else set()


def test_every_scenario_has_its_row() -> None:
    assert list(ROWS) == list(range(1, 36))


def test_every_test_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE)
    gone = [f"{path}::{name}" for path, name in named if name not in defined_in(ROOT / path)]

    assert len(named) > 60 and gone == []
    assert PAGE.count("::") == len(named), "each is written as path::name"


def test_every_numbered_test_is_named_in_its_row() -> None:
    lost = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in defined_in(path):
            here = f"`{path.relative_to(ROOT)}::{name}`"
            for number in re.findall(r"(?<=_s)(\d+)(?=_)", name.removeprefix("test")):
                if here not in ROWS.get(int(number), ""):
                    lost.append(f"S{number}: {here}")

    assert lost == []
