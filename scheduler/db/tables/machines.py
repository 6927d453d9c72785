"""Tables of the broadcast machines of a channel: who reports, and which two air it together."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import Base
from scheduler.db.tables.house import HASH_LENGTH, TAG_LENGTH
from scheduler.db.tables.types import UtcDateTime

ADDRESS_LENGTH = 64
"""Characters of an IPv6 address with its zone, and some."""


class MachineRow(Base):
    """One journal of a channel, as scheduler.domain.air.machines.Machine describes it."""

    __tablename__ = "machine"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(TAG_LENGTH), primary_key=True)
    host_id: Mapped[str] = mapped_column(ForeignKey("host.id"))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    machine: Mapped[str] = mapped_column(String(32))
    run: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    holds: Mapped[bool]
    held_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    before: Mapped[str] = mapped_column(String(16))
    before_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returns: Mapped[int]
    status: Mapped[str] = mapped_column(Text)
    """Its last status as it sent it."""
    plan_tag: Mapped[str] = mapped_column(String(HASH_LENGTH))
    """Digest of its plan in force; empty where it named none."""
    sends: Mapped[bool]
    """True for the one whose status is the channel's."""
    ready_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it could send without a break, as one of two; null while it could not."""


class PairRow(Base):
    """The two machines that air a channel together. A channel without a row has one machine."""

    __tablename__ = "pair"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    primary_id: Mapped[str | None] = mapped_column(ForeignKey("host.id"))
    standby_id: Mapped[str | None] = mapped_column(ForeignKey("host.id"))
    """Both null once the channel has one machine again."""
    quiet_minutes: Mapped[int | None]
    """Minutes of quiet after which the channel returns to the primary; null for only by hand."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
