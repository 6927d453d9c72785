"""Crowds of clients at the web port, each crowd a process: stalled callers or reloading visitors.

`python -m support.crowd stalled|reloading|asking COUNT PORT PATH`, run in the folder `tests`,
prints `ready` once the crowd is connected and its result as JSON at the end. One thread drives all
clients of a crowd over raw sockets, so that it asks for more than any server here can answer.
"""

import json
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).parents[1]
UNFINISHED_REQUESTS = (
    b"G",
    b"GET /tv/ch13 HTTP/1.1\r\nHost: ",
    b"POST /login HTTP/1.1\r\nHost: x\r\n",
)
CHECK_EVERY = 0.25
"""Seconds between two checks of which stalled callers are still connected."""
RETRY_AFTER = 0.05
"""Seconds before a refused caller tries again."""


@dataclass
class Crowd:
    """The result of a crowd; filled in when the crowd ends."""

    answers: int = 0
    """Whole answers 200 with a body."""
    others: int = 0
    """Answers of another status, empty ones, and connections that ended without one."""
    missing: float = 0.0
    """Mean share of stalled callers that were not connected."""
    busy: float = 0.0
    """Share of one processor that the crowd itself took."""
    slowest_ms: float = 0.0
    """Milliseconds of the slowest answer."""
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Complete answers per second, to all clients together."""
        return self.answers / self.seconds if self.seconds else 0.0


@contextmanager
def crowd(kind: str, count: int, port: int, path: str = "/tv/ch13") -> Iterator[Crowd]:
    """Run a crowd while the block runs; fail if the crowd process breaks."""
    words = [sys.executable, "-m", "support.crowd", kind, str(count), str(port), path]
    made = Crowd()
    with subprocess.Popen(words, cwd=TESTS, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout
        assert said is not None and said.readline().strip() == "ready"
        try:
            yield made
        finally:
            process.terminate()
            told = said.readline()
            assert told, "the crowd broke; its output is above"
            vars(made).update(json.loads(told))


class StopFlag:
    """A flag that SIGTERM sets."""

    def __init__(self) -> None:
        self.is_set = False
        signal.signal(signal.SIGTERM, self._tell)

    def _tell(self, *_: object) -> None:
        self.is_set = True


def stall(count: int, port: int, over: StopFlag) -> Crowd:
    """Hold `count` connections with unfinished requests, a byte now and then; reconnect dropped
    ones.
    """
    held = [_stalled(port, number) for number in range(count)]
    print("ready", flush=True)
    looks, gone = 0, 0
    while not over.is_set:
        time.sleep(CHECK_EVERY)
        for number, one in enumerate(held):
            looks += 1
            if not _still_connected(one):
                gone += 1
                held[number] = _stalled(port, number)
    return Crowd(missing=gone / looks if looks else 1.0)


def _still_connected(one: socket.socket | None) -> bool:
    """Send one more byte; return False if the server answered, hung up or never accepted."""
    if one is None:
        return False
    try:
        one.sendall(b"x")
        one.recv(1)
    except BlockingIOError:
        return True
    except OSError:
        pass
    one.close()
    return False


def _stalled(port: int, number: int) -> socket.socket | None:
    try:
        one = socket.create_connection(("127.0.0.1", port), 5)
        one.sendall(UNFINISHED_REQUESTS[number % len(UNFINISHED_REQUESTS)])
    except OSError:
        return None
    one.setblocking(False)
    return one


@dataclass
class Visitor:
    """A client that requests the page again as soon as it has the whole answer."""

    request: bytes
    got: bytearray = field(default_factory=bytearray)
    whole: int = 0
    """Bytes of the answer, head and body; 0 until its head is here."""
    ok: bool = False
    asked: float = 0.0
    sock: socket.socket | None = None

    def ask(self, port: int) -> bool:
        """Send the request, on a new connection if there is none; return False if refused."""
        try:
            self.sock = self.sock or socket.create_connection(("127.0.0.1", port), 5)
            self.got.clear()
            self.whole, self.ok, self.asked = 0, False, time.monotonic()
            self.sock.sendall(self.request)
        except OSError:
            self.hang_up()
            return False
        return True

    def hear(self) -> bool:
        """Read what arrived; return True when the answer is complete. Raise OSError if the peer
        hung up.
        """
        assert self.sock is not None
        piece = self.sock.recv(262_144)
        if not piece:
            raise ConnectionError("shut out")
        self.got += piece
        if not self.whole:
            self._read_head()
        return bool(self.whole) and len(self.got) >= self.whole

    def _read_head(self) -> None:
        end = self.got.find(b"\r\n\r\n") + 4
        if end < 4:
            return
        head = bytes(self.got[:end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : head.find(b"\r\n", at)]) if at >= 0 else 0
        self.whole = end + length
        self.ok = head.startswith(b"http/1.1 200 ") and length > 0

    def hang_up(self) -> None:
        if self.sock is not None:
            self.sock.close()
        self.sock = None


def visit(count: int, port: int, path: str, over: StopFlag, *, again: bool) -> Crowd:
    """Load the page with `count` visitors as fast as they get it, each time over a new connection
    or, with `again`, over the same one.
    """
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, br\r\n\r\n"
    made, poller = Crowd(), selectors.DefaultSelector()
    outside = [Visitor(head.encode()) for _ in range(count)]
    print("ready", flush=True)
    begun, used = time.monotonic(), time.process_time()
    while not over.is_set:
        for one in outside[:]:
            if one.ask(port):
                outside.remove(one)
                poller.register(one.sock, selectors.EVENT_READ, one)  # type: ignore[arg-type]
        for key, _ in poller.select(RETRY_AFTER):
            _receive_answer(key.data, made, poller, outside, port, again=again)
    made.seconds = time.monotonic() - begun
    made.busy = (time.process_time() - used) / made.seconds
    return made


def _receive_answer(
    one: Visitor, made: Crowd, poller: selectors.BaseSelector, outside: list[Visitor], port: int,
    *, again: bool,
) -> None:  # fmt: skip
    """Read for one visitor; count a complete answer and let the visitor ask again."""
    sock = one.sock
    assert sock is not None
    try:
        if not one.hear():
            return
    except OSError:
        one.ok, again = False, False
    made.answers += one.ok
    made.others += not one.ok
    made.slowest_ms = max(made.slowest_ms, (time.monotonic() - one.asked) * 1000)
    if again and one.ok and one.ask(port):
        return
    poller.unregister(sock)
    one.hang_up()
    sock.close()
    outside.append(one)


def main() -> None:
    """Run a crowd until SIGTERM."""
    kind, count, port, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    over = StopFlag()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if kind == "stalled":
        made = stall(count, port, over)
    else:
        made = visit(count, port, path, over, again=kind == "asking")
    print(json.dumps(vars(made)), flush=True)


if __name__ == "__main__":
    main()
