"""One connection: what was received and is not answered yet, and what is still to be sent."""

import socket
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import IO, Any

from web.front.lanes import WorkerLane

STALLED_SECONDS = 20.0
"""Seconds without a byte after which a large transfer is aborted."""
RECEIVED_AT_ONCE = 64 * 1024


class ConnectionStage(Enum):
    """The stage of a connection: what it waits for."""

    READING = "the rest of a request"
    WORKING = "a thread's answer"
    WRITING = "the caller to read"
    ENDING = "the caller to hang up"


class RequestBody:
    """The bytes of one request, in order, as gunicorn's parser reads them.

    A small body is whole before a thread reads it. The rest of a large one is received here while
    the thread reads.
    """

    def __init__(self, first: bytes, sock: socket.socket, seconds: Callable[[], float]) -> None:
        self.pieces: deque[bytes] = deque([first])
        self.to_come = 0
        """Bytes that a thread may still wait for."""
        self.until = 0.0
        """Deadline for all of them, in seconds of the monotonic clock."""
        self._sock = sock
        self._seconds = seconds

    def __iter__(self) -> "RequestBody":
        return self

    def __next__(self) -> bytes:
        if self.pieces:
            return self.pieces.popleft()
        if self.to_come <= 0:
            return b""
        left = self.until - self._seconds()
        if left <= 0:
            raise TimeoutError("the body came too slowly")
        self._sock.settimeout(min(STALLED_SECONDS, left))
        piece = self._sock.recv(min(self.to_come, RECEIVED_AT_ONCE))
        self.to_come = self.to_come - len(piece) if piece else 0
        return piece


class Outbox:
    """A stand-in for the socket that gunicorn's response writes to.

    Bytes wait here for the loop to send them. Files are sent at once, by the thread.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pieces: deque[memoryview] = deque()

    @property
    def waiting(self) -> int:
        """Bytes not yet sent."""
        return sum(len(piece) for piece in self._pieces)

    def sendall(self, data: bytes) -> None:
        """Queue the data until the caller reads."""
        if data:
            self._pieces.append(memoryview(data))

    def send(self, data: bytes) -> int:
        """Drop the data: gunicorn sends only `100 Continue` this way, and the front has already
        sent it.
        """
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int, count: int) -> None:
        """Send what is queued, then part of a file; blocks the thread while the caller reads."""
        self._sock.settimeout(STALLED_SECONDS)
        while self._pieces:
            self._sock.sendall(self._pieces.popleft())
        self._sock.sendfile(file, offset, count)

    def push(self) -> bool:
        """Send what the socket takes without waiting; return True when nothing is left. Raises
        OSError.
        """
        self._sock.setblocking(False)
        while self._pieces:
            try:
                sent = self._sock.send(self._pieces[0])
            except BlockingIOError:
                return False
            if sent < len(self._pieces[0]):
                self._pieces[0] = self._pieces[0][sent:]
            else:
                self._pieces.popleft()
        return True


class Connection:
    """A caller's connection and the state of its current request."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, address: str) -> None:
        self.sock = sock
        self.client = client
        """The peer as accept() named it."""
        self.server = server
        self.address = address
        """Address that limits count; empty for callers that are not counted."""
        self.stage = ConnectionStage.READING
        self.deadline = 0.0
        """Seconds on the monotonic clock by which the stage must end."""
        self.begin(b"")

    def begin(self, rest: bytes) -> None:
        """Start to wait for the next request; `rest` holds those of its bytes already received."""
        self.data = bytearray(rest)
        self.begun = 0
        """Length of the head; until it is complete, how far its end was searched for."""
        self.whole = 0
        """Length of the request, head and body; 0 until the head is complete."""
        self.request: Any = None
        self.body: RequestBody | None = None
        self.lane = WorkerLane.VISITORS
        self.outbox = Outbox(self.sock)
        self.keep = False
        """True if another request may follow on this connection."""
        self.rest = b""
        """Bytes received beyond this request."""
