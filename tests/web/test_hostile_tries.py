"""A few hostile inputs to each entry point, on both databases; the soak sends ten thousand."""

from pathlib import Path

from support.hostile_tries import (
    TRIES_IN_SUITE,
    SiteMaker,
    make_tries,
    random_form_try,
    send_control_lines,
    send_odd_bytes,
)
from support.hostile_values import host_try


def test_every_address_takes_some_of_it(fresh: SiteMaker) -> None:
    make_tries(TRIES_IN_SUITE, fresh, random_form_try)


def test_the_hosts_door_takes_some_of_it(fresh: SiteMaker) -> None:
    make_tries(TRIES_IN_SUITE, fresh, host_try)


def test_the_port_of_the_pages_takes_some_of_it(fresh: SiteMaker) -> None:
    send_odd_bytes(TRIES_IN_SUITE, fresh)


def test_the_control_socket_takes_some_of_it(tmp_path: Path) -> None:
    send_control_lines(TRIES_IN_SUITE, tmp_path)
