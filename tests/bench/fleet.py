"""The processor time that broadcast machines and open desks of fifty channels take from the web
servers and their PostgreSQL: each request is measured, and multiplied by how often it comes.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure
from flask.testing import FlaskClient
from support.air_machine import status
from support.databases import Cluster, new_database, newest_bin
from support.desk import HOUR, NOW, a_channel, an_airing
from support.website import Site
from werkzeug.test import TestResponse

from config.clock import SimulatedClock
from config.settings import Settings
from playout.host.server_sync import REPORT_EVERY, SYNC_EVERY, SYNC_EVERY_WATCHED
from playout.model.wire import Report, encode
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish_all
from web import create_app

CHANNELS = 50
PICTURE = b"\xff\xd8" + os.urandom(30_000)
"""As long as a picture of a channel."""
DESK_EVERY, PICTURE_SHOWN_EVERY = 1.0, 2.0
"""Seconds between two requests of a page, from `onair.html` and `onair.js`."""
TICKS = os.sysconf("SC_CLK_TCK")
HOW = (
    "each request goes through the whole app on a real PostgreSQL, one at a time; the processor "
    "time of app and database is multiplied by how often it comes. A round waits for its answers, "
    "so a server that is too slow slows the rounds and builds no queue. What the network, the "
    "proxy and the worker in front of the app take is not in it."
)


@dataclass
class Fleet:
    """Fifty channels on air, and the page of one who watches them all."""

    site: Site
    key: dict[str, str]
    staff: FlaskClient
    plans: dict[str, str]
    """The tag of the newest plan of each channel."""
    asked: int = 0

    def commands(self) -> None:
        """Ask for new commands."""
        assert self._host("GET", f"{self._next()}/commands?after=0&heard=").status_code == 200

    def plan(self) -> None:
        """Ask for a plan that the machine has already."""
        channel = self._next()
        known = {"If-None-Match": self.plans[channel]}
        assert self._host("GET", f"{channel}/plan", more=known).status_code == 304

    def report(self) -> None:
        """Report what is on air."""
        channel = self._next()
        sent = Report(status(channel=channel, at=self.site.clock.utc()), None, ())
        assert self._host("POST", f"{channel}/report", encode(sent)).status_code == 200

    def picture(self) -> None:
        """Send a new picture."""
        content = PICTURE + str(self.asked).encode()
        assert self._host("POST", f"{self._next()}/picture", content).status_code == 204

    def shown(self) -> None:
        """Show a picture that another web server was sent."""
        assert self.staff.get(f"/channels/{self._next()}/picture.jpg").status_code == 200

    def desk(self) -> None:
        """Draw a desk."""
        assert self.staff.get(f"/channels/{self._next()}/desk").status_code == 200

    def _next(self) -> str:
        self.asked += 1
        self.site.clock.wait(0.01)
        return name_of(self.asked % CHANNELS)

    def _host(
        self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> TestResponse:
        return self.site.visitor().open(
            f"/api/v1/host/{path}", method=method, data=body, headers=self.key | (more or {})
        )


@dataclass(frozen=True)
class Cost:
    """The processor time of one request, in milliseconds."""

    web: float
    database: float

    @property
    def whole(self) -> float:
        return self.web + self.database


def name_of(number: int) -> str:
    """Return the id of a channel."""
    return f"ch{100 + number}"


@contextmanager
def fleet(cluster: Cluster, folder: Path) -> Iterator[Fleet]:
    """Make fifty channels with a published plan each on PostgreSQL."""
    with new_database(cluster.url) as url:
        db = Database(url)
        upgrade(db)
        for number in range(CHANNELS):
            channel = a_channel(db, name_of(number))
            an_airing(db, NOW + HOUR, channel=channel.id, slate_text="Soon")
        publish_all(db, NOW)
        clock = SimulatedClock(NOW)
        settings = Settings(data_dir=folder, domain="tv.example")
        site = Site(create_app(settings, db, clock), db, clock, settings)
        made = Fleet(site, site.host_key(), site.browser(Role.OPERATOR), {})
        for number in range(CHANNELS):
            answer = made._host("GET", f"{name_of(number)}/plan")
            made.plans[name_of(number)] = answer.headers["ETag"]
        yield made
        db.close()


def cost_of(act: Callable[[], None], cluster: Cluster, times: int) -> Cost:
    """Return the mean cost of a request, after one round of all channels that is not counted."""
    for _ in range(CHANNELS):
        act()
    web, database = time.process_time(), cpu_of(cluster)
    for _ in range(times):
        act()
    web, database = time.process_time() - web, cpu_of(cluster) - database
    return Cost(1000 * web / times, 1000 * database / times)


def cpu_of(cluster: Cluster) -> float:
    """Return the processor seconds of all processes of PostgreSQL so far."""
    first = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
    seconds = 0.0
    for found in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = found.read_text().rpartition(")")[2].split()
            if first in (int(told[1]), int(found.parent.name)):
                seconds += (int(told[11]) + int(told[12])) / TICKS
    return seconds


def measure(folder: Path, quick: bool) -> Measured:
    """Measure each request, and add up what fifty channels take."""
    times = (1 if quick else 4) * CHANNELS
    cluster = Cluster(newest_bin())
    cluster.start()
    try:
        with fleet(cluster, folder / "data") as made:
            acts = (made.commands, made.plan, made.report, made.picture, made.shown, made.desk)
            costs = {act.__name__: cost_of(act, cluster, times) for act in acts}
    finally:
        cluster.stop()
    return Measured([*of_requests(costs), *of_fleet(costs)], words={"how": HOW})


def of_requests(costs: dict[str, Cost]) -> list[Figure]:
    """Return the figure of each request."""
    return [
        Figure("fleet", f"one request: {name}", cost.whole, "ms",
               note=f"web {cost.web:.2f} ms, PostgreSQL {cost.database:.2f} ms")
        for name, cost in costs.items()
    ]  # fmt: skip


def of_fleet(costs: dict[str, Cost]) -> list[Figure]:
    """Return the cores that fifty channels take, and what one of them takes with its desk open."""
    rounds = ("commands", "plan")
    alone = sum(costs[one].whole for one in rounds) / SYNC_EVERY
    alone += costs["report"].whole / REPORT_EVERY
    each_round = sum(costs[one].whole for one in (*rounds, "report", "picture"))
    watched = each_round / SYNC_EVERY_WATCHED
    watched += costs["desk"].whole / DESK_EVERY + costs["shown"].whole / PICTURE_SHOWN_EVERY
    name = f"{CHANNELS} channels"
    return [
        Figure("fleet", f"{name}, no page open", CHANNELS * alone / 1000, "cores"),
        Figure("fleet", f"{name}, a desk open on each", CHANNELS * watched / 1000, "cores"),
        Figure("fleet", "one channel with its desk open", watched / 10, "% of a core"),
    ]
