"""Ten thousand hostile tries at each door, on both databases: no 500, and every page drawn."""

from pathlib import Path

import pytest
from soak.notes import rounds
from support.fuzz import host_try
from support.fuzzing import Fresh, knocks, some, tried

pytestmark = pytest.mark.soak
TRIES = 10_000


def test_every_address_takes_whatever_comes(fresh: Fresh) -> None:
    tried(rounds(TRIES), fresh, some)


def test_the_hosts_door_takes_whatever_comes(fresh: Fresh) -> None:
    tried(rounds(TRIES), fresh, host_try)


def test_the_control_socket_takes_whatever_comes(tmp_path: Path) -> None:
    knocks(rounds(TRIES), tmp_path)
