"""`make test`: runs the tests without real time beside the real-time ones.

The real-time tests run one at a time and mostly wait: they use about a third of one processor. The
others get what is left: Linux runs them only where nobody else wants a processor (SCHED_IDLE). A
higher niceness is not enough: a station closes its recordings at niceness 19.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parent.parent
PYTEST = (sys.executable, "-u", "-m", "pytest", "-q", "--durations=15")
WHEN_IDLE = ("chrt", "--idle", "0")
OTHERS = ("-m", "not soak and not air", "-n", "3", "--dist", "worksteal", "tests")
"""The tests without real time, in three processes: one waits for the disk or a browser at times."""
REAL_TIME = ("-m", "air and not soak")
NO_BYTE_CODE = "PYTHONDONTWRITEBYTECODE"
"""Variable that forbids to write byte code: each process that a test starts then compiles Gavel
again."""
PATIENCE = 30.0
"""Seconds that an interrupted pytest has to end its fixtures."""


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the tests: this process's own, but byte code may be written."""
    return {name: value for name, value in own.items() if name != NO_BYTE_CODE}


def run_beside(
    parts: Mapping[str, Sequence[str]], say: Callable[[str], None], environment: Mapping[str, str]
) -> dict[str, int]:
    """Run all commands at once; return the exit code of each. `say` gets each line they write,
    with the name of its part. SIGTERM interrupts them, so that pytest ends what its fixtures began.
    """
    running = {name: started(words, environment) for name, words in parts.items()}

    def end(_number: int, _frame: object) -> NoReturn:
        for process in running.values():
            process.send_signal(signal.SIGINT)
        raise SystemExit(1)

    before = signal.signal(signal.SIGTERM, end)
    readers = [
        threading.Thread(target=pass_on, args=(name, process, say), daemon=True)
        for name, process in running.items()
    ]
    try:
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        codes = {name: ended(process) for name, process in running.items()}
        signal.signal(signal.SIGTERM, before)
    return codes


def started(words: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a command in the root folder; its output and its errors go into one pipe."""
    return subprocess.Popen(
        list(words), cwd=ROOT, env=dict(environment), text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def ended(process: "subprocess.Popen[str]") -> int:
    """Return the exit code of a process; terminate one that outlives its patience."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.terminate()
        return process.wait()


def pass_on(name: str, process: "subprocess.Popen[str]", say: Callable[[str], None]) -> None:
    """Pass on each line that a process writes."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            say(f"{name} | {line.rstrip()}")


def main() -> int:
    """Run every test but the soak tests; return 0 if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("air", nargs="+", help="the folders of the real-time tests")
    folders = parser.parse_args().air
    parts = {
        "real time": (*PYTEST, *REAL_TIME, *folders),
        "others   ": (*WHEN_IDLE, *PYTEST, *OTHERS),
    }
    began = time.monotonic()
    codes = run_beside(parts, lambda line: print(line, flush=True), environment(os.environ))
    print(f"{time.monotonic() - began:.0f} s for all tests", flush=True)
    for name, code in codes.items():
        if code:
            print(f"{name.strip()}: pytest ended with {code}", flush=True)
    return int(any(codes.values()))


if __name__ == "__main__":
    sys.exit(main())
