"""A pytest plugin that records how each soak test ended, for the report."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from soak.notes import folder

from config.wholefile import write_whole


def path() -> Path:
    """Return the file of outcomes."""
    return folder() / "outcomes.json"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record the newest outcome of each soak test; a skipped one with its reason."""
    if "soak" not in report.keywords or (report.when != "call" and report.passed):
        return
    kept = json.loads(path().read_text()) if path().exists() else {}
    kept[report.nodeid.split("tests/")[-1]] = {
        "outcome": report.outcome,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(report.duration, 1),
        "why": _why(report),
    }
    folder().mkdir(parents=True, exist_ok=True)
    write_whole(path(), (json.dumps(dict(sorted(kept.items())), indent=1) + "\n").encode())


def _why(report: pytest.TestReport) -> str:
    """Return one line on why a test did not pass."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])[:200]
    crash = getattr(report.longrepr, "reprcrash", None)
    return "" if crash is None else str(crash.message).splitlines()[0][:200]
