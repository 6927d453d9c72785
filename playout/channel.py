"""A channel's processes: their rings and sockets, and the list the supervisor keeps alive."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.clock import Clock
from config.names import HouseFormat
from config.settings import Settings
from config.supervise import Child, Supervisor
from playout.engine.ringfile import make_ring, shape_for
from playout.engine.targets import SCREEN, Encode, checked
from playout.engine.ticks import WallMap
from playout.engine.wiring import make_state, pair, put_start

DECKS = 2
DECK_SECONDS = 2.0
PROGRAM_SECONDS = 1.2
BUS_STALE, DECK_STALE, OUTPUT_STALE, MONITOR_STALE, AGENT_STALE = 0.7, 5.0, 2.0, 5.0, 30.0
"""Seconds without a sign of life after which each kind of process is killed and started anew."""


@dataclass
class Rig:
    """Everything of one channel that must outlive any single process."""

    house: HouseFormat
    folder: Path
    epoch: int
    offset: int
    program: int
    agent_end: int
    children: list[Child] = field(default_factory=list)

    @property
    def air_log(self) -> Path:
        """Where the bus writes what aired."""
        return self.folder / "air.log"


def make_rig(
    house: HouseFormat,
    outputs: Sequence[str],
    encode: Encode,
    folder: Path,
    clock: Clock,
    display: str = "",
) -> Rig:
    """Rings, sockets and children of a channel: bus, decks, outputs, monitor; nothing runs yet.

    Raises TargetError for an output that cannot be used.
    """
    targets = [checked(target) for target in outputs]
    folder.mkdir(parents=True, exist_ok=True)
    program = make_ring("gavel-program", shape_for(house, PROGRAM_SECONDS))
    epoch = clock.monotonic()
    wall = WallMap(epoch, clock.utc())
    put_start(program, epoch, wall.offset)
    bus_end, agent_end = pair()
    rig = Rig(house, folder, epoch, wall.offset, program, agent_end)
    rig.children = [*_bus_and_decks(rig, bus_end), *_outputs(rig, targets, encode, display)]
    arguments = ["child-monitor", f"--ring={program}", f"--folder={folder}"]
    rig.children.append(_child("monitor", arguments, (program,), MONITOR_STALE))
    return rig


def _child(name: str, arguments: list[str], handles: tuple[int, ...], stale: float) -> Child:
    argv = [sys.executable, "-P", "-m", "playout.cli", *arguments]
    return Child(name, argv, pass_fds=handles, stale_after=stale)


def _bus_and_decks(rig: Rig, bus_end: int) -> list[Child]:
    state = make_state()
    arguments = ["child-bus", f"--program={rig.program}", f"--agent={bus_end}", f"--state={state}"]
    arguments.append(f"--air-log={rig.air_log}")
    handles, decks = [rig.program, bus_end, state], []
    for letter in "abcdefgh"[:DECKS]:
        ring = make_ring(f"gavel-deck-{letter}", shape_for(rig.house, DECK_SECONDS))
        near, far = pair()
        arguments.append(f"--deck={ring}:{near}")
        handles += [ring, near]
        argv = ["child-deck", f"--ring={ring}", f"--port={far}"]
        decks.append(_child(f"deck {letter}", argv, (ring, far), DECK_STALE))
    return [_child("bus", arguments, tuple(handles), BUS_STALE), *decks]


def _outputs(rig: Rig, targets: list[str], encode: Encode, display: str) -> list[Child]:
    streams = [target for target in targets if target != SCREEN]
    groups = [streams] if streams else []
    groups += [[SCREEN]] if SCREEN in targets else []
    children = []
    for place, group in enumerate(groups):
        name = "screen output" if group == [SCREEN] else "stream output"
        argv = ["child-output", f"--ring={rig.program}", f"--place={place}"]
        argv += [f"--video-kbps={encode.video_kbps}", f"--audio-kbps={encode.audio_kbps}"]
        argv += [f"--preset={encode.preset}", f"--display={display}"]
        argv += [f"--target={target}" for target in group]
        children.append(_child(name, argv, (rig.program,), OUTPUT_STALE))
    return children


def run_channel(settings: Settings, channel: str, clock: Clock) -> None:
    """Keep a channel on air until SIGTERM. Raises KeyError for a channel that is not configured,
    TargetError for an output that cannot be used."""
    wanted = settings.channels[channel]
    encode = Encode(wanted.video_kbps, wanted.audio_kbps, wanted.preset)
    folder = settings.channel_dir(channel)
    rig = make_rig(wanted.house, wanted.outputs, encode, folder, clock, wanted.display)
    arguments = ["child-agent", channel, f"--engine-socket={rig.agent_end}"]
    agent = _child("agent", arguments, (rig.agent_end,), AGENT_STALE)
    Supervisor([*rig.children, agent], clock).run()
