"""Actions of engineers on the two machines of a channel."""

from datetime import datetime

from config.names import ChannelId
from scheduler.changing.pairs import usable_machine
from scheduler.changing.transaction import changing
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.machines import PairRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.air.pairs import LONGEST_QUIET, SHORTEST_QUIET
from scheduler.domain.model.ids import HostId
from scheduler.domain.model.people import Actor, Right
from scheduler.refusals import Refused

QUIET_NEEDED = f"Give {SHORTEST_QUIET} to {LONGEST_QUIET} minutes, or choose only by hand."


def set_pair(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    primary: HostId,
    standby: HostId,
    quiet_minutes: int | None,
) -> None:
    """Have two machines air a channel together.

    `quiet_minutes` is the quiet after which it returns to the primary; None for only by hand.
    Raises Forbidden, Missing and Refused.
    """
    if primary == standby:
        raise Refused({"standby": "Choose two machines. Each needs a key of its own."})
    if quiet_minutes is not None and not SHORTEST_QUIET <= quiet_minutes <= LONGEST_QUIET:
        raise Refused({"quiet": QUIET_NEEDED})
    with changing(db, actor, now, Right.EQUIP, "pair") as work:
        name = work.get(ChannelRow, channel, "channel").name
        names = [usable_machine(work, one, channel) for one in (primary, standby)]
        row = work.session.get(PairRow, channel, with_for_update=True)
        if row is None:
            row = PairRow(channel_id=channel)
            row.primary_id, row.standby_id, row.quiet_minutes = primary, standby, quiet_minutes
            work.add(row)
        else:
            work.watch(row)
            row.primary_id, row.standby_id, row.quiet_minutes = primary, standby, quiet_minutes
        back = f"returns after {quiet_minutes} quiet minutes" if quiet_minutes else "no return"
        words = f"{name} is aired by {names[0]}, with {names[1]} as its standby ({back})"
        work.about("channel machines", channel, words)


def end_pair(db: Database, actor: Actor, now: datetime, channel: ChannelId) -> None:
    """Have one machine air a channel again: the one that sends. Raises Forbidden and Missing."""
    with changing(db, actor, now, Right.EQUIP, "pair") as work:
        row = work.get(PairRow, channel, "pair of machines")
        name = work.get(ChannelRow, channel, "channel").name
        row.primary_id = row.standby_id = row.quiet_minutes = None
        for machine in find.machines.of_channel(work.session, channel):
            if machine.holds and not machine.sends:
                machine.holds, machine.held_until = False, now
        work.about("channel machines", channel, f"{name} is aired by one machine again")
