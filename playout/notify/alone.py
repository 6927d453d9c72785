"""Telling people from memory, where no database can be asked.

The broadcast machine tells so while the server is away, and the scheduler while its database is.
Both decide by the rules of `playout.alerts`. What is told is lost with the process: then it is told
once more, rather than not at all.
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from config.clock_steps import NO_STEP, on_present_clock
from playout.alerts import words
from playout.alerts.routing import Contact, MessageDue, Sent, messages_due
from playout.alerts.tracking import (
    Alert,
    AlertKey,
    Observation,
    advance,
    follow_clock,
    quiet,
    take,
)
from playout.notify.notifier import Notifier, OutgoingMessage
from playout.notify.ways import send_by

log = logging.getLogger(__name__)
REMEMBERED_FOR = timedelta(hours=24)
RETRY_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Recipient:
    """A contact, and how it is reached."""

    contact: Contact
    way: str
    target: str


class AlertMemory:
    """The alerts of one process, by their faults: the open ones, and those of the last day."""

    def __init__(self) -> None:
        self.alerts: dict[AlertKey, Alert] = {}

    def look(self, holding: Sequence[Observation], reporter: str, now: datetime) -> None:
        """Take in all that the reporter sees wrong at `now`."""
        known = [one for one in self.alerts.values() if one.ended is None]
        for seen in (*holding, *quiet(known, reporter, holding, now)):
            self._take(seen)
        self.alerts = {
            key: after
            for key, one in self.alerts.items()
            if (after := advance(one, now)).ended is None
            or (after.raised is not None and now - after.ended < REMEMBERED_FOR)
        }

    def _take(self, seen: Observation) -> None:
        before, fresh = take(self.alerts.get(seen.key), seen, partial(alert_id, seen))
        if (after := fresh or before) is not None:
            self.alerts[seen.key] = after

    def follow_clock(self, now: datetime, step: timedelta) -> None:
        """Count on by a clock that was set by `step`."""
        if step != NO_STEP:
            known = self.alerts.items()
            self.alerts = {key: follow_clock(one, now, step) for key, one in known}

    def hand_over(self) -> tuple[Alert, ...]:
        """Return the alerts that people may know of, and forget all."""
        raised = tuple(one for one in self.alerts.values() if one.raised is not None)
        self.alerts = {}
        return raised


def alert_id(seen: Observation) -> str:
    """Return an id of the fault as it began at this instant, the same whoever computes it."""
    said = f"{seen.condition}|{seen.channel}|{seen.subject}|{seen.at.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


class LoneTeller:
    """Sends messages at once, and remembers what it sent. A failed one is tried each minute."""

    def __init__(
        self,
        recipients: Sequence[Recipient],
        ways: Mapping[str, Notifier],
        station: str,
        channels: Mapping[str, str],
    ) -> None:
        self.recipients, self.channels = recipients, channels
        self._ways, self._station = ways, station
        self._sent: list[Sent] = []
        self._failed: dict[str, datetime] = {}
        """When a contact was last tried in vain."""

    def tell(self, alerts: Iterable[Alert], now: datetime) -> int:
        """Send what is due of these alerts, and return how many messages were accepted."""
        reached = {one.contact.id: one for one in self.recipients}
        contacts = [one.contact for one in self.recipients if self._may_try(one.contact.id, now)]
        accepted = 0
        for due in messages_due(list(alerts), contacts, self._sent, now):
            accepted += self._send(reached[due.contact.id], due, now)
        self._sent = [one for one in self._sent if now - one.at < REMEMBERED_FOR]
        return accepted

    def follow_clock(self, now: datetime, step: timedelta) -> None:
        """Count reminders, the messages of an hour and tries by a clock that was set by `step`."""
        if step != NO_STEP:
            self._sent = [
                replace(one, at=on_present_clock(one.at, now, step)) for one in self._sent
            ]
            failed = self._failed.items()
            self._failed = {id: on_present_clock(at, now, step) for id, at in failed}

    def has_told(self, alert: Alert) -> bool:
        """Return whether anyone was told of the alert."""
        return any(one.alert == alert.id for one in self._sent)

    def _may_try(self, contact: str, now: datetime) -> bool:
        failed = self._failed.get(contact)
        return failed is None or now - failed >= RETRY_AFTER

    def _send(self, to: Recipient, due: MessageDue, now: datetime) -> bool:
        id = hashlib.sha256(due.key.encode()).hexdigest()[:32]
        zone = due.contact.zone
        message = OutgoingMessage(
            id,
            words.subject(due.lines, self._station, self.channels),
            words.body(due.lines, self.channels, zone, now),
            now,
            tuple(words.facts(line, self.channels) for line in due.lines),
        )
        why = send_by(self._ways, to.way, to.target, message)
        if why:
            log.warning("an alert could not be sent to %s: %s", to.contact.name, why)
            self._failed[to.contact.id] = now
            return False
        self._failed.pop(to.contact.id, None)
        self._sent += [Sent(to.contact.id, line.alert.id, line.step, now, id) for line in due.lines]
        log.info("told %s: %s", to.contact.name, message.subject)
        return True
