"""A channel's processes: their rings and sockets, and the list the supervisor keeps alive."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.clock import Clock
from config.names import HouseFormat
from config.private import keep_private
from config.settings import SOURCE_NETWORKS, Settings
from config.supervise import Child, Supervisor
from playout.engine.format.ticks import WallMap
from playout.engine.links.packets import packet_pair
from playout.engine.links.port import make_shared_state, port_pair, write_clock_start
from playout.engine.links.process_watch import ending_reporter
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.outputs.targets import SCREEN, Encode, checked_target
from playout.model.engine import SOURCE_SLOTS
from playout.processes.children import Ends, command

DECKS = 2
DECK_RING_SECONDS = 2.0
PROGRAM_RING_SECONDS = LIVE_RING_SECONDS = 1.2
STALE_AFTER = {"bus": 0.7, "deck": 5.0, "output": 1.2, "monitor": 5.0, "agent": 30.0}
STALE_AFTER |= {"gateway": 2.0, "live": 1.5, "copy": 5.0, "keeper": 900.0}
"""Seconds without a sign of life after which the supervisor kills and restarts a process, by kind.
One that a signal has stopped gets less time (`config.supervise.STOPPED_AFTER`)."""
LIBRARY_SETTINGS = {
    "ALSA_CONFIG_DIR": "/usr/share/alsa",
    "GNUTLS_SYSTEM_PRIORITY_FILE": "/etc/gnutls/config",
    "no_proxy": "",
}
"""Where libraries look for their settings. ALSA and GnuTLS in our wheels look in a folder of their
builder's under /tmp, which anyone on this machine could create. And no address is exempt from the
gateway's own proxy."""
QUICK_START = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""What a start leaves out because air waits for it: threads for matrix sums that no process makes,
and pydantic's search of every installed package for plugins, of which there are none."""
DECK_MEMORY = {"MALLOC_ARENA_MAX": "2"}
"""At most two memory arenas: libVLC starts threads for each file, and with an arena for each a deck
grew from 130 to 270 MB in a hundred files."""
LIVES_START_AFTER = 2.0
MONITOR_STARTS_AFTER = 3.0
"""Seconds by which these start later, to leave the processor to what puts a picture on air."""


@dataclass
class ChannelProcesses:
    """Resources of a channel that outlive any process: rings, sockets, clock start, children."""

    house: HouseFormat
    folder: Path
    epoch: int
    offset: int
    program: int
    agent_end: int
    children: list[Child] = field(default_factory=list)

    @property
    def air_log(self) -> Path:
        """The file in which the bus writes what aired."""
        return self.folder / "air.log"


def make_processes(
    house: HouseFormat,
    outputs: Sequence[str],
    encode: Encode,
    folder: Path,
    clock: Clock,
    display: str = "",
    *,
    slots: int = 0,
    networks: Sequence[str] = SOURCE_NETWORKS,
    copy: Path | None = None,
) -> ChannelProcesses:
    """Make the rings, sockets and children of a channel; nothing runs yet.

    The children are the bus, the decks, the live decks with their gateways, the outputs and the
    monitor. Raises TargetError for an output that cannot be used.
    """
    targets = [checked_target(target) for target in outputs]
    folder.mkdir(parents=True, exist_ok=True)
    program = make_ring("gavel-program", ring_shape_for(house, PROGRAM_RING_SECONDS))
    epoch = clock.monotonic()
    wall = WallMap(epoch, clock.utc())
    write_clock_start(program, epoch, wall.offset)
    bus_end, agent_end = port_pair()
    channel = ChannelProcesses(house, folder, epoch, wall.offset, program, agent_end)
    lives, ends = _lives(channel, slots, networks, copy)
    decks = _bus_and_decks(channel, bus_end, ends)
    channel.children = [*decks, *_outputs(channel, targets, encode, display), *lives]
    monitor = _child(
        "monitor", "monitor", (program,), MONITOR_STARTS_AFTER, ring=program, folder=str(folder)
    )
    channel.children.append(monitor)
    return channel


def _child(
    name: str, kind: str, handles: tuple[int, ...], after: float = 0.0, **given: object
) -> Child:
    environment = os.environ | QUICK_START | LIBRARY_SETTINGS
    if kind == "deck":
        environment |= DECK_MEMORY
    argv = command(kind, **given)
    return Child(name, argv, handles, environment, stale_after=STALE_AFTER[kind], after=after)


def _lives(
    channel: ChannelProcesses, slots: int, networks: Sequence[str], copy: Path | None
) -> tuple[list[Child], Ends]:
    """Return the children of each live slot, and the bus' end of each live deck.

    A slot has a gateway and a live deck; with `copy`, also a second copy of what it records.
    """
    children: list[Child] = []
    ends: Ends = []
    for slot in range(slots):
        ring = make_ring(f"gavel-live-{slot}", ring_shape_for(channel.house, LIVE_RING_SECONDS))
        write_clock_start(ring, channel.epoch, channel.offset)
        near, far = port_pair()
        giving, taking = packet_pair()
        ends.append((ring, near))
        given = {"slot": slot, "folder": str(channel.folder)}
        hands = [giving]
        if copy is not None:
            near_copy, far_copy = packet_pair()
            hands.append(near_copy)
            ways = (near_copy, far_copy)
            name = f"second copy {slot + 1}"
            children.append(
                _child(name, "copy", ways, LIVES_START_AFTER, **given, pipe=far_copy, to=str(copy))
            )
        gateway = _child(
            f"gateway {slot + 1}", "gateway", (*hands, taking), LIVES_START_AFTER, **given,
            hands=hands, networks=list(networks),
        )  # fmt: skip
        deck = _child(
            f"live deck {slot + 1}", "live", (ring, far, giving, taking), LIVES_START_AFTER,
            **given, ring=ring, pipe=taking, port=far,
        )  # fmt: skip
        children += [gateway, deck]
    return children, ends


def _bus_and_decks(channel: ChannelProcesses, bus_end: int, lives: Ends) -> list[Child]:
    state = make_shared_state()
    ends: Ends = []
    children: list[Child] = []
    for letter in "abcdefgh"[:DECKS]:
        ring = make_ring(f"gavel-deck-{letter}", ring_shape_for(channel.house, DECK_RING_SECONDS))
        near, far = port_pair()
        ends.append((ring, near))
        children.append(_child(f"deck {letter}", "deck", (ring, far), ring=ring, port=far))
    unlogged = os.memfd_create("gavel-unlogged")
    ways = [handle for end in (*ends, *lives) for handle in end]
    handles = (channel.program, bus_end, state, unlogged, *ways)
    bus = _child(
        "bus", "bus", handles, program=channel.program, decks=ends, lives=lives, agent=bus_end,
        state=state, unlogged=unlogged, air_log=str(channel.air_log),
    )  # fmt: skip
    return [bus, *children]


def _outputs(
    channel: ChannelProcesses, targets: list[str], encode: Encode, display: str
) -> list[Child]:
    streams = [target for target in targets if target != SCREEN]
    groups = [streams] if streams else []
    groups += [[SCREEN]] if SCREEN in targets else []
    children = []
    for place, group in enumerate(groups):
        name = "screen output" if group == [SCREEN] else "stream output"
        child = _child(
            name, "output", (channel.program,), ring=channel.program, place=place, targets=group,
            encode=asdict(encode), display=display,
        )  # fmt: skip
        children.append(child)
    return children


def run_channel(settings: Settings, channel: str, clock: Clock) -> None:
    """Keep a channel on air until SIGTERM.

    Raises KeyError for a channel that is not configured, TargetError for an output that cannot be
    used.
    """
    configured = settings.channels[channel]
    keep_private(settings.data_dir)
    encode = Encode(configured.video_kbps, configured.audio_kbps, configured.preset)
    folder = settings.channel_dir(channel)
    copy = configured.second_recording / channel if configured.second_recording else None
    processes = make_processes(
        configured.house, configured.outputs, encode, folder, clock, configured.display,
        slots=SOURCE_SLOTS, networks=settings.source_networks, copy=copy,
    )  # fmt: skip
    ending = make_shared_state()
    agent = _child(
        "agent", "agent", (processes.agent_end, ending), channel=channel,
        engine_socket=processes.agent_end, ending=ending,
    )  # fmt: skip
    keeper = _child(
        "keeper of recordings", "keeper", (), MONITOR_STARTS_AFTER, folder=str(folder),
        media=str(settings.media_root), is_cache=settings.media_is_cache,
        copy=str(copy) if copy else None,
    )  # fmt: skip
    Supervisor([*processes.children, agent, keeper], clock, ending_reporter(ending)).run()
