"""Crowds at the pages' port, each in a process of its own: stalled callers, reloading visitors.

`python -m support.crowd stalled|reloading|asking COUNT PORT PATH`, from the folder `tests`. It says
`ready` when the crowd stands, and how many whole answers it had when it is ended.
"""

import contextlib
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[1]
STALLS = (b"G", b"GET /tv/ch13 HTTP/1.1\r\nHost: ", b"POST /login HTTP/1.1\r\nHost: x\r\n")


@dataclass
class Crowd:
    """A crowd at work; `answers` and `seconds` are known when it is over."""

    answers: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Whole answers a second, to all of it together."""
        return self.answers / self.seconds if self.seconds else 0.0


@contextmanager
def crowd(kind: str, count: int, port: int, path: str = "/tv/ch13") -> Iterator[Crowd]:
    """A crowd while the block runs."""
    words = [sys.executable, "-m", "support.crowd", kind, str(count), str(port), path]
    made = Crowd()
    with subprocess.Popen(words, cwd=TESTS, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout
        assert said is not None and said.readline().strip() == "ready"
        begun = time.monotonic()
        try:
            yield made
        finally:
            process.terminate()
            made.seconds = time.monotonic() - begun
            made.answers = int(said.readline() or 0)


def stall(count: int, port: int, over: threading.Event) -> int:
    """Connect, begin a request and send a byte of it now and then; whoever is shut out is back."""
    held: list[socket.socket] = []
    for number in range(count):
        held.append(_stalled(port, number))
    print("ready", flush=True)
    while not over.wait(1.0):
        for number, one in enumerate(held):
            try:
                one.sendall(b"x")
            except OSError:
                one.close()
                with contextlib.suppress(OSError):
                    held[number] = _stalled(port, number)
    return 0


def _stalled(port: int, number: int) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), 5)
    one.sendall(STALLS[number % len(STALLS)])
    return one


def reload(count: int, port: int, path: str, over: threading.Event, *, again: bool) -> int:
    """So many visitors who load the page as fast as they get it; each on a new connection, or
    `again` on the same one."""
    had = [0] * count

    def visit(number: int) -> None:
        kept: socket.socket | None = None
        while not over.is_set():
            try:
                kept = kept or socket.create_connection(("127.0.0.1", port), 5)
                had[number] += _asked(kept, path)
                if not again:
                    kept.close()
                    kept = None
            except OSError:
                kept = None
                time.sleep(0.05)

    for number in range(count):
        threading.Thread(target=visit, args=(number,), daemon=True).start()
    print("ready", flush=True)
    over.wait()
    return sum(had)


def _asked(one: socket.socket, path: str) -> int:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, br\r\n\r\n"
    one.sendall(head.encode())
    got = b""
    while b"\r\n\r\n" not in got:
        piece = one.recv(65536)
        if not piece:
            raise ConnectionError("shut out")
        got += piece
    head_had, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head_had.lower().split(b"\r\n")
        if line.startswith(b"content-length")
    )
    while len(body) < length:
        piece = one.recv(65536)
        if not piece:
            raise ConnectionError("shut out")
        body += piece
    return int(b" 200 " in head_had.split(b"\r\n")[0])


def main() -> None:
    """Be a crowd until SIGTERM."""
    kind, count, port, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if kind == "stalled":
        print(stall(count, port, over), flush=True)
    else:
        print(reload(count, port, path, over, again=kind == "asking"), flush=True)


if __name__ == "__main__":
    main()
