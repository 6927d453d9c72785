"""A bare Debian 12 machine with systemd: installed, on air, every line of its units tried.

Needs root, Debian's packages for it (`make soak` installs them) and twenty minutes. Runs when
named: `tests/soak/run.py soak/test_machine.py`. A machine that cannot be made proves nothing, so
the run is then inconclusive and not green.
"""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from bench.figures import ROOT, Figure
from soak import machine_drill, notes
from support.stalls import Canary
from support.systemd_machine import SystemdMachine, lacking, make_root

pytestmark = pytest.mark.soak


def unpacked(folder: Path) -> Path:
    """Pack Gavel as `make package` does, and return the unpacked release."""
    subprocess.run(["make", "package"], cwd=ROOT, check=True)
    (packed,) = sorted((ROOT / "dist").glob("gavel-*.tar.gz"), key=lambda one: one.stat().st_mtime)[
        -1:
    ]
    subprocess.run(["tar", "xf", str(packed), "-C", str(folder)], check=True)
    (release,) = folder.glob("gavel-*")
    return release


def drill(folder: Path) -> list[Figure]:
    """Play the whole drill in a folder and return what was found."""
    release, machine = unpacked(folder), SystemdMachine(folder / "root")
    make_root(machine.root)
    try:
        machine.boot(shares_network=True)
        machine_drill.install(machine, release)
        machine.power_off()
        figures = machine_drill.boot(machine, folder / "first.cap", "first boot")
        figures += machine_drill.lines(machine)
        figures += machine_drill.strikes(machine)
        figures += machine_drill.upgrade(machine, release, folder)
        machine.power_off()
        figures += machine_drill.boot(machine, folder / "second.cap", "second boot")
    finally:
        machine.power_off()
    return figures


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Figure]:
    """The figures of one drill, which are also noted."""
    if why := lacking():
        pytest.skip(f"inconclusive: no machine with systemd can be made here, because {why}")
    folder, began = tmp_path_factory.mktemp("machine"), time.monotonic()
    with notes.alone(), Canary(folder / "stalls") as canary:
        found = drill(folder)
    title = "A bare Debian 12 machine, from its packages to the air"
    seconds = time.monotonic() - began
    notes.note("machine", title, found, canary.stalls(), seconds, boots="systemd-nspawn")
    return found


@pytest.mark.parametrize("group", ["boot", "lines", "struck", "upgrade"])
def test_a_bare_machine_is_installed_and_holds_what_its_units_say(
    figures: Sequence[Figure], group: str
) -> None:
    of_group = [one for one in figures if one.group == group]

    assert of_group
    assert [one for one in of_group if not one.good] == []
