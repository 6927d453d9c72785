"""Channels that air numbered clips from their own disk, each as `gavel-playout run` starts it.

No server is there: plan and files lie on the machine. All items have the same whole number of
ticks, and those of all channels start at the same instants.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.clips import NTSC, Clip
from support.plans import item, plan

from media.store import MediaStore
from playout.host.control_socket import ControlError, ask_agent
from playout.model.plan import Item, Media, Plan
from playout.model.wire import encode

STOP_WITHIN = 30.0
_STARTED = re.compile(r"(?::[ ]|event=')([a-z][a-z0-9 ]*) started, pid (\d+)'?$", re.MULTILINE)
"""A line of a supervisor's log: for people, or with names before its values."""


@dataclass(frozen=True)
class OwnChannel:
    """One channel: its name, where its stream goes, and its clips, aired in turn."""

    name: str
    outputs: Sequence[str]
    clips: Sequence[Clip]


@dataclass
class OwnChannels:
    """Running channels, as a context manager."""

    folder: Path
    channels: Sequence[OwnChannel]
    house: str
    ticks: int
    """Ticks of each item; its clips have more pictures than that."""
    seconds: float
    """Time for which the items last, at least."""
    lead: float
    """Seconds from the start of the processes to the first item."""
    settings: str = ""
    """More lines for the settings of each channel, in TOML."""
    begin: datetime = datetime.max.replace(tzinfo=UTC)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def each(self) -> timedelta:
        """The length of each item."""
        return timedelta(microseconds=round(self.ticks / NTSC * 1_000_000))

    @property
    def count(self) -> int:
        """The number of items of each channel."""
        return int(self.seconds / self.each.total_seconds()) + 1

    def __enter__(self) -> "OwnChannels":
        store = MediaStore(self.folder / "media")
        clips = {clip.ident: clip for one in self.channels for clip in one.clips}
        stored = {ident: stored_media(store, clip) for ident, clip in clips.items()}
        now = datetime.now(UTC)
        self.begin = now.replace(microsecond=0) + timedelta(seconds=self.lead)
        for one in self.channels:
            home = self.home(one.name)
            home.mkdir(parents=True, mode=0o700)
            media = [stored[clip.ident] for clip in one.clips]
            (home / "plan.json").write_bytes(encode(self._plan(one.name, media, now)))
        (self.folder / "gavel.toml").write_text(self._toml())
        environment = os.environ | {"GAVEL_CONFIG": str(self.folder / "gavel.toml")}
        program = str(Path(sys.executable).with_name("gavel-playout"))
        for one in self.channels:
            with (self.folder / f"{one.name}.log").open("wb") as log:
                self.running[one.name] = subprocess.Popen(
                    [program, "run", one.name], env=environment, stdout=log, stderr=log
                )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            process.terminate()
        with ExitStack() as all_of_them:
            for process in self.running.values():
                all_of_them.callback(_ended, process)

    def home(self, name: str) -> Path:
        """Return the folder of a channel's state."""
        return self.folder / "air" / name

    def wait(self, seconds: float) -> None:
        """Sleep until so many seconds after the first item's start."""
        time.sleep(max(0.0, self.begin.timestamp() + seconds - time.time()))

    def processes(self, name: str) -> dict[str, int]:
        """Return the process ids of a channel by their names for its supervisor."""
        log = (self.folder / f"{name}.log").read_text(errors="replace")
        return named_processes(log) | {"supervisor": self.running[name].pid}

    def problems(self, name: str) -> list[str]:
        """Return what a channel's status tells staff; empty while its agent does not answer."""
        try:
            found = ask_agent(self.home(name), verb="status").get("problems", [])
        except ControlError:
            return []
        return [str(one) for one in found]

    def lines(self, clips: Sequence[Clip]) -> tuple[list[Clip], list[dict[str, Any]]]:
        """Return the clip of each item of a channel, and its place, as the judge of a capture wants
        them (`soak.judge.lay_on_ticks`).
        """
        order = [clips[number % len(clips)] for number in range(self.count)]
        return order, [
            {
                "planned_start": (self.begin + self.each * number).isoformat(),
                "planned_tick": self.ticks * number,
                "planned_frames": self.ticks,
            }
            for number in range(self.count)
        ]

    def _plan(self, name: str, media: Sequence[Media], now: datetime) -> Plan:
        hour = timedelta(hours=1)
        made = plan(*self._items(media))
        ends = self.begin + self.each * self.count + hour
        return replace(made, channel=name, made_at=now, starts=now - hour, ends=ends, sources=())  # type: ignore[arg-type]

    def _items(self, media: Sequence[Media]) -> list[Item]:
        return [
            item(f"{n}", self.begin + self.each * n, self.each, media=media[n % len(media)])
            for n in range(self.count)
        ]

    def _toml(self) -> str:
        head = f'data_dir = "{self.folder}"\nserver_url = "http://127.0.0.1:9"\nhost_key = "none"\n'
        return head + "".join(
            f'[channels.{one.name}]\nformat = "{self.house}"\n'
            f"outputs = {json.dumps(list(one.outputs))}\n{self.settings}\n"
            for one in self.channels
        )


def stored_media(store: MediaStore, clip: Clip) -> Media:
    """Put a clip into the store, and return what a plan says of it."""
    size = clip.path.stat().st_size
    key, _ = store.add(clip.path)
    length = timedelta(seconds=float(clip.seconds))
    return Media(key, clip.path.suffix, size, length, clip.rate or NTSC)


def named_processes(log: str) -> dict[str, int]:
    """Return the newest process id of each child by its name, as a supervisor logs it when it
    starts one. Command lines do not do: a forked child has room for little of its own.
    """
    return {found[1]: int(found[2]) for found in _STARTED.finditer(log)}


def _ended(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def memory_mb(pids: Mapping[str, int]) -> dict[str, float]:
    """Return each process's proportional share of memory (PSS), in MB; none of one that is gone."""
    found = {}
    for name, pid in pids.items():
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            found[name] = next(int(x.split()[1]) for x in lines if x.startswith("Pss:")) / 1000
    return found
