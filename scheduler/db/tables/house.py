"""Tables of people, hosts, the audit trail, published plans, commands and what aired."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.tables.base import ID_LENGTH, Base
from scheduler.db.tables.types import Duration, UtcDateTime

HASH_LENGTH = 64
ENTRY_ID_LENGTH = 160
"""Characters of a journal entry's id. That of an as-run entry contains the id of its cue."""
TAG_LENGTH = 8
"""Characters of the tag of a machine's journal."""


class PersonRow(Base):
    """An account."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[Any]] = mapped_column(JSON)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    channels: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the channels they may change; null for all."""


class LinkRow(Base):
    """A one-time link to a new account or a new password. Only the hash of its token is stored."""

    __tablename__ = "link"
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    roles: Mapped[list[Any]] = mapped_column(JSON)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """Set for a link to a new password; null for a link to a new account."""
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)
    used: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was redeemed or revoked."""
    made_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    """The person on whose authority it rests; null for whoever runs the machine."""
    made_by_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    password_was: Mapped[str] = mapped_column(String(HASH_LENGTH), default="", server_default="")
    """A name for the password it replaces. Once that has changed, the link is void."""


class SessionRow(Base):
    """A browser that is signed in."""

    __tablename__ = "session"
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UtcDateTime)
    client: Mapped[str] = mapped_column(String(200))


class HostRow(Base):
    """A broadcast machine and the hash of its key."""

    __tablename__ = "host"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channels: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    """Ids of the channels its key opens; null for all."""


class ChangeRow(Base):
    """One entry of the audit trail. `parts` holds each row it touched, before and after."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    actor_name: Mapped[str] = mapped_column(String(120))
    verb: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(Text)
    channels: Mapped[list[Any]]
    parts: Mapped[list[Any]]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    __table_args__ = (Index(None, "entity", "entity_id"),)


class TouchedRow(Base):
    """An index from a row, by table and key, to the changes that touched it."""

    __tablename__ = "touched"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)


class PublishedRow(Base):
    """A plan as broadcast machines fetch it."""

    __tablename__ = "published"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made: Mapped[datetime] = mapped_column(UtcDateTime)
    plan_version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(HASH_LENGTH))
    """Digest of the content, without the revision and the instant it was made. Server and host
    compare their plans by it."""
    body: Mapped[str] = mapped_column(Text)


class CommandRow(Base):
    """A command that an operator gave, and the host's answer."""

    __tablename__ = "command"
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"))
    number: Mapped[int]
    verb: Mapped[str] = mapped_column(String(20))
    cue: Mapped[str | None] = mapped_column(String(120))
    item: Mapped[str | None] = mapped_column(String(120))
    minutes: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    placement: Mapped[str] = mapped_column(String(20), default="strip")
    graphic: Mapped[dict[str, Any] | None]
    """The lower third or crawl to show, as JSON of playout.model.graphics.PlannedGraphic."""
    machine: Mapped[str | None] = mapped_column(String(80))
    """The machine that is to send from then on, as it names itself."""
    issued: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(120))
    answer: Mapped[str] = mapped_column(String(20), default="")
    """`accepted` or `refused`; empty until the host has answered."""
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (UniqueConstraint("channel_id", "number"),)


class HeardRow(Base):
    """The host's last report on a channel."""

    __tablename__ = "heard"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    host: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(Text)
    expected: Mapped[str | None] = mapped_column(Text)
    expected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plan_tag: Mapped[str] = mapped_column(String(HASH_LENGTH), default="", server_default="")
    """Digest of the plan in force; empty from an older host, which sends only its revision."""
    expected_tag: Mapped[str] = mapped_column(String(HASH_LENGTH), default="", server_default="")
    """Digest that the host gave its rundown."""


class RetoldRow(Base):
    """The times that viewers were told of an airing in place of the planned ones.

    They are not columns of the airing, so that a report never collides with an edit.
    """

    __tablename__ = "retold"
    airing_id: Mapped[str] = mapped_column(ForeignKey("airing.id"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), index=True)
    planned: Mapped[datetime] = mapped_column(UtcDateTime)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    off: Mapped[bool] = mapped_column(default=False)


class EntryRow(Base):
    """One journal entry of a host, as it was sent. Its id makes a repeat harmless."""

    __tablename__ = "entry"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ENTRY_ID_LENGTH), primary_key=True)
    """Its own id with the tag of its journal (`load.journal.stored_id`)."""
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    data: Mapped[dict[str, Any]]
    tag: Mapped[str] = mapped_column(String(TAG_LENGTH), default="", server_default="")
    """The journal it is from; empty for the channel's first."""
    counts: Mapped[bool] = mapped_column(default=True, server_default="1")
    """False for what a second machine said that should not have aired the channel."""
    __table_args__ = (Index(None, "channel_id", "number"), Index(None, "channel_id", "at"))


class AsRunRow(Base):
    """One as-run entry: what was seen on air of one instance."""

    __tablename__ = "as_run"
    channel_id: Mapped[str] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(ENTRY_ID_LENGTH), primary_key=True)
    airing_id: Mapped[str | None] = mapped_column(String(80), index=True)
    item: Mapped[str | None] = mapped_column(String(120))
    cue: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(400))
    asset: Mapped[str | None] = mapped_column(String(64), index=True)
    planned_start: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_end: Mapped[datetime] = mapped_column(UtcDateTime)
    start: Mapped[datetime] = mapped_column(UtcDateTime)
    end: Mapped[datetime] = mapped_column(UtcDateTime)
    ticks: Mapped[int]
    held: Mapped[int]
    dropped: Mapped[int]
    first_tick: Mapped[int | None] = mapped_column(BigInteger)
    policy: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """The block that chose it to fill a gap; empty for the whole pool."""
    length: Mapped[timedelta] = mapped_column(Duration)
    outcome: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    layer: Mapped[str] = mapped_column(String(20))
    seen: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """Its stretches as [[start, end, layer], …], with instants in seconds since the epoch."""
    tag: Mapped[str] = mapped_column(String(TAG_LENGTH), default="", server_default="")
    """The journal it is from, and so the machine that sent it."""
    counts: Mapped[bool] = mapped_column(default=True, server_default="1")
    """False for what a second machine sent that should not have aired the channel."""
    __table_args__ = (Index(None, "channel_id", "start"),)
