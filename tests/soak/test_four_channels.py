"""Ten minutes of four channels in 720p on one machine, whose items all start at the same instants.

GAVEL_SOAK_CHANNELS makes it another number of channels.
"""

import os
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bench.figures import Figure
from soak.channel_judge import (
    Verdict,
    judge,
    of_bus,
    of_channel,
    of_excuses,
    of_processors,
    of_relay,
    of_stream,
)
from soak.faults import excused_by
from soak.headend import foreign, own
from soak.notes import alone, minutes, note
from soak.own_channels import OwnChannel, OwnChannels
from soak.waits import Looks, watched
from support.capture import Capture, read_ts
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS
from support.clips import Clip, numbered_clip
from support.ports import free_udp_port
from support.stalls import Canary, Stall

from config.readjson import read_json
from playout.engine.links.air_log import read_facts
from playout.engine.links.stream_file import STREAM_FILE

pytestmark = pytest.mark.soak
CHANNELS = int(os.environ.get("GAVEL_SOAK_CHANNELS", "4"))
HOUSE, SIZE = "1280x720@30000/1001", (1280, 720)
TICKS = 300
"""Ticks of each item: ten seconds."""
LEAD = 25.0
LAST = 5.0
"""Seconds at the end in which no item has to be whole."""
FILE_BIT_RATE = 8_000_000


@dataclass
class Aired:
    """Everything to judge a run by."""

    channels: OwnChannels
    captures: dict[str, Path] = field(default_factory=dict)
    relays: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The last status of each channel's relay."""
    looks: Looks = field(default_factory=Looks)
    stalls: list[Stall] = field(default_factory=list)
    shift: float = 0.0
    """CLOCK_MONOTONIC less UTC, seconds."""


def clips_of(folder: Path, number: int) -> list[Clip]:
    """Make two films of a channel."""
    return [
        numbered_clip(
            folder / f"{ident}.mp4", frames=TICKS + 30, ident=ident, size=SIZE, grain=True,
            bit_rate=FILE_BIT_RATE,
        )
        for ident in (2 * number + 1, 2 * number + 2)
    ]  # fmt: skip


def air(folder: Path, count: int, seconds: float) -> Aired:
    """Air so many channels at once, and capture each."""
    folder.mkdir(parents=True, exist_ok=True)
    ports = {f"ch{number + 1}": free_udp_port() for number in range(count)}
    made = [
        OwnChannel(name, [f"udp://127.0.0.1:{port}"], clips_of(folder, number))
        for number, (name, port) in enumerate(ports.items())
    ]
    run = Aired(OwnChannels(folder / "air", made, HOUSE, TICKS, seconds, LEAD))
    with ExitStack() as open_:
        canary = open_.enter_context(Canary(folder / "stalls", realtime=True))
        for name, port in ports.items():
            run.captures[name] = folder / f"{name}.ts"
            open_.enter_context(Capture(port, run.captures[name]))
        open_.enter_context(run.channels)
        run.channels.wait(0)
        run.looks = open_.enter_context(watched(lambda: all_of(run.channels), time.monotonic))
        run.channels.wait(seconds)
        run.relays = {name: relay_of(run.channels, name) for name in ports}
        run.stalls, run.shift = canary.stalls(), time.monotonic() - time.time()
    return run


def all_of(channels: OwnChannels) -> dict[str, int]:
    """Return the process ids of all channels, by channel and name."""
    return {
        f"{one.name}/{name}": pid
        for one in channels.channels
        for name, pid in channels.processes(one.name).items()
    }


def relay_of(channels: OwnChannels, name: str) -> Mapping[str, Any]:
    """Return the status of a channel's relay; empty where there is none."""
    with suppress(OSError, ValueError):
        found = read_json(channels.home(name) / STREAM_FILE)
        return found if isinstance(found, dict) else {}
    return {}


def figures(run: Aired, seconds: float) -> tuple[list[Figure], list[Verdict]]:
    """Judge a run."""
    excuses, found, verdicts = excused_by(run.stalls, run.shift), [], []
    for one in run.channels.channels:
        order, lines = run.channels.lines(one.clips)
        whole = int((seconds - LAST) / run.channels.each.total_seconds())
        path = run.captures[one.name]
        seen = [picture for picture in read_ts(path) if picture.arrived is not None]
        verdict = judge(one.name, seen, order[:whole], lines[:whole], excuses)
        verdicts.append(verdict)
        facts = read_facts(run.channels.home(one.name) / "air.log", 0)[0]
        found += of_channel(verdict)
        found += of_stream(one.name, own(path), foreign(path).faults)
        found += of_bus(one.name, facts, len(order))
        found.append(of_relay(one.name, run.relays[one.name]))
        log = (run.channels.folder / f"{one.name}.log").read_text(errors="replace")
        ends = [line[-100:] for line in log.splitlines() if " ended with " in line]
        name, words = f"{one.name}: processes that ended", "; ".join(ends[:5])
        found.append(Figure("channels", name, len(ends), "", 0, note=words))
    found += [*of_processors(run.looks), of_excuses(verdicts)]
    lost = sum(s.end - s.begin for s in run.stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    name, most = "time the machine stood still", 100 * EXCUSED_SHARE_LIMIT
    found.append(Figure("machine", name, 100 * lost / seconds, "%", most))
    return found, verdicts


def test_all_channels_start_every_item_on_one_tick_and_lose_no_picture(tmp_path: Path) -> None:
    long = minutes(10)
    with alone():
        run = air(tmp_path, CHANNELS, long * 60)
    found, verdicts = figures(run, long * 60)
    title = f"{CHANNELS} channels of 720p whose items start together"
    note(
        f"channels_{CHANNELS}", title, found, run.stalls, long * 60, minutes=long, house=HOUSE,
        lost={one.name: one.found[:50] for one in verdicts},
        cores=run.looks.cores(), waits=run.looks.worst(),
    )  # fmt: skip

    assert [one for one in found if not one.good] == []
