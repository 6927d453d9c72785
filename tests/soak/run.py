"""`make soak`: runs every soak test within a time limit, then reports; green only if all passed.

Test files run one after another, short and telling ones first. A test that is not reached or
exceeds the time counts as not shown, so the run is not green. Named files run alone: `make faults`
uses this for tests that do not fit into the time limit of the others.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from bench.figures import revision  # noqa: E402
from soak import report  # noqa: E402
from soak.notes import ENVIRONMENT, folder  # noqa: E402

TOTAL_MINUTES = 190.0
"""Minutes for the whole run."""
RUN_LAST = ("soak/test_kills.py", "soak/test_drift.py", "soak/test_ends.py")
"""The longest three; new files run before them."""
RUN_APART = (
    *("soak/test_faults.py", "soak/test_stream.py", "soak/test_caption_joins.py"),
    *("soak/test_hung_targets.py", "soak/test_four_channels.py", "soak/test_nights.py"),
    "soak/test_hour.py",
    "soak/test_watcher.py",
    "soak/test_library_story.py",
    "soak/test_machine.py",
    "soak/test_two_machines.py",
    "soak/test_meeting_taken_over.py",
)
"""Files that run only when named: those of `make faults`, and long runs of what leaves."""
REPORT_SECONDS = 60.0
"""Seconds kept for the report."""


def collected() -> list[str]:
    """Return every soak test as a path below `tests` and a name."""
    words = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "soak", "tests"]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    found = [line.split("tests/", 1)[1] for line in said.stdout.splitlines() if "::" in line]
    if said.returncode or not found:
        raise SystemExit(f"the soak tests cannot be collected:\n{said.stdout[-2000:]}")
    return found


def asked_for(tests: list[str], files: list[str]) -> list[str]:
    """Return the tests of these files; if none is named, all tests that do not run apart."""
    if files:
        return [test for test in tests if test.split("::")[0] in files]
    return [test for test in tests if test.split("::")[0] not in RUN_APART]


def in_order(tests: list[str]) -> list[str]:
    """Return the files of these tests in running order."""
    files = dict.fromkeys(test.split("::")[0] for test in tests)
    return sorted(files, key=lambda one: (RUN_LAST.index(one) + 1 if one in RUN_LAST else 0, one))


def run(file: str, seconds: float) -> None:
    """Run the soak tests of one file; terminate them when the time is over."""
    words = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "soak", f"tests/{file}"]
    print(f"{datetime.now(UTC):%H:%M:%S} {file}, at most {seconds / 60:.0f} min", flush=True)
    child = subprocess.Popen(words, cwd=ROOT)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.wait()


def main() -> int:
    """Run and report; return 0 if every test ran and every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=TOTAL_MINUTES, help="for all of it")
    parser.add_argument("files", nargs="*", help="only these, as soak/test_takes.py")
    asked = parser.parse_args()
    end = time.monotonic() + asked.minutes * 60 - REPORT_SECONDS
    began, tests = datetime.now(UTC).isoformat(timespec="seconds"), collected()
    wanted = asked_for(tests, asked.files)
    whole = not asked.files and not any(name in os.environ for name in ENVIRONMENT[:2])
    asked_of = {"began": began, "revision": revision(), "whole": whole, "tests": wanted}
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / "run.json").write_text(json.dumps(asked_of, indent=1) + "\n")
    for file in in_order(wanted):
        left = end - time.monotonic()
        if left > 0:
            run(file, left)
    return report.main([str(folder())])


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
