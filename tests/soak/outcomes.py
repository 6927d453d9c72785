"""Notes how every soak test ended, so that the report tells of failures as of figures."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from soak.notes import folder

from config.wholefile import write_whole


def path() -> Path:
    """Where the outcomes are kept."""
    return folder() / "outcomes.json"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the newest outcome of each test that ran; a skipped one says why it was."""
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
    """One line on what did not pass."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])[:200]
    crash = getattr(report.longrepr, "reprcrash", None)
    return "" if crash is None else str(crash.message).splitlines()[0][:200]
