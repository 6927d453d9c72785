"""The child processes of a channel, by name.

Each function imports only what its process needs, because air waits for it.
"""

import json
import os
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from config.child import CHILDREN_LOG, die_with_parent
from config.clock import SystemClock


def command(name: str, **given: object) -> list[str]:
    """Return the command line that starts the child of this name with these arguments."""
    return [
        sys.executable,
        "-P",
        "-m",
        "playout.processes.children",
        f"child-{name}",
        json.dumps(given),
    ]


Ends = list[tuple[int, int]]
"""Ring and port of each deck."""


def bus(
    program: int,
    decks: Ends,
    lives: Ends,
    agent: int,
    state: int,
    unlogged: int,
    air_log: str,
    spoken: int | None,
    music: int | None,
    music_in_recess: bool,
    cue_early: float,
) -> None:
    """Run the program bus."""
    from playout.engine.bus.bus import BusHandles, run_bus

    sides = [tuple((ring, port) for ring, port in ends) for ends in (decks, lives)]
    handles = BusHandles(
        program,
        sides[0],
        agent,
        state,
        sides[1],
        unlogged,
        spoken,
        music,
        music_in_recess,
        cue_early,
    )
    run_bus(handles, Path(air_log), SystemClock())


def deck(ring: int, port: int) -> None:
    """Run one deck."""
    from playout.engine.decks.deck import run_deck

    run_deck(ring, port, SystemClock())


def gateway(slot: int, folder: str, hands: list[int], networks: list[str]) -> None:
    """Run the gateway of one slot."""
    from playout.engine.gateway.gateway import run_gateway

    run_gateway(slot, Path(folder), hands, networks, SystemClock())


def live(slot: int, ring: int, pipe: int, port: int, folder: str) -> None:
    """Run the live deck of one slot."""
    from playout.engine.live.deck import run_live_deck

    run_live_deck(slot, ring, pipe, port, Path(folder), SystemClock())


def copy(pipe: int, to: str) -> None:
    """Write the second copy of what one slot records."""
    from playout.engine.recording.second_copy import run_copy

    run_copy(pipe, Path(to), SystemClock())


def keeper(folder: str, media: str, is_cache: bool, copy: str | None) -> None:
    """Run the keeper of recordings."""
    from media.store import MediaStore
    from playout.engine.recording.keeper import run_keeper

    second = Path(copy) / "recordings" if copy else None
    run_keeper(Path(folder), MediaStore(Path(media), cache=is_cache), second, SystemClock())


def output(ring: int, place: int, pipe: int, fed: int, encode: dict[str, Any]) -> None:
    """Run the encoder of the stream."""
    from playout.engine.outputs.encode import Encode
    from playout.engine.outputs.output import RelayEnds, run_encoder

    run_encoder(ring, place, RelayEnds(pipe, fed), Encode(**encode), SystemClock())


def screen(ring: int, place: int, display: str, open_captions: bool) -> None:
    """Run the screen output."""
    from playout.engine.outputs.output import run_screen

    run_screen(ring, place, display, SystemClock(), open_captions=open_captions)


def relay(
    epoch: int,
    rate: int,
    pictures: str,
    service: dict[str, Any],
    encoder: int,
    fed: int,
    memory: int,
    datagrams: list[dict[str, Any]],
    pipes: list[tuple[int, int]],
    folder: str,
    ahead: float,
    interlaced: bool,
    gate: int | None = None,
    tap: int | None = None,
    first_tick: int | None = None,
    ticks: str = "30",
) -> None:
    """Run the relay."""
    from playout.engine.links.gate import Gate
    from playout.engine.links.tap import TapWriter
    from playout.engine.relay.datagrams import DatagramTarget
    from playout.engine.relay.memory import RelayMemory
    from playout.engine.relay.process import run_relay
    from playout.engine.relay.run import RelayParts
    from playout.engine.relay.senders import PipeSender
    from playout.engine.relay.slots import SlotClock
    from playout.engine.relay.tables import StreamService

    parts = RelayParts(
        SlotClock(epoch, rate), StreamService(**service), encoder, fed, RelayMemory(memory),
        Fraction(pictures), ahead, interlaced,
        [PipeSender(number, handle) for number, handle in pipes],
        first_tick_ns=first_tick, ticks=Fraction(ticks),
        gate=Gate(gate) if gate is not None else None,
        tap=TapWriter(tap) if tap is not None else None,
    )  # fmt: skip
    targets = [DatagramTarget(**target) for target in datagrams]
    run_relay(parts, targets, Path(folder), SystemClock())


def target(handle: int, channel: str, number: int, folder: str, gate: int | None = None) -> None:
    """Run one target that has a process of its own."""
    from playout.engine.links.gate import Gate
    from playout.engine.targets.run import run_target

    gated = Gate(gate) if gate is not None else None
    run_target(handle, channel, number, Path(folder), gated)


def captioner(program: int, line: int, model: str, folder: str) -> None:
    """Run the captioner of lives."""
    from playout.engine.captioner.run import run_captioner

    run_captioner(program, line, Path(model), Path(folder), SystemClock())


def music(ring: int, songs: str, folder: str) -> None:
    """Play the music of a folder into its ring."""
    from playout.engine.music.player import run_music

    run_music(ring, Path(songs), Path(folder), SystemClock())


def monitor(ring: int, folder: str, placed: int | None) -> None:
    """Run the monitor."""
    from playout.engine.outputs.monitor import run_monitor

    run_monitor(ring, Path(folder), SystemClock(), placed)


def watcher(
    memory: list[int], datagrams: list[tuple[int, str]], video: str, audio: str, folder: str
) -> None:
    """Run the watcher of the output."""
    from playout.engine.watching.run import WatcherHandles, WatcherPlan, run_watcher

    plan = WatcherPlan(tuple((number, address) for number, address in datagrams), video, audio)
    run_watcher(WatcherHandles(*memory), plan, Path(folder), SystemClock())


def link(
    channel: str, gate: int, agent: int, machine: str, common_start: int, sight: int
) -> None:  # fmt: skip
    """Run the link to the channel's other machine."""
    from config.settings import load_settings
    from playout.processes.pair import LinkHandles, run_peer_link

    handles = LinkHandles(gate, agent, sight)
    run_peer_link(load_settings(), channel, handles, machine, common_start, SystemClock())


def without_command_lines() -> None:
    """Have httpx leave out its command line, whose libraries take 4.5 MB and are loaded wherever
    they are installed. Call it before httpx is imported.

    With None in this table Python says that there is no such module, and httpx does without.
    """
    sys.modules["httpx._main"] = None  # type: ignore[assignment]


def agent(channel: str, engine_socket: int, ending: int, pair: int | None = None) -> None:
    """Run the agent."""
    without_command_lines()
    from config.settings import load_settings
    from config.targetgrammar import read
    from playout.engine.client import EngineClient
    from playout.engine.links.process_watch import ProcessWatch
    from playout.engine.links.stream_watch import StreamWatch
    from playout.host.run import run_agent
    from playout.pair.line import AgentLine

    settings, clock = load_settings(), SystemClock()
    folder = settings.channel_dir(channel)
    names = [target.shown for target in map(read, settings.channels[channel].outputs)]
    stream = StreamWatch(folder, names, clock) if {*names} - {"screen"} else None
    watch = ProcessWatch(folder, ending, clock, stream)
    engine = EngineClient(engine_socket, folder / "air.log", watch)
    run_agent(settings, channel, engine, clock, AgentLine(pair) if pair is not None else None)


_KINDS: dict[str, Callable[..., None]] = {
    f"child-{kind.__name__}": kind
    for kind in (
        bus,
        deck,
        gateway,
        live,
        copy,
        keeper,
        output,
        screen,
        relay,
        target,
        captioner,
        monitor,
        watcher,
        music,
        link,
        agent,
    )
}


def run_child(name: str, given: str) -> None:
    """Run the child of a command line, in this process."""
    die_with_parent()
    if CHILDREN_LOG in os.environ:
        from config.logs import take_over_logs

        take_over_logs(name.removeprefix("child-"))
    _KINDS[name](**json.loads(given))


if __name__ == "__main__":
    run_child(*sys.argv[1:])
