"""Small JSON messages between processes over SEQPACKET sockets, and state in shared memory."""

import json
import mmap
import os
import socket
import struct
from typing import Any

from config.readjson import parse_json

STATE_BYTES = 1 << 20
EPOCH_WORD, HEARD_WORD = 13, 15
_STATE = struct.Struct("<QQQ")
_MESSAGE_BYTES = 1 << 18


class Port:
    """One end of a socket pair. It never blocks, and never raises because its partner is away."""

    def __init__(self, handle: int) -> None:
        self._socket = socket.socket(fileno=handle)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * _MESSAGE_BYTES)
        self._heard = bytearray(_MESSAGE_BYTES)

    def fileno(self) -> int:
        """Return the descriptor, for select and poll."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def send(self, message: object) -> bool:
        """Send one message. Return False when the partner does not read."""
        try:
            self._socket.send(json.dumps(message).encode())
        except OSError:
            return False
        return True

    def receive(self) -> list[dict[str, Any]]:
        """Return every message that waits, without damaged ones."""
        messages: list[dict[str, Any]] = []
        while True:
            try:
                size = self._socket.recv_into(self._heard)
            except OSError:
                return messages
            if not size:
                return messages
            try:
                message = parse_json(bytes(memoryview(self._heard)[:size]))
            except ValueError:
                continue
            if isinstance(message, dict):
                messages.append(message)


def port_pair() -> tuple[int, int]:
    """Return both ends of a new pair as descriptors. The pair lives while anyone holds both."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return one.detach(), other.detach()


def write_clock_start(ring: int, epoch: int, offset: int) -> None:
    """Write into a ring when its tick 0 is (monotonic ns) and what UTC minus monotonic is then."""
    os.pwrite(ring, struct.pack("<QQ", epoch, offset), EPOCH_WORD * 8)


def is_live_heard(ring: int) -> bool:
    """Return whether the bus names a live in the program ring whose words are to be captioned."""
    return os.pread(ring, 8, HEARD_WORD * 8) != bytes(8)


def make_shared_state() -> int:
    """Return a descriptor of memory for `SharedState` that outlives the process that writes it."""
    handle = os.memfd_create("gavel-state")
    os.ftruncate(handle, 4096 + 2 * STATE_BYTES)
    return handle


class SharedState:
    """One JSON value in shared memory, replaced whole: a crash while writing leaves the previous
    value.
    """

    def __init__(self, handle: int) -> None:
        self._memory = mmap.mmap(handle, 0)

    def load(self) -> dict[str, Any] | None:
        """Return the last whole value; None when there never was one."""
        turn, *lengths = _STATE.unpack_from(self._memory)
        if not turn:
            return None
        start = 4096 + (turn % 2) * STATE_BYTES
        try:
            value = parse_json(self._memory[start : start + lengths[turn % 2]])
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def save(self, value: dict[str, Any]) -> None:
        """Replace the value. One larger than STATE_BYTES is not kept."""
        raw = json.dumps(value).encode()
        if len(raw) > STATE_BYTES:
            return
        turn, *lengths = _STATE.unpack_from(self._memory)
        lengths[(turn + 1) % 2] = len(raw)
        start = 4096 + ((turn + 1) % 2) * STATE_BYTES
        self._memory[start : start + len(raw)] = raw
        struct.pack_into("<QQ", self._memory, 8, *lengths)
        struct.pack_into("<Q", self._memory, 0, turn + 1)
