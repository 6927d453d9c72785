"""Work on unvetted files, run in a child process that may crash without harm."""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from config.means import lack, lack_to_start

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")

Progress = Callable[[float], None]


class ConfinedError(Exception):
    """A child that refused, was stopped or crashed; the sentence is for staff."""


class LackError(ConfinedError):
    """A machine that lacked something. Nothing is known of the file, and trying again may help."""

    def __init__(self, lacking: str) -> None:
        super().__init__(f"It was not checked, because {lacking}. Try again when that is over.")


class SlowError(ConfinedError):
    """A reading that was stopped at its time. The file or a busy machine may be to blame, so a
    person may try again.
    """

    def __init__(self) -> None:
        super().__init__("Reading this file took too long, so it was stopped.")


def is_due_to(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Return whether an error, or one that it was raised from, is of one of these kinds."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kinds):
        cause = cause.__cause__
    return cause is not None


@dataclass(frozen=True)
class Limits:
    """The most a child may use."""

    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    memory_bytes: int = 3 << 30
    file_bytes: int = 0
    niceness: int = 5


def run_confined(
    module: str,
    job: dict[str, Any],
    limits: Limits,
    progress: Progress | None = None,
    *,
    python: Sequence[str] = (sys.executable, "-P", "-m"),
) -> dict[str, Any]:
    """Run `module` with `job` in a child; return its result. Raises ConfinedError.

    The child answers on its standard output in JSON lines: any number of `progress`, then one of
    `refused`, `lacks` or `result`. It confines itself (`confine_myself`) before it opens anything.
    """
    child = _started([*python, module, json.dumps({"job": job, "limits": asdict(limits)})])
    expired = threading.Event()

    def stop() -> None:
        expired.set()
        child.kill()

    alarm = threading.Timer(limits.wall_seconds, stop)
    alarm.daemon = True
    alarm.start()
    try:
        answer = _answer(child, progress)
    finally:
        alarm.cancel()
        child.kill()
        if child.stdout is not None:
            child.stdout.close()
        child.wait()
    return _judged(answer, expired.is_set(), child.returncode)


def _started(words: list[str]) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
            text=True,
        )
    except OSError as error:
        raise LackError(lack_to_start(error) or f"no checker starts: {error.strerror}") from error


def _answer(child: subprocess.Popen[str], progress: Progress | None) -> dict[str, Any]:
    """Return the child's last message that is not progress."""
    answer: dict[str, Any] = {}
    assert child.stdout is not None
    for line in child.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if "progress" not in message:
            answer = message
        elif progress is not None:
            progress(float(message["progress"]))
    child.wait()
    return answer


def _judged(answer: dict[str, Any], expired: bool, status: int) -> dict[str, Any]:
    if "lacks" in answer:
        raise LackError(str(answer["lacks"]))
    if "refused" in answer:
        raise ConfinedError(str(answer["refused"]))
    if "result" in answer and status == 0:
        result: dict[str, Any] = answer["result"]
        return result
    if expired or -status in (signal.SIGXCPU, signal.SIGKILL):
        raise SlowError
    if answer.get("memory"):
        raise ConfinedError("Reading this file needs more memory than any good file would.")
    raise ConfinedError("This file made the checker crash, so it will not be put on air.")


def confine_myself(limits: Limits) -> None:
    """Confine this child, before it does anything else: it dies with its parent, has no network and
    no privileges, and its means are bounded.

    The network is cut where the kernel allows that; in addition libav is told to open only local
    files.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    os.nice(limits.niceness)


def say_refused(error: Exception, otherwise: str) -> None:
    """Tell the parent that the job failed, and whether the machine or the file is to blame."""
    cause = error.__cause__
    lacking = lack(error) or (lack(cause) if cause is not None else "")
    if lacking:
        say(lacks=lacking)
    else:
        say(refused=otherwise)


def say(**words: Any) -> None:
    """Send one line from the child to the parent."""
    print(json.dumps(words), flush=True)
