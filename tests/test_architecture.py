"""The house as rules that are run, not remembered."""

from pathlib import Path

import pytest
from importlinter.application.use_cases import read_user_options
from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert lint_imports(config_filename="pyproject.toml") == 0


def test_there_are_contracts_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert len(read_user_options("pyproject.toml").contracts_options) >= 4


def test_nothing_unusual_stands_at_the_root() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."}

    assert folders <= {"config", "media", "playout", "scheduler", "web", "tests", "docs"} | {
        "build",
        "dist",
    }
