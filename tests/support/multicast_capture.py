"""A capture of a multicast group that keeps who sent each datagram, and when it came."""

import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = struct.Struct("<QBH")
"""Arrival in UTC nanoseconds, the last number of the sender's address, and the length."""


@dataclass(frozen=True)
class Datagram:
    """One datagram of the capture."""

    at: int
    """UTC nanoseconds at which the kernel had it."""
    sender: int
    """The last number of its sender's address."""
    data: bytes


def read_capture(path: Path) -> Iterator[Datagram]:
    """Yield the datagrams of a capture, as far as they were written whole."""
    body, at = path.read_bytes(), 0
    while at + HEAD.size <= len(body):
        when, sender, length = HEAD.unpack_from(body, at)
        at += HEAD.size
        if at + length > len(body):
            return
        yield Datagram(when, sender, body[at : at + length])
        at += length


def capture(group: str, port: int, own: str, path: Path) -> None:
    """Write every datagram of a group until this process is killed."""
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, 33, 32 << 20)  # SO_RCVBUFFORCE
    door.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    door.bind((group, port))
    request = socket.inet_aton(group) + socket.inet_aton(own)
    door.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    with path.open("wb") as file:
        print("ready", flush=True)
        while True:
            data, notes, _, (host, _) = door.recvmsg(65536, 64)
            seconds, nanos = struct.unpack("qq", notes[0][2][:16])
            sender = int(host.rpartition(".")[2])
            file.write(HEAD.pack(seconds * 1_000_000_000 + nanos, sender, len(data)) + data)
            file.flush()


if __name__ == "__main__":
    capture(sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
