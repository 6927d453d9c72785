"""Tables of the plan: channels, programs, media, series, airings, slides and filler."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import Base
from scheduler.db.tables.types import Address, Duration, UtcDateTime

ID_LENGTH = 32


class ChannelRow(Base):
    __tablename__ = "channel"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(40))
    numbers: Mapped[str] = mapped_column(String(200), default="")
    station: Mapped[str] = mapped_column(String(80), default="")
    slate_text: Mapped[str] = mapped_column(String(200), default="")
    watch: Mapped[str] = mapped_column(Address, default="")
    filler_no_repeat: Mapped[timedelta] = mapped_column(Duration)
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class StationRow(Base):
    """What is one for the whole station; a table of one row."""

    __tablename__ = "station"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    hours: Mapped[str] = mapped_column(String(2))
    """How times of day are written, a value of `config.times.Hours`."""
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class PlanVersionRow(Base):
    """Counts changes of a channel's plan; apart from the channel, so that edits do not collide."""

    __tablename__ = "plan_version"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class AssetRow(Base):
    __tablename__ = "asset"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    original_name: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(16))
    summary: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)
    media: Mapped[dict[str, Any] | None]
    """What airs, as JSON of playout.model.rundown.Media."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str | None] = mapped_column(String(64), index=True)
    captions: Mapped[bool] = mapped_column(default=False)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    uploaded: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str] = mapped_column(String(120))
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class JobRow(Base):
    __tablename__ = "job"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), index=True)
    upload: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(16), index=True)
    progress: Mapped[float] = mapped_column(default=0.0)
    step: Mapped[str] = mapped_column(String(200), default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    started: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProgramRow(Base):
    __tablename__ = "program"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(String(120), default="")
    link: Mapped[str] = mapped_column(Address, default="")
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    notes: Mapped[str] = mapped_column(Text, default="")
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AiringColumns:
    """What staff set on one airing, or on each airing of a series."""

    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    program_id: Mapped[str | None] = mapped_column(ForeignKey("program.id"), index=True)
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    length: Mapped[timedelta] = mapped_column(Duration)
    start_rule: Mapped[str] = mapped_column(String(16))
    wait_limit: Mapped[timedelta] = mapped_column(Duration)
    end_rule: Mapped[str] = mapped_column(String(16))
    missed: Mapped[str] = mapped_column(String(16))
    locked: Mapped[bool]
    in_point: Mapped[timedelta] = mapped_column(Duration)
    source: Mapped[str | None] = mapped_column(String(80))
    slate_text: Mapped[str] = mapped_column(String(200))
    replay: Mapped[bool]
    public: Mapped[bool]
    public_note: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)


class RuleColumns:
    """On which days, at what local time: what series of airings and of meetings both have."""

    zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[time] = mapped_column(Time)
    pattern: Mapped[dict[str, Any]]
    """{"kind": "weekly", "weekdays": [1], "every": 1}, and so for the other kinds."""
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    exceptions: Mapped[list[Any]] = mapped_column(default=list)
    """[{"day": "2026-12-22", "to": "2026-12-21T10:00:00" or null for skip}].

    A day added has `at`, and `title` where it has one of its own.
    """
    holidays: Mapped[list[Any]] = mapped_column(default=list)
    """[{"calendar": id, "policy": "skip"}], the first that names a day decides."""


class SeriesRow(RuleColumns, AiringColumns, Base):
    __tablename__ = "series"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    episodes: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of library entries, in the order in which its airings play them."""
    begins_again: Mapped[bool] = mapped_column(default=True)
    continues_id: Mapped[str | None] = mapped_column(ForeignKey("series.id"))
    """The series that this one goes on from, with the episode after its last."""
    ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AiringRow(AiringColumns, Base):
    __tablename__ = "airing"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    """Planned end, kept beside start and length so that overlaps can be asked for."""
    hard_limit: Mapped[datetime | None] = mapped_column(UtcDateTime)
    series_id: Mapped[str | None] = mapped_column(ForeignKey("series.id"))
    series_day: Mapped[date | None] = mapped_column(Date)
    edited: Mapped[bool] = mapped_column(default=False)
    cancelled: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[bool] = mapped_column(default=False)
    replay_of: Mapped[str | None] = mapped_column(ForeignKey("airing.id"), index=True)
    substitute_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    slot: Mapped[str] = mapped_column(String(40), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    public_modified: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(40))
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    aired_start: Mapped[datetime | None] = mapped_column(UtcDateTime)
    aired_end: Mapped[datetime | None] = mapped_column(UtcDateTime)
    let_go: Mapped[bool] = mapped_column(default=False, server_default="0")
    """It found no time on air, and staff said that it need not come back."""
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    updated: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("series_id", "series_day"),
        Index(None, "channel_id", "start"),
        Index(None, "channel_id", "end"),
    )


class SlideColumns:
    """What a bulletin says, where and when: columns of a slide, and of one that is proposed."""

    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channel.id"), index=True)
    heading: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    style: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[float]
    shown_from: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_until: Mapped[datetime] = mapped_column(UtcDateTime)


class SlideRow(SlideColumns, Base):
    __tablename__ = "slide"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each write names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class FillerRow(Base):
    """A file that may fill gaps of a channel; kept with `used` False once taken out."""

    __tablename__ = "filler"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    used: Mapped[bool] = mapped_column(default=True)
