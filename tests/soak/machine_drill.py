"""A bare Debian 12 machine becomes a channel on air, as docs/install.md says, and stays one.

Each step returns figures. What leaves the machine is received at the other end of its cable.
"""

import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure
from soak.unit_lines import Tried, units
from support.multicast_capture import Datagram, read_capture
from support.systemd_machine import OUTSIDE, SystemdMachine
from support.transport import PACKET, check_transport

ROOT = Path(__file__).parents[2]
CHANNEL, FORMAT = "ch13", "640x360@30000/1001"
GROUP, PORT = "239.1.1.1", 5013
SERVICES = ("gavel-web", "gavel-scheduler", f"gavel-playout@{CHANNEL}")
ALL_ACTIVE = " && ".join(f"systemctl is-active {one}" for one in SERVICES)
SETTINGS = f"""
[channels.{CHANNEL}]
format = "{FORMAT}"
video_kbps = 1500
preset = "ultrafast"
outputs = ["udp://{GROUP}:{PORT}?ttl=4"]
"""
ON_AIR_WITHIN, BACK_WITHIN, HUNG_BACK_WITHIN = 90.0, 30.0, 75.0
LONGEST_GAP = 1.0
"""Seconds without a packet that an upgrade may cost; a relay sends hundreds in each."""


def install(machine: SystemdMachine, release: Path) -> None:
    """Follow parts 2 to 4 of the install page on a bare machine, up to what starts the services."""
    place = machine.root / "root" / release.name
    shutil.copytree(release, place)
    own = machine.root / "var/lib/gavel/first_channel.py"
    machine.tell(f"/root/{release.name}/install.sh --both", 1800)
    machine.tell(
        "sed -i 's/^# domain/domain/; s/^trusted_proxies.*/trusted_proxies = 0/;"
        ' s|^base_url.*|base_url = "http://127.0.0.1:8080"|\' /etc/gavel/gavel.toml'
        f" && cat >>/etc/gavel/gavel.toml <<'X'\n{SETTINGS}\nX\n gavel db upgrade"
    )
    shutil.copy(ROOT / "tests/support/first_channel.py", own)
    machine.tell(
        "runuser -u gavel -- env GAVEL_CONFIG=/etc/gavel/gavel.toml /opt/gavel/current/bin/python"
        f" /var/lib/gavel/first_channel.py {CHANNEL} {FORMAT} 2>/dev/null | tail -1"
        " >/etc/gavel/host.key && chown root:gavel /etc/gavel/host.key"
        " && chmod 640 /etc/gavel/host.key && rm /var/lib/gavel/first_channel.py"
    )
    machine.tell(f"systemctl enable systemd-networkd {' '.join(SERVICES)}")


@contextmanager
def received(machine: SystemdMachine, path: Path) -> Iterator[None]:
    """Receive the channel at the other end of the cable."""
    program = [sys.executable, "-m", "support.multicast_capture"]
    words = ["env", f"PYTHONPATH={ROOT / 'tests'}", *program, GROUP, str(PORT), OUTSIDE, str(path)]
    capture = machine.outside(*words)
    try:
        assert capture.stdout is not None and capture.stdout.readline() == b"ready\n"
        yield
    finally:
        capture.kill()
        capture.wait()


def begins_picture(datagram: Datagram) -> bool:
    """Return whether a packet of the datagram begins a picture: a PES of video."""
    packets = (datagram.data[at : at + PACKET] for at in range(0, len(datagram.data), PACKET))
    return any(packet[1] & 0x40 and b"\x00\x00\x01\xe0" in packet for packet in packets)


def first_picture_after(path: Path, at: int) -> float:
    """Return the seconds from a moment, in UTC nanoseconds, to the first picture; infinite where
    none came.
    """
    for one in read_capture(path):
        if one.at > at and begins_picture(one):
            return (one.at - at) / 1e9
    return float("inf")


def longest_gap(path: Path) -> float:
    """Return the longest time between two packets, in seconds."""
    times = [one.at for one in read_capture(path)]
    gaps = [(after - before) / 1e9 for before, after in zip(times, times[1:], strict=False)]
    return max(gaps, default=float("inf"))


def lost_packets(path: Path) -> int:
    """Return how many packets are missing or twice, by the stream's own counters."""
    stream = path.with_suffix(".ts")
    stream.write_bytes(b"".join(one.data for one in read_capture(path)))
    return len(check_transport(stream).continuity_errors)


def boot(machine: SystemdMachine, path: Path, name: str) -> list[Figure]:
    """Boot, and time the way to the first picture at the other end of the cable."""
    machine.boot()
    began = time.time_ns() - round((time.monotonic() - machine.began) * 1e9)
    with received(machine, path):
        machine.wait_until(ALL_ACTIVE, 2 * ON_AIR_WITHIN)
        time.sleep(10)
    took = first_picture_after(path, began)
    note = "process 1 to a picture received outside; firmware and kernel are not in it"
    return [Figure("boot", f"{name}, until a picture left", took, "s", ON_AIR_WITHIN, note=note)]


def lines(machine: SystemdMachine) -> list[Figure]:
    """Try every line of every unit, and what limits memory and tasks."""
    limited, tried, figures = machine.allow_limits(), Tried(machine), list[Figure]()
    for unit in units():
        wrong, count = tried.wrong(unit)
        name = f"{unit}: lines that are not true, of {count} tries"
        figures.append(Figure("lines", name, len(wrong), "", 0, note="; ".join(wrong)))
    if limited:
        unit = "gavel-playout@"
        threads = tried.outcomes(unit, heavy='"run 600 threads"').get("run 600 threads")
        memory = tried.outcomes(unit, heavy='"take 5 GB"').get("take 5 GB", "killed")
        figures += [
            Figure("lines", "TasksMax lets 600 threads run", float(threads == "done"), "", 0),
            Figure("lines", "MemoryMax lets 5 GB be taken", float(memory == "done"), "", 0),
        ]
    return figures


def main_process(machine: SystemdMachine, service: str) -> str:
    """Return the main process of a service, 0 for none."""
    return machine.tell(f"systemctl show -P MainPID {service}").strip()


def struck(machine: SystemdMachine, service: str, sign: str, most: float) -> Figure:
    """Send the main process of a service a signal; time until another is active.

    With the first kind of control groups systemd cannot see in a container that a group became
    empty: it then waits TimeoutStopSec before it starts the service again. Debian 12 has the second
    kind, where it starts at once.
    """
    before = main_process(machine, service)
    old = machine.tell(f"cat /proc/{before}/task/{before}/children").split()
    machine.tell(f"kill -{sign} {before}")
    other = f'[ "$(systemctl show -P MainPID {service})" -gt 0 ]'
    other += f' && [ "$(systemctl show -P MainPID {service})" != {before} ]'
    took = machine.wait_until(f"{other} && systemctl is-active {service}", 4 * most)
    left = [one for one in old if machine.try_to(f"test -d /proc/{one}").returncode == 0]
    note = f"{len(old)} children, {len(left)} outlived it"
    took = float("inf") if left else took
    return Figure("struck", f"{service} after SIG{sign}, until active", took, "s", most, note=note)


def strikes(machine: SystemdMachine) -> list[Figure]:
    """Kill each service's main process, and stop the channel's, which its watchdog must see."""
    figures = [struck(machine, one, "KILL", BACK_WITHIN) for one in SERVICES]
    return [*figures, struck(machine, SERVICES[-1], "STOP", HUNG_BACK_WITHIN)]


def next_release(release: Path, folder: Path) -> Path:
    """Return a copy of a release whose wheel differs, so that it is another version."""
    other = folder / "other" / release.name
    shutil.copytree(release, other)
    (wheel,) = other.glob("gavel-*.whl")
    with zipfile.ZipFile(wheel, "a") as opened:
        opened.writestr("config/of_the_drill.txt", "another version\n")
    sums = "find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS"
    subprocess.run(["sh", "-c", sums], cwd=other, check=True)
    return other


def upgrade(machine: SystemdMachine, release: Path, folder: Path) -> list[Figure]:
    """Upgrade under a channel on air, restart it into the new version, and go the way back."""
    shutil.rmtree(machine.root / "root" / release.name)
    shutil.copytree(next_release(release, folder), machine.root / "root" / release.name)
    service, script = SERVICES[-1], f"/root/{release.name}/install.sh"
    before, old = main_process(machine, service), current(machine)
    with received(machine, folder / "upgrade.cap"):
        machine.tell(f"{script} --both", 1800)
    kept = main_process(machine, service) == before
    new = current(machine)
    gap, lost = longest_gap(folder / "upgrade.cap"), lost_packets(folder / "upgrade.cap")
    figures = [
        Figure("upgrade", "no new version", float(new == old), "", 0),
        Figure("upgrade", "channel restarted without being asked", float(not kept), "", 0),
        Figure("upgrade", "longest time without a packet", gap, "s", LONGEST_GAP),
        Figure("upgrade", "packets lost", lost, "", 0),
    ]
    for way, words, version in (("restart", "--both --restart", new), ("way back", "--back", old)):
        with received(machine, folder / f"{way}.cap"):
            machine.tell(f"{script} {words}", 1800)
            machine.tell(f"systemctl restart {service}" if way == "way back" else "true")
            time.sleep(15)
        figures += runs(machine, service, version, way, longest_gap(folder / f"{way}.cap"))
    return figures


def runs(
    machine: SystemdMachine, service: str, version: str, way: str, gap: float
) -> Sequence[Figure]:
    """Return whether a channel runs from a version, and what the way there cost viewers."""
    path = f"/proc/{main_process(machine, service)}/cmdline"
    found = machine.try_to(f"grep -qa {version}/bin/ {path}").returncode == 0
    return [
        Figure("upgrade", f"{way}: channel runs another version", float(not found), "", 0),
        Figure("upgrade", f"{way}: without a picture, no second machine", gap, "s", BACK_WITHIN),
    ]


def current(machine: SystemdMachine) -> str:
    """Return the name of the version that starts next."""
    return machine.tell("basename $(readlink /opt/gavel/current)").strip()
