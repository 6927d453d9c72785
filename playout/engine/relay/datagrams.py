"""The senders of datagrams: the stream over UDP, to one machine or to a multicast group.

A sender never waits and never raises. What the network refuses is counted.
"""

import socket
from dataclasses import dataclass

CHUNK_PACKETS = 7
"""Transport packets in a datagram: 1316 bytes, the most that fits an Ethernet frame."""
SEND_BUFFER_BYTES = 1 << 20
_EXPEDITED = 46 << 2
"""Class of service that networks give to live pictures (DSCP EF)."""


@dataclass(frozen=True)
class DatagramTarget:
    """Receiver of datagrams."""

    number: int
    """Its place in the settings, from 0."""
    host: str
    port: int
    ttl: int = 1
    interface: str = ""


class UdpSender:
    """A socket that sends each chunk as one datagram."""

    def __init__(self, target: DatagramTarget) -> None:
        """Open the socket. Raises OSError where the host has no address or the interface is not
        there.
        """
        self.number = target.number
        self.dropped = 0
        """Chunks that the network did not take."""
        family, self._to = _address(target.host, target.port)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        _route(self._socket, family, target)

    def send(self, chunk: bytes, stamp: int) -> None:
        """Send a chunk; `stamp` is the stream's time at its first byte, in units of 90 kHz."""
        try:
            self._socket.sendto(chunk, self._to)
        except OSError:
            self.dropped += 1


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str | int, ...]]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    return family, (str(address[0]), *address[1:])


def _route(door: socket.socket, family: socket.AddressFamily, target: DatagramTarget) -> None:
    """Set how far packets go, and through which interface."""
    if family == socket.AF_INET6:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, target.ttl)
        if target.interface:
            index = socket.if_nametoindex(target.interface)
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        return
    door.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, _EXPEDITED)
    door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, target.ttl)
    if target.interface:
        index = socket.if_nametoindex(target.interface)
        request = bytes(8) + index.to_bytes(4, "little")
        door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, request)
