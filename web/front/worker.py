"""The front as a worker of gunicorn: it accepts, beats and stops as gunicorn asks."""

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
"""Seconds between two beats while nobody calls."""
THREAD_SWITCH_EVERY = 0.001
"""Seconds a thread keeps the interpreter: a press waits behind a visitor's page no longer."""


class LaneWorker(Worker):  # type: ignore[misc]
    """One process, with threads of their own for visitors, desk, hosts and bulk."""

    def run(self) -> None:
        """Serve until gunicorn says stop; then answer what was begun within its grace."""
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
        """SIGINT and SIGQUIT stop as gently as SIGTERM: Ctrl-C reaches every process at once."""
        self.handle_exit(sig, frame)


def _may_open_all_files() -> None:
    """Each connection is an open file; the limit a shell starts with is a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
