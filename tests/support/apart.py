"""A server and two broadcast machines, each in a network namespace with a store of its own.

Everything is real: web server and scheduler, `gavel-playout run` on both machines, cables that can
be pulled. Tests plan through the database, which lies on the disk that all namespaces share. Each
machine has a channel of its own, or the two are the pair of one channel.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Self

from soak.own_channels import named_processes
from support.station import wait_for
from support.two_hosts import (
    NETWORK,
    kill_group,
    make_bridge,
    make_machine,
    remove_spaces,
    set_cable,
)

from config.names import ChannelId
from config.settings import Settings
from media.store import MediaStore
from playout.host.control_socket import ask_agent
from scheduler.actions import airings, channels, hosts, media, sources
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.ids import AssetId, HostId
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.source import SourceDraft
from scheduler.queries import library

FORMAT = "640x360@30000/1001"
CHANNELS = {"a": ChannelId("ch1"), "b": ChannelId("ch2")}
"""The channel of each machine."""
NUMBERS = {"s": 2, "a": 11, "b": 12}
"""Last numbers of the addresses."""
TESTS = Path(__file__).parent.parent
AIR_PORT, SOURCE_PORT = 5004, 5006
"""Ports of each machine: its stream, and what an encoder sends it."""


def inside(name: str) -> tuple[str, ...]:
    """Return the words before a command that runs on this machine."""
    return ("ip", "netns", "exec", f"gv{name}")


@dataclass
class ServerAndMachines:
    """The server `s` and the machines `a` and `b`. Use it as a context manager.

    `a` sends recordings home at `megabits` a second.
    """

    folder: Path
    megabits: int = 2
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    ids: dict[str, HostId] = field(default_factory=dict)
    """The machines as the server knows them."""
    channels: ClassVar[Mapping[str, ChannelId]] = CHANNELS
    """The channel of each machine."""
    hall_address: ClassVar[str] = f"udp://127.0.0.1:{SOURCE_PORT}"
    """Where a machine finds the meeting; here, on itself."""

    def __enter__(self) -> Self:
        remove_spaces("nsab")
        make_bridge()
        for name, number in NUMBERS.items():
            make_machine(name, number)
            self.home(name).mkdir(parents=True, exist_ok=True)
        self.settings = Settings(data_dir=self.home("s"), base_url=self.address)
        self.db = Database(self.settings.database)
        upgrade(self.db)
        self.add_machines(datetime.now(UTC))
        self.backups = self.folder / "backups"
        self._run("s", "gavel", "backup", "--init", "--folder", str(self.backups))
        for name in ("web", "scheduler", "a", "b"):
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                kill_group(process)
        self.db.close()
        remove_spaces("nsab")

    @property
    def address(self) -> str:
        """The server's address."""
        return f"http://{NETWORK}.{NUMBERS['s']}:8080"

    def home(self, name: str) -> Path:
        """Return the folder of the server or of a machine."""
        return self.folder / name

    def store(self, name: str) -> MediaStore:
        """Return the media store of the server or of a machine."""
        return MediaStore(self.home(name) / "media", cache=name != "s")

    def cable(self, name: str, *, plugged: bool) -> None:
        """Pull or plug the cable of the server or of a machine."""
        set_cable(name, plugged=plugged)

    def start(self, name: str) -> None:
        """Start the server's `web` or `scheduler`, or the channel of a machine."""
        if name in self.channels:
            self.popen(name, name, "gavel-playout", "run", self.channels[name])
        else:
            self.popen("s", name, "gavel", name)

    def kill(self, name: str) -> bool:
        """Kill `web` or `scheduler`, which then start again, or `agent a` or `agent b`, which its
        supervisor starts again. Return False where it does not run at this moment.
        """
        kind, _, machine = name.partition(" ")
        if kind == "agent":
            return self._kill_child(machine, kind)
        process = self.processes.pop(kind)
        assert process.poll() is None, f"the {kind} ended by itself"
        kill_group(process)  # with its workers and children
        self.start(kind)
        return True

    def give(self, name: str, verb: str) -> dict[str, object]:
        """Give a command on a machine itself."""
        return ask_agent(self.home(name) / "air" / self.channels[name], verb=verb)

    def add_film(self, clip: Path, title: str) -> AssetId:
        """Put a file into the library as an upload, and wait until it may air."""
        uploads = self.settings.uploads
        uploads.mkdir(exist_ok=True)
        here = uploads / f"{title}.upload"
        here.write_bytes(clip.read_bytes())
        now = datetime.now(UTC)
        asset = media.register(self.db, SYSTEM_ACTOR, now, here.name, clip.name, title)
        wait_for(
            lambda: library.entry(self.db, asset.id).asset.media is not None, 300, f"{title} airs"
        )
        return asset.id

    def plan(
        self, machine: str, title: str, start: datetime, length: timedelta, **over: object
    ) -> Airing:
        """Put an airing on the channel of a machine."""
        draft = AiringDraft(self.channels[machine], title, start, length, **over)  # type: ignore[arg-type]
        return airings.add(self.db, SYSTEM_ACTOR, datetime.now(UTC), draft)

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _kill_child(self, machine: str, kind: str) -> bool:
        pid = named_processes(self.log(machine)).get(kind)
        if pid is None or not Path(f"/proc/{pid}").exists():
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def channel_settings(self, name: str) -> str:
        """Return the settings of a machine's channel, as lines of TOML."""
        return f"""
            [channels.{self.channels[name]}]
            format = "{FORMAT}"
            outputs = ["udp://127.0.0.1:{AIR_PORT}"]
            video_kbps = 1500
            preset = "ultrafast"
        """

    def add_machines(self, now: datetime) -> None:
        """Add channels, machines and the meeting's source, and write everyone's settings."""
        for slug in sorted(set(self.channels.values())):
            draft = ChannelDraft(slug, f"Channel {slug}", "America/New_York", FORMAT)
            channels.add(self.db, SYSTEM_ACTOR, now, draft)
        self.hall = sources.add(
            self.db, SYSTEM_ACTOR, now, SourceDraft("Hall", self.hall_address)
        ).id
        (self.folder / "s.toml").write_text(f"""
            data_dir = "{self.home("s")}"
            bind = "{NETWORK}.{NUMBERS["s"]}:8080"
            base_url = "{self.address}"
            domain = "tv.example.gov"
            backup_folder = "{self.folder / "backups"}"
        """)
        for name in self.channels:
            host, key = hosts.add_host(self.db, SYSTEM_ACTOR, now, f"playout-{name}")
            self.ids[name] = host.id
            (self.folder / f"{name}.toml").write_text(f"""
                data_dir = "{self.home(name)}"
                server_url = "{self.address}"
                host_key = "{key}"
                media_is_cache = true
                fetch_megabits = {self.megabits}
                {self.channel_settings(name)}
            """)

    def _words(self, space: str, program: str, *words: str) -> list[str]:
        return [*inside(space), str(Path(sys.executable).with_name(program)), *words]

    def _environment(self, space: str) -> dict[str, str]:
        return {
            **os.environ,
            "GAVEL_CONFIG": str(self.folder / f"{space}.toml"),
            "PYTHONPATH": f"{TESTS}:{TESTS.parent}",
        }

    def _run(self, space: str, program: str, *words: str) -> None:
        subprocess.run(
            self._words(space, program, *words), env=self._environment(space), check=True
        )

    def popen(self, space: str, name: str, program: str, *words: str) -> None:
        """Start a program in a namespace as the process `name`, which ends with the scene."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self._words(space, program, *words), env=self._environment(space),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


def sleep_until(at: datetime) -> None:
    """Sleep until an instant."""
    time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
