"""The threads beside the agent's turns: alarm clock, server conversation, media, control socket."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx

from config.clock import Clock
from config.settings import Settings
from config.wholefile import write_whole
from media.store import MediaError
from playout.host.alarm import AlarmClock
from playout.host.alerts import HostAlerts
from playout.host.control_socket import ControlServer
from playout.host.eviction import Evictor, on_server
from playout.host.fetching import Fetcher
from playout.host.homecoming import SENT_EVERY, RecordingSender, piece_for
from playout.host.identity import own_identity
from playout.host.library import Library
from playout.host.metrics_door import open_metrics_door
from playout.host.metrics_reading import air_text
from playout.host.pace import AirStrain, Pace
from playout.host.parts import AgentParts
from playout.host.server_client import make_client
from playout.host.server_sync import (
    REPORT_EVERY,
    SYNC_EVERY,
    SYNC_EVERY_WATCHED,
    ServerSync,
)
from playout.model.wire import encode
from playout.notify.certificates import LOOK_EVERY, CertificateWatch, places_of_machine
from playout.notify.ways import notifiers

log = logging.getLogger(__name__)

HOUSEKEEPING_EVERY = 3600.0
"""Seconds between two rounds of housekeeping."""
ALERTS_EVERY = 5.0
"""Seconds between two looks for alerts."""


class AgentThreads:
    """Threads that may block, so that the agent never does. Each can fail without the others."""

    def __init__(self, settings: Settings, parts: AgentParts) -> None:
        self.settings, self.parts = settings, parts
        self.wake = threading.Event()
        """Set it to have the agent's next turn now."""
        self._talk = threading.Event()
        self._tidy = threading.Event()
        self._alarm = AlarmClock(self.wake)
        folder = settings.channel_dir(parts.channel)
        identity = own_identity(folder)
        client = make_client(settings.server_url, parts.channel, settings.key(), identity)
        self._sync = ServerSync(client, parts.mailbox, folder / "watch", parts.journal.last_command)
        plan = parts.library.plan(parts.channel)
        if plan is not None:
            self._sync.know(plan)
        self._control_server = ControlServer(
            folder, parts.control, self._status, parts.clock.utc, self.wake
        )

    def start(self) -> None:
        """Start every thread."""
        self._start_alarm()
        self._control_server.start()
        self._open_metrics()
        _thread("sync", self._talk_for_ever)
        _thread("housekeeping", self._tidy_for_ever)
        _thread("alerts", self._tell_for_ever)
        _thread("certificates", self._look_at_certificates_for_ever)
        if self.settings.media_is_cache:
            _thread("media", self._fetch_for_ever)
            if [*self.settings.channels][0] == self.parts.channel:
                _thread("homecoming", self._send_for_ever)

    def after(self, now: datetime, change: datetime | None) -> None:
        """Set the alarm for the next change, and restart the alarm clock if its thread died."""
        if not self._alarm.lives():
            log.warning("The alarm clock had stopped and is started again.")
            self._start_alarm()
        self._alarm.at(change)

    def _start_alarm(self) -> None:
        self._alarm.start()
        self._alarm.every(SYNC_EVERY, "sync", self._talk)
        self._alarm.every(HOUSEKEEPING_EVERY, "housekeeping", self._tidy)

    def _open_metrics(self) -> None:
        """Serve the channel's numbers, each channel of the machine at a port of its own."""
        number = [*self.settings.channels].index(self.parts.channel)
        open_metrics_door(self.settings.metrics_address, number, partial(air_text, self.parts))

    def _status(self) -> bytes:
        with self.parts.mailbox.lock:
            status = self.parts.mailbox.status
        return encode(status) if status is not None else b"{}"

    def _talk_for_ever(self) -> None:
        """Talk with the server every 0.5 s, every 0.1 s while someone watches.

        The alarm clock sets the event as well, so that a slow round does not slow the pace.
        """
        clock, reported = self.parts.clock, 0
        while True:
            due = clock.monotonic() - reported >= REPORT_EVERY * 1e9 or self._sync.watching
            if due:
                reported = clock.monotonic()
            try:
                self._sync.turn(report=due)
            except Exception:  # noqa: BLE001 - the next round asks for everything again
                log.exception("A round with the server failed. The channel continues by itself.")
            if not self.parts.mailbox.problem:
                self.parts.mailbox.contact = clock.monotonic()
            # A command must not wait for the agent's next turn.
            if self.parts.mailbox.plan is not None or self.parts.mailbox.commands:
                self.wake.set()
            clock.wait(SYNC_EVERY_WATCHED if self._sync.watching else SYNC_EVERY, self._talk)
            self._talk.clear()

    def _tell_for_ever(self) -> None:
        """Tell people by itself while the server is away, and send the channel's heartbeat."""
        parts = self.parts
        alerts = HostAlerts(self.settings, parts.channel, parts.mailbox, notifiers(self.settings))
        while True:
            try:
                plan = partial(parts.library.plan, parts.channel)
                alerts.turn(parts.clock.utc(), parts.clock.monotonic(), plan)
            except Exception:  # noqa: BLE001 - the next look decides everything again
                log.exception("A look for alerts failed. The channel continues.")
            parts.clock.wait(ALERTS_EVERY)

    def _look_at_certificates_for_ever(self) -> None:
        parts, due = self.parts, 0
        watch = CertificateWatch(places_of_machine(self.settings, parts.channel))
        while watch.places:
            try:
                if parts.clock.monotonic() >= due:
                    watch.look(parts.clock.utc())
                    due = parts.clock.monotonic() + round(LOOK_EVERY.total_seconds() * 1e9)
                ending = watch.ending(parts.clock.utc())
                parts.mailbox.certificates = " ".join(said for _, said in ending)
            except Exception:  # noqa: BLE001 - the next look reads everything again
                log.exception("A look at certificates failed. The channel continues.")
            parts.clock.wait(HOUSEKEEPING_EVERY)

    def _fetch_for_ever(self) -> None:
        parts, mailbox = self.parts, self.parts.mailbox
        store, client = parts.library.store, self._media_client()
        fetcher = Fetcher(client, store, self._evictor(), parts.clock, self._pace())
        while True:
            with mailbox.lock:
                wanted, in_contact = tuple(mailbox.fetch), not mailbox.problem
            tried = False
            try:
                tried = fetcher.turn(wanted, in_contact=in_contact)
                mailbox.lacking = fetcher.lacking
            except Exception:  # noqa: BLE001 - all that is lacking is asked for again
                log.exception("Fetching media failed and is tried again.")
            parts.clock.wait(1.0 if tried else 5.0)

    def _send_for_ever(self) -> None:
        """Send recordings home: one channel does it for all, as they share the store."""
        parts, mailbox = self.parts, self.parts.mailbox
        client, store = self._media_client(), parts.library.store
        rate = self.settings.fetch_megabits * 1_000_000 / 8
        pace, drop = self._pace(), self._evictor().drop
        sender = RecordingSender(client, store, parts.clock, pace, piece_for(rate), drop)
        while True:
            sent = False
            try:
                sent = not mailbox.problem and sender.turn()
                mailbox.sending = sender.problem
            except Exception:  # noqa: BLE001 - what the server lacks is asked for again
                log.exception("Sending recordings failed and is tried again.")
            parts.clock.wait(0.0 if sent else SENT_EVERY)

    def _pace(self) -> Pace:
        """Return the pace of files that the settings allow, resting while air is late."""
        mailbox, strain = self.parts.mailbox, AirStrain(self.parts.clock)
        rate = self.settings.fetch_megabits * 1_000_000 / 8
        return Pace(self.parts.clock, rate, lambda: strain.look(mailbox.status))

    def _media_client(self) -> httpx.Client:
        client = make_client(self.settings.server_url, self.parts.channel, self.settings.key())
        client.timeout = httpx.Timeout(30.0, connect=2.0)
        return client

    def _evictor(self) -> Evictor:
        """Return what keeps room in the store that all channels of this machine share."""
        store, settings = self.parts.library.store, self.settings
        libraries = [
            (name, Library(settings.channel_dir(name), store)) for name in settings.channels
        ]
        return Evictor(store, tuple(libraries), on_server(self._media_client()))

    def _tidy_for_ever(self) -> None:
        folder, evictor = self.settings.channel_dir(self.parts.channel), self._evictor()
        while True:
            try:
                tidy(folder, self.parts.clock)
            except OSError as error:
                log.warning("Housekeeping failed and is tried again in an hour: %s", error)
            if self.settings.media_is_cache:
                _make_room(evictor, self.parts.clock)
            self.parts.clock.wait(HOUSEKEEPING_EVERY, self._tidy)
            self._tidy.clear()


def tidy(folder: Path, clock: Clock) -> None:
    """Remove drawn slides that were not used for a month, and note when this last ran."""
    month = timedelta(days=30).total_seconds()
    now = clock.utc().timestamp()
    for drawn in (folder / "drawn").glob("*.i420"):
        if now - drawn.stat().st_mtime > month:
            drawn.unlink(missing_ok=True)
    write_whole(folder / "tidied", f"{clock.utc().isoformat()}\n".encode())


def _make_room(evictor: Evictor, clock: Clock) -> None:
    try:
        evictor.make_room(clock.utc())
    except (OSError, MediaError, ValueError) as error:
        log.warning("No room could be made in the media store: %s", error)


def _thread(name: str, run: Callable[[], None]) -> None:
    threading.Thread(target=run, name=name, daemon=True).start()
