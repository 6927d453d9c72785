"""Queries of sources, of meetings and of the airings that meetings make."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from scheduler.db.store import Session
from scheduler.db.tables.meetings import MeetingRow, SourceRow
from scheduler.db.tables.plan import AiringRow


def sources(session: Session, *, retired: bool = False) -> Sequence[SourceRow]:
    """Return every source, by name; retired ones only on request."""
    question = select(SourceRow)
    if not retired:
        question = question.where(SourceRow.retired.is_(False))
    return session.scalars(question.order_by(func.lower(SourceRow.name), SourceRow.id)).all()


def sources_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, SourceRow]:
    """Return the named sources, by id."""
    named = {id for id in ids if id}
    rows = session.scalars(select(SourceRow).where(SourceRow.id.in_(named)))
    return {row.id: row for row in rows}


def airings_from(session: Session, source: str, since: datetime) -> Sequence[AiringRow]:
    """Return the airings of a source that end after `since` and are not cancelled, by start."""
    question = select(AiringRow).where(
        AiringRow.source == source, AiringRow.end > since, AiringRow.cancelled.is_(False)
    )
    return session.scalars(question.order_by(AiringRow.start)).all()


def meetings(session: Session, since: datetime, until: datetime) -> Sequence[MeetingRow]:
    """Return the meetings that start in [since, until), cancelled ones too, by start."""
    question = select(MeetingRow).where(MeetingRow.start >= since, MeetingRow.start < until)
    return session.scalars(question.order_by(MeetingRow.start, MeetingRow.id)).all()


def meetings_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, MeetingRow]:
    """Return the named meetings, by id."""
    named = {id for id in ids if id}
    if not named:
        return {}
    rows = session.scalars(select(MeetingRow).where(MeetingRow.id.in_(named)))
    return {row.id: row for row in rows}


def airings_of(session: Session, meeting: str) -> Sequence[AiringRow]:
    """Return every airing of a meeting, cancelled ones too, the live one first."""
    question = select(AiringRow).where(AiringRow.meeting_id == meeting)
    return session.scalars(question.order_by(AiringRow.slot, AiringRow.start)).all()


def airings_of_all(session: Session, meetings: Iterable[str]) -> dict[str, list[AiringRow]]:
    """Return every airing of several meetings, by meeting."""
    named = list(meetings)
    by_meeting: dict[str, list[AiringRow]] = {id: [] for id in named}
    question = select(AiringRow).where(AiringRow.meeting_id.in_(named))
    for row in session.scalars(question.order_by(AiringRow.slot, AiringRow.start)):
        by_meeting[row.meeting_id or ""].append(row)
    return by_meeting


def replays_of(session: Session, airing: str) -> Sequence[AiringRow]:
    """Return the airings that replay this one and are not cancelled, by start."""
    question = select(AiringRow).where(
        AiringRow.replay_of == airing, AiringRow.cancelled.is_(False)
    )
    return session.scalars(question.order_by(AiringRow.start)).all()


def bodies(session: Session) -> Sequence[str]:
    """Return the names of all bodies that ever had a meeting, by name."""
    question = select(MeetingRow.body).where(MeetingRow.body != "").distinct()
    return session.scalars(question.order_by(MeetingRow.body)).all()


def latest(session: Session) -> MeetingRow | None:
    """Return the televised meeting with the latest start that is not cancelled."""
    question = select(MeetingRow).where(
        MeetingRow.cancelled.is_(False), MeetingRow.televised.is_(True)
    )
    return session.scalars(question.order_by(MeetingRow.start.desc()).limit(1)).first()


def failed_recordings(session: Session, since: datetime) -> Sequence[MeetingRow]:
    """Return the meetings whose recording was found to have failed after `since`."""
    question = select(MeetingRow).where(
        MeetingRow.recorded_ok.is_(False), MeetingRow.recorded_at > since
    )
    return session.scalars(question.order_by(MeetingRow.recorded_at)).all()
