"""The systemd units: what they forbid, and what they must allow."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from soak import unit_lines
from support.music import write_song
from support.unit_filters import can_filter, service_of
from support.unit_tries import HEAVY, TRIES

from playout.engine.priority import REALTIME_PRIORITY
from playout.processes.child import NICENESS

ROOT = Path(__file__).parents[2]
UNITS = Path(__file__).parents[2] / "config" / "systemd"
CONFINES = ("gavel-scheduler.service", "gavel-playout@.service")
"""Units that look at files in a confined child (media/confine)."""


ALL = sorted(path.name for path in UNITS.glob("*.service"))


def service(name: str) -> dict[str, str]:
    return service_of(UNITS / name)


def under(unit: str, code: str, *given: str) -> str:
    """Run Python code under the filters of a unit, and return what it printed."""
    filtered = [sys.executable, "-m", "support.unit_filters", str(UNITS / unit)]
    done = subprocess.run(
        [*filtered, sys.executable, "-c", code, *given],
        cwd=ROOT / "tests", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("unit", CONFINES)
def test_a_confined_child_may_drop_its_network_and_nothing_more(unit: str) -> None:
    """`yes` forbids unshare() itself, and the child would keep the network it is to lose."""
    assert set(service(unit)["RestrictNamespaces"].split()) == {"user", "net"}


def test_pages_need_no_namespace_at_all() -> None:
    assert service("gavel-web.service")["RestrictNamespaces"] == "yes"


@pytest.mark.parametrize("unit", ALL)
def test_every_unit_is_confined(unit: str) -> None:
    told = service(unit)
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "RestrictSUIDSGID"):
        assert told[key] == "yes", key
    assert told["ProtectSystem"] == "strict" and told["LimitCORE"] == "0"


@pytest.mark.parametrize("unit", ALL)
def test_no_unit_has_a_capability_or_sees_what_it_does_not_need(unit: str) -> None:
    """CAP_SYS_NICE allowed a channel any real-time priority, whatever LimitRTPRIO said."""
    told = service(unit)

    assert (told["CapabilityBoundingSet"], told.get("AmbientCapabilities", "")) == ("", "")
    assert (told["ProtectProc"], told["ProtectKernelLogs"]) == ("invisible", "yes")
    assert told["SystemCallErrorNumber"] == "EPERM"
    filters = re.findall(r"(?m)^SystemCallFilter=(.*)", (UNITS / unit).read_text())
    assert filters[:2] == ["@system-service", "~@privileged"]
    assert filters[2:] == (["adjtimex clock_adjtime"] if "playout" in unit else [])


def test_the_limits_of_a_channel_allow_what_it_asks_for() -> None:
    told = service("gavel-playout@.service")

    assert int(told["LimitRTPRIO"]) >= REALTIME_PRIORITY
    assert min(NICENESS.values()) == int(told["LimitNICE"])


@pytest.mark.parametrize("unit", ALL)
def test_a_process_that_takes_too_much_memory_does_not_end_its_whole_service(unit: str) -> None:
    """By default systemd stops all of a service of which the kernel killed one process."""
    assert service(unit)["OOMPolicy"] == "continue"


@pytest.mark.parametrize("unit", ALL)
def test_what_cannot_be_ended_does_not_keep_a_service_away_for_long(unit: str) -> None:
    """By default systemd waits 90 s for the last process before it starts a service again."""
    assert int(service(unit)["TimeoutStopSec"]) <= 30


@pytest.mark.parametrize("unit", ALL)
def test_systemd_reads_every_line_of_a_unit(unit: str, tmp_path: Path) -> None:
    """A misspelt key is only a warning in the journal, and the line then forbids nothing."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / unit.replace("@", "@ch13")
    copy.write_text(re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", (UNITS / unit).read_text()))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    about = [line for line in done.stderr.splitlines() if copy.name in line]

    assert (done.returncode, about) == (0, [])


def test_no_program_opens_a_socket_of_a_family_that_its_unit_forbids() -> None:
    used = {
        family
        for room in ("config", "media", "playout", "scheduler", "web")
        for path in (ROOT / room).rglob("*.py")
        for family in re.findall(r"\bsocket\.(AF_[A-Z0-9]+)", path.read_text())
    }
    for unit in ALL:
        allowed = set(service(unit)["RestrictAddressFamilies"].split())
        assert "AF_INET" in used and used <= allowed, unit


CALLS = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def tried(name, attempt):
    try:
        done = attempt()
    except OSError:
        done = -1
    print(name, "refused" if done == -1 else "done")
tried("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close())
tried("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close())
tried("mounts", lambda: libc.unshare(0x00020000))
tried("suid", lambda: os.chmod(sys.argv[1], 0o4755))
tried("personality", lambda: libc.personality(0x0040000))
tried("hostname", lambda: libc.sethostname(b"x", 1))
tried("clock", lambda: libc.adjtimex(ctypes.create_string_buffer(512)))
socket.getaddrinfo("localhost", 80)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
os.sched_setaffinity(0, os.sched_getaffinity(0))
"""


@pytest.mark.skipif(not can_filter(), reason="needs libseccomp on x86_64")
@pytest.mark.parametrize("unit", ALL)
def test_each_filter_of_a_unit_refuses_what_it_should(unit: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = dict(line.split() for line in under(unit, CALLS, str(tmp_path / "file")).splitlines())
    clock = said.pop("clock")

    assert set(said.values()) == {"refused"}, said
    # A broadcast machine asks whether a time service keeps its clock.
    assert clock == ("done" if "playout" in unit else "refused")


PROBE = """
import sys
from pathlib import Path
from media.probe import probe
print(probe(Path(sys.argv[1])).length.total_seconds() > 0)
"""
NETWORK = """
import os
from media.confine import Limits, confine_myself
before = os.readlink("/proc/self/ns/net")
confine_myself(Limits())
print(os.readlink("/proc/self/ns/net") != before)
"""


@pytest.mark.skipif(not can_filter(), reason="needs libseccomp on x86_64")
@pytest.mark.parametrize("unit", CONFINES)
def test_files_are_looked_at_without_a_network_under_the_filters(unit: str, tmp_path: Path) -> None:
    write_song(tmp_path / "a.wav", 0.5, 500.0, -20.0)

    assert under(unit, PROBE, str(tmp_path / "a.wav")) == "True"
    assert under(unit, NETWORK) == "True"


DRILLED = {one.line for one in unit_lines.LINES} | set(unit_lines.NEEDS.values())
OTHERWISE = {"StateDirectory", "LogsDirectory", "SystemCallErrorNumber"}
OTHERWISE |= {"LimitNICE", "MemoryMax", "TasksMax"}
"""Lines that the drill sees by what a service may write, by errors, or by other tries."""


@pytest.mark.parametrize("unit", ALL)
def test_the_drill_of_a_machine_tries_every_line(unit: str) -> None:
    lines = set(CONFINING.findall((UNITS / unit).read_text()))
    lines = {line for line in lines if not line.endswith("DirectoryMode")}

    assert lines - DRILLED - OTHERWISE == set()
    tried = {one.name for one in unit_lines.LINES} | {
        name for may in unit_lines.MAY.values() for name in may
    }
    assert tried <= set(TRIES) and HEAVY


def test_the_drill_sees_a_line_that_forbids_nothing_or_is_not_what_forbids() -> None:
    unit, text = "gavel-web", "ProtectHome=yes\nPrivateTmp=yes\n"
    refused = {"see homes": "EACCES", "see another's /tmp": "ENOENT"}
    allowed = dict.fromkeys(unit_lines.MAY[unit], "done")
    all_done = dict.fromkeys(refused, "done") | allowed

    def judged(**outcomes: dict[str, str]) -> list[str]:
        return unit_lines.judged(unit, text, lambda line: outcomes[line or "all"])

    true = {"all": refused | allowed, "ProtectHome": all_done, "PrivateTmp": all_done}
    assert judged(**true) == []
    (said,) = judged(**true | {"all": refused | allowed | {"see homes": "done"}})
    assert said.endswith("ProtectHome does not forbid to see homes")
    (said,) = judged(**true | {"PrivateTmp": refused | allowed})
    assert "not PrivateTmp that forbids" in said
    (said,) = judged(**true | {"all": refused | allowed | {"write logs": "EROFS"}})
    assert said == "gavel-web may not write logs"


CONFINING = re.compile(
    r"(?m)^((?:Protect|Private|Restrict|Limit|Lock|NoNew|Capab|Ambient|SystemCall|Supplem|State|Logs"
    r"|UMask|MemoryMax|TasksMax|MemoryDeny)\w*)="
)


def test_the_page_says_how_each_line_was_tried() -> None:
    page = (ROOT / "docs" / "design" / "safety.md").read_text()
    table = page.split("## What each unit forbids")[1].split("\n## ")[0]
    lines = {line for unit in ALL for line in CONFINING.findall((UNITS / unit).read_text())}
    lines = {line for line in lines if not line.endswith("DirectoryMode")}

    assert len(lines) > 15
    assert {line for line in lines if not re.search(rf"\b{line}\b", table)} == set()


@pytest.mark.parametrize("unit", ALL)
def test_a_service_may_write_where_the_install_page_puts_its_files(unit: str) -> None:
    page = (ROOT / "docs" / "install.md").read_text()
    told = service(unit)
    allowed = (f"/var/lib/{told['StateDirectory']}", f"/var/log/{told['LogsDirectory']}")
    written = re.findall(r'(?:data_dir|log_file) = "([^"]+)"|`hls:(/[^?`]+)', page)
    places = [one or other for one, other in written]

    assert len(places) >= 3
    assert [place for place in places if not place.startswith(allowed)] == []
