"""A year of two channels at forty airings a day: what the desk and the scheduler take with it."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from support.desk import ADMIN, CH13, NOW, PLANNER, a_channel, an_airing, an_asset

from config.clock import SimulatedClock
from config.names import ChannelId, Revision
from config.settings import Settings
from playout.live import Happened
from playout.settle import settle
from scheduler.actions import airings, filler, people
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.db.tables import AiringRow
from scheduler.domain.expand import expand, window
from scheduler.domain.people import Role
from scheduler.publish import publish
from scheduler.queries import grid
from scheduler.queries.dryrun import simulate
from scheduler.snapshot import snapshot
from web import create_app

CHANNELS = ("ch13", "ch14")
A_DAY = 40
EVERY = timedelta(days=1) / A_DAY
LENGTH = timedelta(minutes=30)
WEEK = timedelta(days=7)
BACK, AHEAD = timedelta(days=180), timedelta(days=185)
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def furnish(db: Database) -> int:
    """The year in rows, copied from one airing that was made properly; how many there are."""
    for slug in CHANNELS:
        a_channel(db, slug)
    asset = an_asset(db, "Council recording", "a", LENGTH)
    for number, key in enumerate("bcdef"):
        clip = an_asset(db, f"Filler {number}", key, timedelta(seconds=20 + 25 * number))
        filler.set_filler(db, PLANNER, NOW, CH13, clip.id, True)
    an_airing(db, NOW + EVERY / 2, asset=asset.id, length=LENGTH)
    with db.write() as session:
        row = session.execute(select(AiringRow)).scalar_one()
        names = [column.key for column in AiringRow.__mapper__.column_attrs]
        like = {name: getattr(row, name) for name in names}
        session.delete(row)
        session.flush()
        rows = list(_copies(like))
        session.execute(insert(AiringRow), rows)
    return len(rows)


def _copies(like: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for slug in CHANNELS:
        for number in range(int((BACK + AHEAD) / EVERY)):
            start = NOW - BACK + EVERY * number
            own = {"id": f"{slug}-{number:021}", "channel_id": slug, "title": f"Item {number}"}
            made.append(like | own | {"start": start, "end": start + LENGTH})
    return made


def wall(act: Callable[[int], object], count: int) -> list[float]:
    """Milliseconds each of so many calls took, as somebody waiting for it feels them."""
    taken = []
    for number in range(count):
        begin = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def browser(db: Database, folder: Path) -> FlaskClient:
    """Somebody who may plan, signed in."""
    app = create_app(Settings(data_dir=folder / "data", station="Bench"), db, SimulatedClock(NOW))
    client = app.test_client()
    token = people.invite(db, ADMIN, NOW, Role.SCHEDULER)
    person = people.redeem_link(db, NOW, token, "Pat", "pat", "a short sentence of words")
    secret = people.open_session(db, NOW, person.id, "bench")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    return client


class Desk:
    """The requests that are timed; each must succeed."""

    def __init__(self, db: Database, client: FlaskClient) -> None:
        self.db, self.client = db, client
        page = client.get("/schedule/ch13", follow_redirects=True).get_data(as_text=True)
        found = TOKEN.search(page)
        assert found is not None
        self.token = found.group(1)
        week = grid.week(db, [CH13], NOW.date() + timedelta(days=1), NOW)
        self.airings = [view.airing for view in week.airings if view.airing.start > NOW]

    def see(self, number: int) -> None:
        """Open a week on one of its days."""
        day = NOW.date() + timedelta(days=number % 120)
        answer = self.client.get(f"/schedule/ch13/{day:%G-W%V}?day={day}")
        assert answer.status_code == 200, answer.status_code

    def draw(self, number: int) -> None:
        """What the grid of a week asks for, both channels."""
        day = NOW.date() + timedelta(days=number % 120)
        answer = self.client.get(f"/schedule/events/{day:%G-W%V}.json")
        assert answer.status_code == 200, answer.status_code

    def move(self, number: int) -> None:
        """Move an airing a minute, as a key does."""
        own = self.airings[number % len(self.airings)]
        version = own.version + number // len(self.airings)
        form = {"csrf_token": self.token, "version": version, "minutes": 1}
        answer = self.client.post(f"/airings/{own.id}/move", data=form)
        assert answer.status_code in (200, 303), answer.get_data(as_text=True)[:300]


def p95(name: str, taken: Sequence[float], most: float | None) -> Figure:
    """The slowest of twenty, with the middle beside it."""
    note = f"of {len(taken)}, middle {middle(taken):.0f} ms, worst {max(taken):.0f} ms"
    return Figure("year", f"{name}, 95 %", percentile(taken, 0.95), "ms", most, note=note)


def day_settled(db: Database, count: int) -> list[float]:
    """Settle the day of a change, from the plan as rows become it."""
    starts, ends = window(NOW)
    with db.read() as session:
        plan = expand(snapshot(session, CH13, starts, ends), starts, ends, NOW, Revision(1))
    midnight = NOW.replace(hour=5)
    horizon = midnight + timedelta(days=1)
    return wall(lambda _: settle(plan, Happened(), midnight, horizon=horizon), count)


def published(db: Database, count: int) -> list[float]:
    """A change and its publishing: the second is timed."""
    own = an_airing(db, NOW + timedelta(days=1, minutes=31), length=timedelta(minutes=3))
    taken = []
    for number in range(count):
        title = replace(own.draft, title=f"Changed {number}")
        own = airings.edit(db, PLANNER, NOW, own.id, title, own.version)
        taken += wall(lambda _: publish(db, ChannelId(CH13), NOW), 1)
    return taken


def measure(folder: Path, quick: bool) -> Measured:
    """The targets of the schedule desk, at the server, on SQLite."""
    count = 10 if quick else 200
    db = Database(f"sqlite:///{folder / 'plan.sqlite'}")
    upgrade(db)
    rows = furnish(db)
    desk = Desk(db, browser(db, folder))
    figures = [
        p95("week view", wall(desk.see, count), 200),
        p95("events of the week's grid", wall(desk.draw, count), 200),
        p95("save", wall(desk.move, count), 200),
        p95("settle a changed day", day_settled(db, count), 50),
        p95("publish a change", published(db, min(count, 50)), None),
        p95("dry run of 7 days, both channels", wall(lambda _: simulate(db, NOW, WEEK), 10), 3000),
    ]
    db.close()
    return Measured(figures, words={"rows": f"{rows} airings in {datetime.strftime(NOW, '%Y')}"})
