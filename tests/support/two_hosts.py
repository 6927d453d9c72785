"""Two broadcast machines as two network namespaces on one bridge, with a witness and a capture.

Everything is real but the server, of which there is the vote alone: `gavel-playout run` on both,
with a plan on disk. A third namespace holds the bridge, the witness and the capture.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.clips import NTSC, numbered_clip
from support.plans import item, plan

from config.names import AssetKey
from media.store import MediaStore
from playout.host.control_socket import ControlError, ask_agent
from playout.host.library import Library
from playout.model.plan import Media

TESTS = Path(__file__).parent.parent
CHANNEL, FORMAT = "ch13", "640x360@30000/1001"
GROUP, PORT = "239.77.0.13", 5000
NETWORK = "10.77.0"
NUMBERS = {"n": 1, "a": 11, "b": 12}
"""Last numbers of the addresses of the bridge and of both machines."""
CLIP_SECONDS = 120


def may_make_namespaces() -> bool:
    """Return whether this machine lets us make network namespaces and a bridge."""
    if os.geteuid() != 0:
        return False
    made = _ip("netns", "add", "gvtry", check=False)
    bridged = _ip("-n", "gvtry", "link", "add", "gvtry0", "type", "bridge", check=False)
    _ip("netns", "del", "gvtry", check=False)
    return made == 0 and bridged == 0


def make_bridge() -> None:
    """Make the namespace `gvn` with the bridge that joins all machines."""
    _ip("netns", "add", "gvn")
    _ip("-n", "gvn", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
    _ip("-n", "gvn", "addr", "add", f"{NETWORK}.1/24", "dev", "br0")
    _ip("-n", "gvn", "link", "set", "br0", "up")
    _ip("-n", "gvn", "link", "set", "lo", "up")
    _ip("-n", "gvn", "route", "add", "239.0.0.0/8", "dev", "br0")


def make_machine(name: str, number: int) -> None:
    """Make the namespace of a machine, `gvNAME`, with this last number of its address, and plug it
    into the bridge.
    """
    own = f"gv{name}"
    _ip("netns", "add", own)
    _ip("-n", "gvn", "link", "add", f"port{name}", "type", "veth", "peer", "name", "eth0",
        "netns", own)  # fmt: skip
    _ip("-n", "gvn", "link", "set", f"port{name}", "master", "br0", "up")
    _ip("-n", own, "addr", "add", f"{NETWORK}.{number}/24", "dev", "eth0")
    for link in ("lo", "eth0"):
        _ip("-n", own, "link", "set", link, "up")
    _ip("-n", own, "route", "add", "default", "via", f"{NETWORK}.1")


def set_cable(name: str, *, plugged: bool) -> None:
    """Pull or plug the cable of a machine."""
    _ip("-n", "gvn", "link", "set", f"port{name}", "up" if plugged else "down")


def remove_spaces(names: str) -> None:
    """Remove the namespaces of these one-letter names, as far as they are there."""
    for name in names:
        _ip("netns", "del", f"gv{name}", check=False)


def pair_settings(name: str) -> str:
    """Return what machine `a` or `b` says of the other one, as lines of TOML."""
    other = "b" if name == "a" else "a"
    return f"""
            [channels.{CHANNEL}.pair]
            name = "{name}"
            preferred = {"true" if name == "a" else "false"}
            listen = "{NETWORK}.{NUMBERS[name]}:5113"
            peer = "{NETWORK}.{NUMBERS[other]}:5113"
            key = "a secret of both machines"
    """


def pair_status(home: Path) -> dict[str, object]:
    """Return what the machine with this data folder says of the pair; empty while it does not
    answer.
    """
    try:
        told = ask_agent(home / "air" / CHANNEL, verb="status")
    except (ControlError, OSError):
        return {}
    status = told.get("status", told)
    pair = status.get("pair") if isinstance(status, dict) else None
    return pair if isinstance(pair, dict) else {}


def newest_sender(told: Mapping[str, dict[str, object]]) -> str:
    """Return the machine that says it sends, in the newest term; empty while none does."""
    found = [name for name, pair in told.items() if pair.get("state") == "sending"]
    return max(found, key=lambda name: int(str(told[name].get("term", 0))), default="")


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all of its group, as when the power of its machine fails."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _ip(*words: str, check: bool = True) -> int:
    return subprocess.run(["ip", *words], check=check, capture_output=True).returncode


@dataclass
class TwoHosts:
    """Machines `a`, which is preferred, and `b`. Use it as a context manager."""

    folder: Path
    outputs: Sequence[str] = (f"udp://{GROUP}:{PORT}?ttl=2",)
    module: str = "playout.cli.main"
    """The program of a machine."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> "TwoHosts":
        self._clear()
        make_bridge()
        for name in "ab":
            self._make_host(name)
        self._prepare_media()
        self._start("n", "witness", "-m", "support.witness_server", f"{NETWORK}.1", "8080")
        self.capture = self.folder / "capture.bin"
        own = (GROUP, str(PORT), f"{NETWORK}.1", str(self.capture))
        self._start("n", "capture", "-m", "support.multicast_capture", *own)
        for name in "ab":
            self.boot(name)
        return self

    def __exit__(self, *_: object) -> None:
        for name in "ab":
            self.power_off(name)
        for process in self.processes.values():
            process.kill()
            process.wait()
        self._clear()

    def boot(self, name: str) -> None:
        """Start a machine's channel, in a process group of its own."""
        own = {"GAVEL_CONFIG": str(self.folder / f"{name}.toml")}
        own["GAVEL_FROZEN"] = str(self.frozen(name))
        self._start(name, name, "-m", self.module, "run", CHANNEL, **own)

    def frozen(self, name: str) -> Path:
        """Return the file that freezes the picture of a machine (`support.frozen_host`)."""
        return self.folder / f"{name}.frozen"

    def power_off(self, name: str) -> None:
        """Kill all of a machine at once, as when its power fails."""
        process = self.processes.pop(name, None)
        if process is not None:
            kill_group(process)

    def cable(self, name: str, plugged: bool) -> None:
        """Pull or plug a machine's cable."""
        set_cable(name, plugged=plugged)

    def drop_multicast(self, name: str, dropped: bool) -> None:
        """Drop what a machine sends to the group, or no longer; its heartbeat goes on."""
        verb = "add" if dropped else "del"
        _ip("-n", f"gv{name}", "route", verb, "blackhole", f"{GROUP}/32")

    def pids(self, name: str, kind: str) -> list[int]:
        """Return the processes of a machine of this kind, such as `child-relay`."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes()
                group = os.getpgid(int(entry.name))
                if group == self.processes[name].pid and kind.encode() in words:
                    found.append(int(entry.name))
        return found

    def status(self, name: str) -> dict[str, object]:
        """Return what a machine says of the pair; empty while it does not answer."""
        return pair_status(self.folder / name)

    def give(self, name: str, verb: str) -> dict[str, object]:
        """Give a command on a machine."""
        return ask_agent(self.folder / name / "air" / CHANNEL, verb=verb)

    def sending(self) -> str:
        """Return the machine that says it sends, in the newest term; empty while none does. One
        whose link stands still goes on saying so.
        """
        return newest_sender({name: self.status(name) for name in "ab"})

    def wait_until(self, sender: str, seconds: float, standby_ready: bool = False) -> None:
        """Wait until this machine sends, and the other could."""
        other, end = {"a": "b", "b": "a"}[sender], time.monotonic() + seconds
        while time.monotonic() < end:
            ready = not standby_ready or bool(self.status(other).get("ready"))
            if self.sending() == sender and ready:
                return
            time.sleep(0.2)
        said = {name: self.status(name) for name in "ab"}
        raise AssertionError(f"{sender} does not send: {json.dumps(said, default=str)}")

    def _make_host(self, name: str) -> None:
        make_machine(name, NUMBERS[name])
        (self.folder / name).mkdir()
        (self.folder / f"{name}.toml").write_text(f"""
            data_dir = "{self.folder / name}"
            media_dir = "{self.folder / "media"}"
            server_url = "http://{NETWORK}.1:8080"
            host_key = "none"
            [channels.{CHANNEL}]
            format = "{FORMAT}"
            outputs = {json.dumps([*self.outputs])}
            video_kbps = 800
            preset = "ultrafast"
            {pair_settings(name)}
        """)

    def _prepare_media(self) -> None:
        """Put one clip into the store, and a plan that repeats it for two hours on both disks."""
        clip = numbered_clip(
            self.folder / "clip.mp4", frames=round(CLIP_SECONDS * NTSC), size=(640, 360), ident=7
        )
        store = MediaStore(self.folder / "media")
        size = clip.path.stat().st_size
        key, _ = store.add(clip.path)
        length = timedelta(seconds=float(clip.seconds))
        media = Media(AssetKey(key), ".mp4", size, length, NTSC)
        start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=30)
        items = [item(f"clip-{n}", start + n * length, length, media=media) for n in range(60)]
        made = plan(*items)
        made = replace(made, starts=start, ends=start + 61 * length, made_at=start)
        for name in "ab":
            folder = self.folder / name / "air" / CHANNEL
            folder.mkdir(parents=True)
            assert Library(folder, store).keep_plan(made) == ""

    def _start(self, space: str, name: str, *words: str, **environment: str) -> None:
        env = os.environ | {"PYTHONPATH": f"{TESTS}:{TESTS.parent}"} | environment
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                ["ip", "netns", "exec", f"gv{space}", sys.executable, *words],
                env=env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _clear(self) -> None:
        remove_spaces("nab")
