"""Bounded HTTP exchanges with the server: each answer has a limit in bytes and in seconds.

A timeout of an HTTP client bounds each read only. A server that sends one byte every four seconds
would hold a client for ever, and one that never stops sending would fill its memory. Here one
deadline covers the whole exchange, headers included, and a size bounds the body.
"""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import httpcore
import httpx

from config.clock import SystemClock

MOST_BYTES = 1 << 20
"""The most bytes of any answer but a plan or a file."""
MOST_PLAN_BYTES = 64 << 20
"""The most bytes of a plan; a year's plan of a busy channel has 10 MB."""
EXCHANGE_SECONDS = 20.0
"""Seconds a whole exchange may take, a plan over a slow line included."""


_CLOCK = SystemClock()
_limit = threading.local()
"""`until`: the deadline of this thread's exchange, in monotonic seconds; None outside of one."""


@dataclass(frozen=True)
class ServerAnswer:
    """One answer, read whole."""

    status: int
    headers: httpx.Headers
    content: bytes


def ask(
    client: httpx.Client,
    method: str,
    path: str,
    *,
    most: int = MOST_BYTES,
    within: float | None = None,
    takes: Collection[int] = (304, 404),
    **given: Any,
) -> ServerAnswer:
    """Send a request and read the whole answer.

    Raises httpx.HTTPError, also if the status is an error that `takes` does not list, if the body
    exceeds `most` bytes, or if the exchange takes longer than `within` seconds.
    """
    with open_answer(client, method, path, within=within or EXCHANGE_SECONDS, **given) as answer:
        if answer.status_code not in takes:
            answer.raise_for_status()
        content = b"".join(body_chunks(answer, most))
        return ServerAnswer(answer.status_code, answer.headers, content)


@contextmanager
def open_answer(
    client: httpx.Client, method: str, path: str, *, within: float, **given: Any
) -> Iterator[httpx.Response]:
    """Open an answer whose body is still to be read, all of it `within` so many seconds."""
    _limit.until = until = _now() + within
    headers = {"Accept-Encoding": "identity", **given.pop("headers", {})}
    url = _address(client.base_url, path, tuple(given.pop("params", {}).items()))
    request = client.build_request(method, url, headers=headers, **given)
    request.extensions["until"] = until
    try:
        answer = client.send(request, stream=True)
        try:
            yield answer
        finally:
            answer.close()
    finally:
        _limit.until = None


@lru_cache(maxsize=256)
def _address(base: httpx.URL, path: str, params: tuple[tuple[str, str], ...]) -> httpx.URL:
    """Return the full URL. It is cached: the same few are asked for several times a second."""
    address = base.join(path)
    return address.copy_merge_params(dict(params)) if params else address


def body_chunks(answer: httpx.Response, most: int, size: int = 1 << 16) -> Iterator[bytes]:
    """Yield the body in chunks of at most `size` bytes.

    Raises httpx.HTTPError if it exceeds `most` bytes or the deadline, or comes compressed: a small
    compressed body could unpack to gigabytes.
    """
    until, come = answer.request.extensions["until"], 0
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise httpx.RemoteProtocolError("the answer is packed, which was not asked for")
    for piece in answer.iter_bytes(size):
        come += len(piece)
        if come > most:
            raise httpx.RemoteProtocolError(f"the answer has more than {most} bytes")
        if _now() > until:
            raise httpx.ReadTimeout("the answer does not end")
        yield piece


def with_total_timeout(client: httpx.Client) -> httpx.Client:
    """Make every read of this client end at the deadline of its exchange, also reads of headers."""
    for transport in (client._transport, *client._mounts.values()):
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)
    return client


def _now() -> float:
    return _CLOCK.monotonic() / 1e9


def _left(timeout: float | None) -> float | None:
    """Return the timeout of one read: its own, or what is left of the exchange."""
    until: float | None = getattr(_limit, "until", None)
    if until is None:
        return timeout
    left = until - _now()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer does not end")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose reads and writes end at the deadline of the exchange."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """A network backend that opens such connections."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        stream = self._backend.connect_tcp(
            host, port, _left(timeout), local_address, socket_options
        )
        return _Stream(stream)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
