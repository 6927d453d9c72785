"""The door at which a metrics server reads one channel's numbers, by HTTP and on loopback."""

import logging
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from config.metrics import MEDIA_TYPE

log = logging.getLogger(__name__)
PATH = "/metrics"
PATIENCE_SECONDS = 5.0
MOST_CALLERS = 4
"""Callers served at once; whoever comes beyond is hung up on."""


class MetricsServer(ThreadingHTTPServer):
    """Answers GET /metrics and nothing else. It keeps no connection open."""

    daemon_threads = True

    def __init__(self, at: tuple[str, int], text: Callable[[], bytes]) -> None:
        if ":" in at[0]:
            self.address_family = socket.AF_INET6
        self.text = text
        self._places = threading.BoundedSemaphore(MOST_CALLERS)
        super().__init__(at, _Caller)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one caller in a thread of its own, while there is a place."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one caller, and give the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Note a caller that went away; nothing else of it matters to air."""
        log.debug("a caller of the metrics went away")


class _Caller(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS
    server: MetricsServer
    server_version, sys_version = "gavel", ""

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        if self.path.partition("?")[0] != PATH:
            self.send_error(404)
            return
        body = self.server.text()
        self.send_response(200)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        del format, args


def open_metrics_door(address: str, number: int, text: Callable[[], bytes]) -> MetricsServer | None:
    """Serve `text` at `address`, `HOST:PORT`; the channel of this `number` at the port so far on.

    Return the server; None where the settings close the door or the address cannot be had.
    """
    if not address:
        return None
    host, _, port = address.rpartition(":")
    try:
        server = MetricsServer((host.strip("[]"), int(port) + number), text)
    except (OSError, OverflowError) as error:
        log.warning("There are no metrics at %s: %s", address, error)
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
