"""The worker of alerts: it collects what is wrong, makes messages and sends them."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from config.clock import Clock
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
from scheduler.process.job_loop import do_jobs
from scheduler.queries import alert_pages, station
from scheduler.queries.faults import SERVER, faults, misses
from scheduler.reading.pulse import SCHEDULER

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0
MISSES_EVERY = timedelta(seconds=30)
"""Time between two looks at the airings of the next day, which read more than the others."""
ACKNOWLEDGE = "alert-message"
"""The purpose of the signature in the link of a message."""
HEARTBEAT = SCHEDULER
"""The name of the scheduler's own heartbeat in the settings."""


class AlertWorker:
    """A thread beside the scheduler's loop, because a mail server may take its time."""

    def __init__(
        self, db: Database, settings: Settings, ways: Mapping[str, Notifier], clock: Clock
    ) -> None:
        self._db, self._settings, self._ways, self._clock = db, settings, ways, clock
        self._memory = AlertMemory()
        self._recipients: tuple[Recipient, ...] = ()
        self._teller = LoneTeller((), ways, settings.station, {})
        self._heartbeat = Heartbeat(settings.alerts, HEARTBEAT)
        self._misses_read: datetime | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="alerts", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. What waits to be sent is sent after the next start."""
        self._stop.set()

    def one(self) -> bool:
        """Look once, and send what is due. Return False, for there is no next job to hurry to.

        While the database is away, those who were contacts before are told from memory.
        """
        now = self._clock.utc()
        try:
            self._turn(now)
        except DatabaseError:
            self._alone(now, is_away=True)
            raise
        self._alone(now, is_away=False)
        self._heartbeat.beat(self._clock.monotonic())
        return False

    def _turn(self, now: datetime) -> None:
        write_in(station.hours(self._db))
        found = list(faults(self._db, now))
        if self._misses_read is None or now - self._misses_read >= MISSES_EVERY:
            found.append(misses(self._db, now))
            self._misses_read = now
        for seen in found:
            alerts.observe_all(self._db, seen.reporter, seen.holding, now, channels=seen.channels)
            for channel in seen.channels or () if seen.told else ():
                alerts.note_told(self._db, seen.host, channel, seen.told)
        self._own_disk(now)
        alerts.let_time_pass(self._db, now)
        alerts.pulse(self._db, SCHEDULER, now)
        alert_messages.make(self._db, now, self._settings.station)
        for waiting in alert_messages.waiting(self._db, now):
            why = self._send(waiting)
            alert_messages.note_try(self._db, self._clock.utc(), waiting.id, why)
        self._recipients = alert_pages.recipients(self._db)

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

    def _own_disk(self, now: datetime) -> None:
        """Look at the server's own disk, which the database and uploads need."""
        free = free_bytes(self._settings.data_dir)
        holds = free is not None and free < LOW_BELOW
        words = f"{bytes_words(free or 0)} are free on the server's disk." if holds else ""
        alerts.observe(
            self._db, Condition.DISK, holds=holds, at=now, reporter=SERVER, detail=words,
            subject="server",
        )  # fmt: skip

    def _alone(self, now: datetime, *, is_away: bool) -> None:
        words = "The scheduler cannot reach the database."
        seen = Observation(Condition.DATABASE_AWAY, "", "", True, words, now, SERVER)
        self._memory.look([seen] if is_away else [], SERVER, now)
        if not self._memory.alerts:
            return
        self._teller.recipients = self._recipients
        self._teller.tell(self._memory.alerts.values(), now)

    def _work(self) -> None:
        do_jobs("alerts", self.one, self._clock, self._stop, look_every=LOOK_EVERY_SECONDS)
