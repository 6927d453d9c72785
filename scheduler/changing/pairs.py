"""The rule that the machines of a pair can air their channel."""

from config.names import ChannelId
from scheduler.changing.transaction import UnitOfWork
from scheduler.db.tables.house import HostRow
from scheduler.db.tables.machines import PairRow
from scheduler.refusals import Refused


def usable_machine(work: UnitOfWork, machine: str, channel: ChannelId) -> str:
    """Return the machine's name. Raises Missing, and Refused where its key does not open the
    channel.
    """
    row = work.get(HostRow, machine, "broadcast machine")
    if row.revoked is not None:
        raise Refused(message=f"The access of {row.name} is revoked. Give it a new key first.")
    if row.channels is not None and channel not in row.channels:
        raise Refused(message=f"The key of {row.name} does not cover this channel.")
    return row.name


def check_pair(work: UnitOfWork, row: PairRow) -> None:
    """Raise Refused if a machine of the pair cannot air its channel any more: an old change may be
    undone after its key was revoked.
    """
    for machine in (row.primary_id, row.standby_id):
        if machine is not None:
            usable_machine(work, machine, ChannelId(row.channel_id))
