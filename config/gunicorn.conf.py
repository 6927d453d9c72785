"""How the web server runs: one process, sixteen threads, no control socket, no shared state."""

import os

from config.child import beat, die_with_parent
from config.settings import load_settings

_settings = load_settings()
bind = _settings.bind
workers = 1
threads = 16
worker_class = "gthread"
timeout = 60
graceful_timeout = 5
keepalive = 15
accesslog = None
errorlog = "-"
loglevel = "warning"
wsgi_app = "web.wsgi:app"
forwarded_allow_ips = os.environ.get("GAVEL_PROXIES", "127.0.0.1")


def on_starting(_server: object) -> None:
    """The arbiter is the supervised child; its worker dies with it."""
    die_with_parent()


def post_fork(_server: object, worker: object) -> None:
    """The worker's parent is the arbiter, not the supervisor."""
    os.environ["GAVEL_PARENT"] = str(os.getppid())
    die_with_parent()
    beat()
