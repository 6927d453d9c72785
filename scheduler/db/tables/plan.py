"""Tables of the plan: channels, programs, media, series, airings, bulletins and filler."""

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

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import Address, Duration, UtcDateTime


class ChannelRow(Base):
    """A channel."""

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
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class StationRow(Base):
    """Settings of the whole station, in a table with one row."""

    __tablename__ = "station"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    hours: Mapped[str] = mapped_column(String(2))
    """How times of day are written: a value of `config.times.Hours`."""
    look: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The look of bulletins, as JSON of playout.model.look.StationLook."""
    caption_names: Mapped[str] = mapped_column(Text, default="")
    """Names for automatic captions, one a line."""
    asset_fields: Mapped[list[Any]] = mapped_column(default=list)
    """Fields that the station adds to its files: [{"id": "a1", "name": "Case number"}]."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class PlanVersionRow(Base):
    """The number of changes of a channel's plan. It is not a column of the channel, so that
    planning never collides with an edit of the channel.
    """

    __tablename__ = "plan_version"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class AssetRow(Base):
    """A file of the media library."""

    __tablename__ = "asset"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    original_name: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(16))
    summary: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[Any]] = mapped_column(default=list)
    media: Mapped[dict[str, Any] | None]
    """The bytes that air, as JSON of playout.model.plan.Media."""
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str | None] = mapped_column(String(64), index=True)
    captions: Mapped[bool] = mapped_column(default=False)
    """Whether captions were found in the file as it came."""
    captions_key: Mapped[str | None] = mapped_column(String(64), index=True)
    caption_entry: Mapped[dict[str, Any] | None]
    """The captions that air with it, as JSON of scheduler.domain.model.captions."""
    caption_draft: Mapped[dict[str, Any] | None]
    """Captions that a machine wrote, in the same form; they air when a person says so."""
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    has_thumbnail: Mapped[bool] = mapped_column(default=False)
    uploaded: Mapped[datetime] = mapped_column(UtcDateTime)
    uploaded_by: Mapped[str] = mapped_column(String(120))
    archived: Mapped[bool] = mapped_column(default=False)
    retention: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    """Id of the retention class that a person chose; null for that of its kind, if any."""
    deleted: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was deleted; its bytes stay for thirty days more."""
    deleted_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    cut_of: Mapped[str | None] = mapped_column(ForeignKey("asset.id"), index=True)
    """The file that it is a cut of; its `media` then names the pieces, and its key is that file's.
    """
    chapters: Mapped[list[Any]] = mapped_column(default=list)
    """[[9000, "Public comment"]]: the chapters of a cut, by their first frames in the file."""
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class JobRow(Base):
    """Work that continues after its page is closed, such as the check of an uploaded file."""

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), default="file")
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"), index=True)
    name: Mapped[str] = mapped_column(String(400), default="")
    """For a caption file: its name. Else the name is that of the asset."""
    by_name: Mapped[str] = mapped_column(String(120), default="")
    """Who asked for it."""
    upload: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(16), index=True)
    progress: Mapped[float] = mapped_column(default=0.0)
    step: Mapped[str] = mapped_column(String(200), default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    started: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    kills: Mapped[int] = mapped_column(default=0)
    """How often the scheduler process died while it did this job."""
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(400), default="")
    what: Mapped[dict[str, Any]] = mapped_column(default=dict)
    cancelled_by: Mapped[str] = mapped_column(String(120), default="")
    """Who asked that it stops; the worker obeys at its next report of progress."""


class ProgramRow(Base):
    """A program: the editorial record that viewers read."""

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
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AiringColumns:
    """The columns that staff set on one airing, on each airing of a series, or on a proposal."""

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
    graphics: Mapped[list[Any]] = mapped_column(default=list)
    """Names and crawls planned with it, as domain.model.airing_graphics writes them."""
    search_id: Mapped[str | None] = mapped_column(ForeignKey("saved_search.id"), index=True)
    """The saved search that it airs the first of."""


class RuleColumns:
    """The columns of a repeating rule: on which days, and at what local time."""

    zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[time] = mapped_column(Time)
    pattern: Mapped[dict[str, Any]]
    """Example: {"kind": "weekly", "weekdays": [1], "every": 1}. The other kinds: db.load.rule."""
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    exceptions: Mapped[list[Any]] = mapped_column(default=list)
    """[{"day": "2026-12-22", "to": "2026-12-21T10:00:00" or null for skip}].

    An added day has `at` in place of `to`, and `title` if it has its own.
    """
    holidays: Mapped[list[Any]] = mapped_column(default=list)
    """[{"calendar": id, "policy": "skip"}]. The first calendar that names a day decides."""


class SeriesRow(RuleColumns, AiringColumns, Base):
    """A series of airings."""

    __tablename__ = "series"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    episodes: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of library files, in the order in which its airings play them."""
    begins_again: Mapped[bool] = mapped_column(default=True)
    continues_id: Mapped[str | None] = mapped_column(ForeignKey("series.id"))
    """The series that this one continues, from the episode after its last."""
    ended: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class AiringRow(AiringColumns, Base):
    """One airing: a program, file, source or slate at a time on a channel."""

    __tablename__ = "airing"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    """Planned end: start plus length, stored so that a query can find overlaps."""
    hard_limit: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The start that viewers were told first; None while it is still that."""
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
    chosen: Mapped[str] = mapped_column(String(200), default="")
    """What its saved search takes, as viewers are told."""
    sequence: Mapped[int] = mapped_column(default=0)
    public_modified: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(40))
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    aired_start: Mapped[datetime | None] = mapped_column(UtcDateTime)
    aired_end: Mapped[datetime | None] = mapped_column(UtcDateTime)
    let_go: Mapped[bool] = mapped_column(default=False, server_default="0")
    """True when it was displaced and staff dismissed it from the to-do list."""
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    updated: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120))
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("series_id", "series_day"),
        Index(None, "channel_id", "start"),
        Index(None, "channel_id", "end"),
    )


class SlideColumns:
    """The columns of a bulletin and of a proposed one: what it says, where and when."""

    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channel.id"), index=True)
    layout: Mapped[str] = mapped_column(String(16), default="text")
    heading: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    second: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Address, default="")
    picture_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    style: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[float]
    shown_from: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_until: Mapped[datetime] = mapped_column(UtcDateTime)


class SlideRow(SlideColumns, Base):
    """A bulletin of the board."""

    __tablename__ = "slide"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    """Each update names the version it read, so that none is lost."""
    __mapper_args__ = {"version_id_col": version}


class FillerRow(Base):
    """A file that may fill gaps of a channel. Once taken out it stays with `used` False."""

    __tablename__ = "filler"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    used: Mapped[bool] = mapped_column(default=True)
