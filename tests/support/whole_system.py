"""The whole system on one simulated clock: web, scheduler, agent, and the real API between them."""

from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from icalendar import Calendar, Event
from support.as_run import as_run_day
from support.broadcast import Machine
from support.desk import CH13
from support.page import read
from support.plans import plan
from support.website import Site, post

from playout.host.server_client import make_client
from playout.model.wire import AsRun
from scheduler.db import find, load
from scheduler.domain.model.people import Role
from scheduler.domain.series.blocks import block_of
from scheduler.process.alarms import Wake
from scheduler.process.service import look
from scheduler.queries import reports

PUBLISH_EVERY = timedelta(minutes=1)
"""How often the scheduler's timer publishes, changed or not."""


class WholeSystem(Machine):
    """A channel on air by what staff planned; plans, commands and reports go through Flask."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.viewer = site, site.visitor()
        base = site.settings.base_url
        wire = make_client(base, CH13, "")
        client = httpx.Client(
            base_url=wire.base_url,
            headers={**wire.headers, **site.host_key()},
            transport=httpx.WSGITransport(app=site.app),
        )
        self.staff = site.browser(Role.OPERATOR)
        self.rung: datetime | None = None
        super().__init__(folder, plan(), clock=site.clock, client=client)

    def turn(self) -> datetime:
        """Let the scheduler run, then host and server talk, then the agent decide."""
        look(self.site.db, self.now, self._rings())
        return super().turn()

    def _rings(self) -> frozenset[Wake]:
        """Return what the scheduler's timers wake it for now; a change is published without a
        timer.
        """
        if self.rung is not None and timedelta(0) <= self.now - self.rung < PUBLISH_EVERY:
            return frozenset()
        self.rung = self.now
        return frozenset({Wake.PUBLISH})

    def page(self, path: str) -> str:
        """Return the words of a page as staff see it now."""
        return read(self.staff.get(path, follow_redirects=True)).text

    def public(self) -> str:
        """Return the words of the public page as it is now."""
        return read(self.viewer.get("/tv/ch13")).text

    def events(self) -> dict[str, Event]:
        """Return the feed as it is now, each event by its words."""
        body = self.viewer.get("/ch13/lineup.ics").data
        return {str(one["summary"]): one for one in Calendar.from_ical(body).walk("VEVENT")}

    def every_event(self) -> list[Event]:
        """Return the feed as it is now, in its order; several events may have the same words."""
        body = self.viewer.get("/ch13/lineup.ics").data
        return list(Calendar.from_ical(body).walk("VEVENT"))

    def as_run_of_blocks(self) -> list[AsRun]:
        """Return what blocks put on air since yesterday, as the server has it."""
        with self.site.db.read() as session:
            rows = find.house.as_run(session, CH13, self.now - timedelta(days=1), self.now)
            found = [load.journal.as_run(row) for row in rows]
        return [run for run in found if block_of(run.item) and run.ticks]

    def give(self, verb: str) -> None:
        """Press a button for what is on air; the machine obeys."""
        answer = post(self.staff, "/channels/ch13/command", verb=verb, cue=self.on_air())
        assert answer.status_code == 303, answer.get_data(as_text=True)[:300]
        self.run_for(2, most=1)

    def day(self, day: date) -> reports.AsRunDay:
        """Return the day's as-run as staff read it."""
        return as_run_day(self.site.db, CH13, day, self.now)
