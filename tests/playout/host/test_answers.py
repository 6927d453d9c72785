"""Every answer of a server is bounded in time and in size."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from playout.host import answers
from playout.host.answers import ask, with_total_timeout
from playout.host.mailbox import Mailbox
from playout.host.server_client import make_client
from playout.host.server_sync import ServerSync

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def drip(caller: socket.socket, before: bytes, piece: bytes, pause: float) -> None:
    """Send `before`, then a piece now and then, for ever."""
    caller.recv(65536)
    caller.sendall(before)
    while True:
        caller.sendall(piece)
        time.sleep(pause)


Hostile = Callable[[socket.socket], None]
HOSTILE: dict[str, Hostile] = {
    "headers without end": lambda caller: drip(caller, HEAD, b"X-More: 1\r\n", 0.02),
    "half a header": lambda caller: drip(caller, b"HTTP/1.1 200 O", b"K", 0.02),
    "a body that drips": lambda caller: drip(
        caller, HEAD + b"Content-Length: 9000\r\n\r\n", b" ", 0.02
    ),
    "preliminary answers without end": lambda caller: drip(
        caller, b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.02
    ),
    "a body without end": lambda caller: drip(caller, HEAD + b"\r\n", b" " * 65536, 0.0),
}


@pytest.fixture
def served() -> Iterator[Callable[[Hostile], str]]:
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(hostile: Hostile) -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller:
                try:
                    hostile(caller)
                except OSError:
                    continue

    def start(hostile: Hostile) -> str:
        threading.Thread(target=serve, args=(hostile,), daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_an_endless_answer_is_cut_off(served: Callable[[Hostile], str], name: str) -> None:
    client = with_total_timeout(httpx.Client(base_url=served(HOSTILE[name]), timeout=5.0))
    with client, pytest.raises(httpx.HTTPError, match="does not end|more than|timed out"):
        ask(client, "GET", "/plan", within=0.4, most=1 << 20)


@pytest.mark.parametrize("name", HOSTILE)
def test_an_unreadable_answer_is_reported_and_the_host_goes_on(
    served: Callable[[Hostile], str],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "EXCHANGE_SECONDS", 0.4)
    mailbox = Mailbox()
    with make_client(served(HOSTILE[name]), "ch13", "key") as client:
        ServerSync(client, mailbox, tmp_path).turn()

    assert mailbox.problem.startswith("No contact with the server: ")
    assert (mailbox.plan, mailbox.commands) == (None, [])


def test_an_answer_may_have_exactly_the_allowed_size() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"x" * int(request.url.params["size"]))

    client = httpx.Client(base_url="http://server", transport=httpx.MockTransport(answer))

    assert len(ask(client, "GET", "/", params={"size": 100}, most=100).content) == 100
    with pytest.raises(httpx.HTTPError, match="more than 100 bytes"):
        ask(client, "GET", "/", params={"size": 101}, most=100)


def test_a_compressed_answer_is_refused() -> None:
    """A compressed megabyte may unpack to a thousand."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        packed = {"Content-Encoding": "gzip"}
        return httpx.Response(200, headers=packed, stream=httpx.ByteStream(b"\x1f\x8b"))

    client = httpx.Client(base_url="http://server", transport=httpx.MockTransport(answer))
    with pytest.raises(httpx.HTTPError, match="packed"):
        ask(client, "GET", "/")
