"""The one route by which libav reaches a machine over RTSP: a relay that stays with the checked
address.

A server may answer `302` with another address, and libav would connect there without asking. In its
answer to SETUP it may name another `source`, and libav would send its reception reports there. So
libav is given a relay in this process, which is connected to the address that was checked. The
relay passes everything on except a redirect, at which it hangs up, and it replaces any address that
an answer names by the checked one.

Example: the camera answers `Transport: RTP/AVP;unicast;source=169.254.169.254;server_port=80-81`.
libav reads `Transport: RTP/AVP;unicast;server_port=80-81;source=10.0.0.7`.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from playout.engine.gateway.proxy import CONNECT_SECONDS, READ_BYTES, REQUEST_HEAD_BYTES, carry

DEFAULT_PORT = 554
"""The port of RTSP where the address names none."""
REDIRECTED = (
    "The source sends whoever asks on to another address, which is not followed. "
    "Set that address itself."
)
_REDIRECT = re.compile(rb"RTSP/\d\.\d 3\d\d", re.IGNORECASE)
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,7})", re.IGNORECASE | re.MULTILINE)
_TRANSPORT = re.compile(rb"^(transport:)([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_PLACE = re.compile(rb";[ \t]*(?:source|destination)[ \t]*(?:=[^;,\r\n]*)?", re.IGNORECASE)


class Relay:
    """A relay between one machine and one caller on this machine, for as long as the source is
    open.

    Raises OSError where that machine cannot be reached.
    """

    def __init__(self, host: str, port: int) -> None:
        self.refused = ""
        """Why the relay hung up, in words; empty while it has not."""
        self._host = host
        self._far = socket.create_connection((host, port or DEFAULT_PORT), CONNECT_SECONDS)
        self._far.settimeout(None)
        self.place = "::1" if ":" in host else "127.0.0.1"
        """The address libav connects to. It is of the same family as the far one, because libav
        listens for datagrams on that family."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._door = socket.create_server((self.place, 0), family=family, backlog=1)
        except OSError:
            self._far.close()
            raise
        self.port: int = self._door.getsockname()[1]
        self._near: socket.socket | None = None
        threading.Thread(target=self._serve, name="rtsp", daemon=True).start()

    def close(self) -> None:
        """Hang up on both sides."""
        for one in (self._door, self._near, self._far):
            if one is not None:
                _hang_up(one)

    def _serve(self) -> None:
        """Accept the one caller, and copy both ways until a side hangs up."""
        try:
            with self._door:
                self._near, _ = self._door.accept()
        except OSError:
            return
        near = self._near
        threading.Thread(target=carry, args=(near, self._far), daemon=True).start()
        with suppress(OSError, ValueError):
            for piece in self._answers():
                near.sendall(piece)
        for one in (near, self._far):
            _hang_up(one)

    def _answers(self) -> Iterator[bytes]:
        """Yield the machine's answers and frames, each whole, up to a redirect. Raises OSError
        where the machine hangs up, ValueError for bytes that are no RTSP.
        """
        lines = self._far.makefile("rb", READ_BYTES)
        while first := _exactly(lines.read, 1):
            if first == b"$":
                frame = first + _exactly(lines.read, 3)
                yield frame + _exactly(lines.read, int.from_bytes(frame[2:4], "big"))
                continue
            head = first
            while not head.endswith((b"\r\n\r\n", b"\n\n")):
                line = lines.readline(REQUEST_HEAD_BYTES)
                head += line
                if not line or len(head) > REQUEST_HEAD_BYTES:
                    raise ValueError("no answer came")
            if _REDIRECT.match(head.lstrip()):
                self.refused = REDIRECTED
                return
            length = _LENGTH.search(head)
            yield pinned(head, self._host) + _exactly(lines.read, int(length[1]) if length else 0)


def pinned(head: bytes, host: str) -> bytes:
    """Replace every address in an answer's Transport header by `host`."""

    def named(found: re.Match[bytes]) -> bytes:
        ways = _PLACE.sub(b"", found[2]).split(b",")
        own = b";source=" + host.encode()
        return found[1] + b",".join(one if b"/tcp" in one.lower() else one + own for one in ways)

    return _TRANSPORT.sub(named, head)


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    """Read exactly `count` bytes. Raises OSError where the machine hangs up before that."""
    found = read(count) if count else b""
    if len(found) < count:
        raise ConnectionResetError("the source hung up")
    return found


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
