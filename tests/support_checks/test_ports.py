"""Free ports for tests: open, and outside the range that Linux gives to connections."""

import random
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ports
from support.ports import PORTS, free_tcp_port, free_udp_port


@pytest.mark.parametrize(
    ("find", "kind"), [(free_udp_port, socket.SOCK_DGRAM), (free_tcp_port, socket.SOCK_STREAM)]
)
def test_a_port_that_somebody_has_is_not_given(
    find: Callable[[], int], kind: socket.SocketKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_INET, kind) as door:
        door.bind(("127.0.0.1", 0))
        taken = door.getsockname()[1]
        monkeypatch.setattr(ports, "PORTS", [taken, taken, taken, find()])

        assert find() != taken


def test_linux_gives_no_connection_a_port_of_these() -> None:
    first, _ = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()

    assert int(first) > max(PORTS)


def test_two_processes_with_one_seed_get_different_ports() -> None:
    random.seed(1)
    first = [free_udp_port() for _ in range(20)]
    random.seed(1)

    assert [free_udp_port() for _ in range(20)] != first
