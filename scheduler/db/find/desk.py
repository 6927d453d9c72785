"""Queries of the schedule desk: calendars, protected times, blocks, proposals, and what aired
lately.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from config.names import ChannelId
from scheduler.db.store import Session
from scheduler.db.tables.desk import (
    AnchorRow,
    BlockRow,
    CalendarRow,
    FillerProposalRow,
    ProposalRow,
    SlideProposalRow,
)
from scheduler.db.tables.house import AsRunRow
from scheduler.db.tables.plan import AiringRow, AssetRow


def calendars(session: Session) -> Sequence[CalendarRow]:
    """Return every calendar in use, by name."""
    question = select(CalendarRow).where(CalendarRow.archived.is_(False))
    return session.scalars(question.order_by(func.lower(CalendarRow.name), CalendarRow.id)).all()


def anchors(session: Session, channel: ChannelId) -> Sequence[AnchorRow]:
    """Return the protected times of the channel, by time of day."""
    question = select(AnchorRow).where(
        AnchorRow.channel_id == channel, AnchorRow.archived.is_(False)
    )
    return session.scalars(question.order_by(AnchorRow.at, AnchorRow.id)).all()


def blocks(session: Session, channel: ChannelId | None = None) -> Sequence[BlockRow]:
    """Return the blocks in use, of one channel or of all, by name."""
    question = select(BlockRow).where(BlockRow.archived.is_(False))
    if channel is not None:
        question = question.where(BlockRow.channel_id == channel)
    return session.scalars(question.order_by(BlockRow.name, BlockRow.id)).all()


def any_airing(session: Session, channel: ChannelId, since: datetime, until: datetime) -> bool:
    """Return True when an airing touches [since, until)."""
    question = select(AiringRow.id).where(
        AiringRow.channel_id == channel,
        AiringRow.start < until,
        AiringRow.end > since,
        AiringRow.cancelled.is_(False),
    )
    return session.scalars(question.limit(1)).first() is not None


def aired(
    session: Session, channel: ChannelId, keys: Iterable[str], since: datetime
) -> Sequence[tuple[str, str, datetime]]:
    """Return each airing of the bytes of these files on the channel since then, in order of time:
    key, cue and start.
    """
    question = (
        select(AsRunRow.asset, AsRunRow.cue, AsRunRow.start)
        .where(
            AsRunRow.channel_id == channel,
            AsRunRow.start >= since,
            AsRunRow.asset.in_(set(keys)),
            AsRunRow.ticks > 0,
        )
        .order_by(AsRunRow.start)
    )
    return [(key, cue, start) for key, cue, start in session.execute(question) if key]


def open_proposals(session: Session, since: datetime) -> Sequence[ProposalRow]:
    """Return the open proposals of every channel that end after `since`, by start."""
    question = select(ProposalRow).where(ProposalRow.stage == "open", ProposalRow.end > since)
    return session.scalars(question.order_by(ProposalRow.start, ProposalRow.id)).all()


def proposals_of(session: Session, person: str, since: datetime) -> Sequence[ProposalRow]:
    """Return a person's own proposals, by start: answered after `since`, or open and not over by
    then.
    """
    unanswered = and_(ProposalRow.decided.is_(None), ProposalRow.end > since)
    question = select(ProposalRow).where(
        ProposalRow.by_id == person,
        ProposalRow.stage != "withdrawn",
        or_(ProposalRow.decided > since, unanswered),
    )
    return session.scalars(question.order_by(ProposalRow.start, ProposalRow.id)).all()


def open_of_slide(session: Session, slide: str) -> Sequence[SlideProposalRow]:
    """Return the open proposals about one bulletin."""
    question = select(SlideProposalRow).where(
        SlideProposalRow.stage == "open", SlideProposalRow.slide_id == slide
    )
    return session.scalars(question.order_by(SlideProposalRow.created)).all()


def open_filler(
    session: Session, asset: str, channel: ChannelId | None = None
) -> Sequence[FillerProposalRow]:
    """Return the open proposals about a file as filler, of one channel or of all."""
    question = select(FillerProposalRow).where(
        FillerProposalRow.stage == "open", FillerProposalRow.asset_id == asset
    )
    if channel is not None:
        question = question.where(FillerProposalRow.channel_id == channel)
    return session.scalars(question.order_by(FillerProposalRow.created)).all()


def slide_proposals(
    session: Session, person: str | None, since: datetime
) -> Sequence[SlideProposalRow]:
    """Return the open proposed bulletins; with a person, their own, also those answered after
    `since`.
    """
    table = SlideProposalRow
    question = select(table).where(_told(table, person, since))
    return session.scalars(question.order_by(table.created.desc(), table.id)).all()


def filler_proposals(
    session: Session, person: str | None, since: datetime
) -> Sequence[tuple[FillerProposalRow, AssetRow]]:
    """Return the same of filler, each with its file."""
    table = FillerProposalRow
    question = select(table, AssetRow).join(AssetRow, AssetRow.id == table.asset_id)
    question = question.where(_told(table, person, since))
    pairs = session.execute(question.order_by(table.created.desc(), table.id))
    return [(row, file) for row, file in pairs]


def _told(
    table: type[SlideProposalRow] | type[FillerProposalRow], person: str | None, since: datetime
) -> ColumnElement[bool]:
    if person is None:
        return table.stage == "open"
    answered = and_(table.stage != "withdrawn", table.decided > since)
    return and_(table.by_id == person, or_(table.stage == "open", answered))
