"""The senders of datagrams: the stream over UDP or RTP, to one machine or to a multicast group.

A sender never waits and never raises. What the network refuses is counted.
"""

import random
import socket
import sys
from dataclasses import dataclass
from typing import TypeAlias

from playout.engine.relay.fec import MEDIA_TYPE, FecMatrix, rtp_header
from playout.engine.relay.senders import Burst

CHUNK_PACKETS = 7
"""Transport packets in a datagram: 1316 bytes, the most that fits an Ethernet frame."""
SEND_BUFFER_BYTES = 1 << 20
COLUMN_PORT, ROW_PORT = 2, 4
"""Distance of the ports of the correction from that of the stream (SMPTE 2022-1)."""

Address: TypeAlias = tuple[str | int, ...]
"""Host and port as the system wants them; IPv6 has two numbers more."""


@dataclass(frozen=True)
class DatagramTarget:
    """Receiver of datagrams."""

    number: int
    """Its place in the settings, from 0."""
    host: str
    port: int
    ttl: int = 1
    interface: str = ""
    is_rtp: bool = False
    fec_columns: int = 0
    fec_rows: int = 0


class DatagramSender:
    """A socket that sends each chunk as one datagram, as it is or as RTP."""

    def __init__(self, target: DatagramTarget) -> None:
        """Open the socket. Raises OSError where the host has no address or the interface is not
        there.
        """
        self.number = target.number
        self.dropped = 0
        """Datagrams that the network did not take."""
        family, host, rest = _address(target.host)
        self._stream: Address = (host, target.port, *rest)
        self._columns: Address = (host, target.port + COLUMN_PORT, *rest)
        self._rows: Address = (host, target.port + ROW_PORT, *rest)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            _route(self._socket, family, target)
        except OSError:
            self._socket.close()
            raise
        self._is_rtp = target.is_rtp
        self._source, self._sequence = random.getrandbits(32), random.getrandbits(16)
        has_fec = bool(target.fec_columns and target.fec_rows)
        self._fec = FecMatrix(target.fec_columns, target.fec_rows) if has_fec else None

    def send(self, burst: Burst) -> None:
        """Send each chunk of a burst."""
        if not self._is_rtp:
            for chunk in burst.chunks:
                self._put(chunk, self._stream)
            return
        for chunk, stamp in zip(burst.chunks, burst.stamps(), strict=True):
            self._send_rtp(chunk, stamp)

    def _send_rtp(self, chunk: bytes, stamp: int) -> None:
        """Send a chunk; `stamp` is the stream's time at its first byte, in units of 90 kHz."""
        self._sequence = number = (self._sequence + 1) & 0xFFFF
        self._put(rtp_header(MEDIA_TYPE, number, stamp, self._source) + chunk, self._stream)
        if self._fec is None:
            return
        column, row = self._fec.take(number, stamp, chunk)
        if column is not None:
            self._put(column, self._columns)
        if row is not None:
            self._put(row, self._rows)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _put(self, datagram: bytes, address: Address) -> None:
        try:
            self._socket.sendto(datagram, address)
        except OSError:
            self.dropped += 1


def _address(host: str) -> tuple[socket.AddressFamily, str, tuple[int, ...]]:
    """Return the family of a host, its address, and what an IPv6 address has besides."""
    family, _, _, _, found = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)[0]
    address, _, *rest = found
    return family, str(address), tuple(int(one) for one in rest)


def _route(door: socket.socket, family: socket.AddressFamily, target: DatagramTarget) -> None:
    """Set how far packets go, and through which interface."""
    if family == socket.AF_INET6:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, target.ttl)
        if target.interface:
            index = socket.if_nametoindex(target.interface)
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        return
    door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, target.ttl)
    if target.interface:
        index = socket.if_nametoindex(target.interface)
        request = bytes(8) + index.to_bytes(4, sys.byteorder)
        door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, request)
