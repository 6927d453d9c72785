"""Tables of the schedule desk: calendars, protected times, blocks, proposals, listings."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.plan import AiringColumns, SlideColumns
from scheduler.db.tables.types import Address, Duration, UtcDateTime


class CalendarRow(Base):
    """A calendar of holidays or recesses, as its text."""

    __tablename__ = "calendar"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    """One entry a line, as domain.series.calendar reads them."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AnchorRow(Base):
    """A protected time: from it to the end of the local day nothing is moved."""

    __tablename__ = "anchor"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    day: Mapped[date | None] = mapped_column(Date)
    """None for every day."""
    at: Mapped[time] = mapped_column(Time)
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class BlockRow(Base):
    """A programming block: local hours that fill themselves from a list of files."""

    __tablename__ = "block"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    weekdays: Mapped[str] = mapped_column(String(7))
    """Digits, 0 for Monday."""
    at: Mapped[time] = mapped_column(Time)
    until: Mapped[time] = mapped_column(Time)
    """Local end, on the next day where it is not after `at`."""
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    fill: Mapped[str] = mapped_column(String(16))
    assets: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of library files, in order."""
    searches: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of saved searches, whose files follow the list."""
    no_repeat: Mapped[timedelta] = mapped_column(Duration)
    opener_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    closer_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class ProposalColumns:
    """The columns of every kind of proposal: who proposed it, and what became of it."""

    by_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    by_name: Mapped[str] = mapped_column(String(120))
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    stage: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(120), default="")


class ProposalRow(AiringColumns, ProposalColumns, Base):
    """A proposed airing. It has a table of its own so that it cannot air by mistake."""

    __tablename__ = "proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    airing_id: Mapped[str | None] = mapped_column(ForeignKey("airing.id"))
    """The airing that an accepted proposal became."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage", "end"),)


class SlideProposalRow(SlideColumns, ProposalColumns, Base):
    """A proposed bulletin: a new one, a change of one, or its removal."""

    __tablename__ = "slide_proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    slide_id: Mapped[str | None] = mapped_column(ForeignKey("slide.id"), index=True)
    """The bulletin it would change; for an approved new one, the bulletin it became."""
    removes: Mapped[bool] = mapped_column(default=False)
    """True for a proposal to take the bulletin off the board."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage"),)


class FillerProposalRow(ProposalColumns, Base):
    """A proposal to use a file as filler on a channel, or to stop using it."""

    __tablename__ = "filler_proposal"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    used: Mapped[bool]
    """False for a proposal to stop using the file."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "stage"),)


class ListingRow(Base):
    """One line that viewers were told of a block. It outlives every plan, because subscribers know
    its id.
    """

    __tablename__ = "listing"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    block_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    what: Mapped[str] = mapped_column(String(64))
    """The key of the program's file; empty for a line about the block itself."""
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
