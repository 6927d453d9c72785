"""libav reaches only checked addresses: one look-up of a name, no redirect, no foreign segment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config.clock import SystemClock
from playout.engine.gateway.address import AddressError, source_opening
from playout.engine.gateway.proxy import Proxy
from playout.engine.gateway.source import SourceError
from playout.engine.gateway.sources import open_source

HERE = ("127.0.0.1/32",)


@contextmanager
def server(host: str, answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Run a web server with one answer for everybody; return it and the requests it gets."""
    door, heard = socket.create_server((host, 0)), list[bytes]()

    def serve() -> None:
        while True:
            try:
                guest, _ = door.accept()
            except OSError:
                return
            with guest:
                guest.settimeout(5)
                heard.append(guest.recv(4096))
                guest.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield door.getsockname()[1], heard
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)


def ok(body: str, kind: str = "application/vnd.apple.mpegurl") -> bytes:
    length = f"Content-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{length}\r\n\r\n{body}".encode()


def moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def playlist(segment: str) -> str:
    head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n"
    return f"{head}#EXTINF:2,\n{segment}\n"


@pytest.mark.parametrize("where", ["127.0.0.1", "127.0.0.2"])
def test_a_redirect_leads_nowhere(where: str) -> None:
    with (
        server(where, ok("x", "video/mp2t")) as (far, heard),
        server("127.0.0.1", moved(f"http://{where}:{far}/x.ts")) as (near, asked),
        pytest.raises(SourceError),
    ):
        open_source(f"http://127.0.0.1:{near}/x.ts", HERE, SystemClock())
    assert asked and not heard


def test_a_playlist_opens_only_what_is_on_the_networks() -> None:
    with server("127.0.0.2", ok("x", "video/mp2t")) as (far, heard):
        listed = playlist(f"http://127.0.0.2:{far}/1.ts")
        with server("127.0.0.1", ok(listed)) as (near, asked), pytest.raises(SourceError):
            open_source(f"http://127.0.0.1:{near}/x.m3u8", HERE, SystemClock())
    assert asked and not heard


def test_segments_on_allowed_networks_are_fetched() -> None:
    with server("127.0.0.1", ok("x", "video/mp2t")) as (far, heard):
        listed = playlist(f"http://127.0.0.1:{far}/1.ts")
        with server("127.0.0.1", ok(listed)) as (near, _), pytest.raises(SourceError):
            open_source(f"http://127.0.0.1:{near}/x.m3u8", HERE, SystemClock())
    assert heard and heard[0].startswith(b"GET /1.ts HTTP/1.1\r\n")
    assert b"roxy-" not in heard[0]


def test_the_name_is_looked_up_once_and_the_checked_address_is_called() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with server("127.0.0.1", ok("fine")) as (port, heard):
        proxy = Proxy(HERE, lambda host: next(answers))
        assert b"200 OK" in through(proxy, f"GET http://cam.example:{port}/x?y=1 HTTP/1.1")
        assert b"403" in through(proxy, f"GET http://cam.example:{port}/x HTTP/1.1")
        assert b"network" in proxy.refused.encode()
        assert b"407" in through(proxy, f"GET http://cam.example:{port}/x HTTP/1.1", "wrong")
        assert b"403" in through(
            Proxy(HERE, lambda _: ["127.0.0.2"]), "CONNECT a.example:443 HTTP/1.1"
        )
        proxy.close()
    (request,) = heard
    assert request.startswith(b"GET /x?y=1 HTTP/1.1\r\nHost: cam.example\r\n\r\n")


def through(proxy: Proxy, line: str, password: str = "") -> bytes:
    import base64

    user, _, place = proxy.address.removeprefix("http://").partition("@")
    known = base64.b64encode((password or user).encode()).decode()
    with socket.create_connection(("127.0.0.1", int(place.rpartition(":")[2])), 5) as caller:
        head = f"{line}\r\nHost: cam.example\r\nProxy-Authorization: Basic {known}\r\n\r\n"
        caller.sendall(head.encode())
        text = b""
        while piece := caller.recv(4096):
            text += piece
        return text


@pytest.mark.parametrize("found", ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"])
def test_no_setting_allows_a_cloud_metadata_address(found: str) -> None:
    with pytest.raises(AddressError):
        source_opening("rtsp://cam.example/1", ("0.0.0.0/0", "::/0"), lambda _: [found])


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp"])
def test_the_address_that_was_checked_is_the_one_opened(scheme: str) -> None:
    how = source_opening(
        f"{scheme}://u:k@cam.example/live/key", ("10.0.0.0/8",), lambda _: ["10.0.0.7"]
    )
    assert how.url.startswith(f"{scheme}://u:k@10.0.0.7/live/") and how.host == "10.0.0.7"
    assert "key" not in repr(how)
