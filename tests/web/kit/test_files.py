"""Files as answers: ranges that lie in no memory, and names that every system can save."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from support.front import call, serving

from web.front.answering import _run
from web.kit.files import file_name, send_stored

LENGTH = 3_000_000
WHOLE = bytes(range(251)) * (LENGTH // 251)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(WHOLE)
    return path


def an_app(film: Path, at_once: int | None) -> Flask:
    app = Flask("files")

    @app.get("/film")
    def show() -> Response:
        return send_stored(film, "video/mp4", "abc", at_once=at_once)

    return app


def fetched(app: Flask, asked: str) -> tuple[bytes, bytes]:
    """Return head and body of what the real front answers."""
    said = f"GET /film HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: {asked}\r\n\r\n"
    received = b""
    with serving(app.wsgi_app) as door, call(door, said.encode()) as caller:
        while piece := caller.recv(1 << 20):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1999", "bytes=-7"])
def test_the_front_sends_exactly_the_range_that_is_asked_for(film: Path, asked: str) -> None:
    begin, _, end = asked.removeprefix("bytes=").partition("-")
    wanted = WHOLE[-7:] if not begin else WHOLE[int(begin) : int(end) + 1 if end else None]
    head, body = fetched(an_app(film, None), asked)

    assert head.startswith(b"HTTP/1.1 206")
    assert body == wanted


def test_a_range_is_sent_from_the_file_and_not_from_memory(film: Path) -> None:
    held = 0

    class Sent:
        def start_response(self, *_: Any) -> None: ...
        def close(self) -> None: ...
        def write_file(self, parts: Any) -> None: ...

        def write(self, part: bytes) -> None:
            nonlocal held
            held += len(part)

    class Wrapper:
        def __init__(self, file: Any, size: int = 0) -> None:
            self.close = file.close

        def __getitem__(self, place: int) -> bytes:
            raise IndexError

    app = an_app(film, None)
    environ = app.test_request_context("/film", headers={"Range": "bytes=5-"}).request.environ
    _run(app.wsgi_app, environ | {"wsgi.file_wrapper": Wrapper}, Sent())

    assert held == 0


def test_a_player_gets_a_piece_and_asks_for_the_next(film: Path) -> None:
    head, body = fetched(an_app(film, 1000), "bytes=500-")

    assert body == WHOLE[500:1500]
    assert f"bytes 500-1499/{len(WHOLE)}".encode() in head


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Council, Nov 17", "Council, Nov 17.mp4"),
        ("Budget: 2026/27", "Budget 2026 27.mp4"),
        ("Años de paz — 日本", "Años de paz — 日本.mp4"),
        ("../../etc/passwd", "etc passwd.mp4"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie b.mp4"),
        ("…\u202egpj.exe", "… gpj.exe.mp4"),
        ("CON", "CON file.mp4"),
        ("  ", "file.mp4"),
        ("x" * 500, "x" * 120 + ".mp4"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_can_save(title: str, name: str) -> None:
    assert file_name(title, ".mp4") == name
