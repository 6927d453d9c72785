"""Alerts and contacts, between rows and values."""

from zoneinfo import ZoneInfo

from playout.alerts.conditions import Condition, Severity
from playout.alerts.routing import Contact, Sent, Step
from playout.alerts.tracking import Alert, AlertKey
from scheduler.db.tables.alerts import AlertLineRow, AlertRow, ContactRow
from scheduler.domain.model.alerts import ContactDraft, KnownContact, Way


def alert(row: AlertRow) -> Alert:
    """Return the alert. A condition of a newer version reads as OTHER."""
    known = row.condition in set(Condition)
    condition = Condition(row.condition) if known else Condition.OTHER
    return Alert(
        id=row.id,
        key=AlertKey(condition, row.channel_id, row.subject),
        detail=row.detail,
        began=row.began,
        came=row.came,
        last=row.last,
        reporters=frozenset(map(str, row.reporters)),
        raised=row.raised,
        gone=row.gone,
        ended=row.ended,
        times=row.times,
        rounds=row.rounds,
        told_by=row.told_by,
        acknowledged=row.acknowledged,
        acknowledged_by=row.acknowledged_by,
    )


def fill_alert(row: AlertRow, value: Alert) -> None:
    """Write all that changes of an alert."""
    row.detail, row.began, row.came, row.last = value.detail, value.began, value.came, value.last
    row.reporters = sorted(value.reporters)
    row.raised, row.gone, row.ended = value.raised, value.gone, value.ended
    row.times, row.rounds, row.told_by = value.times, value.rounds, value.told_by
    row.acknowledged, row.acknowledged_by = value.acknowledged, value.acknowledged_by


def alert_row(value: Alert) -> AlertRow:
    """Return a new row for the alert."""
    key = value.key
    row = AlertRow(
        id=value.id, condition=key.condition.value, channel_id=key.channel, subject=key.subject
    )
    fill_alert(row, value)
    return row


def contact(row: ContactRow, zone: ZoneInfo) -> Contact:
    """Return the contact as routing reads it; `zone` is the station's."""
    return Contact(
        id=row.id,
        name=row.name,
        channels=None if row.channels is None else frozenset(map(str, row.channels)),
        least=Severity(row.least),
        after=row.after,
        remind=row.remind,
        days=frozenset(map(int, row.days)),
        starts=row.starts,
        until=row.until,
        zone=zone,
        urgent_any_time=row.urgent_any_time,
    )


def known_contact(row: ContactRow) -> KnownContact:
    """Return the contact as pages show it."""
    draft = ContactDraft(
        name=row.name,
        way=Way(row.way),
        target=row.target,
        channels=None if row.channels is None else frozenset(map(str, row.channels)),
        least=Severity(row.least),
        after=row.after,
        remind=row.remind,
        days=frozenset(map(int, row.days)),
        starts=row.starts,
        until=row.until,
        urgent_any_time=row.urgent_any_time,
    )
    return KnownContact(row.id, draft, row.archived, row.version)


def fill_contact(row: ContactRow, draft: ContactDraft) -> None:
    """Write what engineers set."""
    row.name, row.way, row.target = draft.name.strip(), draft.way.value, draft.target.strip()
    row.channels = None if draft.channels is None else sorted(draft.channels)
    row.least, row.after, row.remind = draft.least.value, draft.after, draft.remind
    row.days, row.starts, row.until = sorted(draft.days), draft.starts, draft.until
    row.urgent_any_time = draft.urgent_any_time


def sent(row: AlertLineRow) -> Sent:
    """Return one line of a message."""
    return Sent(row.contact_id, row.alert_id, Step(row.step), row.at, row.message_id)
