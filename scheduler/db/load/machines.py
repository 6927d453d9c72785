"""Broadcast machines of a channel, between rows and values."""

from config.names import ChannelId
from scheduler.db.tables.machines import ADDRESS_LENGTH, MachineRow, PairRow
from scheduler.domain.air.machines import Machine, Pair
from scheduler.domain.air.pairs import PairSettings
from scheduler.domain.model.ids import HostId

STORED_AS_IS = (
    "tag", "machine", "run", "since", "at", "holds", "held_from", "held_until", "before",
    "before_since", "returns",
)  # fmt: skip
"""Fields of a machine that are columns of its row, by the same names and values."""


def machine(row: MachineRow) -> Machine:
    """Return the machine."""
    return Machine(
        host=HostId(row.host_id),
        name=row.name,
        address=row.address,
        **{name: getattr(row, name) for name in STORED_AS_IS},
    )


def machine_row(channel: ChannelId, value: Machine) -> MachineRow:
    """Return a new row for a machine."""
    row = MachineRow(channel_id=channel, status="", plan_tag="", sends=False)
    fill_machine(row, value)
    return row


def fill_machine(row: MachineRow, value: Machine) -> None:
    """Write what is known of the machine now."""
    row.host_id, row.name, row.address = value.host, value.name, value.address[:ADDRESS_LENGTH]
    for name in STORED_AS_IS:
        setattr(row, name, getattr(value, name))


def pair_settings(row: PairRow | None) -> PairSettings | None:
    """Return the two machines as staff set them; None where the channel has one."""
    both = pair(row)
    if row is None or both is None:
        return None
    return PairSettings(both.primary, both.standby, row.quiet_minutes, row.version)


def pair(row: PairRow | None) -> Pair | None:
    """Return the two machines; None where the channel has one."""
    if row is None or row.primary_id is None or row.standby_id is None:
        return None
    return Pair(HostId(row.primary_id), HostId(row.standby_id))
