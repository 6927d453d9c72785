"""Forked children: they live as executed ones do, and share what their supervisor has loaded.

Each story runs in an interpreter of its own, because only a process with one thread may fork.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STORY = """
import json, os, signal, sys, threading, time
from config.child import beat, die_with_parent
from config.clock import SystemClock
from config.supervise import Child, Supervisor

folder, FD = sys.argv[1], '/proc/self/fd'
os.environ["OF_THE_SUPERVISOR"] = "1"

def work():
    die_with_parent()
    said = {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "open": [int(n) for n in os.listdir(FD) if os.path.islink(f"{FD}/{n}")],
        "env": sorted(set(os.environ) & {"MINE", "OF_THE_SUPERVISOR"}),
        "term": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
        "masked": [int(one) for one in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
        "line": open("/proc/self/cmdline").read().split(chr(0))[0],
        "modules": "this" in sys.modules,
    }
    with open(f"{folder}/said", "a") as out:
        out.write(json.dumps(said) + chr(10))
    HOW()

def beats():
    while True:
        beat()
        time.sleep(0.02)

def hangs():
    beat()
    time.sleep(60)

def ends():
    raise SystemExit(3)

def breaks():
    raise RuntimeError("it broke")

HOW = globals()[sys.argv[2]]
kept, spare = os.memfd_create("kept"), os.memfd_create("spare")
child = Child("one", ["python", "-m", "a.module", "child-one", "{}"], (kept,), {"MINE": "1"}, 1.0,
              run=work)
supervisor = Supervisor([child], SystemClock(), tell=lambda names: print(names, flush=True))
print(json.dumps({"pid": os.getpid(), "kept": kept, "beats": supervisor._beats}), flush=True)
if sys.argv[3] != "0":
    signal.signal(signal.SIGALRM, lambda *_: supervisor.stop())
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[3]))
supervisor.run()
print("over", flush=True)
"""


def start(folder: Path, how: str, seconds: float) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", "import this\n" + STORY, str(folder), how, str(seconds)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(folder: Path, how: str, seconds: float) -> tuple[dict, list[dict], str]:
    """Return what the supervisor said first, what each child said, and the log."""
    out, err = start(folder, how, seconds).communicate(timeout=60)
    lines = out[out.index("{") :].splitlines()
    assert lines[-1] == "over"
    children = [json.loads(line) for line in (folder / "said").read_text().splitlines()]
    return json.loads(lines[0]), children, err + out


def test_a_forked_child_has_its_own_environment_signals_and_descriptors(tmp_path: Path) -> None:
    supervisor, (child, *more), _ = told(tmp_path, "beats", 1.5)
    assert more == []
    assert child["parent"] == supervisor["pid"] != child["pid"]
    assert set(child["open"]) == {0, 1, 2, supervisor["kept"], supervisor["beats"]}
    assert child["env"] == ["MINE"] and child["term"] and child["masked"] == []
    assert child["line"] == "child-one"
    assert child["modules"], "what the supervisor has loaded is there"


@pytest.mark.parametrize("how", ["ends", "breaks"])
def test_a_forked_child_that_ends_is_started_again_and_reported(tmp_path: Path, how: str) -> None:
    _, children, log = told(tmp_path, how, 2.0)
    assert len({child["pid"] for child in children}) >= 3
    assert "('one',)" in log
    assert ("it broke" in log) is (how == "breaks")


def test_a_forked_child_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    _, children, _ = told(tmp_path, "hangs", 4.0)
    assert len({child["pid"] for child in children}) >= 2


def test_a_forked_child_dies_with_its_supervisor(tmp_path: Path) -> None:
    running = start(tmp_path, "beats", 0)
    said = tmp_path / "said"
    while not said.exists() or not said.read_text().endswith("\n"):
        assert running.poll() is None
    child = json.loads(said.read_text())["pid"]
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=10)
    for _ in range(500):
        if not Path(f"/proc/{child}").exists() or _is_zombie(child):
            return
        subprocess.run(["sleep", "0.01"], check=True)
    raise AssertionError("the child lives on")


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
