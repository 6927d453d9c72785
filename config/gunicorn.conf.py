"""Settings of the web server: one process, threads for each kind of caller, no control socket."""

import os
from typing import Any

from config.child import beat, die_with_parent
from config.settings import load_settings

_settings = load_settings()
bind = _settings.bind
workers = 1
umask = 0o077
worker_class = "web.front.worker.LaneWorker"
backlog = 2048
timeout = 20
graceful_timeout = 5
keepalive = 15
accesslog = None
errorlog = "-"
loglevel = "warning"
wsgi_app = "web.wsgi:app"
forwarded_allow_ips = os.environ.get("GAVEL_PROXIES", "127.0.0.1")


def on_starting(server: Any) -> None:
    """Make the arbiter the supervised child: it beats at each look for a worker that hangs, and its
    worker dies with it.
    """
    die_with_parent()
    look = server.murder_workers

    def look_and_beat() -> None:
        beat()
        look()

    server.murder_workers = look_and_beat


def post_fork(_server: object, worker: object) -> None:
    """Make the worker die with the arbiter, which is its parent, instead of with the supervisor."""
    os.environ["GAVEL_PARENT"] = str(os.getppid())
    die_with_parent()
