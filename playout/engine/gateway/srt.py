"""An SRT stream read with the system's libsrt: the libav in our wheels is built without SRT."""

import ctypes
import socket
import struct
from typing import Any

from playout.engine.gateway.address import AddressError, SourceOpening

LIBRARIES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5", "libsrt.so.1")
LATENCY_MS = 250
"""Time in which lost packets are requested again, unless the address sets `latency` (ms)."""
MESSAGE_BYTES = 1456
_INVALID = -1
_PASSPHRASE, _STREAMID, _RCVLATENCY, _CONNTIMEO, _RCVTIMEO = 26, 46, 43, 36, 14


class SrtError(OSError):
    """An SRT stream that broke off, or did not come in time."""


def _library() -> Any:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if library.srt_startup() < 0:
            break
        library.srt_getlasterror_str.restype = ctypes.c_char_p
        return library
    raise AddressError("SRT needs the package libsrt1.5-gnutls.")


def _sockaddr(host: str, port: int) -> bytes:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.getaddrinfo(host or "0.0.0.0", port, family, socket.SOCK_DGRAM)[0][4]
    if family == socket.AF_INET:
        raw = socket.inet_aton(str(found[0]))
        return struct.pack("=H", family) + struct.pack("!H", port) + raw + bytes(8)
    raw = socket.inet_pton(family, str(found[0]))
    return struct.pack("=H", family) + struct.pack("!HI", port, 0) + raw + struct.pack("=I", 0)


class SrtStream:
    """The bytes of one SRT stream as a file-like object. It calls the sender, or with
    `mode=listener` or without a host waits to be called. `read` raises SrtError after `timeout`
    seconds without a byte.
    """

    def __init__(self, opening: SourceOpening, connect: float, timeout: float) -> None:
        self._srt = _library()
        self._timeout_ms = round(timeout * 1000)
        self._socket = self._listener = _INVALID
        query = opening.query
        listens = not opening.host or query.get("mode") == "listener"
        handle = self._srt.srt_create_socket()
        self._set(handle, _RCVLATENCY, int(query.get("latency", LATENCY_MS)))
        self._set(handle, _CONNTIMEO, round(connect * 1000))
        for name, option in (("passphrase", _PASSPHRASE), ("streamid", _STREAMID)):
            if name in query:
                self._set(handle, option, query[name].encode())
        try:
            place = _sockaddr(opening.host, opening.port)
            if listens:
                self._listen(handle, place, connect)
            else:
                self._socket = handle
                self._checked(self._srt.srt_connect(handle, place, len(place)))
        except BaseException:
            self.close()
            raise
        self._set(self._socket, _RCVTIMEO, self._timeout_ms)

    def _listen(self, handle: int, place: bytes, connect: float) -> None:
        self._listener = handle
        self._set(handle, _RCVTIMEO, round(connect * 1000))
        self._checked(self._srt.srt_bind(handle, place, len(place)))
        self._checked(self._srt.srt_listen(handle, 1))
        accept = self._srt.srt_accept_bond
        accept.argtypes = [ctypes.POINTER(ctypes.c_int), ctypes.c_int, ctypes.c_int64]
        listeners = (ctypes.c_int * 1)(handle)
        self._socket = self._checked(accept(listeners, 1, round(connect * 1000)))

    def _set(self, handle: int, option: int, value: int | bytes) -> None:
        raw = value if isinstance(value, bytes) else struct.pack("=i", value)
        self._srt.srt_setsockflag(handle, option, raw, len(raw))

    def _checked(self, answer: int) -> int:
        if answer == _INVALID:
            said = self._srt.srt_getlasterror_str() or b""
            raise SrtError(said.decode(errors="replace"))
        return answer

    def read(self, most: int = -1) -> bytes:
        """Return the next bytes, at most one SRT message."""
        buffer = ctypes.create_string_buffer(MESSAGE_BYTES)
        count = self._checked(self._srt.srt_recvmsg(self._socket, buffer, MESSAGE_BYTES))
        return buffer.raw[:count]

    def close(self) -> None:
        """Close the sockets."""
        for handle in (self._socket, self._listener):
            if handle != _INVALID:
                self._srt.srt_close(handle)
        self._socket = self._listener = _INVALID
