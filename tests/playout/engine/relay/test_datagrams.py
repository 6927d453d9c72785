"""Senders of datagrams, received by plain sockets."""

import socket
import struct

import pytest
from support.bursts import burst

from playout.engine.relay.datagrams import DatagramSender, DatagramTarget

CHUNK = b"G" * 1316


def receiver(group: str = "", host: str = "127.0.0.1") -> socket.socket:
    family = socket.AF_INET6 if ":" in (group or host) else socket.AF_INET
    door = socket.socket(family, socket.SOCK_DGRAM)
    door.settimeout(2)
    if group:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((group, 0))
        index = struct.pack("@i", socket.if_nametoindex("lo"))
        request = socket.inet_aton(group) + bytes(4) + index
        door.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    else:
        door.bind((host, 0))
    return door


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_udp_carries_the_chunk_as_it_is(host: str) -> None:
    with receiver(host=host) as door:
        sender = DatagramSender(DatagramTarget(0, host, door.getsockname()[1]))
        sender.send(burst(CHUNK, stamp=5))
        got = door.recv(2000)
        sender.close()

    assert got == CHUNK


def test_multicast_leaves_through_the_interface_that_is_named() -> None:
    with receiver("239.77.1.9") as door:
        port = door.getsockname()[1]
        sender = DatagramSender(DatagramTarget(0, "239.77.1.9", port, ttl=7, interface="lo"))
        sender.send(burst(CHUNK, stamp=5))
        got = door.recv(2000)
        ttl = sender._socket.getsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL)
        sender.close()

    assert got == CHUNK
    assert ttl == 7


def test_rtp_counts_its_packets_and_dates_them_by_the_streams_clock() -> None:
    with receiver() as door:
        target = DatagramTarget(0, "127.0.0.1", door.getsockname()[1], is_rtp=True)
        sender = DatagramSender(target)
        for number in range(3):
            sender.send(burst(CHUNK, stamp=(1 << 32) + 90 * number))
        got = [struct.unpack(">BBHII", door.recv(2000)[:12]) for _ in range(3)]
        sender.close()

    assert {(one[0], one[1], one[4]) for one in got} == {(0x80, 33, got[0][4])}
    assert [(one[2] - got[0][2]) & 0xFFFF for one in got] == [0, 1, 2]
    assert [one[3] for one in got] == [0, 90, 180]


def test_a_closed_port_raises_nothing() -> None:
    with receiver() as door:
        port = door.getsockname()[1]
    sender = DatagramSender(DatagramTarget(0, "127.0.0.1", port))
    for _ in range(20):
        sender.send(burst(CHUNK))
    sender.close()

    assert sender.dropped == 0


def test_what_the_network_refuses_is_counted() -> None:
    sender = DatagramSender(DatagramTarget(0, "127.0.0.1", 9))
    sender.close()
    sender.send(burst(CHUNK))

    assert sender.dropped == 1


def test_an_interface_that_is_not_there_cannot_be_opened() -> None:
    with pytest.raises(OSError, match="interface"):
        DatagramSender(DatagramTarget(0, "239.77.1.9", 5000, interface="none99"))
