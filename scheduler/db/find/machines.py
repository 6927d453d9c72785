"""Queries of broadcast machines: their keys, and which of them report on a channel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from config.names import ChannelId
from playout.model.commands import Verb
from scheduler.db.store import Session
from scheduler.db.tables.house import CommandRow, EntryRow, HostRow
from scheduler.db.tables.machines import MachineRow, PairRow


def of_channel(session: Session, channel: ChannelId) -> Sequence[MachineRow]:
    """Return every machine that ever reported on a channel, the first first."""
    question = select(MachineRow).where(MachineRow.channel_id == channel)
    return session.scalars(question.order_by(MachineRow.since, MachineRow.tag)).all()


def pair(session: Session, channel: ChannelId) -> PairRow | None:
    """Return the two machines of a channel; None where it has one."""
    row = session.get(PairRow, channel)
    return row if row is not None and row.primary_id and row.standby_id else None


def hosts(session: Session) -> Sequence[HostRow]:
    """Return every broadcast machine, by name."""
    return session.scalars(select(HostRow).order_by(HostRow.name)).all()


def host_by_hash(session: Session, key_hash: str) -> HostRow | None:
    """Return the machine whose key has this hash, unless it was revoked."""
    question = select(HostRow).where(HostRow.key_hash == key_hash, HostRow.revoked.is_(None))
    return session.scalars(question).one_or_none()


def last_move(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the channel was moved to another machine by hand last; None for never."""
    question = select(CommandRow.issued).where(
        CommandRow.channel_id == channel, CommandRow.verb == Verb.MOVE.value
    )
    return session.scalar(question.order_by(CommandRow.number.desc()).limit(1))


def newest_of(session: Session, channel: ChannelId, tag: str) -> EntryRow | None:
    """Return the latest entry of one journal of the channel; None before its first."""
    question = select(EntryRow).where(EntryRow.channel_id == channel, EntryRow.tag == tag)
    newest = question.order_by(EntryRow.at.desc(), EntryRow.number.desc()).limit(1)
    return session.scalars(newest).first()
