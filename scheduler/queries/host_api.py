"""Reads of a broadcast machine: its plan, its commands, and the files that the plan names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.names import AssetKey, ChannelId
from media.captions.track import SUFFIX as CAPTIONS_SUFFIX
from playout.model.commands import Command
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.look import FontRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.air.machines import Caller, Pair
from scheduler.domain.model.hosts import Host
from scheduler.ids import token_hash
from scheduler.reading.machines import caller_heard


@dataclass(frozen=True)
class PublishedPlan:
    """The newest plan of a channel, as the bytes that the host reads."""

    revision: int
    digest: str
    body: bytes

    @property
    def etag(self) -> str:
        """The ETag header, quotes included. It names the content, because a restored database gives
        the same revision to another plan.
        """
        return f'"{self.digest}"'


@dataclass(frozen=True)
class DoorKeys:
    """The keys of all machines, by hash, and the channels with the machines that pairs name."""

    hosts: Mapping[str, Host]
    pairs: Mapping[ChannelId, Pair | None]

    def host_of(self, key: str, channel: ChannelId) -> Host | None:
        """Return the machine that may ask for a vote on the channel with this key; else None."""
        host = self.hosts.get(token_hash(key)) if key else None
        if host is None or channel not in self.pairs or not host.serves(channel):
            return None
        pair = self.pairs[channel]
        return host if pair is None or host.id in (pair.primary, pair.standby) else None


def door_keys(db: Database) -> DoorKeys:
    """Return the keys that are valid now."""
    with db.read() as session:
        return DoorKeys(
            {
                row.key_hash: load.house.host(row)
                for row in find.machines.hosts(session)
                if row.revoked is None
            },
            {
                ChannelId(row.id): load.machines.pair(
                    find.machines.pair(session, ChannelId(row.id))
                )
                for row, _ in find.plan.channels(session)
            },
        )


def is_channel(db: Database, channel: ChannelId) -> bool:
    """Return True when the channel exists."""
    with db.read() as session:
        return session.get(ChannelRow, channel) is not None


def published_digest(db: Database, channel: ChannelId) -> str:
    """Return the digest of the newest plan, or "". Reads no plan, so a 304 answer is cheap."""
    with db.read() as session:
        return find.house.published_digest(session, channel)


def published_plan(db: Database, channel: ChannelId) -> PublishedPlan | None:
    """Return the newest plan; None before the first."""
    with db.read() as session:
        row = find.house.published(session, channel)
        return PublishedPlan(row.revision, row.digest, row.body.encode()) if row else None


def may_obey(db: Database, channel: ChannelId, caller: Caller, now: datetime) -> bool:
    """Return whether a machine gets the channel's commands: of two with one place, the first."""
    with db.read() as session:
        return caller_heard(session, channel, caller, now)[0].obeyed


def commands_after(
    db: Database, channel: ChannelId, number: int, heard: str = ""
) -> tuple[Command, ...]:
    """Return the commands with a greater number, expired ones too: the host refuses and journals
    those.

    `heard` is the id of the last command that the host received. If this database does not know it,
    the number belongs to another line of history (a backup was restored) and means nothing. Then
    every unanswered command is offered; the host obeys an id once, so repeats do no harm.
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
    """Return the file name suffix of the file or captions with this key; None for an unknown
    key.
    """
    with db.read() as session:
        if find.plan.has_captions(session, key):
            return CAPTIONS_SUFFIX
        row = find.plan.asset_by_key(session, key) or find.graphics.picture_by_key(session, key)
        if row is not None and row.media:
            return str(row.media["suffix"])
        font = session.get(FontRow, key)
        return font.suffix if font is not None else None
