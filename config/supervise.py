"""The supervisor: starts, watches, restarts and stops child processes of a channel or a machine."""

import logging
import mmap
import os
import select
import signal
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from config.child import HEARTBEAT, PARENT, beat
from config.clock import Clock
from config.forked import ForkedProcess, fork, is_stopped, may_fork

log = logging.getLogger(__name__)
Process: TypeAlias = subprocess.Popen[bytes] | ForkedProcess

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
RESTART_AT_ONCE_AFTER = 10.0
"""Seconds a child must live before its next restart is immediate again."""
LOOK_EVERY = 0.1
"""Seconds between two looks at heartbeats; a death is noticed at once."""
STOPPED_AFTER = 0.4
"""Seconds without a beat after which a child that the kernel calls stopped (SIGSTOP) is killed. A
child that is only slow is never in that state, so a busy machine loses no child to this rule."""
KEEPS_ENDING_COUNT, KEEPS_ENDING_WITHIN = 3, 60.0
"""A child keeps ending when it has ended, or failed to start, this often within so many seconds."""
ASK_AGAIN_AFTER = 0.25
"""Seconds from asking whether a child is wanted to the next time."""
STOP_WITHIN = 3.0
FIRST_BEAT_WITHIN = 30.0
LONGEST_FIRST_BEAT = 60.0
"""Seconds a child may take until its first beat: interpreters and libraries load slowly. Each start
that takes longer doubles the allowance, so that killing does not keep a busy machine busy."""


@dataclass(frozen=True)
class Child:
    """One process to keep alive. After `stale_after` seconds without a beat it is killed.

    Its first start waits `after` seconds, so that more important processes go first.
    """

    name: str
    argv: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    env: Mapping[str, str] | None = None
    stale_after: float | None = None
    after: float = 0.0
    nice: int = 0
    """Added to the niceness of the supervisor; one below 0 only where the machine permits it."""
    run: Callable[[], None] | None = None
    """Work of `argv`, for a supervisor that may fork: then it does not start an interpreter."""
    is_wanted: Callable[[], bool] | None = None
    """Tells whether there is work for it; until then it is not started. Not asked while it runs."""
    has_children: bool = False
    """Whether it supervises others, which go on while it is stopped and would die with it. So it is
    continued (SIGCONT) where another is killed."""

    @property
    def shown(self) -> Sequence[str]:
        """The command line without the interpreter and its options."""
        at = self.argv.index("-m") + 2 if "-m" in self.argv else 0
        return self.argv[at:]


@dataclass
class _Running:
    """The supervisor's memory of one child between two looks."""

    child: Child
    slot: int
    process: Process | None = None
    pidfd: int = -1
    lived: float = 0.0
    silent: float = 0.0
    has_beaten: bool = False
    patience: float = FIRST_BEAT_WITHIN
    last_beat: int = 0
    pause: float = FIRST_PAUSE
    wait: float = 0.0
    restarts: int = -1
    ends: list[int] = field(default_factory=list)
    """Recent ends and failed starts, in monotonic nanoseconds."""


@dataclass
class Supervisor:
    """Keeps every child alive until told to stop. Stopping follows the list backwards.

    A child that dies is started again after 0.05 s, doubling to 2 s while it keeps dying. A child
    that stops beating is killed with SIGKILL; a stopped process at once, because it cannot continue
    by itself. Time for which the supervisor itself was stalled is not held against a child.
    """

    children: Sequence[Child]
    clock: Clock
    tell: Callable[[Sequence[str]], None] | None = None
    """Called with the names of the children that keep ending, whenever that changes."""
    asked: Callable[[], str] | None = None
    """Returns the name of a child that must start again, empty for none; called at each look."""
    tell_starts: Callable[[Mapping[str, int]], None] | None = None
    """Called with how often each child was started, at each start."""
    _reported: tuple[str, ...] = ()
    _running: list[_Running] = field(default_factory=list)
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._beats = os.memfd_create("gavel-heartbeats")
        os.ftruncate(self._beats, max(8 * len(self.children), 8))
        self._page = mmap.mmap(self._beats, 0)
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    def run(self, *, signals: bool = True) -> None:
        """Start all children and watch them until SIGTERM, SIGINT or `stop()`; then stop them
        all."""
        if signals:
            signal.signal(signal.SIGTERM, lambda *_: self.stop())
            signal.signal(signal.SIGINT, lambda *_: self.stop())
        self._running = [
            _Running(child, slot, patience=FIRST_BEAT_WITHIN, wait=child.after)
            for slot, child in enumerate(self.children)
        ]
        for running in self._running:
            if not running.wait:
                self._start_if_wanted(running)
        before = self.clock.monotonic()
        try:
            while not self._stopping:
                ended = self._sleep()
                now = self.clock.monotonic()
                self._look(min((now - before) / 1e9, 2 * LOOK_EVERY), ended)
                before = now
                self._report(now)
                beat()
        finally:
            for running in reversed(self._running):
                self._end(running)

    def stop(self) -> None:
        """Ask `run` to end; safe from a signal handler or another thread."""
        self._stopping = True
        os.write(self._wake_write, b"x")

    def pids(self) -> dict[str, int]:
        """Process ids of the children alive now, by name."""
        return {r.child.name: r.process.pid for r in self._running if r.process is not None}

    def has_beaten(self, name: str) -> bool:
        """Return whether the child now alive under this name has shown a sign of life."""
        return any(r.has_beaten for r in self._running if r.child.name == name)

    def _sleep(self) -> Set[int]:
        """Wait until the next look. Return the descriptors of the children that ended."""
        poll = select.poll()
        poll.register(self._wake_read, select.POLLIN)
        shortest = LOOK_EVERY
        for running in self._running:
            if running.process is not None:
                poll.register(running.pidfd, select.POLLIN)
            else:
                shortest = min(shortest, running.wait)
        return {handle for handle, _ in poll.poll(max(1, round(shortest * 1000)))}

    def _look(self, passed: float, ended: Set[int]) -> None:
        asked = self.asked() if self.asked is not None else ""
        for running in self._running:
            if running.process is None:
                running.wait -= passed
                if running.wait <= 0:
                    self._start_if_wanted(running)
            elif running.pidfd in ended and running.process.poll() is not None:
                self._buried(running)
            elif running.child.name == asked:
                log.warning("%s is asked to start again: killing it", asked)
                running.process.kill()
            else:
                running.lived += passed
                self._listen(running, passed)

    def _listen(self, running: _Running, passed: float) -> None:
        if running.child.stale_after is None or running.process is None:
            return
        value = self._beat_of(running)
        if value != running.last_beat:
            running.last_beat, running.silent, running.has_beaten = value, 0.0, True
            running.patience = FIRST_BEAT_WITHIN
            return
        running.silent += passed
        patience = running.child.stale_after
        if not running.has_beaten:
            patience = max(patience, running.patience)
        stopped = running.silent > STOPPED_AFTER and is_stopped(running.process.pid)
        if stopped and running.child.has_children:
            log.error("%s was stopped: it is continued", running.child.name)
            os.kill(running.process.pid, signal.SIGCONT)
        elif stopped or running.silent > patience:
            if not running.has_beaten and not stopped:
                running.patience = min(running.patience * 2, LONGEST_FIRST_BEAT)
            log.error("%s has not moved for %.1f s: killing it", running.child.name, running.silent)
            running.silent = 0.0
            running.process.kill()

    def _beat_of(self, running: _Running) -> int:
        return int(struct.unpack_from("<Q", self._page, 8 * running.slot)[0])

    def _start_if_wanted(self, running: _Running) -> None:
        if running.child.is_wanted is None or running.child.is_wanted():
            self._start(running)
        else:
            running.wait = ASK_AGAIN_AFTER

    def _start(self, running: _Running) -> None:
        child = running.child
        environment = dict(os.environ if child.env is None else child.env)
        environment[PARENT] = str(os.getpid())
        environment[HEARTBEAT] = f"{self._beats}:{running.slot}"
        running.lived = running.silent = 0.0
        running.has_beaten, running.last_beat = False, self._beat_of(running)
        try:
            process = self._made(child, environment)
            running.pidfd = _watched(process)
        except OSError as error:
            log.error("%s could not be started: %s; trying again", child.name, error)
            self._rest(running)
            return
        running.process = process
        with suppress(PermissionError):
            if child.nice:
                os.setpriority(os.PRIO_PROCESS, process.pid, os.nice(0) + child.nice)
        running.restarts += 1
        if self.tell_starts is not None:
            self.tell_starts({one.child.name: one.restarts for one in self._running})
        log.info("%s started, pid %d", child.name, process.pid)

    def _made(self, child: Child, environment: Mapping[str, str]) -> Process:
        handles = (*child.pass_fds, self._beats)
        if child.run is not None and may_fork():
            return fork(child.run, child.shown, handles, environment)
        return subprocess.Popen(list(child.argv), pass_fds=handles, env=environment)

    def _buried(self, running: _Running) -> None:
        assert running.process is not None
        code = running.process.returncode
        log.warning("%s ended with %s after %.1f s", running.child.name, code, running.lived)
        os.close(running.pidfd)
        running.process = None
        if running.lived >= RESTART_AT_ONCE_AFTER:
            running.pause = FIRST_PAUSE
        self._rest(running)

    def _report(self, now: int) -> None:
        """Report which children keep ending, whenever that changes."""
        for running in self._running:
            running.ends = [end for end in running.ends if now - end < KEEPS_ENDING_WITHIN * 1e9]
        ending = tuple(r.child.name for r in self._running if len(r.ends) >= KEEPS_ENDING_COUNT)
        if ending != self._reported and self.tell is not None:
            self._reported = ending
            self.tell(ending)

    def _rest(self, running: _Running) -> None:
        running.ends.append(self.clock.monotonic())
        running.wait = running.pause
        running.pause = min(running.pause * 2, LONGEST_PAUSE)

    def _end(self, running: _Running) -> None:
        process = running.process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in %.0f s: killing it", running.child.name, STOP_WITHIN)
            process.kill()
            process.wait()
        os.close(running.pidfd)
        running.process = None


def _watched(process: Process) -> int:
    """Return a descriptor that becomes readable when this process ends. Raises OSError, after
    killing the process: the supervisor would not see an unwatched one die.
    """
    try:
        return os.pidfd_open(process.pid)
    except OSError:
        process.kill()
        process.wait()
        raise
