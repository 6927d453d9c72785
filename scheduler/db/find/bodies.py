"""Queries of public bodies, of series of meetings and of the meetings they make."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from scheduler.db.store import Session
from scheduler.db.tables.meetings import BodyRow, MeetingRow, MeetingSeriesRow
from scheduler.db.tables.plan import PlanVersionRow


def bodies(session: Session) -> Sequence[BodyRow]:
    """Return every public body in use, by name."""
    question = select(BodyRow).where(BodyRow.archived.is_(False))
    return session.scalars(question.order_by(func.lower(BodyRow.body), BodyRow.id)).all()


def meeting_series(session: Session) -> Sequence[MeetingSeriesRow]:
    """Return every series of meetings that has not ended, by the name of the body."""
    question = select(MeetingSeriesRow).where(MeetingSeriesRow.ended.is_(False))
    by_name = question.order_by(
        func.lower(MeetingSeriesRow.body), MeetingSeriesRow.first, MeetingSeriesRow.id
    )
    return session.scalars(by_name).all()


def meetings_of_series(session: Session, series: str, since: datetime) -> Sequence[MeetingRow]:
    """Return its meetings that start at or after `since`, cancelled ones too, locked for change."""
    question = select(MeetingRow).where(MeetingRow.series_id == series, MeetingRow.start >= since)
    return session.scalars(question.order_by(MeetingRow.start).with_for_update()).all()


def days_made(session: Session, series: str) -> frozenset[date]:
    """Return every local day for which the series ever made a meeting."""
    question = select(MeetingRow.series_day).where(MeetingRow.series_id == series)
    return frozenset(day for day in session.scalars(question) if day is not None)


def lock_plans(session: Session) -> None:
    """Keep every other transaction from changing a plan until this one ends.

    Of two that book one room at the same moment, the second waits here and then sees the first.
    """
    question = select(PlanVersionRow).order_by(PlanVersionRow.channel_id)
    session.scalars(question.with_for_update()).all()
