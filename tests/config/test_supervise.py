import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.waiting import PATIENCE, in_the_end

from config import supervise
from config.clock import SimulatedClock, SystemClock
from config.forked import is_stopped
from config.supervise import Child, Supervisor

BEATING = (
    "import time\nfrom config.child import beat, die_with_parent\n"
    "die_with_parent()\nwhile True: beat(); time.sleep(0.02)"
)


@pytest.fixture
def supervised() -> object:
    started: list[tuple[Supervisor, threading.Thread]] = []

    def start(*children: Child) -> Supervisor:
        supervisor = Supervisor(children, SystemClock())
        thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
        thread.start()
        started.append((supervisor, thread))
        return supervisor

    yield start
    for supervisor, thread in started:
        supervisor.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def beating(name: str = "one", stale_after: float | None = None) -> Child:
    return Child(name, [sys.executable, "-c", BEATING], stale_after=stale_after)


def other_pid(supervisor: Supervisor, old: int) -> Callable[[], bool]:
    return lambda: supervisor.pids().get("one", old) != old


def test_a_child_that_is_asked_to_start_again_does_and_no_other(supervised) -> None:
    supervisor = supervised(beating("one"), beating("two"))
    assert in_the_end(lambda: len(supervisor.pids()) == 2)
    before, orders = supervisor.pids(), ["one"]
    supervisor.asked = lambda: orders.pop() if orders else ""

    assert in_the_end(other_pid(supervisor, before["one"]))
    assert in_the_end(lambda: "one" in supervisor.pids())
    assert supervisor.pids()["two"] == before["two"]


def test_a_killed_child_is_started_again(supervised) -> None:
    supervisor = supervised(beating())
    assert in_the_end(lambda: "one" in supervisor.pids())
    old = supervisor.pids()["one"]

    os.kill(old, signal.SIGKILL)

    assert in_the_end(other_pid(supervisor, old))


def test_a_stopped_child_is_killed_and_started_again(supervised) -> None:
    supervisor = supervised(beating(stale_after=0.6))
    assert in_the_end(lambda: "one" in supervisor.pids())
    time.sleep(1.0)
    old = supervisor.pids()["one"]

    os.kill(old, signal.SIGSTOP)

    assert in_the_end(other_pid(supervisor, old))


def test_a_beating_child_is_left_alone(supervised) -> None:
    supervisor = supervised(beating(stale_after=1.5))
    assert in_the_end(lambda: "one" in supervisor.pids())
    old = supervisor.pids()["one"]

    time.sleep(2.5)

    assert supervisor.pids()["one"] == old


def test_a_slow_starter_is_given_more_time_each_time(supervised, monkeypatch) -> None:
    monkeypatch.setattr("config.supervise.FIRST_BEAT_WITHIN", 0.5)
    slow = Child(
        "one", [sys.executable, "-c", "import time; time.sleep(4)\n" + BEATING], stale_after=0.4
    )
    supervisor = supervised(slow)
    assert in_the_end(lambda: "one" in supervisor.pids())
    first = supervisor.pids()["one"]
    assert in_the_end(other_pid(supervisor, first))

    time.sleep(14)
    settled = supervisor.pids().get("one")
    time.sleep(2)

    assert settled is not None
    assert supervisor.pids().get("one") == settled


def test_the_last_beat_of_a_dead_child_does_not_count_for_its_successor(
    supervised, tmp_path
) -> None:
    mark = tmp_path / "mark"
    once = (
        "import sys, time\nfrom pathlib import Path\nfrom config.child import beat\n"
        f"mark = Path({str(mark)!r})\n"
        "if not mark.exists():\n    mark.touch(); beat(); sys.exit(1)\n"
        "time.sleep(3)\nwhile True: beat(); time.sleep(0.02)"
    )
    supervisor = supervised(Child("one", [sys.executable, "-c", once], stale_after=0.5))
    assert in_the_end(lambda: mark.exists() and "one" in supervisor.pids())
    time.sleep(1)
    second = supervisor.pids()["one"]

    time.sleep(4)

    assert supervisor.pids()["one"] == second


def test_a_child_that_may_wait_starts_after_the_others(supervised) -> None:
    later = Child("two", [sys.executable, "-c", BEATING], after=1.0)
    supervisor = supervised(later, beating())
    assert in_the_end(lambda: "one" in supervisor.pids())
    assert "two" not in supervisor.pids()

    assert in_the_end(lambda: "two" in supervisor.pids())


def test_a_child_that_may_wait_leaves_the_processor_to_the_others(supervised) -> None:
    supervisor = supervised(Child("one", [sys.executable, "-c", BEATING], nice=3))
    assert in_the_end(lambda: "one" in supervisor.pids())

    meant = min(19, os.nice(0) + 3)
    pid = supervisor.pids()["one"]
    assert in_the_end(lambda: os.getpriority(os.PRIO_PROCESS, pid) == meant)


def test_a_child_that_air_waits_for_starts_also_where_it_may_not_go_first(
    supervised, monkeypatch
) -> None:
    asked: list[int] = []

    def refuse(_which: int, _pid: int, niceness: int) -> None:
        asked.append(niceness)
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "setpriority", refuse)
    supervisor = supervised(Child("one", [sys.executable, "-c", BEATING], nice=-5))

    assert in_the_end(lambda: asked == [os.nice(0) - 5])
    assert "one" in supervisor.pids()


def test_a_child_without_work_is_not_started_until_it_has_some(supervised) -> None:
    work: list[str] = []
    idle = replace(beating("two"), is_wanted=lambda: bool(work))
    supervisor = supervised(beating(), idle)
    assert in_the_end(lambda: "one" in supervisor.pids())
    time.sleep(0.6)
    assert "two" not in supervisor.pids()
    work.append("a source")
    assert in_the_end(lambda: "two" in supervisor.pids())
    work.clear()
    time.sleep(0.4)
    assert "two" in supervisor.pids()


def test_a_program_that_does_not_exist_does_not_end_the_others(supervised) -> None:
    supervisor = supervised(Child("none", ["/no/such/program"]), beating())

    assert in_the_end(lambda: "one" in supervisor.pids())


def test_an_unwatchable_child_is_retried_and_disturbs_no_other(supervised, monkeypatch) -> None:
    """Without a free descriptor the supervisor could start a process but not see it die."""
    refusals = iter([OSError(24, "Too many open files")] * 2)
    usual = os.pidfd_open

    def refuse(pid: int) -> int:
        error = next(refusals, None)
        if error is not None:
            raise error
        return usual(pid)

    monkeypatch.setattr(os, "pidfd_open", refuse)
    supervisor = supervised(beating(), beating("two"))
    assert in_the_end(lambda: {"one", "two"} <= supervisor.pids().keys())


def test_a_child_that_keeps_ending_is_reported_only_while_it_does(monkeypatch) -> None:
    monkeypatch.setattr(supervise, "KEEPS_ENDING_WITHIN", 3.0)
    heard: list[tuple[str, ...]] = []
    ending = Child("dies", [sys.executable, "-S", "-c", "pass"])
    supervisor = Supervisor([ending, beating()], SystemClock(), lambda names: heard.append(names))
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    assert in_the_end(lambda: bool(heard))
    supervisor.stop()
    thread.join(10)
    assert heard[0] == ("dies",)


def test_a_child_that_dies_rarely_is_not_reported() -> None:
    clock, heard = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC)), []
    supervisor = Supervisor([Child("none", ["/no/such/program"])], clock, heard.append)
    running = supervise._Running(supervisor.children[0], 0)
    supervisor._running = [running]
    for _ in range(10):
        supervisor._rest(running)
        clock.advance(timedelta(seconds=supervise.KEEPS_ENDING_WITHIN / 2))
        supervisor._report(clock.monotonic())
    assert heard == []
    for _ in range(supervise.KEEPS_ENDING_COUNT):
        supervisor._rest(running)
    supervisor._report(clock.monotonic())
    clock.advance(timedelta(seconds=supervise.KEEPS_ENDING_WITHIN))
    supervisor._report(clock.monotonic())
    assert heard == [("none",), ()]


def test_children_die_with_a_killed_supervisor(tmp_path) -> None:
    script = (
        "import sys\nfrom config.clock import SystemClock\n"
        "from config.supervise import Child, Supervisor\n"
        f"Supervisor([Child('one', [sys.executable, '-c', {BEATING!r}])], SystemClock()).run()"
    )
    pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", script])
    children = f"/proc/{pid}/task/{pid}/children"

    def child_pids() -> list[str]:
        with Path(children).open() as file:
            return file.read().split()

    assert in_the_end(lambda: bool(child_pids()))
    time.sleep(0.7)
    (child,) = child_pids()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    def gone() -> bool:
        try:
            with Path(f"/proc/{child}/stat").open() as file:
                return file.read().rsplit(")", 1)[1].split()[0] == "Z"
        except FileNotFoundError:
            return True

    assert in_the_end(gone)


def test_a_stopped_child_is_killed_sooner_than_a_slow_one(supervised) -> None:
    supervisor = supervised(beating(stale_after=600.0))
    assert in_the_end(lambda: supervisor.has_beaten("one"))
    old = supervisor.pids()["one"]

    os.kill(old, signal.SIGSTOP)

    assert in_the_end(other_pid(supervisor, old))


def test_a_stopped_supervisor_is_continued_because_its_children_would_die_with_it(
    supervised,
) -> None:
    child = Child("one", [sys.executable, "-c", BEATING], stale_after=600.0, has_children=True)
    supervisor = supervised(child)
    assert in_the_end(lambda: supervisor.has_beaten("one"))
    pid = supervisor.pids()["one"]

    os.kill(pid, signal.SIGSTOP)

    assert in_the_end(lambda: is_stopped(pid))
    assert in_the_end(lambda: not is_stopped(pid))
    assert supervisor.pids()["one"] == pid


def test_a_silent_running_child_gets_its_full_time(supervised) -> None:
    silent = "from config.child import beat\nimport time\nbeat()\nwhile True: time.sleep(0.02)"
    supervisor = supervised(Child("one", [sys.executable, "-c", silent], stale_after=600.0))
    assert in_the_end(lambda: supervisor.has_beaten("one"))
    old = supervisor.pids()["one"]

    time.sleep(1.5)

    assert supervisor.pids()["one"] == old
