"""A few hostile inputs to each entry point, on both databases; the soak sends ten thousand."""

from pathlib import Path

from support.hostile_tries import FEW, Fresh, bytes_tried, knocks, some, tried
from support.hostile_values import host_try


def test_every_address_takes_some_of_it(fresh: Fresh) -> None:
    tried(FEW, fresh, some)


def test_the_hosts_door_takes_some_of_it(fresh: Fresh) -> None:
    tried(FEW, fresh, host_try)


def test_the_port_of_the_pages_takes_some_of_it(fresh: Fresh) -> None:
    bytes_tried(FEW, fresh)


def test_the_control_socket_takes_some_of_it(tmp_path: Path) -> None:
    knocks(FEW, tmp_path)
