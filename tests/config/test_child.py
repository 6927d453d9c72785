"""Reports of a child to systemd: only from the very process that systemd watches."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import child


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        door.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        child._systemd.cache_clear()
        yield door
    opened = child._systemd()
    if opened is not None:
        opened.close()
    child._systemd.cache_clear()


def test_a_watched_service_reports_ready_and_beats(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))

    child.beat()

    assert systemd.recv(100) == b"READY=1\nWATCHDOG=1"


def test_a_child_of_a_watched_service_does_not_beat_for_it(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", str(os.getppid()))

    child.beat()

    with pytest.raises(BlockingIOError):
        systemd.recv(100)


def test_a_missing_systemd_socket_is_ignored(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
    child.beat()
    systemd.close()

    child.beat()
