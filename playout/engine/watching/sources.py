"""Places where a leaving stream is read: the relay's tap, datagrams, or a recording."""

import socket
import struct
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from config.clock import Clock
from config.targetaddress import RtpTarget, UdpTarget
from config.targetgrammar import is_multicast
from playout.engine.links.tap import TapReader
from playout.engine.transport import PACKET_BYTES

RECEIVE_BUFFER_BYTES = 4 << 20
_LONGEST_DATAGRAM = 1 << 16
_MOST_AT_ONCE = 20_000
"""Datagrams of one reading; more would be a flood, and the rest waits."""
LONGEST_WAIT_NS = 5_000_000_000
"""Nanoseconds from which a kernel's time is not believed: the wall clock was set meanwhile."""
_RTP_HEADER_BYTES, _RTP_VERSION = 12, 2
_SO_RXQ_OVFL = 40
"""Option of Linux: with each datagram comes how many the kernel has dropped before it."""
_SO_TIMESTAMPNS = 35
"""Option of Linux: with each datagram comes when the kernel had it, on the wall clock."""
_COUNT, _TIME = struct.Struct("@I"), struct.Struct("@qq")


@dataclass(frozen=True)
class Batch:
    """Packets that came since the last reading."""

    chunks: tuple[tuple[int, bytes], ...] = ()
    """Monotonic instant (ns) and whole transport packets of each."""
    missed: bool = False
    """Whether the reader, not the stream, lost some."""
    gaps: int = 0
    """Gaps in the sequence of RTP."""
    senders: int = 1
    """Addresses from which datagrams came."""


class StreamSource(Protocol):
    """A place where a stream is read. It never waits, and never raises."""

    where: str
    """The place, as staff read it: `the stream`, `the multicast 239.1.1.1:5000`."""

    def read(self) -> Batch:
        """Return what came since the last call."""

    def close(self) -> None:
        """Leave the place."""


class TapSource:
    """The relay's own bytes, read back."""

    def __init__(self, reader: TapReader, where: str = "the stream") -> None:
        self.where, self._reader = where, reader

    def read(self) -> Batch:
        """Return what the relay has sent since the last call."""
        found = self._reader.read()
        return Batch(tuple(found.chunks), found.missed)

    def close(self) -> None:
        """Do nothing: the memory is the supervisor's."""


class DatagramSource:
    """Datagrams of UDP or RTP, joined like any receiver: also another machine's multicast."""

    def __init__(self, target: UdpTarget | RtpTarget, where: str, clock: Clock) -> None:
        """Join. Raises OSError where this machine cannot."""
        self.where, self._clock = where, clock
        self._is_rtp = isinstance(target, RtpTarget)
        self._sequence: int | None = None
        self._overflow: int | None = None
        self._socket = listen(target, RECEIVE_BUFFER_BYTES)
        self._socket.setblocking(False)
        for option in (_SO_RXQ_OVFL, _SO_TIMESTAMPNS):
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, option, 1)

    def read(self) -> Batch:
        """Return the datagrams that wait, each with the instant at which the kernel had it."""
        chunks: list[tuple[int, bytes]] = []
        senders: set[object] = set()
        gaps, missed, now = 0, False, self._clock.monotonic()
        wall = round(self._clock.utc().timestamp() * 1e9) - now
        for _ in range(_MOST_AT_ONCE):
            try:
                data, extra, _, sender = self._socket.recvmsg(_LONGEST_DATAGRAM, 128)
            except OSError:
                break
            senders.add(sender)
            missed = self._has_overflown(extra) or missed
            if self._is_rtp:
                data, gap = self._unwrapped(data)
                gaps += gap
            if data and len(data) % PACKET_BYTES == 0:
                chunks.append((_instant(extra, wall, now), data))
        return Batch(tuple(chunks), missed, 0 if missed else gaps, max(1, len(senders)))

    def close(self) -> None:
        """Leave the group and close the socket."""
        self._socket.close()

    def _has_overflown(self, extra: Iterable[tuple[int, int, bytes]]) -> bool:
        for level, kind, data in extra:
            if (level, kind) == (socket.SOL_SOCKET, _SO_RXQ_OVFL) and len(data) >= _COUNT.size:
                dropped = _COUNT.unpack_from(data)[0]
                before, self._overflow = self._overflow, dropped
                return bool(dropped != (before or 0))
        return False

    def _unwrapped(self, data: bytes) -> tuple[bytes, int]:
        """Return what a packet of RTP carries, and whether ones before it are missing."""
        if len(data) < _RTP_HEADER_BYTES or data[0] >> 6 != _RTP_VERSION:
            return b"", 0
        number = data[2] << 8 | data[3]
        gap = self._sequence is not None and number != (self._sequence + 1) & 0xFFFF
        self._sequence = number
        return data[_RTP_HEADER_BYTES + 4 * (data[0] & 15) :], int(gap)


def _instant(extra: Iterable[tuple[int, int, bytes]], wall: int, now: int) -> int:
    """Return the monotonic instant of a datagram; that of the reading where the kernel names none.
    `wall` is the wall clock minus the monotonic one, in nanoseconds.
    """
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS) and len(data) >= _TIME.size:
            seconds, part = _TIME.unpack_from(data)
            came = int(seconds) * 1_000_000_000 + int(part) - wall
            return came if 0 <= now - came < LONGEST_WAIT_NS else now
    return now


class RecordedSource:
    """A recording, read by its own instants: each call returns the chunks of one second more.

    It stands in for a place in tests and drills, where a stream is watched faster than it was sent.
    """

    def __init__(self, chunks: Iterable[tuple[int, bytes]], where: str = "a recording") -> None:
        self.where, self._left = where, deque(chunks)
        self.now = self._left[0][0] if self._left else 0
        """The instant up to which it was read, in monotonic nanoseconds."""

    def read(self) -> Batch:
        """Return the next second."""
        self.now += 1_000_000_000
        chunks = []
        while self._left and self._left[0][0] <= self.now:
            chunks.append(self._left.popleft())
        return Batch(tuple(chunks))

    @property
    def is_over(self) -> bool:
        """Tell whether all was read."""
        return not self._left

    def close(self) -> None:
        """Do nothing."""


def listen(target: UdpTarget | RtpTarget, buffer_bytes: int) -> socket.socket:
    """Return a socket that receives what is sent to this target, multicast groups included.

    Raises OSError where the address is not this machine's, or the group cannot be joined.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM)[0]
    family, address = found[0], found[4]
    door = socket.socket(family, socket.SOCK_DGRAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        _join(door, family, str(address[0]), target.interface)
    except OSError:
        door.close()
        raise
    return door


def _join(door: socket.socket, family: int, host: str, interface: str) -> None:
    index = socket.if_nametoindex(interface) if interface else 0
    if family == socket.AF_INET and is_multicast(host):
        request = socket.inet_aton(host) + bytes(4) + struct.pack("@i", index)
        door.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    elif family == socket.AF_INET6 and is_multicast(host):
        request = socket.inet_pton(family, host) + struct.pack("@I", index)
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
