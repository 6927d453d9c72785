"""Tables of the schedule desk: calendars, protected times, programming blocks, proposals."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import Base
from scheduler.db.tables.plan import AiringColumns, SlideColumns
from scheduler.db.tables.types import Address, Duration, UtcDateTime

ID_LENGTH = 32


class CalendarRow(Base):
    __tablename__ = "calendar"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    """One entry a line, as domain.calendar reads them."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AnchorRow(Base):
    """From this local time to the end of the day nothing moves."""

    __tablename__ = "anchor"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    day: Mapped[date | None] = mapped_column(Date)
    """None for every day."""
    at: Mapped[time] = mapped_column(Time)
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class BlockRow(Base):
    __tablename__ = "block"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    weekdays: Mapped[str] = mapped_column(String(7))
    """Digits, 0 for Monday."""
    at: Mapped[time] = mapped_column(Time)
    until: Mapped[time] = mapped_column(Time)
    """Local end; the next day's where it is not after `at`."""
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    fill: Mapped[str] = mapped_column(String(16))
    assets: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of library entries, in order."""
    no_repeat: Mapped[timedelta] = mapped_column(Duration)
    opener_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    closer_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class ProposalColumns:
    """Who proposed something, and what became of it: columns of each table of proposals."""

    by_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    by_name: Mapped[str] = mapped_column(String(120))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    stage: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(120), default="")


class ProposalRow(AiringColumns, ProposalColumns, Base):
    """An airing that somebody proposes; a table of its own, so that none can air by mistake."""

    __tablename__ = "proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    airing_id: Mapped[str | None] = mapped_column(ForeignKey("airing.id"))
    """What an accepted one became."""
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage", "end"),)


class SlideProposalRow(SlideColumns, ProposalColumns, Base):
    """A bulletin that somebody proposes: a new one, another wording of one, or its removal."""

    __tablename__ = "slide_proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    slide_id: Mapped[str | None] = mapped_column(ForeignKey("slide.id"), index=True)
    """The bulletin it would change; of an approved new one the bulletin it became."""
    removes: Mapped[bool] = mapped_column(default=False)
    """True where the bulletin would be taken off the board."""
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage"),)


class FillerProposalRow(ProposalColumns, Base):
    """A file that somebody proposes as filler of a channel, or proposes to take out."""

    __tablename__ = "filler_proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    used: Mapped[bool]
    """False where the file would no longer fill gaps."""
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage"),)


class ListingRow(Base):
    """One line that viewers were told of a block; apart from any plan, for its id lasts."""

    __tablename__ = "listing"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    what: Mapped[str] = mapped_column(String(64))
    """Key of the program's file; empty for the block itself."""
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(80))
    link: Mapped[str] = mapped_column(Address)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    gone: Mapped[bool]
    __table_args__ = (Index(None, "channel_id", "end"),)
