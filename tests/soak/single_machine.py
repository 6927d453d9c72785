"""A station on one machine, run by `gavel up`, and a way to find each of its processes."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from soak.own_channels import named_processes
from support.station import CHANNEL, Station, wait_for

from playout.engine.links.target_state import TargetState, read_state, state_file

KINDS = {
    "child-bus": "bus",
    "child-deck": "deck",
    "child-output": "output",
    "child-relay": "relay",
    "child-monitor": "monitor",
    "child-agent": "agent",
    "scheduler": "scheduler",
    "run": "supervisor",
}


class SingleMachine(Station):
    """A station whose one parent process restarts whatever dies."""

    def __enter__(self) -> "SingleMachine":
        self.start("up", "gavel", "up")
        try:
            wait_for(self.answers, 60, "the pages answer")
        except AssertionError:
            self.__exit__()
            raise
        return self

    def pids(self) -> dict[str, list[int]]:
        """Return process ids by kind: web, scheduler, supervisor, bus, deck, output and so on."""
        found: dict[str, list[int]] = {}
        for pid in descendants(self.processes["up"].pid):
            name = _kind(command_line(pid))
            if name:
                found.setdefault(name, []).append(pid)
        return found

    def whole(self) -> bool:
        """Return whether every kind of process runs."""
        found = self.pids()
        return all(found.get(name) for name in {*KINDS.values(), "web"}) and len(found["deck"]) == 2

    def output(self, number: int) -> int | None:
        """Return the process that serves the output at this place, from 1."""
        log = (self.folder / "up.log").read_text(errors="replace")
        pid = named_processes(log).get(f"output {number}")
        return pid if pid is not None and command_line(pid) else None

    def state(self, number: int) -> TargetState | None:
        """Return what the process of an output says of itself."""
        return read_state(state_file(self.settings.channel_dir(CHANNEL), number - 1))

    def target(self, name: str) -> int | None:
        """Return a process by name; `deck on air` and `deck idle` differ by their open file."""
        found = self.pids()
        if name == "web worker":
            return next(iter(found.get("web", [])[1:]), None)
        if not name.startswith("deck"):
            return next(iter(found.get(name, [])), None)
        busy = [pid for pid in found.get("deck", []) if plays_a_file(pid)]
        idle = [pid for pid in found.get("deck", []) if pid not in busy]
        if len(busy) != 1 or len(idle) != 1:
            return None
        return busy[0] if name == "deck on air" else idle[0]


def descendants(pid: int) -> Iterator[int]:
    """Yield every process below this one."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in children:
        yield child
        yield from descendants(child)


def command_line(pid: int) -> list[str]:
    """Return the command line of a process; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _kind(command: list[str]) -> str:
    if "gunicorn" in command:
        return "web"
    if "run" in command and CHANNEL not in command:
        return ""
    return next((KINDS[word] for word in command if word in KINDS), "")


def plays_a_file(pid: int) -> bool:
    """Return whether the process has a file of the media store open."""
    try:
        handles = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # it has just died
        return False
    for handle in handles:
        with suppress(OSError):
            if "media" in handle.readlink().parts:
                return True
    return False


def strike(pid: int, sign: signal.Signals) -> bool:
    """Send the signal; return False if the process is gone."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True
