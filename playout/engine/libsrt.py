"""The system's libsrt, called through ctypes: the libav in our wheels is built without SRT.

Gateways receive with it and targets send with it. Handles, options and error numbers are those of
libsrt 1.5 (`srt.h`).
"""

import ctypes
import socket
import struct
import threading
from enum import IntEnum
from functools import cache
from typing import Any

LIBRARIES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5", "libsrt.so.1")
MISSING = "SRT needs the package libsrt1.5-gnutls."
MESSAGE_BYTES = 1456
"""Longest message of a live stream."""
_LOGS_NOTHING_BELOW = 2
"""LOG_CRIT: libsrt otherwise writes a line to standard error for each caller that does not come."""
_INVALID = -1
_ACCEPT_EVERY = 0.01
"""Seconds between two looks for a caller."""
_NO_ROOM, _NOTHING_YET = 6001, 6002
"""Errors of a call that would have to wait (SRT_EASYNCSND, SRT_EASYNCRCV)."""
_WRONG_PASSPHRASE, _ONE_SIDE_ENCRYPTS, _NO_ANSWER = 10, 11, 16
"""Reasons of a refusal (SRT_REJ_BADSECRET, SRT_REJ_UNSECURE, SRT_REJ_TIMEOUT)."""
REFUSALS = {
    _WRONG_PASSPHRASE: "the passphrases differ",
    _ONE_SIDE_ENCRYPTS: "only one side has a passphrase",
    _NO_ANSWER: "it does not answer",
}


class SrtOption(IntEnum):
    """Options of a socket, by libsrt's numbers."""

    SEND_WAITS = 1
    RECEIVE_WAITS = 2
    RECEIVE_TIMEOUT = 14
    PASSPHRASE = 26
    CONNECT_TIMEOUT = 36
    RECEIVE_LATENCY = 43
    PEER_LATENCY = 44
    STREAM_ID = 46


class SrtError(OSError):
    """An SRT stream that was refused, broke off, or did not come in time."""


class SrtMissing(SrtError):
    """A machine without libsrt; the text names the package."""


@cache
def _library() -> Any:
    for name in LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if library.srt_startup() < 0:
            break
        library.srt_getlasterror_str.restype = ctypes.c_char_p
        library.srt_setloglevel(_LOGS_NOTHING_BELOW)
        return library
    raise SrtMissing(MISSING)


def is_installed() -> bool:
    """Return whether this machine has libsrt."""
    try:
        _library()
    except SrtMissing:
        return False
    return True


def _sockaddr(host: str, port: int) -> bytes:
    """Return the kernel's form of an address. Raises OSError for an unknown name."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.getaddrinfo(host or "0.0.0.0", port, family, socket.SOCK_DGRAM)[0][4]
    if family == socket.AF_INET:
        raw = socket.inet_aton(str(found[0]))
        return struct.pack("=H", family) + struct.pack("!H", port) + raw + bytes(8)
    raw = socket.inet_pton(family, str(found[0]))
    return struct.pack("=H", family) + struct.pack("!HI", port, 0) + raw + struct.pack("=I", 0)


class SrtSocket:
    """One SRT socket. Its calls wait, as far as its timeouts allow, unless an option says they may
    not.
    """

    def __init__(self, handle: int | None = None) -> None:
        self._srt = _library()
        self._handle = self._srt.srt_create_socket() if handle is None else handle

    def set(self, option: SrtOption, value: int | bytes) -> None:
        """Set an option. Raises SrtError, without the value, where libsrt does not take it."""
        raw = value if isinstance(value, bytes) else struct.pack("=i", value)
        if self._srt.srt_setsockflag(self._handle, int(option), raw, len(raw)) < 0:
            words = option.name.lower().replace("_", " ")
            raise SrtError(f"this {words} cannot be used")

    def connect(self, host: str, port: int) -> None:
        """Call a listener. Raises OSError; `refusal` may then say why."""
        place = _sockaddr(host, port)
        self._checked(self._srt.srt_connect(self._handle, place, len(place)))

    def listen(self, host: str, port: int, backlog: int = 1) -> None:
        """Wait for callers on this port. Raises OSError."""
        place = _sockaddr(host, port)
        self.set(SrtOption.RECEIVE_WAITS, 0)
        self._checked(self._srt.srt_bind(self._handle, place, len(place)))
        self._checked(self._srt.srt_listen(self._handle, backlog))

    def accept(self) -> "SrtSocket | None":
        """Return the next caller of a listener, None where no one has called. Raises SrtError."""
        answer = self._srt.srt_accept(self._handle, None, None)
        if answer == _INVALID and self._error() == _NOTHING_YET:
            return None
        guest = SrtSocket(self._checked(answer))
        guest.set(SrtOption.RECEIVE_WAITS, 1)
        return guest

    def accept_within(self, seconds: float) -> "SrtSocket":
        """Wait for a caller and return it. Raises SrtError when none comes in time.

        libsrt 1.5.1 itself can wait (`srt_accept_bond`, `srt_epoll_wait`), but misses a caller that
        came before it began to wait.
        """
        for _ in range(max(1, round(seconds / _ACCEPT_EVERY))):
            guest = self.accept()
            if guest is not None:
                return guest
            threading.Event().wait(_ACCEPT_EVERY)
        raise SrtError("no one has called")

    def send(self, message: bytes) -> bool:
        """Send one message. Return False where there is no room for it and the socket may not wait.
        Raises SrtError when the stream has broken off.
        """
        sent = self._srt.srt_sendmsg(self._handle, message, len(message), -1, 1)
        if sent == _INVALID and self._error() == _NO_ROOM:
            return False
        self._checked(sent)
        return True

    def receive(self) -> bytes:
        """Return the next message. Raises SrtError when none comes in time."""
        buffer = ctypes.create_string_buffer(MESSAGE_BYTES)
        count = self._checked(self._srt.srt_recvmsg(self._handle, buffer, MESSAGE_BYTES))
        return buffer.raw[:count]

    @property
    def refusal(self) -> str:
        """The reason for which the other side refused a call, in words; empty where unknown."""
        reason: int = self._srt.srt_getrejectreason(self._handle)
        return REFUSALS.get(reason, "")

    def close(self) -> None:
        """Close the socket; more than once does nothing."""
        if self._handle != _INVALID:
            self._srt.srt_close(self._handle)
        self._handle = _INVALID

    def _error(self) -> int:
        number: int = self._srt.srt_getlasterror(None)
        return number

    def _checked(self, answer: int) -> int:
        if answer == _INVALID:
            said = self._srt.srt_getlasterror_str() or b""
            raise SrtError(said.decode(errors="replace"))
        return answer
