"""Tables of alerts: faults, who is told of them, and the messages that were made."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import Duration, UtcDateTime

SUBJECT_LENGTH = 120
DETAIL_LENGTH = 600
REPORTER_LENGTH = 40
NAME_LENGTH = 120


class AlertRow(Base):
    """A fault, as playout.alerts.tracking.Alert describes it."""

    __tablename__ = "alert"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    condition: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    """Empty for the whole station."""
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    detail: Mapped[str] = mapped_column(String(DETAIL_LENGTH))
    began: Mapped[datetime] = mapped_column(UtcDateTime)
    came: Mapped[datetime] = mapped_column(UtcDateTime)
    last: Mapped[datetime] = mapped_column(UtcDateTime)
    reporters: Mapped[list[Any]] = mapped_column(JSON)
    raised: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    times: Mapped[int]
    rounds: Mapped[int]
    told_by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    """The broadcast machine that told people of it already; empty for none."""
    acknowledged: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str] = mapped_column(String(NAME_LENGTH))
    __table_args__ = (Index(None, "condition", "channel_id", "subject"),)


class ContactRow(Base):
    """One address that is told of alerts, as playout.alerts.routing.Contact describes it."""

    __tablename__ = "contact"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    way: Mapped[str] = mapped_column(String(20))
    """`mail`, `webhook` or `service`."""
    target: Mapped[str] = mapped_column(String(254))
    """A mail address, or the name under which the settings file holds a secret address."""
    channels: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the channels it is told about; null for all."""
    least: Mapped[str] = mapped_column(String(20))
    after: Mapped[timedelta] = mapped_column(Duration)
    remind: Mapped[timedelta | None] = mapped_column(Duration)
    days: Mapped[list[Any]] = mapped_column(JSON)
    starts: Mapped[time] = mapped_column(Time)
    until: Mapped[time] = mapped_column(Time)
    urgent_any_time: Mapped[bool]
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AlertMessageRow(Base):
    """A message to one contact: waiting, sent, or given up."""

    __tablename__ = "alert_message"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Digest of what it says to whom, so that it is made once."""
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"))
    contact_name: Mapped[str] = mapped_column(String(80))
    made: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sent: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it is tried next; null once it is sent or given up."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(400), default="")
    """The reason why the last try failed, in words without any secret."""


class AlertLineRow(Base):
    """One alert in a message."""

    __tablename__ = "alert_line"
    message_id: Mapped[str] = mapped_column(ForeignKey("alert_message.id"), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), primary_key=True, index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"))
    step: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BackupRequestRow(Base):
    """The last time that somebody asked for a backup, in a table with one row."""

    __tablename__ = "backup_request"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    asked: Mapped[datetime] = mapped_column(UtcDateTime)


class PulseRow(Base):
    """The instant at which a process of the server last said that it runs."""

    __tablename__ = "pulse"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
