"""Tables of sources, public bodies, meetings and series of meetings."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.plan import RuleColumns
from scheduler.db.tables.types import Address, Duration, UtcDateTime


class SourceRow(Base):
    """A live input. `address` may hold a key, so it goes to broadcast machines and nowhere else."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
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
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class MeetingColumns:
    """The columns that a meeting, a series of meetings and a body's usual settings share."""

    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(120))
    room: Mapped[str] = mapped_column(String(120))
    length: Mapped[timedelta] = mapped_column(Duration)
    televised: Mapped[bool]
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    public_note: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    replays: Mapped[dict[str, Any]]
    """Its replay rules, as JSON of domain.meetings.replays.ReplayRules."""


class BodyRow(MeetingColumns, Base):
    """A public body and how it usually meets. The column `body` is its name."""

    __tablename__ = "body"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    at: Mapped[time] = mapped_column(Time)
    pattern: Mapped[dict[str, Any]]
    """The days on which it usually meets, like RuleColumns.pattern."""
    holidays: Mapped[list[Any]] = mapped_column(default=list)
    """What happens on holidays, like RuleColumns.holidays."""
    agenda: Mapped[str] = mapped_column(Text)
    """A web address with placeholders for the day, as domain.meetings.body reads it."""
    members: Mapped[list[Any]] = mapped_column(default=list)
    """[{"name": "Ana Ruiz", "role": "Chair"}], in the order of the desk's buttons."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class MeetingSeriesRow(RuleColumns, MeetingColumns, Base):
    """A series of meetings. Each meeting is a MeetingRow that carries its id."""

    __tablename__ = "meeting_series"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    agenda: Mapped[str] = mapped_column(Text)
    """A web address with placeholders for the day, as domain.meetings.body reads it."""
    ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class MeetingRow(MeetingColumns, Base):
    """A meeting. Its airings carry its id."""

    __tablename__ = "meeting"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    hard_limit: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agenda: Mapped[str] = mapped_column(Address)
    agenda_items: Mapped[list[Any]] = mapped_column(default=list)
    """[{"title": "Budget", "number": "7.B"}], in the order of the agenda."""
    cancelled: Mapped[bool] = mapped_column(default=False)
    series_id: Mapped[str | None] = mapped_column(ForeignKey("meeting_series.id"))
    series_day: Mapped[date | None] = mapped_column(Date)
    """The local day for which its series made it, even if it was moved since."""
    made: Mapped[dict[str, Any] | None]
    """What its series last made it: {"draft": MeetingDraft as JSON, "off": cancelled by it}."""
    recorded_length: Mapped[timedelta | None] = mapped_column(Duration)
    recorded_ok: Mapped[bool | None]
    recorded_note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("series_id", "series_day"),
        Index(None, "channel_id", "start"),
    )
