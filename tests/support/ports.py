"""Free ports for servers and receivers of tests."""

import socket
from contextlib import suppress
from random import SystemRandom

PORTS = range(15_000, 32_000)
"""Ports that Linux gives to nobody who does not name them: it gives those from 32,768 on to
every connection that leaves. A port of those could be taken before its server starts."""
_CHANCE = SystemRandom()
"""Hypothesis and tests give Python's own generator the same seed in each process."""


def free_udp_port() -> int:
    """Return a loopback port on which nothing receives."""
    return _free_port(socket.SOCK_DGRAM)


def free_tcp_port() -> int:
    """Return a loopback port on which nothing listens."""
    return _free_port(socket.SOCK_STREAM)


def _free_port(kind: socket.SocketKind) -> int:
    while True:
        port = _CHANCE.choice(PORTS)
        with suppress(OSError), socket.socket(socket.AF_INET, kind) as door:
            door.bind(("127.0.0.1", port))
            return port
