"""The processes that carry a channel out of the machine, and the ways between them.

One encoder, the relay, a process for each target that is not plain datagrams, and the screens. The
supervisor keeps both ends of every way open, so that either side may die.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from config.names import HouseFormat
from config.supervise import Child
from config.targetaddress import (
    RtpTarget,
    ScreenTarget,
    Target,
    UdpTarget,
)
from config.targetgrammar import read
from playout.engine.links.packets import packet_pair
from playout.engine.links.port import make_shared_state
from playout.engine.links.tap import make_tap
from playout.engine.links.target_state import forget_states
from playout.engine.outputs.encode import Encode
from playout.engine.relay.datagrams import DatagramTarget
from playout.engine.relay.memory import make_memory
from playout.engine.watching.places import is_watchable
from playout.processes.child import channel_child
from playout.processes.pair import PairPlan, relay_clock
from playout.processes.stream import StreamPlan, picture_ahead, rate_of

WATCHER, WATCHER_STARTS_AFTER = "watcher of the output", 6.0
PIPE_BYTES = 1 << 20
"""Bytes of a way; at 5 Mbit/s a second and a half of the stream."""


def checked_targets(outputs: Sequence[str]) -> list[Target]:
    """Return the targets that these texts name. Raises NotATarget with a sentence for staff."""
    return [read(text) for text in outputs]


@dataclass(frozen=True)
class WatchMemory:
    """Memory that the watcher of the output shares with others."""

    placed: int
    """What the monitor notes of each tick."""
    orders: int
    """What the supervisor is asked to restart."""


@dataclass(frozen=True)
class OutputPlan:
    """All that leaves a channel."""

    outputs: Sequence[str]
    encode: Encode
    stream: StreamPlan
    display: str
    open_captions: bool = False
    """Whether captions are drawn into the picture of the screen."""
    pair: PairPlan | None = None
    """What the channel's processes share, where two machines may send it."""
    watch: WatchMemory | None = None
    """None where nobody watches what leaves."""


def output_children(
    program: int, epoch: int, house: HouseFormat, folder: Path, plan: OutputPlan
) -> list[Child]:
    """Return the children of all outputs.

    Raises NotATarget for an output and StreamError for a stream that cannot be made.
    """
    targets = checked_targets(plan.outputs)
    children: list[Child] = []
    if any(not isinstance(target, ScreenTarget) for target in targets):
        children += _stream_children(program, epoch, house, folder, plan, targets)
    if any(isinstance(target, ScreenTarget) for target in targets):
        screen = channel_child(
            "screen output", "screen", (program,), ring=program, place=1 if children else 0,
            display=plan.display, open_captions=plan.open_captions,
        )  # fmt: skip
        children.append(screen)
    return children


def _stream_children(
    program: int,
    epoch: int,
    house: HouseFormat,
    folder: Path,
    plan: OutputPlan,
    targets: Sequence[Target],
) -> list[Child]:
    """Return the encoder, the relay, and the processes of targets."""
    encode, service, memory = plan.encode, plan.stream.service, make_memory()
    to_relay, from_encoder = _pipe(reader_waits=False)
    fed_out, fed_in = packet_pair()
    encoder = channel_child(
        "stream output", "output", (program, to_relay, fed_out), ring=program, place=0,
        pipe=to_relay, fed=fed_out, encode=asdict(encode),
    )  # fmt: skip
    rate = rate_of(house, encode, plan.stream)
    pipes, senders = _target_children(targets, plan, house, folder)
    tap = make_tap(rate) if plan.watch is not None else None
    gate = plan.pair.gate if plan.pair is not None else None
    shared = [one for one in (gate, tap) if one is not None]
    handles = (from_encoder, fed_in, memory, *(handle for _, handle in pipes), *shared)
    relay = channel_child(
        "stream relay", "relay", handles, rate=rate, folder=str(folder),
        pictures=str(encode.frame_rate(house)), interlaced=encode.is_interlaced,
        ahead=picture_ahead(house, encode, rate),
        service=asdict(service), encoder=from_encoder, fed=fed_in, memory=memory,
        datagrams=_datagrams(targets), pipes=pipes, tap=tap,
        **relay_clock(plan.pair, epoch, house.rate),
    )  # fmt: skip
    watcher = _watcher(plan, plan.watch, tap, targets, folder) if tap and plan.watch else []
    return [relay, encoder, *senders, *watcher]


def _watcher(
    plan: OutputPlan, watch: WatchMemory, tap: int, targets: Sequence[Target], folder: Path
) -> list[Child]:
    """Return the watcher of the output; it starts when everything else has."""
    pair = () if plan.pair is None else (plan.pair.gate, plan.pair.sight)
    handles = (tap, watch.placed, watch.orders, make_shared_state(), *pair)
    multicasts = [
        [number, plan.outputs[number]]
        for number, target in enumerate(targets)
        if is_watchable(target)
    ]
    child = channel_child(
        WATCHER, "watcher", handles, WATCHER_STARTS_AFTER, memory=handles, datagrams=multicasts,
        video=plan.encode.video, audio=plan.encode.audio, folder=str(folder),
    )  # fmt: skip
    return [child]


def _datagrams(targets: Sequence[Target]) -> list[dict[str, object]]:
    return [
        asdict(_datagram_target(number, target))
        for number, target in enumerate(targets)
        if isinstance(target, UdpTarget | RtpTarget)
    ]


def _datagram_target(number: int, target: UdpTarget | RtpTarget) -> DatagramTarget:
    plain = DatagramTarget(number, target.host, target.port, target.ttl, target.interface)
    if isinstance(target, UdpTarget):
        return plain
    return replace(plain, is_rtp=True, fec_columns=target.fec_columns, fec_rows=target.fec_rows)


def _target_children(
    targets: Sequence[Target], plan: OutputPlan, house: HouseFormat, folder: Path
) -> tuple[list[tuple[int, int]], list[Child]]:
    """Return the number and the relay's pipe of each target with a process, and the processes.

    An address may hold a passphrase. So it is in a process's environment, which other users of the
    machine cannot read, and not in its command line.
    """
    pipes: list[tuple[int, int]] = []
    children: list[Child] = []
    channel = plan.stream.channel
    settings = {
        "outputs": list(plan.outputs), "format": str(house), "video_kbps": plan.encode.video_kbps,
    }  # fmt: skip
    given = {"GAVEL_CHANNELS": json.dumps({channel: settings})}
    forget_states(folder)
    for number, target in enumerate(targets):
        if isinstance(target, UdpTarget | RtpTarget | ScreenTarget):
            continue
        relay_end, target_end = _pipe(reader_waits=True)
        pipes.append((number, relay_end))
        gates = () if plan.pair is None else (plan.pair.gate,)
        child = channel_child(
            f"output {number + 1}", "target", (target_end, *gates), handle=target_end,
            channel=channel, number=number, folder=str(folder), gate=gates[0] if gates else None,
        )  # fmt: skip
        children.append(replace(child, env={**(child.env or {}), **given}))
    return pipes, children


def _pipe(*, reader_waits: bool) -> tuple[int, int]:
    """Return the writing and the reading end of a pipe, of which one waits and the other never
    does.
    """
    reading, writing = os.pipe()
    with suppress(OSError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    os.set_blocking(writing if reader_waits else reading, False)
    return writing, reading
