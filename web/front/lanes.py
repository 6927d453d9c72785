"""Which threads answer a request, so that no kind of caller can wait in another kind's queue."""

from enum import Enum

BUFFERED_BYTES = 2 * 1024 * 1024
"""Bytes of a body that are read before any thread is given to it; a form is never larger."""

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of the largest body anybody may send, a piece of an upload."""


class WorkerLane(Enum):
    """Threads of one kind of caller, and how many requests may wait for them."""

    VISITORS = (2, 256)
    """Anybody: public pages, feeds, the files pages are made of."""
    DESK = (8, 256)
    """Browsers with a session, and /healthz."""
    HOSTS = (4, 64)
    """Broadcast machines: plan, commands, reports, pictures."""
    BULK = (8, 64)
    """What takes long by its size: uploads, large reports, media fetched by broadcast machines."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = threads
        self.waiting = waiting


HOST_DOOR = "/api/v1/host/"


def lane_of(path: str, length: int, *, has_session: bool) -> WorkerLane | None:
    """The lane of a request by its path, the length of its body and whether it has a session.

    None where the body is larger than anybody of this kind may send.
    """
    if length > LARGEST_BODY:
        return None
    if path.startswith(HOST_DOOR):
        return WorkerLane.BULK if "/media/" in path or length > BUFFERED_BYTES else WorkerLane.HOSTS
    if has_session:
        return WorkerLane.BULK if length > BUFFERED_BYTES else WorkerLane.DESK
    if length > BUFFERED_BYTES:
        return None
    return WorkerLane.DESK if path == "/healthz" else WorkerLane.VISITORS
