"""Reports of faults, and what people do about alerts.

`observe` is the door for anyone who judges one fault; `observe_all` the door for who lists all it
sees wrong each time. Both keep the alert's times, count flaps and raise it; nobody else does.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from config.clock_steps import NO_STEP
from playout.alerts.conditions import Condition
from playout.alerts.tracking import (
    Alert,
    AlertKey,
    Observation,
    advance,
    follow_clock,
    never_told,
    quiet,
    take,
)
from scheduler.changing import alert_clock
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
from scheduler.domain.model.alerts import FaultList
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
        _OpenAlerts(session).take(seen)


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
    of = None if channels is None else frozenset(channels)
    with db.change() as session:
        _OpenAlerts(session).take_list(FaultList(reporter, of, tuple(holding)), at)


def take_in(
    db: Database, lists: Sequence[FaultList], now: datetime, step: timedelta = NO_STEP
) -> None:
    """Store what all reporters see wrong at `now` and what machines have told of it, then raise
    what has held long enough and end what has been gone long enough: one transaction for them all.

    `step` is by how much the clock was set since the last call. What is stored is counted on by the
    present clock first, so that no instant of the future keeps anyone from being told.
    """
    with db.change() as session:
        alerts = _OpenAlerts(session)
        alerts.follow_clock(now, step)
        for one in lists:
            alerts.take_list(one, now)
            alerts.note_told(one)
        alerts.let_time_pass(now)


def let_time_pass(db: Database, now: datetime) -> None:
    """Raise what has held long enough, and end what has been gone long enough."""
    with db.change() as session:
        _OpenAlerts(session).let_time_pass(now)


def adopt(db: Database, ended: Sequence[Alert], now: datetime, told_by: str) -> None:
    """Store alerts that were kept in memory while the database was away; their faults are gone.

    `told_by` told people that they began. Contacts hear from the outbox that they are over.
    """
    with db.change() as session:
        alerts = _OpenAlerts(session)
        for one in ended:
            if one.key in alerts.rows:
                alerts.take(_said(one, holds=True, at=one.last))
                alerts.take(_said(one, holds=False, at=now))
            else:
                gone = one.gone or now
                alerts.add(replace(one, reporters=frozenset(), gone=gone, told_by=told_by))


def _said(alert: Alert, *, holds: bool, at: datetime) -> Observation:
    key, reporter = alert.key, next(iter(sorted(alert.reporters)), "")
    return Observation(key.condition, key.channel, key.subject, holds, alert.detail, at, reporter)


class _OpenAlerts:
    """The open alerts of one transaction, loaded once, by their faults."""

    def __init__(self, session: Session) -> None:
        self._session = session
        found = find.alerts.open_alerts(session)
        self.rows = {load.alerts.alert(row).key: row for row in found}

    def take_list(self, given: FaultList, at: datetime) -> None:
        """Take in all that a reporter sees wrong, and what it saw before and lists no more."""
        known = (load.alerts.alert(row) for row in self.rows.values())
        of = given.channels
        spoken_of = [one for one in known if of is None or one.key.channel in of]
        for seen in (*given.holding, *quiet(spoken_of, given.reporter, given.holding, at)):
            self.take(seen)

    def take(self, seen: Observation) -> None:
        """Take in one observation."""
        seen = _bounded(seen)
        row = self.rows.get(seen.key)
        if row is None and not seen.holds:
            return
        if row is None:
            row = self._last(seen.key)
        before = load.alerts.alert(row) if row is not None else None
        after, fresh = take(before, seen, new_id)
        if row is not None and after is not None and after != before:
            self._write(row, after)
        if fresh is not None:
            self.add(fresh)

    def add(self, alert: Alert) -> None:
        """Store a new alert."""
        row = load.alerts.alert_row(alert)
        self._session.add(row)
        self._session.flush()
        self.rows[alert.key] = row

    def note_told(self, given: FaultList) -> None:
        """Note which of these a broadcast machine has told people of, and when they began.

        Whoever would be told first is then not told again. A kind that we do not know is ignored.
        """
        told = {(one.kind, one.subject): one for one in given.told}
        for row in self.rows.values():
            one = told.get((row.condition, row.subject))
            if one is not None and row.channel_id in (given.channels or ()) and not row.told_by:
                row.told_by, row.began = given.host[:NAME_LENGTH], min(row.began, one.began)

    def let_time_pass(self, now: datetime) -> None:
        """Raise what has held long enough, and end what has been gone long enough."""
        for row in [*self.rows.values()]:
            alert = load.alerts.alert(row)
            if (after := advance(alert, now)) != alert:
                self._write(row, after)

    def follow_clock(self, now: datetime, step: timedelta) -> None:
        """Count on by the present clock, which was set by `step`: alerts, and what was said."""
        for row in self.rows.values():
            load.alerts.fill_alert(row, follow_clock(load.alerts.alert(row), now, step))
        open_ids = [row.id for row in self.rows.values()]
        alert_clock.follow_clock(self._session, open_ids, now, step)
        self._session.flush()

    def _last(self, key: AlertKey) -> AlertRow | None:
        return find.alerts.last_of(self._session, key.condition.value, key.channel, key.subject)

    def _write(self, row: AlertRow, alert: Alert) -> None:
        if alert.ended is not None:
            self.rows.pop(alert.key, None)
        if never_told(alert):
            self._session.delete(row)
        else:
            load.alerts.fill_alert(row, alert)
        self._session.flush()


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
