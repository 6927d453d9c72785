"""Tables of graphics over the picture: uploaded pictures, and what each channel shows."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from playout.model.graphics import SHOWN_FOR
from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import Duration, UtcDateTime


class PictureRow(Base):
    """A picture that may lie over others."""

    __tablename__ = "picture"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64), index=True)
    media: Mapped[dict[str, Any]]
    """The stored bytes, as JSON of playout.model.plan.Media."""
    width: Mapped[int]
    height: Mapped[int]
    uploaded: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str] = mapped_column(String(120))
    archived: Mapped[bool] = mapped_column(default=False)
    """Removed by staff: offered and used nowhere, and kept for undo."""


class CrawlRow(Base):
    """A crawl of a channel at some hours of the week."""

    __tablename__ = "crawl"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    weekdays: Mapped[str] = mapped_column(String(7))
    """Digits, 0 for Monday."""
    at: Mapped[time] = mapped_column(Time)
    until: Mapped[time] = mapped_column(Time)
    """Local end, on the next day where it is not after `at`."""
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    every: Mapped[timedelta | None] = mapped_column(Duration)
    """From one beginning to the next; None for without a pause."""
    speed: Mapped[int]
    """Words a minute."""
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class ChannelGraphicsRow(Base):
    """The standing graphics of a channel; a channel without a row has none."""

    __tablename__ = "channel_graphics"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    bug_on: Mapped[bool]
    bug_text: Mapped[str] = mapped_column(String(24))
    logo_id: Mapped[str | None] = mapped_column(ForeignKey("picture.id"))
    bug_corner: Mapped[str] = mapped_column(String(16))
    bug_opacity: Mapped[int]
    says_live: Mapped[bool]
    says_replay: Mapped[bool]
    over_slides: Mapped[bool]
    clock_on: Mapped[bool]
    clock_corner: Mapped[str] = mapped_column(String(16))
    clock_over_programs: Mapped[bool]
    next_on: Mapped[bool]
    next_before: Mapped[timedelta] = mapped_column(Duration)
    next_for: Mapped[timedelta] = mapped_column(Duration)
    countdown_on: Mapped[bool]
    countdown_most: Mapped[timedelta] = mapped_column(Duration)
    names_for: Mapped[timedelta] = mapped_column(Duration, default=SHOWN_FOR)
    caption_lives: Mapped[bool] = mapped_column(default=False)
    clock_hours: Mapped[list[Any]] = mapped_column(default=list)
    """When the clock is shown, as JSON of scheduler.domain.series.hours; empty for always."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
