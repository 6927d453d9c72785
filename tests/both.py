"""`make test`: the tests in real time, and beside them, with time nobody else wants, all others.

What runs beside a real-time test must not be able to disturb it: the others have the idle class of
the scheduler. Where a machine does not grant that, they run first and alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).parents[1]
AIR = "air and not soak"
OTHERS = "not soak and not air"


def pytest(marks: str, *more: str) -> list[str]:
    """The command line for the tests that these marks choose, below what was asked for."""
    asked = sys.argv[1:] or ["tests"]
    return [sys.executable, "-m", "pytest", "-q", "-m", marks, *more, *asked]


def idle() -> None:
    """Give the calling process the idle class; raises OSError where that is refused."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def may_idle() -> bool:
    """Whether this machine grants the idle class."""
    try:
        done = subprocess.run(["true"], preexec_fn=idle, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def main() -> int:
    """0 when all passed."""
    others = pytest(OTHERS, "-n", "2", "--dist", "worksteal")
    if not may_idle():
        first = subprocess.run(others, cwd=HOUSE, check=False).returncode
        return subprocess.run(pytest(AIR), cwd=HOUSE, check=False).returncode or first
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(others, cwd=HOUSE, stdout=said, stderr=said, preexec_fn=idle)
        try:
            print("the tests in real time; all others run beside them and are told last")
            code = subprocess.run(pytest(AIR), cwd=HOUSE, check=False).returncode
            code = beside.wait() or code
        finally:
            beside.terminate()
            beside.wait()
        said.seek(0)
        print(said.read().decode(errors="replace"))
    return code


if __name__ == "__main__":
    sys.exit(main())
