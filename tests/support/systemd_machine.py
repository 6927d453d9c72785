"""A Debian 12 machine of its own with systemd as process 1, made from Debian packages alone.

systemd-nspawn boots it in namespaces of its own: processes, mounts, network. The kernel is that of
this machine, so what only a kernel does at power-on (firmware, drivers, a screen) is not in it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RELEASE = "bookworm"
PROGRAMS = ("mmdebstrap", "systemd-nspawn", "nsenter", "unshare", "ip")
FIRST_PACKAGES = "systemd-sysv,dbus,iproute2"
"""All that the bare machine has beyond what Debian calls essential, and apt."""
OUTSIDE, INSIDE = "10.99.0.1", "10.99.0.2"
"""Addresses of the two ends of the only cable."""
GROUPS = Path("/sys/fs/cgroup")
LIMITERS = ("memory", "pids")
"""Controllers of the first kind of control groups that the machine gets a part of."""
NETWORK = f"""[Match]
Name=host0
[Network]
Address={INSIDE}/24
Gateway={OUTSIDE}
[Route]
Destination=239.0.0.0/8
"""


def lacking() -> str:
    """Return why no such machine can be made here; empty if nothing is known against it."""
    if os.geteuid() != 0:
        return "only root can make one"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"these programs are not installed: {', '.join(missing)}"
    if not sources():
        return f"apt on this machine knows no place for Debian's {RELEASE}"
    return ""


def sources() -> list[Path]:
    """Return the files by which apt on this machine finds Debian 12."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    named = [one for one in files if one.suffix in (".list", ".sources") and one.is_file()]
    return [one for one in named if RELEASE in one.read_text() and "/debian" in one.read_text()]


def make_root(root: Path) -> None:
    """Make the root of a bare Debian 12 from the places that apt on this machine uses."""
    proxy = subprocess.run(
        ["apt-config", "dump", "Acquire::http::Proxy"], capture_output=True, text=True, check=True
    ).stdout.strip()
    words = ["mmdebstrap", "--variant=minbase", f"--include={FIRST_PACKAGES}"]
    words += [f"--aptopt={proxy}"] if proxy else []
    subprocess.run([*words, RELEASE, str(root), *map(str, sources())], check=True)
    (root / "etc/systemd/network/10-cable.network").write_text(NETWORK)


@dataclass
class SystemdMachine:
    """One root that can be booted, told commands, powered off and booted again."""

    root: Path
    process: subprocess.Popen[bytes] | None = None
    first: int = 0
    """Process 1 of the machine, by its number here."""
    began: float = 0.0
    """When process 1 started, in seconds of the monotonic clock."""
    groups: list[Path] = field(default_factory=list)

    def boot(self, *, shares_network: bool = False) -> None:
        """Start process 1, with a cable of its own or, to install packages, with our network."""
        words = ["systemd-nspawn", "--register=no", "-q", "-D", str(self.root), "-b"]
        words += ["--machine=gavel-drill", "--system-call-filter=adjtimex clock_adjtime"]
        if not Path("/run/systemd/system").is_dir():
            words += ["--keep-unit"]
            self._make_groups()
        if not shares_network:
            words = ["unshare", "-n", *words, "--network-veth", "--capability=CAP_NET_ADMIN"]
        hybrid = {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "0"} if self.groups else {}
        with (self.root.parent / "console.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, env=os.environ | hybrid, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=self._join_groups, start_new_session=True,
            )  # fmt: skip
        self.first = self._first_process()
        self.began = time.monotonic()
        if not shares_network:
            self._plug_in()

    def power_off(self) -> None:
        """Let systemd end everything, and wait for it; pull the plug after half a minute."""
        if self.process is None:
            return
        os.kill(self.first, signal.SIGRTMIN + 4)
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            os.kill(self.first, signal.SIGKILL)
            self.process.wait(30)
        self.process = None
        for group in self.groups:
            for folder, _, _ in os.walk(group, topdown=False):
                Path(folder).rmdir()
        self.groups.clear()

    def tell(self, script: str, seconds: float = 900.0) -> str:
        """Run a shell script inside as root and return what it printed. Raises AssertionError."""
        done = self.try_to(script, seconds)
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def try_to(self, script: str, seconds: float = 900.0) -> subprocess.CompletedProcess[str]:
        """Run a shell script inside as root."""
        words = [*self._enter("-m", "-u", "-i", "-n", "-p", "-r", "-w"), "sh", "-c", script]
        return subprocess.run(
            words, env=_INSIDE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=seconds, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def outside(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program at the other end of the cable."""
        assert self.process is not None
        return subprocess.Popen(
            ["nsenter", "-t", str(self.process.pid), "-n", *words], stdout=subprocess.PIPE
        )

    def make_device(self, name: str, group: str, mode: str) -> None:
        """Make a device that takes and gives nothing, as if a card were there."""
        script = f"mknod /dev/{name} c 1 3 && chgrp {group} /dev/{name} && chmod {mode} /dev/{name}"
        subprocess.run([*self._enter("-m"), "sh", "-c", script], check=True)

    def allow_limits(self) -> bool:
        """Let systemd inside limit memory and tasks; return whether it can."""
        if not self.groups:
            return True
        mounts = [str(GROUPS / one) for one in LIMITERS if (GROUPS / one).is_dir()]
        script = "; ".join(f"mount -o remount,rw,bind {one}" for one in mounts)
        subprocess.run([*self._enter("-m"), "sh", "-c", script], check=True)
        self.tell("systemctl daemon-reexec")
        return len(mounts) == len(LIMITERS)

    def wait_until(self, script: str, seconds: float) -> float:
        """Return the seconds until a script inside succeeds. Raises AssertionError."""
        begin = time.monotonic()
        while self.try_to(script, seconds).returncode:
            assert time.monotonic() - begin < seconds, f"not within {seconds:.0f} s: {script}"
            time.sleep(0.5)
        return time.monotonic() - begin

    def _enter(self, *namespaces: str) -> list[str]:
        return ["nsenter", "-t", str(self.first), *namespaces]

    def _first_process(self) -> int:
        """Return process 1 as soon as it is there: the first grandchild that is named systemd."""
        assert self.process is not None
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            for child in _children(self.process.pid):
                if _name(child) in ("systemd", "init"):
                    return child
            time.sleep(0.02)
        log = (self.root.parent / "console.log").read_text(errors="replace")
        raise AssertionError(f"systemd did not start:\n{log[-2000:]}")

    def _plug_in(self) -> None:
        """Set up the other end of the cable as soon as it is there."""
        name = "ve-gavel-drill"
        script = (
            f"until ip link set {name} up 2>/dev/null; do sleep 0.1; done; ip link set lo up;"
            f" ip addr add {OUTSIDE}/24 dev {name}; ip route add 239.0.0.0/8 dev {name}"
        )
        assert self.outside("sh", "-c", script).wait(60) == 0

    def _make_groups(self) -> None:
        """Make a part of each hierarchy of the first kind of control groups, for the machine."""
        for controller in ("systemd", *LIMITERS):
            if (GROUPS / controller / "cgroup.procs").exists():
                group = GROUPS / controller / f"gavel-drill-{os.getpid()}"
                group.mkdir(exist_ok=True)
                self.groups.append(group)

    def _join_groups(self) -> None:
        for group in self.groups:
            (group / "cgroup.procs").write_text("0")


_INSIDE: Mapping[str, str] = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root", "LANG": "C.UTF-8", "TERM": "dumb",
}  # fmt: skip


def _children(process: int) -> Sequence[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return ()
    return [int(one) for one in text.split()]


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
