"""A channel's processes: their rings and sockets, and the list the supervisor keeps alive."""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from config.clock import Clock
from config.names import HouseFormat
from config.private import keep_private
from config.settings import SOURCE_NETWORKS, Settings
from config.supervise import Child, Supervisor
from playout.engine.format.ticks import WallMap
from playout.engine.links.packets import packet_pair
from playout.engine.links.placed import make_placed
from playout.engine.links.port import (
    is_live_heard,
    make_shared_state,
    port_pair,
    write_clock_start,
)
from playout.engine.links.process_watch import SupervisorReport
from playout.engine.links.restart_orders import make_orders, order_reader
from playout.engine.links.ring_shape import RingShape, deck_ring_shape, make_ring, ring_shape_for
from playout.engine.links.slots import is_slot_wanted
from playout.engine.outputs.encode import Encode
from playout.engine.recording.pieces import has_recordings
from playout.model.engine import SOURCE_SLOTS
from playout.processes.child import channel_child, load_for_children
from playout.processes.children import Ends
from playout.processes.music import MusicPlan, music_child, music_of
from playout.processes.outputs import (
    OutputPlan,
    WatchMemory,
    checked_targets,
    output_children,
)
from playout.processes.pair import PairPlan, first_tick, pair_children, pair_of
from playout.processes.stream import StreamPlan, encode_of, stream_of

DECKS = 2
DECK_RING_SECONDS = 2.0
PROGRAM_RING_SECONDS = LIVE_RING_SECONDS = 1.2
FEWEST_PROGRAM_PICTURES, PROGRAM_PICTURE_SECONDS = 24, 0.8
"""Pictures of the program that are kept, and the seconds that they last at least. An output that is
further behind than `playout.engine.outputs.feed.JUMP_WHEN_BEHIND` ticks jumps to the newest, and
one that stands still while it holds a picture has half of these seconds before the bus writes over
it. Sound and captions, which take little room, are kept for PROGRAM_RING_SECONDS."""
LIVES_START_AFTER = 2.0
MONITOR_STARTS_AFTER = 3.0
"""Seconds by which these start later, to leave the processor to what puts a picture on air."""
CUE_TURNS, CUE_TURN_SECONDS = 4, 0.7
"""Turns of the channels of one machine in cueing, and how long one is: a load and the filling of
its ring."""


@dataclass
class ChannelProcesses:
    """Resources of a channel that outlive any process: rings, sockets, clock start, children."""

    house: HouseFormat
    folder: Path
    epoch: int
    offset: int
    program: int
    agent_end: int
    orders: int | None = None
    """Where the watcher of the output asks for restarts; None where nobody watches."""
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
    stream: StreamPlan | None = None,
    speech_model: Path | None = None,
    open_captions: bool = False,
    music: MusicPlan | None = None,
    cue_early: float = 0.0,
    pair: PairPlan | None = None,
    is_watched: bool = False,
) -> ChannelProcesses:
    """Make the rings, sockets and children of a channel; nothing runs yet.

    Raises NotATarget for an output and StreamError for a stream that cannot be made.
    """
    checked_targets(outputs)
    folder.mkdir(parents=True, exist_ok=True)
    program = make_ring("gavel-program", program_shape(house))
    epoch, offset = first_tick(pair, clock), WallMap(clock.monotonic(), clock.utc()).offset
    write_clock_start(program, epoch, offset)
    bus_end, agent_end = port_pair()
    channel = ChannelProcesses(house, folder, epoch, offset, program, agent_end)
    lives, ends = _lives(channel, slots, networks, copy)
    spoken, captioner = _captioner(channel, speech_model)
    decks = _bus_and_decks(channel, bus_end, ends, spoken, music, cue_early)
    watch = WatchMemory(make_placed(), make_orders()) if is_watched else None
    stream = stream or StreamPlan()
    plan = OutputPlan(outputs, encode, stream, display, open_captions, pair, watch)
    leaving = output_children(program, epoch, house, folder, plan)
    channel.children = [*decks, *leaving, *lives, *captioner, _monitor(channel, watch)]
    return channel


def _monitor(channel: ChannelProcesses, watch: WatchMemory | None) -> Child:
    """Return the monitor, which notes what is placed where somebody watches what leaves."""
    placed: int | None = None
    handles: tuple[int, ...] = (channel.program,)
    if watch is not None:
        channel.orders, placed = watch.orders, watch.placed
        handles = (channel.program, placed)
    return channel_child(
        "monitor", "monitor", handles, MONITOR_STARTS_AFTER, ring=channel.program,
        folder=str(channel.folder), placed=placed,
    )  # fmt: skip


def program_shape(house: HouseFormat) -> RingShape:
    """Return the shape of the ring that the bus fills, for this house format."""
    pictures = max(FEWEST_PROGRAM_PICTURES, math.ceil(house.rate * PROGRAM_PICTURE_SECONDS))
    return ring_shape_for(house, PROGRAM_RING_SECONDS, pictures)


def _lives(
    channel: ChannelProcesses, slots: int, networks: Sequence[str], copy: Path | None
) -> tuple[list[Child], Ends]:
    """Return the children of each live slot, and the bus' end of each live deck.

    A slot has a gateway and a live deck; with `copy`, also a second copy of what it records. They
    start when the slot gets its first source.
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
        hands, needed = [giving], []
        if copy is not None:
            near_copy, far_copy = packet_pair()
            hands.append(near_copy)
            ways = (near_copy, far_copy)
            name = f"second copy {slot + 1}"
            needed.append(
                channel_child(name, "copy", ways, LIVES_START_AFTER, pipe=far_copy, to=str(copy))
            )
        gateway = channel_child(
            f"gateway {slot + 1}", "gateway", (*hands, taking), LIVES_START_AFTER, **given,
            hands=hands, networks=list(networks),
        )  # fmt: skip
        deck = channel_child(
            f"live deck {slot + 1}", "live", (ring, far, giving, taking), LIVES_START_AFTER,
            **given, ring=ring, pipe=taking, port=far,
        )  # fmt: skip
        is_wanted = partial(is_slot_wanted, slot, channel.folder)
        children += [replace(child, is_wanted=is_wanted) for child in (*needed, gateway, deck)]
    return children, ends


def _captioner(channel: ChannelProcesses, model: Path | None) -> tuple[int | None, list[Child]]:
    """Return the bus's end of the captioner's line, and the captioner, which starts when a live is
    to be heard.
    """
    if model is None:
        return None, []
    said, heard = packet_pair()
    child = channel_child(
        "captioner", "captioner", (channel.program, said), program=channel.program, line=said,
        model=str(model), folder=str(channel.folder),
    )  # fmt: skip
    return heard, [replace(child, is_wanted=partial(is_live_heard, channel.program))]


def _bus_and_decks(
    channel: ChannelProcesses,
    bus_end: int,
    lives: Ends,
    spoken: int | None,
    music: MusicPlan | None,
    cue_early: float,
) -> list[Child]:
    state = make_shared_state()
    ends: Ends = []
    children: list[Child] = []
    for letter in "abcdefgh"[:DECKS]:
        ring = make_ring(f"gavel-deck-{letter}", deck_ring_shape(channel.house, DECK_RING_SECONDS))
        near, far = port_pair()
        ends.append((ring, near))
        children.append(channel_child(f"deck {letter}", "deck", (ring, far), ring=ring, port=far))
    unlogged = os.memfd_create("gavel-unlogged")
    ways = [handle for end in (*ends, *lives) for handle in end]
    songs, player = music_child(music, channel.house.rate, channel.folder)
    given = tuple(one for one in (spoken, songs) if one is not None)
    handles = (channel.program, bus_end, state, unlogged, *given, *ways)
    bus = channel_child(
        "bus", "bus", handles, program=channel.program, decks=ends, lives=lives, agent=bus_end,
        state=state, unlogged=unlogged, air_log=str(channel.air_log), spoken=spoken,
        music=songs, music_in_recess=music is not None and music.in_recess, cue_early=cue_early,
    )  # fmt: skip
    return [bus, *children, *player]


def keeper_child(folder: Path, media: Path, copy: Path | None, *, is_cache: bool) -> Child:
    """Return the keeper of recordings, which starts when there is a recording: until then it has
    nothing to look at.

    With a second folder it starts at once, because a recording may lie there alone. The supervisor
    does not look: that disk may hang.
    """
    child = channel_child(
        "keeper of recordings", "keeper", (), MONITOR_STARTS_AFTER, folder=str(folder),
        media=str(media), is_cache=is_cache, copy=str(copy) if copy else None,
    )  # fmt: skip
    return child if copy else replace(child, is_wanted=partial(has_recordings, folder))


def cue_early_of(channels: Sequence[str], channel: str) -> float:
    """Return by how many seconds a channel cues its files earlier than it must. The channels of a
    machine take turns, so that items which start together are not all loaded together.
    """
    return channels.index(channel) % CUE_TURNS * CUE_TURN_SECONDS


def run_channel(settings: Settings, channel: str, clock: Clock) -> None:
    """Keep a channel on air until SIGTERM.

    Raises KeyError for a channel that is not configured, NotATarget for an output and StreamError
    for a stream that cannot be made.
    """
    configured = settings.channels[channel]
    keep_private(settings.data_dir)
    folder = settings.channel_dir(channel)
    copy = configured.second_recording / channel if configured.second_recording else None
    pair = pair_of(configured, clock)
    processes = make_processes(
        configured.house, configured.outputs, encode_of(configured), folder, clock,
        configured.display, slots=SOURCE_SLOTS, networks=settings.source_networks, copy=copy,
        stream=stream_of(settings, channel), speech_model=settings.speech_model,
        open_captions=configured.open_captions, music=music_of(configured),
        cue_early=cue_early_of([*settings.channels], channel), pair=pair,
        is_watched=configured.watch_output,
    )  # fmt: skip
    ending = make_shared_state()
    lines = () if pair is None else (pair.agent_end,)
    agent = channel_child(
        "agent", "agent", (processes.agent_end, ending, *lines), channel=channel,
        engine_socket=processes.agent_end, ending=ending, pair=lines[0] if lines else None,
    )  # fmt: skip
    load_for_children()
    asked = order_reader(processes.orders) if processes.orders is not None else None
    keeper = keeper_child(folder, settings.media_root, copy, is_cache=settings.media_is_cache)
    children = [*processes.children, *pair_children(pair, channel), agent, keeper]
    report = SupervisorReport(ending)
    Supervisor(children, clock, report.ending, asked, report.starts).run()
