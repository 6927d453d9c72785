"""Reports of faults, and what people do about alerts.

`observe` is the door for anyone who judges one fault; `observe_all` the door for who lists all it
sees wrong each time. Both keep the alert's times, count flaps and raise it; nobody else does.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from playout.alerts.conditions import Condition
from playout.alerts.tracking import (
    Alert,
    Observation,
    advance,
    first_alert,
    never_told,
    observed,
    quiet,
)
from playout.model.wire import HostTold
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.alerts import (
    DETAIL_LENGTH,
    NAME_LENGTH,
    REPORTER_LENGTH,
    SUBJECT_LENGTH,
    AlertMessageRow,
    AlertRow,
    PulseRow,
)
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id
from scheduler.refusals import Missing


def observe(
    db: Database,
    condition: Condition,
    *,
    holds: bool,
    at: datetime,
    reporter: str,
    detail: str = "",
    channel: str = "",
    subject: str = "",
) -> None:
    """Store that a fault holds, or holds no more, at `at` (UTC).

    Call it as often as you look: an alert begins, counts its returns and ends out of these calls.
    `reporter` is your own name, up to 40 characters, always the same: a fault that several report
    is over when each of them has said so. `detail` is a sentence for staff without any secret.
    `channel` is a slug, empty for the whole station; `subject` tells faults of one kind apart.
    """
    seen = Observation(condition, channel, subject, holds, detail, at, reporter)
    with db.change() as session:
        _store(session, seen)


def observe_all(
    db: Database,
    reporter: str,
    holding: Sequence[Observation],
    at: datetime,
    *,
    channels: Collection[str] | None = None,
) -> None:
    """Store all that a reporter sees wrong at `at`; what it saw before and lists no more is gone.

    With `channels` the list speaks of those alone; of others nothing is concluded.
    """
    with db.change() as session:
        alerts = [load.alerts.alert(row) for row in find.alerts.open_alerts(session)]
        spoken_of = [one for one in alerts if channels is None or one.key.channel in channels]
        for seen in (*holding, *quiet(spoken_of, reporter, holding, at)):
            _store(session, seen)


def let_time_pass(db: Database, now: datetime) -> None:
    """Raise what has held long enough, and end what has been gone long enough."""
    with db.change() as session:
        for row in find.alerts.open_alerts(session):
            alert = load.alerts.alert(row)
            after = advance(alert, now)
            if after != alert:
                _write(session, row, after)


def _store(session: Session, seen: Observation) -> None:
    seen = _bounded(seen)
    key = seen.key
    row = find.alerts.last_of(session, key.condition.value, key.channel, key.subject)
    before = load.alerts.alert(row) if row is not None else None
    if before is not None and before.ended is None:
        before = advance(before, seen.at)
        if row is not None and before.ended is None:
            _write(session, row, observed(before, seen))
            return
        if row is not None:
            _write(session, row, before)
    if seen.holds:
        session.add(load.alerts.alert_row(first_alert(seen, new_id(), before)))
        session.flush()


def _write(session: Session, row: AlertRow, alert: Alert) -> None:
    if never_told(alert):
        session.delete(row)
    else:
        load.alerts.fill_alert(row, alert)
    session.flush()


def _bounded(seen: Observation) -> Observation:
    """Return the observation cut to what its columns hold."""
    return replace(
        seen,
        subject=seen.subject[:SUBJECT_LENGTH],
        detail=one_line(seen.detail)[:DETAIL_LENGTH],
        reporter=seen.reporter[:REPORTER_LENGTH],
    )


def acknowledge(db: Database, actor: Actor, now: datetime, alert: str) -> str:
    """Note that the actor takes care of an alert, and return its title. Raises Missing.

    No one is reminded of it or told of it for the first time after that, except that it is over.
    """
    with changing(db, actor, now, Right.PREPARE, "acknowledge") as work:
        row = work.get(AlertRow, alert, "alert")
        title = load.alerts.alert(row).rule.title
        _acknowledge(work, row, actor.name)
        work.about("alert", row.id, f"Acknowledged: {title}")
    return title


def acknowledge_message(db: Database, actor: Actor, now: datetime, message: str) -> int:
    """Note that whoever got this message takes care of its alerts, and return how many those are.

    Raises Missing.
    """
    with changing(db, actor, now, Right.VIEW, "acknowledge") as work:
        sent = work.session.get(AlertMessageRow, message)
        if sent is None:
            raise Missing("message")
        rows = find.alerts.alerts_of(work.session, message)
        name = f"{sent.contact_name}, from the message"
        for row in rows:
            work.watch(row)
            _acknowledge(work, row, name)
        titles = ", ".join(dict.fromkeys(load.alerts.alert(row).rule.title for row in rows))
        work.about("alert", rows[0].id if rows else "", f"{name}: acknowledged {titles}")
    return len(rows)


def _acknowledge(work: UnitOfWork, row: AlertRow, name: str) -> None:
    if row.acknowledged is None:
        row.acknowledged, row.acknowledged_by = work.now, name[:NAME_LENGTH]


def pulse(db: Database, name: str, now: datetime) -> None:
    """Note that a process of the server runs."""
    with db.write() as session:
        row = session.get(PulseRow, name)
        if row is None:
            session.add(PulseRow(name=name, at=now))
        else:
            row.at = now


def note_told(db: Database, host: str, channel: str, told: Sequence[HostTold]) -> None:
    """Note which faults a broadcast machine has told people of by itself, and when they began.

    Whoever would be told first is then not told again. A kind that we do not know is ignored.
    """
    with db.change() as session:
        for one in told:
            row = find.alerts.last_of(session, one.kind, channel, one.subject)
            if row is not None and row.ended is None and not row.told_by:
                row.told_by, row.began = host[:NAME_LENGTH], min(row.began, one.began)
