"""Tables of what is live: sources and meetings."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base
from scheduler.db.types import Address, Span, UtcDateTime

ID = 32


class SourceRow(Base):
    """A live input; `address` may hold a key, which goes to broadcast machines and nowhere else."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(Text)
    gain_db: Mapped[float]
    sound: Mapped[str] = mapped_column(String(16))
    limiter: Mapped[bool]
    expects: Mapped[str] = mapped_column(String(40))
    starts_on_signal: Mapped[bool]
    ends_on_silence: Mapped[bool]
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class MeetingRow(Base):
    """A meeting; its airings carry its id."""

    __tablename__ = "meeting"
    id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(120))
    room: Mapped[str] = mapped_column(String(120))
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    length: Mapped[timedelta] = mapped_column(Span)
    televised: Mapped[bool]
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    hard_limit: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agenda: Mapped[str] = mapped_column(Address)
    public_note: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    replays: Mapped[dict[str, Any]]
    """Its replay rules, as JSON of domain.replays.ReplayRules."""
    cancelled: Mapped[bool] = mapped_column(default=False)
    recorded_length: Mapped[timedelta | None] = mapped_column(Span)
    recorded_ok: Mapped[bool | None]
    recorded_note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "channel_id", "start"),)
