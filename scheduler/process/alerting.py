"""The worker of alerts: it collects what is wrong, makes messages and sends them."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from config.clock import Clock
from config.clock_steps import NO_STEP, StepWatch
from config.disk import LOW_BELOW, free_bytes
from config.settings import Settings
from config.signing import secret_key, signature
from config.sizes import bytes_words
from config.times import write_in
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.notify.alone import AlertMemory, LoneTeller, Recipient
from playout.notify.heartbeat import Heartbeat
from playout.notify.notifier import Notifier, OutgoingMessage
from playout.notify.ways import send_by
from scheduler.actions import alert_messages, alerts
from scheduler.db.store import Database, DatabaseError
from scheduler.domain.model.alerts import FaultList
from scheduler.process.job_loop import do_jobs
from scheduler.queries import alert_pages, station
from scheduler.queries.faults import SERVER, faults, misses
from scheduler.reading.pulse import SCHEDULER

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0
LOOK_COUNTS_FOR_NS = 60_000_000_000
"""Nanoseconds after a look for which the heartbeat may still say that all is well."""
MISSES_EVERY_NS = 30_000_000_000
"""Nanoseconds between two looks at the airings of the next day, which read more than the others."""
ACKNOWLEDGE = "alert-message"
"""The purpose of the signature in the link of a message."""
HEARTBEAT = SCHEDULER
"""The name of the scheduler's own heartbeat in the settings."""


class AlertWorker:
    """Two threads beside the scheduler's loop. One looks, and says that the scheduler runs; the
    other sends, because a mail server may take its time.
    """

    def __init__(
        self,
        db: Database,
        settings: Settings,
        ways: Mapping[str, Notifier],
        clock: Clock,
        others: Sequence[Callable[[datetime], FaultList]] = (),
    ) -> None:
        """Make a worker. `others` are judges beside the database, such as that of certificates."""
        self._db, self._settings, self._ways, self._clock = db, settings, ways, clock
        self._others = others
        self._memory = AlertMemory()
        self._recipients: tuple[Recipient, ...] = ()
        self._teller = LoneTeller((), ways, settings.station, {})
        self._heartbeat = Heartbeat(settings.alerts, HEARTBEAT)
        self._misses_read: int | None = None
        """When the airings of the next day were read last, in monotonic nanoseconds."""
        self._steps, self._alone_steps = StepWatch(), StepWatch()
        self._owed = NO_STEP
        """By how much the clock was set since the last look that reached the database."""
        self._is_away = False
        """Whether the last look could not reach the database."""
        self._looked: int | None = None
        """When a look succeeded last, in nanoseconds of the monotonic clock."""
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=("alerts", self.look), daemon=True),
            threading.Thread(target=self._repeat, args=("messages", self.send), daemon=True),
        ]

    def start(self) -> None:
        """Start both threads."""
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        """Look no more. What waits to be sent is sent after the next start."""
        self._stop.set()

    def look(self) -> bool:
        """Look once, and make the messages that are due. Return False: no next job is to hurry."""
        now = self._clock.utc()
        self._owed += self._steps.step(now, self._clock.monotonic())
        try:
            write_in(station.hours(self._db))
            alerts.take_in(self._db, self._lists(now), now, self._owed)
            self._owed = NO_STEP
            alerts.pulse(self._db, SCHEDULER, now)
            alert_messages.make(self._db, now, self._settings.station)
            self._recipients = alert_pages.recipients(self._db)
        except DatabaseError:
            self._is_away = True
            raise
        self._is_away, self._looked = False, self._clock.monotonic()
        return False

    def send(self) -> bool:
        """Send what is due. Return False: no next job is to hurry.

        While the database is away, those who were contacts before are told from memory.
        """
        now = self._clock.utc()
        step = self._alone_steps.step(now, self._clock.monotonic())
        self._memory.follow_clock(now, step)
        self._teller.follow_clock(now, step)
        if self._is_away:
            self._tell_alone(now)
            return False
        if self._memory.alerts:
            # First to the database: what people were told of is kept, and its end is told from
            # there, once.
            alerts.adopt(self._db, self._memory.hand_over(), now, SCHEDULER)
        for waiting in alert_messages.waiting(self._db, now):
            why = self._send(waiting)
            alert_messages.note_try(self._db, self._clock.utc(), waiting.id, why)
        age = self._clock.monotonic() - self._looked if self._looked is not None else None
        if age is not None and age < LOOK_COUNTS_FOR_NS:
            self._heartbeat.beat(self._clock.monotonic())
        return False

    def _lists(self, now: datetime) -> list[FaultList]:
        """Return what every reporter sees wrong at `now`."""
        found = [
            replace(one, holding=(*one.holding, *self._own_disk(now)))
            if one.reporter == SERVER
            else one
            for one in faults(self._db, now)
        ]
        at = self._clock.monotonic()
        if self._misses_read is None or at - self._misses_read >= MISSES_EVERY_NS:
            found.append(misses(self._db, now))
            self._misses_read = at
        return [*found, *(judge(now) for judge in self._others)]

    def _send(self, waiting: alert_messages.WaitingMessage) -> str:
        link = self.link(waiting.id) if waiting.can_acknowledge else ""
        more = f"\nTake care of it, and stop reminders: {link}\n" if link else ""
        base = self._settings.base_url
        message = OutgoingMessage(
            waiting.id,
            waiting.subject,
            f"{waiting.body}{more}\nAll alerts: {base}/alerts\n",
            waiting.made,
            waiting.facts,
            link,
        )
        why = send_by(self._ways, waiting.way, waiting.target, message)
        if why:
            log.warning("an alert waits to be sent: %s", why)
        return why

    def link(self, message: str) -> str:
        """Return the address where whoever got the message acknowledges it."""
        signed = signature(secret_key(self._settings.data_dir), ACKNOWLEDGE, message)
        return f"{self._settings.base_url}/alerts/message/{message}/{signed}"

    def _own_disk(self, now: datetime) -> tuple[Observation, ...]:
        """Judge the server's own disk, which the database and uploads need."""
        free = free_bytes(self._settings.data_dir)
        if free is None or free >= LOW_BELOW:
            return ()
        words = f"{bytes_words(free)} are free on the server's disk."
        return (Observation(Condition.DISK, "", "server", True, words, now, SERVER),)

    def _tell_alone(self, now: datetime) -> None:
        words = "The scheduler cannot reach the database."
        seen = Observation(Condition.DATABASE_AWAY, "", "", True, words, now, SERVER)
        self._memory.look([seen], SERVER, now)
        self._teller.recipients = self._recipients
        self._teller.tell(self._memory.alerts.values(), now)

    def _repeat(self, what: str, do: Callable[[], bool]) -> None:
        do_jobs(what, do, self._clock, self._stop, look_every=LOOK_EVERY_SECONDS)
