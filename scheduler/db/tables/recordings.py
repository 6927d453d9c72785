"""Tables of recordings, and of the places where the files of the library are."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import Base
from scheduler.db.tables.types import Duration, UtcDateTime

PLACE_LENGTH = 80


class RecordingRow(Base):
    """The facts of a recording that no upload has, beside its row in the library."""

    __tablename__ = "recording"
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    airing_id: Mapped[str] = mapped_column(ForeignKey("airing.id"), unique=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    program_id: Mapped[str | None] = mapped_column(ForeignKey("program.id"))
    body: Mapped[str] = mapped_column(String(120), default="", index=True)
    """Public body, as the meeting named it when it was recorded."""
    began: Mapped[datetime] = mapped_column(UtcDateTime)
    """First instant that the file holds."""
    first: Mapped[timedelta] = mapped_column(Duration)
    """In point in the file: the mark, else the take or the go."""
    last: Mapped[timedelta] = mapped_column(Duration)
    """Out point in the file: the adjournment."""
    gaps: Mapped[list[Any]] = mapped_column(default=list)
    """[["2026-11-23T15:00:00+00:00", "2026-11-23T15:04:10+00:00"]]: what is missing, UTC."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What staff should know of it, in the machine's words."""
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    """The machine that recorded it, as a place of `media_copy`; empty where it is not known."""
    reported: Mapped[datetime] = mapped_column(UtcDateTime)
    here: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the server has its bytes; null while they are on the machine alone."""
    others: Mapped[list[Any]] = mapped_column(default=list)
    """Keys of files of the same airing that this one was kept instead of."""


class CopyRow(Base):
    """One place where a file is, as scheduler.domain.library.copies.Copy describes it."""

    __tablename__ = "media_copy"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was first known there."""
    verified: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its bytes were last hashed there; null for never."""
    leaving: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the place was told that it may let it go; it no longer counts from then on."""
    __table_args__ = (Index(None, "place"),)


class RestingRow(Base):
    """A file whose bytes rest in the archive: the server has let its own copy go."""

    __tablename__ = "resting"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    suffix: Mapped[str] = mapped_column(String(8))
    size: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    wanted: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody asked for it, beside what plans need; null for nobody."""


AWAY = select(RecordingRow.asset_id).where(RecordingRow.here.is_(None))
"""The files of the library that are on a broadcast machine and not at the server yet."""
