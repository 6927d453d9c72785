"""A channel's processes: their rings and sockets, and the list the supervisor keeps alive."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.clock import Clock
from config.names import HouseFormat
from config.settings import Settings
from config.supervise import Child, Supervisor
from playout.children import command
from playout.engine.ringfile import make_ring, shape_for
from playout.engine.targets import SCREEN, Encode, checked
from playout.engine.ticks import WallMap
from playout.engine.wiring import make_state, pair, put_start

DECKS = 2
DECK_SECONDS = 2.0
PROGRAM_SECONDS = 1.2
STALE = {"bus": 0.7, "deck": 5.0, "output": 1.2, "monitor": 5.0, "agent": 30.0}
"""Seconds without a sign of life after which each kind of process is killed and started anew."""
MONITOR_AFTER = 3.0
"""Seconds the monitor leaves the processor to those that put the picture on air."""


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
    rig.children.append(
        _child(
            "monitor", "monitor", (program,), MONITOR_AFTER, ring=program, folder=str(rig.folder)
        )
    )
    return rig


def _child(
    name: str, kind: str, handles: tuple[int, ...], after: float = 0.0, **given: object
) -> Child:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    argv = command(kind, **given)
    return Child(name, argv, handles, environment, stale_after=STALE[kind], after=after)


def _bus_and_decks(rig: Rig, bus_end: int) -> list[Child]:
    state = make_state()
    ends, children = [], []
    for letter in "abcdefgh"[:DECKS]:
        ring = make_ring(f"gavel-deck-{letter}", shape_for(rig.house, DECK_SECONDS))
        near, far = pair()
        ends.append((ring, near))
        children.append(_child(f"deck {letter}", "deck", (ring, far), ring=ring, port=far))
    handles = (rig.program, bus_end, state, *(handle for end in ends for handle in end))
    bus = _child(
        "bus", "bus", handles, program=rig.program, decks=ends, agent=bus_end, state=state,
        air_log=str(rig.air_log),
    )  # fmt: skip
    return [bus, *children]


def _outputs(rig: Rig, targets: list[str], encode: Encode, display: str) -> list[Child]:
    streams = [target for target in targets if target != SCREEN]
    groups = [streams] if streams else []
    groups += [[SCREEN]] if SCREEN in targets else []
    children = []
    for place, group in enumerate(groups):
        name = "screen output" if group == [SCREEN] else "stream output"
        child = _child(
            name, "output", (rig.program,), ring=rig.program, place=place, targets=group,
            encode=asdict(encode), display=display,
        )  # fmt: skip
        children.append(child)
    return children


def run_channel(settings: Settings, channel: str, clock: Clock) -> None:
    """Keep a channel on air until SIGTERM. Raises KeyError for a channel that is not configured,
    TargetError for an output that cannot be used."""
    wanted = settings.channels[channel]
    encode = Encode(wanted.video_kbps, wanted.audio_kbps, wanted.preset)
    folder = settings.channel_dir(channel)
    rig = make_rig(wanted.house, wanted.outputs, encode, folder, clock, wanted.display)
    handles = (rig.agent_end,)
    agent = _child("agent", "agent", handles, channel=channel, engine_socket=rig.agent_end)
    Supervisor([*rig.children, agent], clock).run()
