"""A missing tool makes tests fail with instructions; nothing is skipped in silence."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from support import axe
from support.databases import SERVER_VARIABLE, newest_bin


def test_without_postgresql_tests_fail_and_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(
        pytest.fail.Exception, match=f"apt-get install postgresql.*{SERVER_VARIABLE}"
    ):
        newest_bin(tmp_path)


def test_the_newest_postgresql_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "16"):
        (tmp_path / version / "bin").mkdir(parents=True)

    assert newest_bin(tmp_path).parent.name == "16"


def test_a_missing_axe_fails_and_is_skipped_only_on_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*rest: Any, **more: Any) -> str:
        raise subprocess.CalledProcessError(1, "npm")

    monkeypatch.setattr(axe, "script", none)
    monkeypatch.delenv(axe.SKIP_VARIABLE, raising=False)
    with pytest.raises(pytest.fail.Exception, match="no page was checked"):
        axe.require_axe()
    monkeypatch.setenv(axe.SKIP_VARIABLE, "1")
    with pytest.raises(pytest.skip.Exception):
        axe.require_axe()
