"""Raw bytes for the web port: no requests, half requests, and requests that no parser expects.

Each try is a valid request with some bytes replaced, cut, repeated or truncated. It travels over a
real connection through the front that serves the pages.
"""

import json
import random
import socket
from collections.abc import Sequence

from support.front import call

TARGETS = (
    b"/tv/ch13", b"/tv/ch13/now", b"/ch13/lineup.ics", b"/static/base.css", b"/login", b"/healthz",
    b"/", b"/schedule", b"/tv/%00", b"/tv/%ff", b"/tv/%ED%A0%80", b"/%2e%2e/%2e%2e/etc/passwd",
    b"//evil.example/tv", b"*", b"http://evil.example/tv/ch13", b"/tv/ch13?" + b"a=1&" * 2000,
    b"/tv/" + b"x" * 9000, b"/api/v1/host/ch13/plan", b"/api/v1/host/ch13/report",
)  # fmt: skip
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"OPTIONS", b"BREW", b"get", b"G\x00T", b"PRI", b"")
HEADER_LINES = (
    b"Content-Length: 7", b"Content-Length: -1", b"Content-Length: +7", b"Content-Length: 1_0",
    b"Content-Length: \xb2", b"Content-Length: " + b"9" * 30, b"Content-Length: " + b"9" * 400,
    b"Content-Length: " + b"9" * 5000,
    b"Content-Length: 7, 7", b"Content-Length:", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked", b"Expect: 100-continue",
    b"Expect: \xff", b"Connection: close", b"Connection: keep-alive, Upgrade, \xff",
    b"Upgrade: websocket", b"Upgrade: h2c", b"Host: ", b"Host: a\x00b", b"Host: [::1",
    b"Host: 127.0.0.1:99999", b"Host: localhost:x", b"Host: \xff\xfe", b"Host: evil.example",
    b"Range: bytes=0-", b"Range: bytes=" + b"9" * 400 + b"-1", b"Range: bytes=1-0,-1,\xff",
    b"If-None-Match: *", b"If-None-Match: \"\xff", b"If-None-Match: " + b'W/"x",' * 900,
    b"If-Modified-Since: Thu, 01 Jan 0001 00:00:00 GMT", b"If-Modified-Since: \xff",
    b"If-Modified-Since: Fri, 31 Dec 9999 23:59:59 -9999", b"Cookie: gavel=x",
    b"Cookie: gavel=\xff.\xff.\xff",
    b"Cookie: gavel=" + b"x" * 7000, b"Cookie: =;;;gavel", b"Accept-Encoding: br;q=nan, *;q=-1",
    b"Accept-Encoding: \xff;q=" + b"9" * 400, b"Authorization: Bearer \xff", b"Authorization: x",
    b"X-Forwarded-For: \xff, [::1, 1.2.3.4", b"X-Forwarded-Proto: https",
    b"X-Forwarded-Proto: x", b"X_Forwarded_For: 1", b"SCRIPT_NAME: /tv", b"Script-Name: /x",
    b"bad header", b": x", b" folded", b"A: b\rc", b"A: b\x00c", b"A\xff: b", b"X: " + b"x" * 9000,
    b"Content-Type: multipart/form-data; boundary=\xff", b"Content-Type: application/json",
    b"Content-Encoding: gzip", b"Date: \xff",
)  # fmt: skip
VERSIONS = (b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1 x", b"", b"\xff")
ODD_BYTES = (
    b"",
    b"\x00",
    b"\xff",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\x1b[2J",
    b" ",
    b":",
    b"\x80" * 300,
)


def a_request(chance: random.Random) -> bytes:
    """Return a mostly valid request with some odd parts."""

    def some(sound: bytes, odd: Sequence[bytes], share: float) -> bytes:
        return chance.choice(odd) if chance.random() < share else sound

    method, version = some(b"GET", METHODS, 0.3), some(b"HTTP/1.1", VERSIONS, 0.1)
    lines = [method + b" " + chance.choice(TARGETS) + b" " + version]
    lines += [] if chance.random() < 0.1 else [b"Host: 127.0.0.1"]
    lines += chance.sample(HEADER_LINES, chance.randint(0, 3))
    request = b"\r\n".join(lines) + b"\r\n\r\n" + some(b"", (b"login=x", b"[" * 3000), 0.2)
    return spoil(chance, request) if chance.random() < 0.5 else request


def spoil(chance: random.Random, request: bytes) -> bytes:
    """Replace, cut or double some bytes of the request, and sometimes truncate it."""
    for _ in range(chance.randint(1, 3)):
        begin = chance.randrange(len(request) + 1)
        end = min(len(request), begin + chance.choice((0, 1, 1, 4, 30)))
        odd = chance.choice((*ODD_BYTES, request[begin:end] * 2))
        request = request[:begin] + odd + request[end:]
    return request[: chance.randrange(len(request) + 1)] if chance.random() < 0.2 else request


def answer_bytes(door: socket.socket, request: bytes) -> bytes:
    """Send the request, close our side, and return everything until the server hangs up."""
    got = bytearray()
    with call(door, request) as caller:
        caller.settimeout(20)
        try:
            caller.shutdown(socket.SHUT_WR)
            while piece := caller.recv(65536):
                got += piece
        except ConnectionError:  # hung up before it read all of it
            pass
    return bytes(got)


def statuses(answered: bytes) -> list[int]:
    """Return the status of each answer."""
    heads = answered.split(b"HTTP/1.1 ")[1:]
    return [int(head[:3]) for head in heads if head[:3].isdigit()]


def printable(request: bytes) -> str:
    """Return the request as readable text."""
    return json.dumps(request.decode("latin-1"))[:1500]
