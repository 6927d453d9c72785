"""Over RTSP libav stays with the checked machine, whatever addresses the answers name."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from support.clips import numbered_clip
from support.live_encoder import RtspStreamServer

from config.clock import SystemClock
from playout.engine.gateway import sources
from playout.engine.gateway.rtsp import REDIRECTED, pinned
from playout.engine.gateway.source import SourceError
from playout.engine.gateway.sources import open_source

HERE = ("127.0.0.1/32",)
VERBS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY")


@contextmanager
def camera(transport: str, moves: str = "", to: str = "") -> Iterator[int]:
    """Run a camera that answers every request but `moves`, which it redirects; return its port."""
    door = socket.create_server(("127.0.0.1", 0))

    def answer(request: dict[str, str]) -> str:
        if request["verb"] == moves:
            return f"RTSP/1.0 302 Moved\r\nCSeq: {request['cseq']}\r\nLocation: {to}\r\n\r\n"
        body = RtspStreamServer.SDP if request["verb"] == "DESCRIBE" else ""
        more = {
            "DESCRIBE": f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n",
            "SETUP": f"Transport: {transport.format(asked=request.get('transport', ''))}\r\n",
        }.get(request["verb"], "")
        head = f"RTSP/1.0 200 OK\r\nCSeq: {request['cseq']}\r\nSession: 7\r\n"
        return f"{head}{more}\r\n{body}"

    def serve() -> None:
        while True:
            try:
                guest, _ = door.accept()
            except OSError:
                return
            with guest, guest.makefile("rb") as lines:
                while request := RtspStreamServer._request(lines):
                    guest.sendall(answer(request).encode())

    threading.Thread(target=serve, daemon=True).start()
    yield door.getsockname()[1]
    door.shutdown(socket.SHUT_RDWR)
    door.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon on a camera that sends no picture."""
    monkeypatch.setattr(sources, "OPEN_SECONDS", 2.0)
    monkeypatch.setattr(sources, "READ_SECONDS", 2.0)


@pytest.mark.parametrize("where", ["127.0.0.1", "127.0.0.2"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_redirect_is_not_followed(verb: str, where: str) -> None:
    with socket.create_server((where, 0)) as far:
        far.settimeout(0.1)
        to = f"rtsp://{where}:{far.getsockname()[1]}/x"
        with (
            camera("RTP/AVP/TCP;unicast;interleaved=0-1", verb, to) as port,
            pytest.raises(SourceError) as said,
        ):
            open_source(f"rtsp://127.0.0.1:{port}/x", HERE, SystemClock())
        with pytest.raises(TimeoutError):
            far.accept()
    assert str(said.value) == REDIRECTED


def test_datagrams_go_to_the_checked_address_whatever_source_is_named() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        own.bind(("127.0.0.1", 0))
        place = own.getsockname()[1]
        other.bind(("127.0.0.2", place))
        answer = f"{{asked}};source=127.0.0.2;server_port={place}-{place + 1}"
        with camera(answer) as port, pytest.raises(SourceError):
            open_source(f"rtsp://127.0.0.1:{port}/x?transport=udp", HERE, SystemClock())
        for one in (own, other):
            one.setblocking(False)
        assert own.recv(4096)
        with pytest.raises(BlockingIOError):
            other.recv(4096)


def test_a_camera_without_a_redirect_is_read_through_the_relay(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "a.ts", size=(320, 180), frames=90).path.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    served, over = RtspStreamServer("127.0.0.1", port), threading.Event()

    def send() -> None:
        while not over.wait(0.01):
            for n in range(0, len(clip), 1316):
                served.send(clip[n : n + 1316])
                time.sleep(0.001)

    threading.Thread(target=send, daemon=True).start()
    live = open_source(f"rtsp://127.0.0.1:{port}/hall", HERE, SystemClock())
    try:
        assert live.format.tracks[0].codec == "h264"
        assert len(list(islice(live.packs(), 20))) == 20
    finally:
        over.set()
        live.close()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;unicast;interleaved=0-1"),
        ("RTP/AVP/TCP;source=9.9.9.9;interleaved=0-1", "RTP/AVP/TCP;interleaved=0-1"),
        ("RTP/AVP;server_port=4-5", "RTP/AVP;server_port=4-5;source=10.0.0.7"),
        (
            "RTP/AVP;unicast; Source = 9.9.9.9 ;destination=8.8.8.8;server_port=4-5",
            "RTP/AVP;unicast;server_port=4-5;source=10.0.0.7",
        ),
        (
            "RTP/AVP;source=9.9.9.9;server_port=4-5,RTP/AVP;source=8.8.8.8",
            "RTP/AVP;server_port=4-5;source=10.0.0.7,RTP/AVP;source=10.0.0.7",
        ),
    ],
)
def test_every_address_in_an_answer_is_replaced(said: str, read: str) -> None:
    head = "RTSP/1.0 200 OK\r\nCSeq: 3\r\ntransport: {}\r\nSession: 7\r\n\r\n"
    assert pinned(head.format(said).encode(), "10.0.0.7") == head.format(read).encode()


def test_a_refused_connection_is_reported_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(SourceError, match="refuses the connection"):
        open_source(f"rtsp://127.0.0.1:{port}/x", HERE, SystemClock())
