"""The outbox of alerts: messages that are due become rows, and each row is tried until it is sent.

A row is stored before it is sent, and marked after. So a message may go out twice after a crash in
between, with the same id, and is never lost.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playout.alerts import words
from playout.alerts.routing import MENTIONED_WITHIN, Contact, Line, MessageDue, messages_due
from scheduler.changing.alert_clock import HOUR, LONGEST_RETRY
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.alerts import AlertLineRow, AlertMessageRow, ContactRow
from scheduler.ids import new_id
from scheduler.reading.channels import channels_in_use, zone_of

TOLD_WITHIN = MENTIONED_WITHIN + timedelta(hours=72)
"""An alert that ended longer ago is told no more: quiet hours of a weekend are shorter."""
GIVEN_UP_AFTER = timedelta(hours=24)
FIRST_RETRY = timedelta(seconds=30)
MOST_DOUBLINGS = 10
MOST_AT_ONCE = 20
LONGEST_ERROR = 400


@dataclass(frozen=True)
class WaitingMessage:
    """A message to be sent now, and to whom."""

    id: str
    way: str
    target: str
    subject: str
    body: str
    made: datetime
    facts: tuple[dict[str, Any], ...]
    can_acknowledge: bool


def make(db: Database, now: datetime, station: str) -> int:
    """Store every message that is due at `now`, and return how many. One is never stored twice."""
    with db.change() as session:
        alerts = [load.alerts.alert(row) for row in find.alerts.to_tell(session, now - TOLD_WITHIN)]
        rows = find.alerts.contacts(session)
        if not alerts or not rows:
            return 0
        zone, names = _station(session)
        contacts = [load.alerts.contact(row, zone) for row in rows]
        since = now - HOUR
        lines = find.alerts.lines_of(session, [one.id for one in alerts], since)
        due = messages_due(alerts, contacts, [load.alerts.sent(row) for row in lines], now)
        return sum(_store(session, one, now, station, names) for one in due)


def _store(
    session: Session, due: MessageDue, now: datetime, station: str, names: dict[str, str]
) -> bool:
    key = hashlib.sha256(due.key.encode()).hexdigest()
    if find.alerts.message_by_key(session, key) is not None:
        return False
    contact = due.contact
    row = AlertMessageRow(
        id=new_id(),
        key=key,
        contact_id=contact.id,
        contact_name=contact.name,
        made=now,
        subject=words.subject(due.lines, station, names),
        body=words.body(due.lines, names, contact.zone, now),
        next_try=now,
    )
    session.add(row)
    session.flush()
    session.add_all(_line_row(row.id, contact, line, now) for line in due.lines)
    return True


def _line_row(message: str, contact: Contact, line: Line, now: datetime) -> AlertLineRow:
    return AlertLineRow(
        message_id=message,
        alert_id=line.alert.id,
        contact_id=contact.id,
        step=line.step.value,
        at=now,
    )


def _station(session: Session) -> tuple[ZoneInfo, dict[str, str]]:
    """Return the station's zone, that of its first channel, and the names of its channels."""
    channels = channels_in_use(session)
    return zone_of(channels), {one.id: one.name for one in channels}


def waiting(db: Database, now: datetime) -> tuple[WaitingMessage, ...]:
    """Return the messages to try now, the oldest first."""
    with db.read() as session:
        _, names = _station(session)
        return tuple(
            _waiting(session, row, names) for row in find.alerts.waiting(session, now, MOST_AT_ONCE)
        )


def _waiting(session: Session, row: AlertMessageRow, names: dict[str, str]) -> WaitingMessage:
    contact = session.get(ContactRow, row.contact_id)
    assert contact is not None
    steps = {one.alert_id: load.alerts.sent(one).step for one in find.alerts.lines(session, row.id)}
    alerts = [load.alerts.alert(one) for one in find.alerts.alerts_of(session, row.id)]
    return WaitingMessage(
        row.id,
        contact.way,
        contact.target,
        row.subject,
        row.body,
        row.made,
        tuple(words.facts(Line(one, steps[one.id]), names) for one in alerts),
        can_acknowledge=any(one.ended is None and one.acknowledged is None for one in alerts),
    )


def note_try(db: Database, now: datetime, message: str, error: str) -> None:
    """Note the result of one try: an empty error for a message that was accepted.

    A failed one is tried again later and later, and given up after a day.
    """
    with db.write() as session:
        row = session.get(AlertMessageRow, message)
        if row is None:
            return
        row.attempts += 1
        row.error = error[:LONGEST_ERROR]
        if not error:
            row.sent, row.next_try = now, None
        elif now - row.made >= GIVEN_UP_AFTER:
            row.next_try = None
        else:
            doubled: int = 2 ** min(row.attempts - 1, MOST_DOUBLINGS)
            row.next_try = now + min(FIRST_RETRY * doubled, LONGEST_RETRY)
