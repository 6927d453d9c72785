"""The broadcast machines of every channel, as the page of machines shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.domain.air.machines import Machine
from scheduler.domain.air.pairs import PairMachine, PairSettings, move_refusal, why_not_ready
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.hosts import Host
from scheduler.reading.channels import channels_in_use
from scheduler.reading.machines import pair_machines, reported_status, rivals_of
from scheduler.reading.needed_files import NeededFiles

MISSING_NAMED = 5


@dataclass(frozen=True)
class MachineView:
    """One machine of a channel."""

    one: PairMachine
    silent: bool
    files_needed: int
    files_missing: int
    missing: tuple[str, ...]
    """Names of the first few missing files."""
    not_ready: tuple[str, ...]
    """Why it could not send, in sentences."""
    refusal: str | None
    """Why the channel cannot move to it now."""


@dataclass(frozen=True)
class ChannelMachines:
    """The machines of one channel."""

    channel: Channel
    pair: PairSettings | None
    machines: tuple[MachineView, ...]
    rivals: tuple[tuple[Machine, Machine], ...]
    """Machines that air the channel beside another one at their place."""
    choices: tuple[Host, ...]
    """Machines whose key opens the channel."""


def machines(db: Database, now: datetime, needed: NeededFiles) -> tuple[ChannelMachines, ...]:
    """Return every channel with its machines, as known at `now`."""
    with db.read() as session:
        hosts = [load.house.host(row) for row in find.machines.hosts(session)]
        return tuple(
            _channel(session, one, hosts, needed.at(session, one.id, now), now)
            for one in channels_in_use(session)
        )


def _channel(
    session: Session,
    channel: Channel,
    hosts: Sequence[Host],
    needed: Collection[str],
    now: datetime,
) -> ChannelMachines:
    pair = load.machines.pair_settings(find.machines.pair(session, channel.id))
    both = pair_machines(session, channel.id) or _only(session, channel.id, hosts)
    return ChannelMachines(
        channel,
        pair,
        tuple(_view(session, one, both, needed, now) for one in both),
        rivals_of(session, channel.id, now),
        tuple(one for one in hosts if not one.revoked and one.serves(channel.id)),
    )


def _only(session: Session, channel: ChannelId, hosts: Sequence[Host]) -> tuple[PairMachine, ...]:
    """Return the machine of a channel that has one; none before its first report."""
    names = {one.id: one.name for one in hosts}
    newest = find.house.published_digest(session, channel)
    found = []
    for row in find.machines.of_channel(session, channel):
        if row.holds:
            one = load.machines.machine(row)
            current = bool(newest) and row.plan_tag == newest
            status = reported_status(row)
            name = names.get(one.host, one.name)
            found.append(PairMachine(one.host, name, True, one, status, row.sends, current))
    return tuple(found)


def _view(
    session: Session,
    one: PairMachine,
    both: Sequence[PairMachine],
    needed: Collection[str],
    now: datetime,
) -> MachineView:
    missing = one.status.missing if one.status is not None else ()
    names = []
    for key in missing[:MISSING_NAMED]:
        row = find.plan.asset_by_key(session, key)
        names.append(row.title if row is not None else f"the file {key[:8]}")
    is_pair = len(both) > 1
    return MachineView(
        one,
        one.machine is None or one.machine.is_silent(now),
        len({*needed, *missing}),
        len(missing),
        tuple(names),
        why_not_ready(one, now) if is_pair else (),
        move_refusal(both, one.host, now) if is_pair else None,
    )
