"""What a broadcast machine may fetch: its plan, its commands, and the files the plan names."""

from dataclasses import dataclass

from config.names import AssetKey, ChannelId, CueId, ItemId
from playout.events import Placement
from playout.wire import Command, Verb
from scheduler.db import find, find_house
from scheduler.db.store import Database


@dataclass(frozen=True)
class PublishedPlan:
    """The newest plan of a channel, in the bytes the host reads."""

    revision: int
    body: bytes

    @property
    def etag(self) -> str:
        """The revision as it stands in the ETag header, quotes included."""
        return f'"{self.revision}"'


def published_revision(db: Database, channel: ChannelId) -> int:
    """The newest plan's revision; 0 while there is none. Cheap: for answering 304."""
    with db.read() as session:
        return find_house.published_number(session, channel)


def published_plan(db: Database, channel: ChannelId) -> PublishedPlan | None:
    """The newest plan; None while there is none."""
    with db.read() as session:
        row = find_house.published(session, channel)
        return PublishedPlan(row.revision, row.body.encode()) if row else None


def commands_after(db: Database, channel: ChannelId, number: int) -> tuple[Command, ...]:
    """Commands with a greater number, expired ones too: the host refuses and journals those."""
    with db.read() as session:
        return tuple(
            Command(
                id=row.id,
                number=row.number,
                verb=Verb(row.verb),
                issued_at=row.issued,
                expires_at=row.expires,
                actor=row.actor,
                cue=CueId(row.cue) if row.cue else None,
                item=ItemId(row.item) if row.item else None,
                minutes=row.minutes,
                source=row.source,
                until=row.until,
                text=row.text,
                placement=Placement(row.placement),
            )
            for row in find_house.commands(session, channel, number)
        )


def media_suffix(db: Database, key: AssetKey) -> str | None:
    """The file name ending of an asset that airs under this key; None for an unknown key."""
    with db.read() as session:
        row = find.asset_by_key(session, key)
        return str(row.media["suffix"]) if row is not None and row.media else None
