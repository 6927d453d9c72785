"""Rules of the architecture as tests, so that they need not be remembered."""

import re
from pathlib import Path

import pytest
from importlinter import cli
from importlinter.application.use_cases import read_user_options
from support.slowest_first import SLOWEST, TESTS

ROOT = Path(__file__).parent.parent
MARKED_AIR = re.compile(r"\bmark\.air\b")


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """It sets up logging for itself, which would silence every logger of the tests that follow."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(cli, "_configure_logging", lambda verbose: None)

    assert cli.lint_imports(config_filename="pyproject.toml") == 0


def test_there_are_contracts_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert len(read_user_options("pyproject.toml").contracts_options) >= 4


def test_the_root_holds_only_known_folders() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}

    assert folders <= {"config", "media", "playout", "scheduler", "web", "tests", "docs"} | {
        "build",
        "dist",
    }


def test_every_file_listed_as_slow_exists() -> None:
    assert [name for name in SLOWEST if not (TESTS / name).is_file()] == []


def test_every_real_time_test_is_in_a_folder_that_make_test_airs() -> None:
    """`make test` looks for tests with the mark in these folders only."""
    makefile = (ROOT / "Makefile").read_text()
    (named,) = re.findall(r"^AIR_TESTS := (.+)$", makefile, re.MULTILINE)
    folders = [ROOT / folder for folder in named.split()]
    marked = [path for path in TESTS.rglob("*.py") if MARKED_AIR.search(path.read_text())]

    assert "tests/run.py $(AIR_TESTS)\n" in makefile
    assert len(marked) > 15
    assert [path for path in marked if not any(map(path.is_relative_to, folders))] == []


WRITES_TIME = re.compile(r"strftime\(|:%[-A-Za-z]|%[HIMp]\b|toLocaleTimeString")
FOR_MACHINES = re.compile(r"%Y%m%dT|%G-W%V|:%H%M\}")
"""Ids, file names and week addresses: not times for a reader."""
NOT_OF_THE_STATION = {
    "playout/host/clock_trust.py",
    "scheduler/domain/meetings/body.py",
    "web/demo/make.py",
}
"""A wrong clock's time in UTC; the name of a machine; parts of an address."""


def test_times_are_formatted_in_one_module() -> None:
    """config.times is the only module that formats times: a second way would show as a second
    style.
    """
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for room in ("config", "media", "playout", "scheduler", "web")
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if WRITES_TIME.search(line) and not FOR_MACHINES.search(line)
        if str(path.relative_to(ROOT)) not in NOT_OF_THE_STATION | {"config/times.py"}
    ]

    assert found == []


def test_times_are_entered_only_in_gavels_own_fields() -> None:
    """A browser's time picker uses its own hour style, whatever the station's is."""
    pickers = re.compile(r'type="?(time|datetime-local)|TimeField|\btime\.fromisoformat')
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "web").rglob("*"))
        if path.suffix in {".py", ".html", ".js"} and "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pickers.search(line) and "demo" not in path.parts and path.name != "field_words.py"
    ]

    assert found == []


def test_each_migration_has_its_own_number() -> None:
    """Two people may take the next free number on one day: Alembic then sees only one of them."""
    folder = ROOT / "scheduler" / "db" / "migrations" / "versions"
    steps = sorted(path for path in folder.glob("*.py"))
    numbers = [path.name[:4] for path in steps]

    assert numbers == [f"{number:04d}" for number in range(1, len(steps) + 1)]
    for before, path in zip(["None", *numbers], steps, strict=False):
        said = path.read_text()
        assert f'revision = "{path.name[:4]}"' in said, path.name
        assert (
            f"down_revision = {before if before == 'None' else repr(before)}".replace("'", '"')
            in said
        ), path.name
