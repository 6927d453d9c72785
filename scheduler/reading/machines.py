"""The broadcast machines of a channel, read from their rows."""

from collections.abc import Sequence
from datetime import datetime

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import TAG_LENGTH
from scheduler.db.tables.machines import MachineRow
from scheduler.domain.air.machines import Caller, Heard, Machine, hear, rivals
from scheduler.ids import new_id


def caller_heard(
    session: Session, channel: ChannelId, caller: Caller, now: datetime
) -> tuple[Heard, Sequence[MachineRow]]:
    """Return the machines of the channel after `caller` was heard; nothing is stored."""
    rows = find.machines.of_channel(session, channel)
    known = [load.machines.machine(row) for row in rows]
    pair = load.machines.pair(find.machines.pair(session, channel))
    return hear(known, caller, pair, now, new_id()[:TAG_LENGTH]), rows


def rivals_of(
    session: Session, channel: ChannelId, now: datetime
) -> tuple[tuple[Machine, Machine], ...]:
    """Return each machine that airs the channel beside another one at its place, as (first,
    second).
    """
    known = [load.machines.machine(row) for row in find.machines.of_channel(session, channel)]
    return rivals(known, load.machines.pair(find.machines.pair(session, channel)), now)
