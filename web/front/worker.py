"""The front as a gunicorn worker: it accepts, reports its heartbeat and stops as gunicorn asks."""

import os
import resource
import sys
from typing import Any

from gunicorn.workers.base import Worker

from config.clock import SystemClock
from config.settings import load_settings
from web.front.bounds import FrontSettings
from web.front.front import Front
from web.gate.security import session_cookie

BEAT_EVERY = 0.5
"""Seconds between heartbeats to gunicorn while no request comes."""
THREAD_SWITCH_EVERY = 0.001
"""Longest time one thread keeps the interpreter, so that a press waits only this long for it."""


class LaneWorker(Worker):  # type: ignore[misc]
    """One process, with separate threads for visitors, the desk, broadcast machines and bulk."""

    def run(self) -> None:
        """Serve until gunicorn says stop; then answer what was begun, within gunicorn's grace."""
        _may_open_all_files()
        sys.setswitchinterval(THREAD_SWITCH_EVERY)
        settings, clock = load_settings(), SystemClock()
        limits = FrontSettings(settings.trusted_proxies, session_cookie(settings.base_url))
        front = Front(self.sockets, self.wsgi, self.cfg, clock, limits)
        while self.alive and self._has_parent():
            self.notify()
            front.turn(BEAT_EVERY)
        front.refuse_more()
        until = clock.monotonic() + self.cfg.graceful_timeout * 1e9
        while front.busy and clock.monotonic() < until:
            self.notify()
            front.turn(BEAT_EVERY)
        front.close()

    def _has_parent(self) -> bool:
        return bool(self.ppid == os.getppid())

    def handle_quit(self, sig: Any, frame: Any) -> None:
        """Stop on SIGINT and SIGQUIT as gently as on SIGTERM: Ctrl-C reaches every process."""
        self.handle_exit(sig, frame)


def _may_open_all_files() -> None:
    """Raise the limit of open files: each connection is one, and a shell starts with a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
