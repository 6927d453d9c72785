"""A front in a thread, as its worker runs it, and clients for it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gunicorn.config import Config

from config.clock import SystemClock
from web.front.bounds import FrontSettings
from web.front.front import Front


def listening() -> socket.socket:
    """Return a listening socket on a free port of this machine."""
    return socket.create_server(("127.0.0.1", 0), backlog=512)


def a_front(door: socket.socket, app: Any, clock: Any, most: int = 4000) -> Front:
    """Return a front for the app on this socket; the caller calls its `turn` again and again."""
    return Front([door], app, Config(), clock, FrontSettings(0, "gavel", most))


@contextmanager
def serving(app: Any) -> Iterator[socket.socket]:
    """Serve the app while the block runs; yields the listening socket."""
    over = threading.Event()
    with listening() as door:
        front = a_front(door, app, SystemClock())

        def run() -> None:
            while not over.is_set():
                front.turn(0.02)
            front.close()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield door
        finally:
            over.set()
            thread.join()


def call(door: socket.socket, said: bytes = b"") -> socket.socket:
    """Return a client connection that has sent this much."""
    caller = socket.create_connection(door.getsockname(), 5)
    caller.sendall(said)
    return caller
