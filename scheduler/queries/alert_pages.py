"""Alerts, contacts and messages as pages and the worker read them."""

from dataclasses import dataclass
from datetime import datetime

from playout.alerts.tracking import Alert
from playout.notify.alone import Recipient
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.alerts import AlertMessageRow, ContactRow
from scheduler.domain.model.alerts import KnownContact
from scheduler.reading.channels import channels_in_use, zone_of
from scheduler.reading.pulse import scheduler_pulse
from scheduler.refusals import Missing

PAST_SHOWN, MESSAGES_SHOWN = 50, 50


@dataclass(frozen=True)
class SentMessage:
    """A message that was made for a contact, and what became of it."""

    contact: str
    subject: str
    made: datetime
    sent: datetime | None
    waits: bool
    """True while it will be tried again."""
    attempts: int
    error: str


@dataclass(frozen=True)
class AlertsPage:
    """All alerts, newest first, and the messages about them."""

    open: tuple[Alert, ...]
    """Raised and not over, the heaviest first."""
    past: tuple[Alert, ...]
    messages: tuple[SentMessage, ...]
    contacts: int
    """How many contacts are told."""


def open_alerts(db: Database) -> tuple[Alert, ...]:
    """Return the alerts that are raised and not over, the heaviest first."""
    with db.read() as session:
        return _open(session)


def _open(session: Session) -> tuple[Alert, ...]:
    alerts = [load.alerts.alert(row) for row in find.alerts.open_alerts(session)]
    raised = [one for one in alerts if one.raised is not None]
    return tuple(sorted(raised, key=lambda one: (-one.rule.severity.rank, one.began)))


def page(db: Database, number: int = 0) -> AlertsPage:
    """Return the page of alerts; `number` turns the pages of past ones, 0 the newest."""
    with db.read() as session:
        return AlertsPage(
            open=_open(session),
            past=tuple(map(load.alerts.alert, find.alerts.past(session, PAST_SHOWN, number))),
            messages=tuple(map(_message, find.alerts.messages(session, MESSAGES_SHOWN))),
            contacts=len(find.alerts.contacts(session)),
        )


def _message(row: AlertMessageRow) -> SentMessage:
    waits = row.next_try is not None
    return SentMessage(
        row.contact_name, row.subject, row.made, row.sent, waits, row.attempts, row.error
    )


def contacts(db: Database) -> tuple[KnownContact, ...]:
    """Return every contact in use, by name."""
    with db.read() as session:
        return tuple(map(load.alerts.known_contact, find.alerts.contacts(session)))


def contact(db: Database, id: str) -> KnownContact:
    """Return one contact, removed or not. Raises Missing."""
    with db.read() as session:
        row = session.get(ContactRow, id)
        if row is None:
            raise Missing("contact")
        return load.alerts.known_contact(row)


def recipients(db: Database) -> tuple[Recipient, ...]:
    """Return every contact in use with how it is reached."""
    with db.read() as session:
        zone = zone_of(channels_in_use(session))
        return tuple(
            Recipient(load.alerts.contact(row, zone), row.way, row.target)
            for row in find.alerts.contacts(session)
        )


@dataclass(frozen=True)
class ToldMessage:
    """A message that a link leads to: who got it, and which alerts it is about."""

    contact: str
    alerts: tuple[Alert, ...]


def message(db: Database, id: str) -> ToldMessage:
    """Return the message with this id. Raises Missing."""
    with db.read() as session:
        row = session.get(AlertMessageRow, id)
        if row is None:
            raise Missing("message")
        alerts = tuple(map(load.alerts.alert, find.alerts.alerts_of(session, id)))
        return ToldMessage(row.contact_name, alerts)


def scheduler_away(db: Database, now: datetime) -> bool:
    """Return whether the scheduler has stopped saying that it runs; False before its first word."""
    with db.read() as session:
        return scheduler_pulse(session).away(now)
