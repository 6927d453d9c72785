"""One connection: what was received and not yet answered, and what is not yet sent."""

import socket
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import IO, Any

from web.front.lanes import WorkerLane

STALLED_SECONDS = 20.0
"""Seconds without a byte after which a large body or file is given up."""
RECEIVED_AT_ONCE = 64 * 1024


class ConnectionStage(Enum):
    """What a connection waits for."""

    READING = "the rest of a request"
    WORKING = "a thread's answer"
    WRITING = "the caller to read"
    ENDING = "the caller to hang up"


class RequestBody:
    """The bytes of one request as gunicorn's parser asks for them, in order.

    What is not here yet is received at once where the request is a large one, else it never comes.
    """

    def __init__(self, first: bytes, sock: socket.socket, seconds: Callable[[], float]) -> None:
        self.pieces: deque[bytes] = deque([first])
        self.to_come = 0
        """Bytes that a thread may still wait for."""
        self.until = 0.0
        """When all of them must be here, in seconds of the monotonic clock."""
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
    """The socket as gunicorn's response knows it: bytes wait here, a file is sent at once."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pieces: deque[memoryview] = deque()

    @property
    def waiting(self) -> int:
        """Bytes not yet sent."""
        return sum(len(piece) for piece in self._pieces)

    def sendall(self, data: bytes) -> None:
        """Keep it until the caller reads."""
        if data:
            self._pieces.append(memoryview(data))

    def send(self, data: bytes) -> int:
        """Only `100 Continue` comes this way, and the front has said it before."""
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int, count: int) -> None:
        """Send what waits, then part of a file, by a thread that may wait for the caller."""
        self._sock.settimeout(STALLED_SECONDS)
        while self._pieces:
            self._sock.sendall(self._pieces.popleft())
        self._sock.sendfile(file, offset, count)

    def push(self) -> bool:
        """Send what can be sent without waiting; True when nothing is left. Raises OSError."""
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
    """A caller's connection and where its present request stands."""

    def __init__(self, sock: socket.socket, client: Any, server: Any, address: str) -> None:
        self.sock = sock
        self.client = client
        """The peer as accept() named it."""
        self.server = server
        self.address = address
        """As limits count it; empty where it is not counted."""
        self.stage = ConnectionStage.READING
        self.deadline = 0.0
        """Seconds on the monotonic clock by which the stage must be over."""
        self.begin(b"")

    def begin(self, rest: bytes) -> None:
        """Wait for the next request, of which `rest` is here already."""
        self.data = bytearray(rest)
        self.begun = 0
        """Bytes of the head; before it is whole, how far was looked for its end."""
        self.whole = 0
        """Bytes of the request, head and body; 0 until its head is here."""
        self.request: Any = None
        self.body: RequestBody | None = None
        self.lane = WorkerLane.VISITORS
        self.outbox = Outbox(self.sock)
        self.keep = False
        """Whether another request may follow."""
        self.rest = b""
        """What was received beyond this request."""
