"""The runner of `make test`: both parts run at once, and either one's failure is the run's."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import run


def python(program: str) -> list[str]:
    return [sys.executable, "-u", "-c", program]


def meets(own: Path, other: Path) -> str:
    """Return a program that ends only when its like has begun."""
    return (
        f"import pathlib, time; pathlib.Path({str(own)!r}).touch()\n"
        f"while not pathlib.Path({str(other)!r}).exists(): time.sleep(0.01)"
    )


def test_the_parts_run_at_once_and_each_line_names_its_part(tmp_path: Path) -> None:
    said: list[str] = []
    one, two = tmp_path / "one", tmp_path / "two"
    parts = {
        "one": python(meets(one, two) + "\nprint('first')"),
        "two": python(meets(two, one) + "\nimport sys; print('bad', file=sys.stderr); sys.exit(3)"),
    }

    assert run.run_beside(parts, said.append, os.environ) == {"one": 0, "two": 3}
    assert sorted(said) == ["one | first", "two | bad"]


def test_a_run_fails_when_either_part_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "tests/air"])
    for codes, expected in (((0, 0), 0), ((1, 0), 1), ((0, 5), 1), ((-9, 0), 1)):
        answer = dict(zip(("real time", "others   "), codes, strict=True))
        monkeypatch.setattr(run, "run_beside", lambda *_, answer=answer: answer)

        assert run.main() == expected
        named = {line.split(":")[0] for line in capsys.readouterr().out.splitlines() if ":" in line}
        assert named == {name.strip() for name, code in answer.items() if code}


def test_the_others_give_way_to_the_real_time_tests() -> None:
    said: list[str] = []
    words = [*run.WHEN_IDLE, *python("import os; print(os.sched_getscheduler(0) == os.SCHED_IDLE)")]
    run.run_beside({"others": words}, said.append, os.environ)

    assert said == ["others | True"]


def test_processes_of_the_tests_may_write_byte_code_and_keep_every_other_variable() -> None:
    own = {"PYTHONDONTWRITEBYTECODE": "1", "GAVEL_TEST_POSTGRES": "postgresql://"}

    assert run.environment(own) == {"GAVEL_TEST_POSTGRES": "postgresql://"}


def test_a_run_that_is_stopped_leaves_no_tests_behind(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    child = f"import os, pathlib, time\npathlib.Path({str(noted)!r}).write_text(str(os.getpid()))\n"
    program = (
        f"import os, run\nchild = {child + 'time.sleep(60)'!r}\n"
        f"run.run_beside({{'one': [{sys.executable!r}, '-c', child]}}, print, os.environ)"
    )
    folder = str(Path(run.__file__).parent)
    runner = subprocess.Popen(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": folder}
    )
    while not noted.exists() or not noted.read_text():
        time.sleep(0.01)

    runner.send_signal(signal.SIGTERM)

    assert runner.wait(30) == 1
    assert not Path(f"/proc/{noted.read_text()}").exists()


def test_numpy_uses_one_thread_in_every_test() -> None:
    program = (
        "import numpy as np, os\n"
        "np.ones((500, 500)) @ np.ones((500, 500))\n"
        "print(len(os.listdir('/proc/self/task')))"
    )
    said: list[str] = []
    run.run_beside({"numpy": python(program)}, said.append, os.environ)

    assert said == ["numpy | 1"]
