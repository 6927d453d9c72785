"""The systemd units: what they forbid, and what they must allow."""

from configparser import RawConfigParser
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "config" / "systemd"
CONFINES = ("gavel-scheduler.service", "gavel-playout@.service")
"""Units that look at files in a confined child (media/confine)."""


def service(name: str) -> dict[str, str]:
    read = RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(UNITS / name)
    return dict(read["Service"])


@pytest.mark.parametrize("unit", CONFINES)
def test_a_confined_child_may_drop_its_network_and_nothing_more(unit: str) -> None:
    """`yes` forbids unshare() itself, and the child would keep the network it is to lose."""
    assert set(service(unit)["RestrictNamespaces"].split()) == {"user", "net"}


def test_pages_need_no_namespace_at_all() -> None:
    assert service("gavel-web.service")["RestrictNamespaces"] == "yes"


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_every_unit_is_confined(unit: str) -> None:
    told = service(unit)
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "RestrictSUIDSGID"):
        assert told[key] == "yes", key
    assert told["ProtectSystem"] == "strict" and told["LimitCORE"] == "0"
