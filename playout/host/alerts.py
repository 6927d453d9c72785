"""The broadcast machine's own alerts: it tells people by itself while the server is away.

The server tells of everything that begins while it is in contact, and says when that is over. What
begins while it is away this machine tells, and reports as told when the server is back:

    20:00:00  the server is last heard
    20:01:00  black begins                 the server never learns of it
    20:05:00  away for five minutes        "Server not reached" and "Black picture" are sent
    20:30:00  the server is heard again    the status names black as told, and it is not told again
    20:31:00  black is over                the server says so
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.clock_steps import StepWatch, elapsed, on_present_clock
from config.settings import Settings
from config.times import Hours, write_in
from playout.alerts.conditions import OFF_AIR, Condition, Severity
from playout.alerts.of_status import REPORTER, observations
from playout.alerts.routing import Contact
from playout.alerts.tracking import Alert, Observation
from playout.host.mailbox import Mailbox
from playout.host.server_sync import NO_CONTACT
from playout.model.plan import Plan
from playout.model.wire import MOST_TOLD, HostTold, Status
from playout.notify.alone import AlertMemory, LoneTeller, Recipient
from playout.notify.heartbeat import Heartbeat
from playout.notify.notifier import Notifier

log = logging.getLogger(__name__)
STATUS_FRESH_FOR = timedelta(seconds=30)
"""A status older than this says nothing of what is on air now."""
OWN = frozenset({Condition.SERVER_AWAY, Condition.SCHEDULER_AWAY})
"""Faults that the server cannot tell of, so this machine always does, and says when they end."""
OF_THE_MACHINE = frozenset({Condition.DISK, Condition.CLOCK}) | OWN
"""Faults of the machine and not of a channel: its first channel tells of them."""


class HostAlerts:
    """The alerts of one channel's machine. `turn` is one look."""

    def __init__(
        self, settings: Settings, channel: str, mailbox: Mailbox, ways: dict[str, Notifier]
    ) -> None:
        given = settings.alerts
        self._channel, self._mailbox, self._targets = channel, mailbox, given.tell
        self._is_first = channel == next(iter(settings.channels), channel)
        self._alone_after = timedelta(minutes=given.server_away_minutes)
        self._memory = AlertMemory()
        self._teller = LoneTeller((), ways, settings.station, {})
        self._heartbeat = Heartbeat(given, channel)
        self._steps = StepWatch()
        self._away_since: datetime | None = None
        self._known: set[str] = set()
        """Raised alerts, by id, of which it is settled who tells."""
        self._ours: set[str] = set()
        """Those of them that this machine tells."""
        self._tick = -1
        self._learned: datetime | None = None
        self._zone, self._hours = ZoneInfo("UTC"), Hours.TWELVE

    def turn(self, now: datetime, monotonic: int, plan: Callable[[], Plan | None]) -> None:
        """Look at the last status and at the contact with the server; tell what is ours to tell.

        `plan` reads the plan, whose zone and hours are those of the words. It is asked rarely.
        """
        with self._mailbox.lock:
            status, problem = self._mailbox.status, self._mailbox.problem
            stopped = self._mailbox.scheduler_away
        self._follow_clock(now, monotonic)
        self._away_since = (self._away_since or now) if problem else None
        alone = self._away_since is not None and now - self._away_since >= self._alone_after
        self._memory.look(self._holding(status, problem, now, alone, stopped), REPORTER, now)
        self._settle_who_tells(is_away=self._away_since is not None)
        if self._targets and self._ours:
            self._write_as_the_station(plan, now)
            self._tell(now, alone=alone)
        self._report_told()
        if status is not None and self._is_on_air(status, now):
            self._heartbeat.beat(monotonic)

    def _follow_clock(self, now: datetime, monotonic: int) -> None:
        step = self._steps.step(now, monotonic)
        self._memory.follow_clock(now, step)
        self._teller.follow_clock(now, step)
        if self._away_since is not None:
            self._away_since = on_present_clock(self._away_since, now, step)

    def _holding(
        self, status: Status | None, problem: str, now: datetime, alone: bool, stopped: bool
    ) -> list[Observation]:
        """Return all that is wrong, as far as this channel tells of it."""
        holding: list[Observation] = []
        if status is not None:
            others = tuple(p for p in status.problems if not p.startswith(NO_CONTACT))
            holding += observations(replace(status, problems=others), now)
        if alone:
            holding.append(self._own(Condition.SERVER_AWAY, f"{problem}.", now))
        elif stopped:
            words = "The server answers, but its scheduler has stopped."
            holding.append(self._own(Condition.SCHEDULER_AWAY, words, now))
        return [one for one in holding if self._is_first or one.condition not in OF_THE_MACHINE]

    def _own(self, condition: Condition, words: str, now: datetime) -> Observation:
        return Observation(condition, self._channel, "", True, words, now, REPORTER)

    def _settle_who_tells(self, *, is_away: bool) -> None:
        """Take on what was raised while the server is away; leave to it what no one told of yet
        when it is back.
        """
        alerts = self._memory.alerts.values()
        raised = {one.id: one for one in alerts if one.raised is not None}
        fresh = raised.keys() - self._known
        self._ours |= {id for id in fresh if is_away or raised[id].key.condition in OWN}
        self._known = (self._known | fresh) & raised.keys()
        if not is_away:
            self._ours = {
                id
                for id in self._ours & raised.keys()
                if raised[id].key.condition in OWN or self._teller.has_told(raised[id])
            }

    def _write_as_the_station(self, plan: Callable[[], Plan | None], now: datetime) -> None:
        """Learn the station's zone and hours. A plan is large, so it is read once an hour."""
        if self._learned is None or elapsed(self._learned, now) >= timedelta(hours=1):
            known, self._learned = plan(), now
            self._zone = ZoneInfo(known.zone) if known is not None else ZoneInfo("UTC")
            self._hours = Hours(known.hours) if known is not None else Hours.TWELVE
        write_in(self._hours)

    def _tell(self, now: datetime, *, alone: bool) -> None:
        self._teller.recipients = [_recipient(target, self._zone) for target in self._targets]
        ours = [one for one in self._memory.alerts.values() if one.id in self._ours]
        self._teller.tell([one for one in ours if alone or one.key.condition in OWN], now)

    def _report_told(self) -> None:
        """Leave for the server what people know of already and is still there."""
        told = [
            HostTold(one.key.condition.value, one.key.subject, one.began)
            for one in self._memory.alerts.values()
            if one.key.condition not in OWN and one.ended is None and self._teller.has_told(one)
        ]
        with self._mailbox.lock:
            self._mailbox.told = tuple(told[-MOST_TOLD:])

    def _is_on_air(self, status: Status, now: datetime) -> bool:
        """Return whether pictures leave the machine, as far as it can see by itself."""
        moved, self._tick = status.tick > self._tick, status.tick
        fresh = now - status.at < STATUS_FRESH_FOR
        return moved and fresh and not any(map(_is_off_air, self._memory.alerts.values()))


def _is_off_air(alert: Alert) -> bool:
    return alert.key.condition in OFF_AIR and alert.gone is None and alert.ended is None


def _recipient(target: str, zone: ZoneInfo) -> Recipient:
    """Return the contact of one entry of `alerts.tell`: told at once, at any hour."""
    way, _, name = target.partition(":")
    contact = Contact(target, name, least=Severity.IMPORTANT, zone=zone)
    return Recipient(contact, way, name)
