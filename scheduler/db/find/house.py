"""Queries of people, the audit trail, published plans, commands and what aired."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from config.names import ChannelId
from playout.model.loudness import MEASURED_ENTRIES
from scheduler.db.store import Session
from scheduler.db.tables.house import (
    AsRunRow,
    ChangeRow,
    CommandRow,
    EntryRow,
    LinkRow,
    PersonRow,
    PublishedRow,
    RetoldRow,
    SessionRow,
    TouchedRow,
)

LONGEST_SPAN_OF_A_MISS = timedelta(days=2)


def person_by_login(session: Session, login: str) -> PersonRow | None:
    """Return the person with this login."""
    return session.scalars(select(PersonRow).where(PersonRow.login == login)).one_or_none()


def people(session: Session) -> Sequence[PersonRow]:
    """Return everyone with an account, by name."""
    return session.scalars(select(PersonRow).order_by(func.lower(PersonRow.name))).all()


def administrators(session: Session) -> int:
    """Return the number of active administrators."""
    question = select(PersonRow.roles).where(PersonRow.active.is_(True))
    return sum("administrator" in roles for roles in session.scalars(question))


def sessions(session: Session, person: str, now: datetime) -> Sequence[SessionRow]:
    """Return the person's browsers that are signed in at `now`, the latest seen first."""
    question = select(SessionRow).where(
        SessionRow.person_id == person,
        SessionRow.revoked.is_(None),
        SessionRow.expires > now,
    )
    return session.scalars(question.order_by(SessionRow.last_seen.desc())).all()


def revoke_sessions(session: Session, person: str, now: datetime, keep: str = "") -> None:
    """Sign the person out everywhere, except in the session whose id is `keep`."""
    session.execute(
        update(SessionRow)
        .where(
            SessionRow.person_id == person,
            SessionRow.revoked.is_(None),
            SessionRow.token_hash != keep,
        )
        .values(revoked=now)
    )


def end_links(session: Session, role: str, now: datetime) -> None:
    """Invalidate unused links that create an account with this role."""
    question = select(LinkRow).where(LinkRow.used.is_(None), LinkRow.person_id.is_(None))
    for link in session.scalars(question):
        if role in link.roles:
            link.used = now


def open_links(session: Session, now: datetime) -> Sequence[LinkRow]:
    """Return the unused links that have not expired, the newest first."""
    question = select(LinkRow).where(LinkRow.used.is_(None), LinkRow.expires > now)
    return session.scalars(question.order_by(LinkRow.created.desc())).all()


def end_links_of(session: Session, person: str, now: datetime, *, own: bool = True) -> None:
    """Invalidate unused links that the person made, and with `own` those for their own password."""
    whose = LinkRow.made_by == person
    if own:
        whose = or_(whose, LinkRow.person_id == person)
    session.execute(update(LinkRow).where(LinkRow.used.is_(None), whose).values(used=now))


def changes(
    session: Session, entity: str, entity_id: str, before: int | None, limit: int
) -> Sequence[ChangeRow]:
    """Return audit entries, the newest first. An empty `entity` means all of them."""
    question = select(ChangeRow)
    if entity:
        question = question.where(ChangeRow.entity == entity)
    if entity_id:
        question = question.where(ChangeRow.entity_id == entity_id)
    if before is not None:
        question = question.where(ChangeRow.id < before)
    return session.scalars(question.order_by(ChangeRow.id.desc()).limit(limit)).all()


def changes_touching(session: Session, kind: str, key: str, limit: int) -> Sequence[ChangeRow]:
    """Return the audit entries that touched this row, whatever they are about, the newest first."""
    question = select(ChangeRow).join(TouchedRow, TouchedRow.change_id == ChangeRow.id)
    question = question.where(TouchedRow.kind == kind, TouchedRow.key == key)
    return session.scalars(question.order_by(TouchedRow.change_id.desc()).limit(limit)).all()


def search_changes(
    session: Session, text: str, before: int | None, limit: int
) -> Sequence[ChangeRow]:
    """Return the audit entries whose sentence or person contains `text`, the newest first."""
    named = ChangeRow.sentence.icontains(text, autoescape=True)
    by = ChangeRow.actor_name.icontains(text, autoescape=True)
    question = select(ChangeRow).where(named | by)
    if before is not None:
        question = question.where(ChangeRow.id < before)
    return session.scalars(question.order_by(ChangeRow.id.desc()).limit(limit)).all()


def published(session: Session, channel: ChannelId) -> PublishedRow | None:
    """Return the newest plan of the channel."""
    question = select(PublishedRow).where(PublishedRow.channel_id == channel)
    return session.scalars(question.order_by(PublishedRow.revision.desc()).limit(1)).first()


def published_number(session: Session, channel: ChannelId) -> int:
    """Return the revision of the newest plan; 0 before the first."""
    question = select(func.max(PublishedRow.revision)).where(PublishedRow.channel_id == channel)
    return session.scalar(question) or 0


def published_digest(session: Session, channel: ChannelId) -> str:
    """Return the digest of the newest plan, or "". Cheap, because no plan is read."""
    question = select(PublishedRow.digest).where(PublishedRow.channel_id == channel)
    return session.scalar(question.order_by(PublishedRow.revision.desc()).limit(1)) or ""


def published_versions(session: Session) -> dict[str, int]:
    """Return the plan version that each channel's newest plan was made from."""
    newest = (
        select(PublishedRow.channel_id, func.max(PublishedRow.revision).label("revision"))
        .group_by(PublishedRow.channel_id)
        .subquery()
    )
    question = select(PublishedRow.channel_id, PublishedRow.plan_version).join(
        newest,
        (PublishedRow.channel_id == newest.c.channel_id)
        & (PublishedRow.revision == newest.c.revision),
    )
    return {row.channel_id: row.plan_version for row in session.execute(question)}


def prune_published(session: Session, channel: ChannelId, keep_from: int) -> None:
    """Delete plans of the channel with a revision below `keep_from`."""
    session.execute(
        delete(PublishedRow).where(
            PublishedRow.channel_id == channel, PublishedRow.revision < keep_from
        )
    )


def last_command(session: Session, channel: ChannelId) -> int:
    """Return the number of the channel's latest command; 0 before the first."""
    question = select(func.max(CommandRow.number)).where(CommandRow.channel_id == channel)
    return session.scalar(question) or 0


def command(session: Session, channel: ChannelId, id: str) -> CommandRow | None:
    """Return a command of this channel; None for one of another channel too."""
    row = session.get(CommandRow, id)
    return row if row is not None and row.channel_id == channel else None


def commands(session: Session, channel: ChannelId, after: int) -> Sequence[CommandRow]:
    """Return the commands with a greater number, in order."""
    question = select(CommandRow).where(CommandRow.channel_id == channel, CommandRow.number > after)
    return session.scalars(question.order_by(CommandRow.number)).all()


def unanswered_commands(session: Session, channel: ChannelId) -> Sequence[CommandRow]:
    """Return the commands without a recorded answer, in order."""
    question = select(CommandRow).where(CommandRow.channel_id == channel, CommandRow.answer == "")
    return session.scalars(question.order_by(CommandRow.number)).all()


def recent_commands(session: Session, channel: ChannelId, since: datetime) -> Sequence[CommandRow]:
    """Return the commands issued at or after `since`, the latest first."""
    question = select(CommandRow).where(
        CommandRow.channel_id == channel, CommandRow.issued >= since
    )
    return session.scalars(question.order_by(CommandRow.number.desc())).all()


def entries(
    session: Session, channel: ChannelId, since: datetime, until: datetime, kind: str
) -> Sequence[EntryRow]:
    """Return the journal entries of a kind in [since, until), in order of time.

    Numbers decide only within one instant, because a host with a new journal counts from 1 again.
    What a second machine said that should not have aired the channel is left out.
    """
    question = select(EntryRow).where(
        EntryRow.channel_id == channel,
        EntryRow.counts.is_(True),
        EntryRow.at >= since,
        EntryRow.at < until,
        EntryRow.kind == kind,
    )
    return session.scalars(question.order_by(EntryRow.at, EntryRow.number)).all()


def measured(
    session: Session, channel: ChannelId, since: datetime, until: datetime
) -> Sequence[EntryRow]:
    """Return the entries of [since, until) that tell the loudness of a cue, in order of time."""
    question = select(EntryRow).where(
        EntryRow.channel_id == channel,
        EntryRow.counts.is_(True),
        EntryRow.at >= since,
        EntryRow.at < until,
        EntryRow.id.startswith(MEASURED_ENTRIES, autoescape=True),
    )
    return session.scalars(question.order_by(EntryRow.at, EntryRow.number)).all()


def newest_entry(session: Session, channel: ChannelId) -> str:
    """Return the id of the channel's latest journal entry, or ""."""
    question = select(EntryRow.id).where(EntryRow.channel_id == channel)
    newest = question.order_by(EntryRow.at.desc(), EntryRow.number.desc()).limit(1)
    return session.scalar(newest) or ""


def newest_fact(session: Session, channel: ChannelId) -> tuple[str, datetime] | None:
    """Return the id and instant of the channel's latest fact; None before the first."""
    question = select(EntryRow.id, EntryRow.at).where(
        EntryRow.channel_id == channel, EntryRow.kind == "fact", EntryRow.counts.is_(True)
    )
    rows = session.execute(question.order_by(EntryRow.at.desc(), EntryRow.number.desc()).limit(1))
    return next(((row.id, row.at) for row in rows), None)


def as_run(
    session: Session, channel: ChannelId, since: datetime, until: datetime, *, counts: bool = True
) -> Sequence[AsRunRow]:
    """Return what was on air in [since, until), in order; without `counts` what a machine sent that
    should not have aired the channel.
    """
    question = select(AsRunRow).where(
        AsRunRow.channel_id == channel,
        AsRunRow.counts.is_(counts),
        AsRunRow.start < until,
        AsRunRow.end > since,
    )
    return session.scalars(question.order_by(AsRunRow.start, AsRunRow.entry_id)).all()


def misses(
    session: Session, channel: ChannelId, ended_since: datetime, outcomes: Iterable[str]
) -> Sequence[AsRunRow]:
    """Return the airings planned to end after `ended_since` that had one of these outcomes."""
    question = select(AsRunRow).where(
        AsRunRow.channel_id == channel,
        AsRunRow.counts.is_(True),
        AsRunRow.start > ended_since - LONGEST_SPAN_OF_A_MISS,
        AsRunRow.planned_end > ended_since,
        AsRunRow.outcome.in_(list(outcomes)),
        AsRunRow.airing_id.is_not(None),
    )
    return session.scalars(question.order_by(AsRunRow.start)).all()


def first_seen(session: Session, channel: ChannelId) -> datetime | None:
    """Return when the channel was first seen on air; None before."""
    question = select(AsRunRow.start).where(
        AsRunRow.channel_id == channel, AsRunRow.counts.is_(True), AsRunRow.ticks > 0
    )
    return session.scalar(question.order_by(AsRunRow.start).limit(1))


def as_run_of(session: Session, channel: ChannelId, airing: str) -> Sequence[AsRunRow]:
    """Return every as-run row of one airing of the channel, in order."""
    question = select(AsRunRow).where(
        AsRunRow.channel_id == channel, AsRunRow.counts.is_(True), AsRunRow.airing_id == airing
    )
    return session.scalars(question.order_by(AsRunRow.start)).all()


def retold(session: Session, airings: Iterable[str]) -> dict[str, RetoldRow]:
    """Return, by airing, what viewers were told in place of the planned times."""
    question = select(RetoldRow).where(RetoldRow.airing_id.in_(list(airings)))
    return {row.airing_id: row for row in session.scalars(question)}


def times_retold(session: Session, channel: ChannelId) -> int:
    """Return how often viewers of the channel were told another time. The number only grows."""
    question = select(func.sum(RetoldRow.count)).where(RetoldRow.channel_id == channel)
    return int(session.scalar(question) or 0)
