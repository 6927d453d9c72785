"""Crowds at the pages' port, each in a process of its own: stalled callers, reloading visitors.

`python -m support.crowd stalled|reloading|asking COUNT PORT PATH`, from the folder `tests`. It says
`ready` when the crowd stands, and at its end, as JSON, what became of it. One thread serves all
callers of a crowd from raw sockets, so that it asks more than any server here can answer.
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
"""Seconds between two looks at who of the stalled still stands."""
RETRY_AFTER = 0.05
"""Seconds before a caller who was shut out comes back."""


@dataclass
class Crowd:
    """A crowd at work; all else is known when it is over."""

    answers: int = 0
    """Whole answers 200 with a body."""
    others: int = 0
    """Answers of another status, empty ones, and connections that ended without one."""
    missing: float = 0.0
    """Share of the stalled callers who did not stand at the port, on average."""
    busy: float = 0.0
    """Share of one processor that the crowd itself took."""
    slowest_ms: float = 0.0
    """Milliseconds of the slowest answer."""
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Whole answers a second, to all of it together."""
        return self.answers / self.seconds if self.seconds else 0.0


@contextmanager
def crowd(kind: str, count: int, port: int, path: str = "/tv/ch13") -> Iterator[Crowd]:
    """A crowd while the block runs. Fails where the crowd itself broke."""
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
            assert told, "the crowd broke; what it says stands above"
            vars(made).update(json.loads(told))


class StopFlag:
    """Whether the crowd was told to end."""

    def __init__(self) -> None:
        self.told = False
        signal.signal(signal.SIGTERM, self._tell)

    def _tell(self, *_: object) -> None:
        self.told = True


def stall(count: int, port: int, over: StopFlag) -> Crowd:
    """Connect, begin a request and send a byte of it now and then; whoever is shut out is back."""
    held = [_stalled(port, number) for number in range(count)]
    print("ready", flush=True)
    looks, gone = 0, 0
    while not over.told:
        time.sleep(CHECK_EVERY)
        for number, one in enumerate(held):
            looks += 1
            if not _still_connected(one):
                gone += 1
                held[number] = _stalled(port, number)
    return Crowd(missing=gone / looks if looks else 1.0)


def _still_connected(one: socket.socket | None) -> bool:
    """Send one more byte; False where the server answered, hung up, or never let us in."""
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
    """One caller who asks for the page again as soon as the whole of it came."""

    request: bytes
    got: bytearray = field(default_factory=bytearray)
    whole: int = 0
    """Bytes of the answer, head and body; 0 until its head is here."""
    ok: bool = False
    asked: float = 0.0
    sock: socket.socket | None = None

    def ask(self, port: int) -> bool:
        """Send the request, on a new connection where there is none; False where shut out."""
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
        """Take what came; True when it is the whole answer. Raises OSError where there is none."""
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
    """So many visitors who load the page as fast as they get it; each on a new connection, or
    `again` on the same one."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, br\r\n\r\n"
    made, poller = Crowd(), selectors.DefaultSelector()
    outside = [Visitor(head.encode()) for _ in range(count)]
    print("ready", flush=True)
    begun, used = time.monotonic(), time.process_time()
    while not over.told:
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
    """Take what came for one visitor, and have them ask again once it is all of it."""
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
    """Be a crowd until SIGTERM."""
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
