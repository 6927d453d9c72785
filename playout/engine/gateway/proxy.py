"""The one route by which libav reaches a machine over HTTP: an HTTP proxy in this process.

libav resolves a name again after we checked it, follows redirects, and opens whatever a playlist
names. So libav is given this proxy. The proxy resolves each name once, checks that sources may be
there, and connects to the very address it checked. Only this process knows the proxy's password.
"""

import base64
import logging
import secrets
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from playout.engine.gateway.address import AddressError, Resolver, checked_host, resolve

log = logging.getLogger(__name__)

CONNECT_SECONDS = 4.0
HEAD_SECONDS = 5.0
IDLE_SECONDS = 30.0
REQUEST_HEAD_BYTES = 64 * 1024
"""Largest head of a request."""
READ_BYTES = 64 * 1024
PASSWORD_WANTED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="source"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
)


class UnknownCaller(Exception):  # noqa: N818 - a caller, not an error
    """A caller without the password. libav sends the password only after it is asked for it."""


class Proxy:
    """An HTTP proxy on this machine's loopback, for as long as the source is open."""

    def __init__(self, networks: Sequence[str], names: Resolver = resolve) -> None:
        self._networks, self._names = networks, names
        self._secret = secrets.token_hex(16)
        self._closed = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.refused = ""
        """Why the last refused connection was refused; empty while none was."""
        threading.Thread(target=self._serve, name="proxy", daemon=True).start()

    @property
    def address(self) -> str:
        """The address, with password, for libav's `http_proxy` option."""
        return f"http://source:{self._secret}@127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """Accept no more connections; those already open end with their caller."""
        self._closed.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller:
            try:
                caller.settimeout(HEAD_SECONDS)
                head, rest = _head(caller)
                host, port, forward, answer = self._asked(head)
                place = checked_host(host, self._networks, self._names)
                far = socket.create_connection((place, port), CONNECT_SECONDS)
            except UnknownCaller:
                _say(caller, PASSWORD_WANTED)
                return
            except AddressError as error:
                self.refused = str(error)
                _say(caller, b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            except (OSError, ValueError, UnicodeError):
                _say(caller, b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                return
            with far:
                _pass_on(caller, far, forward + rest, answer)

    def _asked(self, head: bytes) -> tuple[str, int, bytes, bytes]:
        """Return the machine a request is for, its port, the bytes to forward, and the answer to
        send first.

        Raises UnknownCaller for a caller other than our own libav, ValueError for bytes that are no
        request.
        """
        line, *headers = head.decode("latin-1").split("\r\n")
        method, target, version = line.split(" ")
        given = next((one for one in headers if one.lower().startswith("proxy-auth")), "")
        known = base64.b64encode(f"source:{self._secret}".encode()).decode()
        if not secrets.compare_digest(given.partition(" ")[2].encode(), f"Basic {known}".encode()):
            raise UnknownCaller
        if method == "CONNECT":
            parts = urlsplit(f"//{target}")
            return parts.hostname or "", parts.port or 443, b"", b"HTTP/1.1 200 OK\r\n\r\n"
        parts = urlsplit(target)
        own = [one for one in headers if not one.lower().startswith("proxy-")]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        forward = "\r\n".join([f"{method} {path} {version}", *own])
        return parts.hostname or "", parts.port or 80, forward.encode("latin-1"), b""


def _head(caller: socket.socket) -> tuple[bytes, bytes]:
    """Read a request up to its empty line; return it and the bytes that came after. Raises OSError
    or ValueError.
    """
    text = b""
    while b"\r\n\r\n" not in text:
        piece = caller.recv(READ_BYTES)
        text += piece
        if not piece or len(text) > REQUEST_HEAD_BYTES:
            raise ValueError("no request came")
    head, _, rest = text.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", rest


def _pass_on(caller: socket.socket, far: socket.socket, first: bytes, answer: bytes) -> None:
    """Copy bytes both ways until a side ends, or is silent for IDLE_SECONDS."""
    for one in (caller, far):
        one.settimeout(IDLE_SECONDS)
    with suppress(OSError):
        if answer:
            caller.sendall(answer)
        if first:
            far.sendall(first)
        back = threading.Thread(target=carry, args=(caller, far), daemon=True)
        back.start()
        carry(far, caller)
        back.join(1.0)


def carry(source: socket.socket, to: socket.socket) -> None:
    """Copy bytes one way until a side hangs up."""
    with suppress(OSError):
        while piece := source.recv(READ_BYTES):
            to.sendall(piece)
    for one in (source, to):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _say(caller: socket.socket, text: bytes) -> None:
    with suppress(OSError):
        caller.sendall(text)
