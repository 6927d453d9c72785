"""Lanes: the thread pool that answers a request, so that no kind of caller delays another."""

from enum import Enum

BUFFERED_BYTES = 2 * 1024 * 1024
"""Largest body that is read whole before a thread takes it. Forms are never larger."""

LARGEST_BODY = 16 * 1024 * 1024
"""Largest body anybody may send: one piece of an upload."""


class WorkerLane(Enum):
    """The threads for one kind of caller, and how many requests may wait for them."""

    VISITORS = (2, 256)
    """Callers without a session: public pages, feeds, static files."""
    DESK = (8, 256)
    """Browsers with a session."""
    HOSTS = (4, 64)
    """Broadcast machines: plan, commands, reports, pictures."""
    VOTES = (2, 64)
    """Machines that ask for the server's vote several times a second, and must not wait."""
    BULK = (8, 64)
    """Large transfers: uploads, large reports, media played, downloaded and fetched by broadcast
    machines."""

    LIVENESS = (1, 64)
    """/healthz, which waits for nothing, so that nobody restarts a server that is only busy."""
    READINESS = (2, 64)
    """/readyz and /metrics, whose look at the database may take a moment."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = threads
        self.waiting = waiting


LIBRARY = "/media/"
FILES = ("/play", "/companion.mp4", "/download")
"""Ends of the addresses in the library that answer with whole films."""
HOST_DOOR = "/api/v1/host/"
PROBES = {
    "/healthz": WorkerLane.LIVENESS,
    "/readyz": WorkerLane.READINESS,
    "/metrics": WorkerLane.READINESS,
}
"""Addresses for programs that watch the server. They have lanes of their own, because they must
answer just when everything else waits."""


def lane_of(path: str, length: int, *, has_session: bool) -> WorkerLane | None:
    """Return the lane of a request by its path, its body's length and whether it has a session.

    Return None when the body is larger than this kind of caller may send.
    """
    if length > LARGEST_BODY:
        return None
    if path.startswith(HOST_DOOR):
        if path.endswith("/vote") and length <= BUFFERED_BYTES:
            return WorkerLane.VOTES
        return WorkerLane.BULK if "/media/" in path or length > BUFFERED_BYTES else WorkerLane.HOSTS
    if path in PROBES:
        return PROBES[path] if length <= BUFFERED_BYTES else None
    if has_session:
        if path.startswith(LIBRARY) and path.endswith(FILES):
            return WorkerLane.BULK if length <= BUFFERED_BYTES else None
        return WorkerLane.BULK if length > BUFFERED_BYTES else WorkerLane.DESK
    if length > BUFFERED_BYTES:
        return None
    return WorkerLane.VISITORS
