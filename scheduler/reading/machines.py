"""The broadcast machines of a channel, read from their rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.names import ChannelId
from playout.model.wire import Status, WireError, decode
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import TAG_LENGTH
from scheduler.db.tables.machines import MachineRow
from scheduler.domain.air.machines import Caller, Heard, Machine, hear, rivals
from scheduler.domain.air.pairs import PairMachine
from scheduler.ids import new_id


def caller_heard(
    session: Session, channel: ChannelId, caller: Caller, now: datetime
) -> tuple[Heard, Sequence[MachineRow]]:
    """Return the machines of the channel after `caller` was heard; nothing is stored."""
    rows = find.machines.of_channel(session, channel)
    known = [load.machines.machine(row) for row in rows]
    pair = load.machines.pair(find.machines.pair(session, channel))
    return hear(known, caller, pair, now, new_id()[:TAG_LENGTH]), rows


def reported_status(row: MachineRow) -> Status | None:
    """Return the machine's last status; None before the first, and for one we cannot read."""
    try:
        return decode(Status, row.status) if row.status else None
    except WireError:
        return None


def pair_machines(session: Session, channel: ChannelId) -> tuple[PairMachine, ...]:
    """Return the two machines of a channel, the primary first; none where it has one machine."""
    pair = load.machines.pair(find.machines.pair(session, channel))
    if pair is None:
        return ()
    rows = {row.host_id: row for row in find.machines.of_channel(session, channel) if row.holds}
    names = {row.id: row.name for row in find.machines.hosts(session)}
    newest = find.house.published_digest(session, channel)
    found = []
    for host in (pair.primary, pair.standby):
        one = PairMachine(host, names.get(host, ""), host == pair.primary)
        row = rows.get(host)
        if row is not None:
            one = replace(
                one, machine=load.machines.machine(row), status=reported_status(row),
                sends=row.sends, has_plan=bool(newest) and row.plan_tag == newest,
            )  # fmt: skip
        found.append(one)
    return tuple(found)


def rivals_of(
    session: Session, channel: ChannelId, now: datetime
) -> tuple[tuple[Machine, Machine], ...]:
    """Return each machine that airs the channel beside another one at its place, as (first,
    second).
    """
    known = [load.machines.machine(row) for row in find.machines.of_channel(session, channel)]
    return rivals(known, load.machines.pair(find.machines.pair(session, channel)), now)
