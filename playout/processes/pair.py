"""The parts by which a channel knows its other machine: gate, common clock, and the peer link."""

import os
import secrets
import socket
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from config.clock import Clock
from config.names import ChannelId
from config.pair_settings import PairSettings, host_and_port
from config.settings import ChannelSettings, Settings, SettingsError
from config.supervise import Child
from playout.engine.format.ticks import Ticks, to_ns
from playout.engine.links.gate import Gate, make_gate
from playout.engine.links.port import Port, make_shared_state, port_pair
from playout.engine.links.sight import SightMemory
from playout.pair.link import LinkParts
from playout.pair.seat import MS, Member
from playout.processes.child import channel_child


@dataclass(frozen=True)
class PairPlan:
    """Values that the processes of one start of a channel share, where it has two machines."""

    gate: int
    agent_end: int
    link_end: int
    machine: str
    """This machine's name, and a part that is new with every start."""
    epoch: int
    """Monotonic nanoseconds of tick 0, which is a tick of the other machine too."""
    common_start: int
    """Monotonic nanoseconds at which 1970 began, negative as a rule: slot 0 of the stream."""
    sight: int
    """Memory of what the watcher sees of both machines' outputs."""


def pair_of(channel: ChannelSettings, clock: Clock) -> PairPlan | None:
    """Return the plan of a channel's settings; None where it has one machine.

    Raises SettingsError where the key cannot be used.
    """
    if channel.pair is None:
        return None
    secret_of(channel.pair)
    agent_end, link_end = port_pair()
    epoch, start = common_clock(channel.house.rate, clock.monotonic(), to_ns(clock.utc()))
    machine = f"{channel.pair.name}-{secrets.token_hex(8)}"
    return PairPlan(make_gate(), agent_end, link_end, machine, epoch, start, make_shared_state())


def first_tick(pair: PairPlan | None, clock: Clock) -> int:
    """Return the monotonic nanoseconds of tick 0: a common tick where there are two machines."""
    return pair.epoch if pair is not None else clock.monotonic()


def relay_clock(pair: PairPlan | None, epoch: int, rate: Fraction) -> dict[str, Any]:
    """Return what the relay is given of its clock and gate; `epoch` is that of tick 0."""
    if pair is None:
        return {"epoch": epoch}
    first = pair.epoch - pair.common_start
    return {
        "epoch": pair.common_start, "gate": pair.gate, "first_tick": first, "ticks": str(rate),
    }  # fmt: skip


def common_clock(rate: Fraction, monotonic: int, utc: int) -> tuple[int, int]:
    """Return the monotonic nanoseconds of the last tick that all machines share, and of 1970.

    Ticks are counted from 1970, so machines whose clocks agree have the same ticks, and their
    streams the same slots and stamps. Example: 25 ticks a second, 10.03 s after 1970: the last
    common tick was at 10.00 s.
    """
    start = monotonic - utc
    ticks = Ticks(rate, start)
    return ticks.due(ticks.last(monotonic)), start


def secret_of(pair: PairSettings) -> bytes:
    """Return the common key. Raises SettingsError where it cannot be used."""
    try:
        return pair.secret()
    except ValueError as error:
        raise SettingsError(str(error)) from error


def pair_children(plan: PairPlan | None, channel: str) -> list[Child]:
    """Return the peer link of a channel, if it has two machines."""
    if plan is None:
        return []
    child = channel_child(
        "peer link", "link", (plan.gate, plan.link_end, plan.sight), channel=channel,
        gate=plan.gate, agent=plan.link_end, machine=plan.machine,
        common_start=plan.common_start, sight=plan.sight,
    )  # fmt: skip
    return [child]


@dataclass(frozen=True)
class LinkHandles:
    """Memory and port that the supervisor passes to the peer link."""

    gate: int
    agent: int
    sight: int


def run_peer_link(
    settings: Settings, channel: str, handles: LinkHandles, machine: str, start: int, clock: Clock
) -> None:
    """Run the peer link of a channel. Raises OSError where its address cannot be used."""
    from playout.pair.link import run_link
    from playout.pair.witness import ServerWitness, WitnessLine

    pair = settings.channels[channel].pair
    assert pair is not None
    wake = os.eventfd(0, os.EFD_NONBLOCK)
    witness = ServerWitness(settings.server_url, channel, settings.key())
    line = WitnessLine(witness, clock, lambda: os.eventfd_write(wake, 1))
    member = Member(machine, ChannelId(channel), pair.preferred, pair.when_alone == "continue")
    parts = LinkParts(
        member, secret_of(pair), _door(pair.listen), host_and_port(pair.peer),
        Gate(handles.gate), Port(handles.agent), start, round(pair.clock_milliseconds * MS),
        SightMemory(handles.sight),
    )  # fmt: skip
    run_link(parts, line, wake, clock)


def _door(listen: str) -> socket.socket:
    """Return a socket that hears at this address and does not wait. Raises OSError."""
    host, port = host_and_port(listen)
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    door = socket.socket(family, kind)
    door.setblocking(False)
    door.bind(address)
    return door
