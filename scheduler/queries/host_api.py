"""What a broadcast machine may fetch: its plan, its commands, and the files the plan names."""

from dataclasses import dataclass

from config.names import AssetKey, ChannelId
from playout.model.commands import Command
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import ChannelRow


@dataclass(frozen=True)
class PublishedPlan:
    """The newest plan of a channel, in the bytes the host reads."""

    revision: int
    digest: str
    body: bytes

    @property
    def etag(self) -> str:
        """The ETag header, quotes included. It names the content: a restored database gives the
        same revision to another plan."""
        return f'"{self.digest}"'


def is_channel(db: Database, channel: ChannelId) -> bool:
    """Whether there is such a channel."""
    with db.read() as session:
        return session.get(ChannelRow, channel) is not None


def published_digest(db: Database, channel: ChannelId) -> str:
    """Names the newest plan's content; empty while there is none. Cheap: for answering 304."""
    with db.read() as session:
        return find.house.published_digest(session, channel)


def published_plan(db: Database, channel: ChannelId) -> PublishedPlan | None:
    """The newest plan; None while there is none."""
    with db.read() as session:
        row = find.house.published(session, channel)
        return PublishedPlan(row.revision, row.digest, row.body.encode()) if row else None


def commands_after(
    db: Database, channel: ChannelId, number: int, heard: str = ""
) -> tuple[Command, ...]:
    """Commands with a greater number, expired ones too: the host refuses and journals those.

    `heard` is the id of the last one that the host heard. Where this database does not have it, the
    number is of another line of history and says nothing: every command without an answer is
    offered. The host obeys an id once, so what it knows of them does nothing.
    """
    with db.read() as session:
        known = not heard or find.house.command(session, channel, heard) is not None
        rows = (
            find.house.commands(session, channel, number)
            if known
            else find.house.unanswered_commands(session, channel)
        )
        return tuple(map(load.commands.command, rows))


def media_suffix(db: Database, key: AssetKey) -> str | None:
    """The file name ending of an asset that airs under this key; None for an unknown key."""
    with db.read() as session:
        row = find.plan.asset_by_key(session, key)
        return str(row.media["suffix"]) if row is not None and row.media else None
