"""Queries of alerts, contacts and messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select

from scheduler.db.store import Session
from scheduler.db.tables.alerts import AlertLineRow, AlertMessageRow, AlertRow, ContactRow


def open_alerts(session: Session) -> Sequence[AlertRow]:
    """Return every alert that is not over, raised or not, by beginning."""
    question = select(AlertRow).where(AlertRow.ended.is_(None))
    return session.scalars(question.order_by(AlertRow.began, AlertRow.id)).all()


def to_tell(session: Session, ended_since: datetime) -> Sequence[AlertRow]:
    """Return the raised alerts that are not over, or ended after `ended_since`."""
    question = select(AlertRow).where(
        AlertRow.raised.is_not(None),
        or_(AlertRow.ended.is_(None), AlertRow.ended > ended_since),
    )
    return session.scalars(question.order_by(AlertRow.began, AlertRow.id)).all()


def last_of(session: Session, condition: str, channel: str, subject: str) -> AlertRow | None:
    """Return the newest alert of a fault, open or ended."""
    question = select(AlertRow).where(
        AlertRow.condition == condition,
        AlertRow.channel_id == channel,
        AlertRow.subject == subject,
    )
    return session.scalars(question.order_by(AlertRow.began.desc(), AlertRow.id).limit(1)).first()


def past(session: Session, most: int, page: int = 0) -> Sequence[AlertRow]:
    """Return the alerts that are over, the latest first, `most` of them from page `page` on."""
    question = select(AlertRow).where(AlertRow.ended.is_not(None), AlertRow.raised.is_not(None))
    newest = question.order_by(AlertRow.ended.desc(), AlertRow.id)
    return session.scalars(newest.offset(page * most).limit(most)).all()


def contacts(session: Session, *, archived: bool = False) -> Sequence[ContactRow]:
    """Return every contact in use, by name; removed ones only on request."""
    question = select(ContactRow)
    if not archived:
        question = question.where(ContactRow.archived.is_(False))
    return session.scalars(question.order_by(func.lower(ContactRow.name), ContactRow.id)).all()


def lines_of(session: Session, alerts: Iterable[str], since: datetime) -> Sequence[AlertLineRow]:
    """Return what was said of these alerts, and all that was said after `since`."""
    question = select(AlertLineRow).where(
        or_(AlertLineRow.alert_id.in_(list(alerts)), AlertLineRow.at > since)
    )
    return session.scalars(question).all()


def alerts_of(session: Session, message: str) -> Sequence[AlertRow]:
    """Return the alerts that a message is about, by beginning."""
    question = select(AlertRow).join(AlertLineRow, AlertLineRow.alert_id == AlertRow.id)
    question = question.where(AlertLineRow.message_id == message)
    return session.scalars(question.order_by(AlertRow.began, AlertRow.id)).all()


def lines(session: Session, message: str) -> Sequence[AlertLineRow]:
    """Return the lines of a message."""
    return session.scalars(select(AlertLineRow).where(AlertLineRow.message_id == message)).all()


def message_by_key(session: Session, key: str) -> AlertMessageRow | None:
    """Return the message with this key."""
    return session.scalars(select(AlertMessageRow).where(AlertMessageRow.key == key)).first()


def waiting(session: Session, now: datetime, most: int) -> Sequence[AlertMessageRow]:
    """Return the messages whose next try is due, the oldest first, at most `most`."""
    question = select(AlertMessageRow).where(AlertMessageRow.next_try <= now)
    return session.scalars(
        question.order_by(AlertMessageRow.next_try, AlertMessageRow.id).limit(most)
    ).all()


def unsent(session: Session) -> Sequence[AlertMessageRow]:
    """Return the messages that are to be tried again, locked so that nobody sends one meanwhile."""
    question = select(AlertMessageRow).where(AlertMessageRow.next_try.is_not(None))
    return session.scalars(question.with_for_update()).all()


def messages(session: Session, most: int) -> Sequence[AlertMessageRow]:
    """Return the newest messages, the latest first."""
    question = select(AlertMessageRow).order_by(AlertMessageRow.made.desc(), AlertMessageRow.id)
    return session.scalars(question.limit(most)).all()


def prune(session: Session, before: datetime) -> int:
    """Delete alerts that ended before `before`, with their lines, and messages without any.

    Return how many rows went.
    """
    old = select(AlertRow.id).where(AlertRow.ended < before)
    spoken_of = select(AlertLineRow.message_id)
    removed = [
        session.execute(delete(AlertLineRow).where(AlertLineRow.alert_id.in_(old))),
        session.execute(delete(AlertRow).where(AlertRow.ended < before)),
        session.execute(
            delete(AlertMessageRow).where(
                AlertMessageRow.made < before, AlertMessageRow.id.not_in(spoken_of)
            )
        ),
    ]
    return sum(result.rowcount for result in removed)  # type: ignore[attr-defined]
