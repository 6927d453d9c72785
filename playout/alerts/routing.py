"""Routing: a pure function of alerts, contacts and what was sent says who must be told now."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from playout.alerts.conditions import Severity
from playout.alerts.tracking import Alert

MOST_AN_HOUR = 6
"""Messages that one contact gets in an hour at most. What is due beyond waits, and then comes in
one message."""
MOST_REMINDERS = 24
MENTIONED_WITHIN = timedelta(hours=24)
"""An alert that came and went in quiet hours is told this long after its end, not later."""
EVERY_DAY = frozenset(range(7))


class Step(StrEnum):
    """The thing that a message says of an alert."""

    RAISED = "raised"
    REMINDED = "still there"
    OVER = "over"
    PASSED = "came and went"
    """It began and ended while the contact was not to be disturbed."""


@dataclass(frozen=True)
class Contact:
    """One address, and when it is told of what."""

    id: str
    name: str
    channels: frozenset[str] | None = None
    """Slugs of the channels it is told about; None for all. The station's own alerts reach all."""
    least: Severity = Severity.NOTICE
    """The lightest severity it is told of."""
    after: timedelta = timedelta(0)
    """How long an alert must be raised without an acknowledgement first: 0 for the first to be
    told, more for those it escalates to."""
    remind: timedelta | None = None
    """How often it is told again until someone acknowledges; None for never."""
    days: frozenset[int] = EVERY_DAY
    """Days on which it is told, Monday 0; a night belongs to the day it begins on."""
    starts: time = time(0)
    until: time = time(0)
    """Hours [starts, until) in `zone`, past midnight where `until` is earlier; equal for all day.
    Outside them are its quiet hours."""
    zone: ZoneInfo = ZoneInfo("UTC")
    urgent_any_time: bool = True
    """Whether an urgent alert is told in quiet hours too."""


@dataclass(frozen=True)
class Sent:
    """One line of a message that was made for a contact."""

    contact: str
    alert: str
    step: Step
    at: datetime
    message: str
    """Id of the message, which may hold several lines."""


@dataclass(frozen=True)
class Line:
    """One alert in a message, and what is said of it."""

    alert: Alert
    step: Step
    number: int = 0
    """Counts the reminders."""


@dataclass(frozen=True)
class MessageDue:
    """One message that a contact must get now."""

    contact: Contact
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        """A name that is the same whenever the same message is due again: it is stored once."""
        said = sorted(f"{one.alert.id}:{one.step}:{one.number}" for one in self.lines)
        return f"{self.contact.id}|{'|'.join(said)}"


def messages_due(
    alerts: Sequence[Alert], contacts: Sequence[Contact], sent: Sequence[Sent], now: datetime
) -> tuple[MessageDue, ...]:
    """Return at most one message for each contact, with all that it must be told by `now`.

    `sent` needs what was said of these alerts, and every message of the last hour.
    """
    due = []
    for contact in contacts:
        own = [one for one in sent if one.contact == contact.id]
        recent = {one.message for one in own if now - one.at < timedelta(hours=1)}
        if len(recent) >= MOST_AN_HOUR:
            continue
        lines = tuple(line for alert in alerts for line in _line(alert, contact, own, now))
        if lines:
            due.append(MessageDue(contact, tuple(sorted(lines, key=_order))))
    return tuple(due)


def _order(line: Line) -> tuple[bool, int, datetime]:
    """Sort what is wrong before what is over, and the heaviest first."""
    over = line.step in (Step.OVER, Step.PASSED)
    return over, -line.alert.rule.severity.rank, line.alert.began


def _line(alert: Alert, contact: Contact, sent: Sequence[Sent], now: datetime) -> Iterator[Line]:
    if alert.raised is None or not covers(contact, alert) or not reachable(contact, alert, now):
        return
    own = [one for one in sent if one.alert == alert.id]
    counted = Counter(one.step for one in own)
    told = bool(own) or (alert.told_by != "" and not contact.after)
    if alert.ended is not None:
        yield from _ended(alert, contact, counted, told, now)
    elif alert.acknowledged is not None:
        return
    elif not told:
        if now - alert.raised >= contact.after:
            yield Line(alert, Step.RAISED)
    elif contact.remind is not None and counted[Step.REMINDED] < MOST_REMINDERS:
        last = max((one.at for one in own), default=alert.raised)
        if now - last >= contact.remind:
            yield Line(alert, Step.REMINDED, counted[Step.REMINDED] + 1)


def _ended(
    alert: Alert, contact: Contact, counted: Counter[Step], told: bool, now: datetime
) -> Iterator[Line]:
    if counted[Step.OVER] or counted[Step.PASSED]:
        return
    if told:
        yield Line(alert, Step.OVER)
        return
    # An escalation that came too late is of no use to anyone, nor is what was dealt with.
    recent = alert.ended is not None and now - alert.ended < MENTIONED_WITHIN
    if recent and not contact.after and alert.acknowledged is None:
        yield Line(alert, Step.PASSED)


def covers(contact: Contact, alert: Alert) -> bool:
    """Return whether the contact is told of such alerts at all."""
    channel = alert.key.channel
    of_channel = contact.channels is None or not channel or channel in contact.channels
    return of_channel and alert.rule.severity.rank >= contact.least.rank


def reachable(contact: Contact, alert: Alert, now: datetime) -> bool:
    """Return whether the contact may be told of the alert at `now`."""
    urgent = alert.rule.severity is Severity.URGENT and contact.urgent_any_time
    return urgent or in_hours(contact, now)


def in_hours(contact: Contact, now: datetime) -> bool:
    """Return whether `now` is outside the contact's quiet hours, by the clock on its wall."""
    local = now.astimezone(contact.zone)
    clock, day = local.time(), local.weekday()
    if contact.starts == contact.until:
        return day in contact.days
    if contact.starts < contact.until:
        return day in contact.days and contact.starts <= clock < contact.until
    if clock >= contact.starts:
        return day in contact.days
    return clock < contact.until and (day - 1) % 7 in contact.days
