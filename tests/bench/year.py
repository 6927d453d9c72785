"""A year of two channels at forty airings a day: the cost for the schedule page and the scheduler.

The airings belong to series, beside meetings with replays, a nightly block, a calendar and a
protected evening, so that every rule has work to do.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from support.desk import ADMIN, CH13, MINUTE, NOW, PLANNER, a_channel, an_airing, an_asset

from config.clock import SimulatedClock
from config.names import ChannelId, Revision
from config.settings import Settings
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import (
    airings,
    anchors,
    blocks,
    calendars,
    filler,
    meetings,
    people,
    series,
    sources,
)
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.people import Role
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.domain.model.source import SourceDraft
from scheduler.domain.series.blocks import BlockDraft
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft, Observance, Policy
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.process.publish import publish
from scheduler.queries import conflicts, grid
from scheduler.queries.dryrun import simulate
from scheduler.reading.snapshot import snapshot
from web import create_app

CHANNELS = ("ch13", "ch14")
A_DAY = 40
EVERY = timedelta(days=1) / A_DAY
LENGTH = timedelta(minutes=30)
WEEK = timedelta(days=7)
BACK, AHEAD = timedelta(days=180), timedelta(days=185)
SERIES, MEETINGS = 20, 26
"""Of each channel: series, one airing a day each, and meetings, one a week."""
NEW_YORK = ZoneInfo("America/New_York")
DAILY = frozenset(range(7))
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def furnish(db: Database) -> int:
    """Copy a year of rows from one airing added through its action; return their number."""
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
        session.execute(insert(AiringRow), list(_copies(like)))
    for slug in CHANNELS:
        _rules(db, ChannelId(slug), asset)
    with db.read() as session:
        return session.execute(select(func.count()).select_from(AiringRow)).scalar_one()


def _rules(db: Database, channel: ChannelId, asset: Asset) -> None:
    """Add series with a calendar, meetings with replays, a block and a protected evening."""
    days = calendars.add(db, PLANNER, NOW, CalendarDraft(f"Days of {channel}", CITY_HOLIDAYS))
    short = AiringDraft(channel, "Daily", NOW, timedelta(minutes=5), asset=asset.id)
    for number in range(SERIES):
        at = (NOW + LENGTH + 2 * number * EVERY).astimezone(NEW_YORK).time()
        seen = (Observance(days.id, Policy.SKIP),)
        rule = Rule("America/New_York", at, Weekly(DAILY), NOW.date(), holidays=seen)
        series.add(db, PLANNER, NOW, SeriesDraft(f"Daily {number}", rule, short))
    chamber = sources.add(db, ADMIN, NOW, SourceDraft(f"Chamber of {channel}", "test:")).id
    for week in range(MEETINGS):
        start = NOW + timedelta(days=2 + 7 * week, minutes=3)
        council = MeetingDraft(channel, f"Council {week}", start, 3 * LENGTH, source=chamber)
        meetings.add(db, PLANNER, NOW, replace(council, replays=ReplayRules(same_day=time(19))))
    night = BlockDraft(channel, "Night", DAILY, time(1), time(5), NOW.date(), assets=(asset.id,))
    blocks.add(db, PLANNER, NOW, night)
    anchors.protect(db, PLANNER, NOW, AnchorDraft(channel, time(20)))


def _copies(like: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for slug in CHANNELS:
        for number in range(int((BACK + AHEAD) / EVERY)):
            start = NOW - BACK + EVERY * number
            own = {"id": f"{slug}-{number:021}", "channel_id": slug, "title": f"Item {number}"}
            made.append(like | own | {"start": start, "end": start + LENGTH})
    return made


def wall(act: Callable[[int], object], count: int) -> list[float]:
    """Return the milliseconds of wall time of each of `count` calls."""
    taken = []
    for number in range(count):
        begin = perf_counter()
        act(number)
        taken.append((perf_counter() - begin) * 1000)
    return taken


def browser(db: Database, folder: Path) -> FlaskClient:
    """Return a browser signed in as a planner."""
    app = create_app(Settings(data_dir=folder / "data", station="Bench"), db, SimulatedClock(NOW))
    client = app.test_client()
    token = people.invite(db, ADMIN, NOW, Role.SCHEDULER)
    person = people.redeem_link(db, NOW, token, "Pat", "pat", "a short sentence of words")
    secret = people.open_session(db, NOW, person.id, "bench")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    return client


class Desk:
    """The timed requests; each must succeed."""

    def __init__(self, db: Database, client: FlaskClient) -> None:
        self.db, self.client = db, client
        page = client.get("/schedule/ch13", follow_redirects=True).get_data(as_text=True)
        found = TOKEN.search(page)
        assert found is not None
        self.token = found.group(1)
        week = grid.week(db, [CH13], NOW.date() + timedelta(days=1), NOW)
        coming = [view.airing for view in week.airings if view.airing.start > NOW]
        later = {one.id: replace(one.draft, start=one.start + MINUTE) for one in coming}
        self.airings = [
            one for one in coming if not conflicts.weigh(db, later[one.id], NOW, one.id).choices
        ]

    def see(self, number: int) -> None:
        """Open a week at one of its days."""
        day = NOW.date() + timedelta(days=number % 120)
        answer = self.client.get(f"/schedule/ch13/{day:%G-W%V}?day={day}")
        assert answer.status_code == 200, answer.status_code

    def draw(self, number: int) -> None:
        """Query a week's grid of both channels."""
        day = NOW.date() + timedelta(days=number % 120)
        answer = self.client.get(f"/schedule/events/{day:%G-W%V}.json")
        assert answer.status_code == 200, answer.status_code

    def move(self, number: int) -> None:
        """Move an airing by a minute, as an arrow key does."""
        own = self.airings[number % len(self.airings)]
        version = own.version + number // len(self.airings)
        form = {"csrf_token": self.token, "version": version, "minutes": 1}
        answer = self.client.post(f"/airings/{own.id}/move", data=form)
        assert answer.status_code in (200, 303), answer.get_data(as_text=True)[:300]

    def clash(self, number: int) -> None:
        """Drag an airing onto the next; the answer offers every way out and saves none."""
        own, other = self.airings[number % 40], self.airings[number % 40 + 1]
        by = round((other.start + LENGTH / 4 - own.start).total_seconds())
        form = {"csrf_token": self.token, "by": by}
        answer = self.client.post(f"/airings/{own.id}/move", data=form)
        assert answer.status_code == 422, answer.status_code
        assert "What should happen?" in answer.get_data(as_text=True)


def p95(name: str, taken: Sequence[float], most: float | None) -> Figure:
    """Return the 95th percentile, with the median as a note."""
    note = f"of {len(taken)}, middle {middle(taken):.0f} ms, worst {max(taken):.0f} ms"
    return Figure("year", f"{name}, 95 %", percentile(taken, 0.95), "ms", most, note=note)


def day_settled(db: Database, count: int) -> list[float]:
    """Settle the day of a change, each time from the rows on."""
    starts, ends = window(NOW)
    midnight = NOW.replace(hour=5)
    horizon = midnight + timedelta(days=1)
    taken = []
    for _ in range(count):
        with db.read() as session:
            plan = build_plan(snapshot(session, CH13, starts, ends), starts, ends, NOW, Revision(1))
        taken += wall(lambda _, plan=plan: settle(plan, AirState(), midnight, horizon=horizon), 1)
    return taken


def expanded(db: Database, count: int) -> list[float]:
    """Read the plan's window and build its items."""
    starts, ends = window(NOW)

    def one(_: int) -> None:
        with db.read() as session:
            build_plan(snapshot(session, CH13, starts, ends), starts, ends, NOW, Revision(1))

    return wall(one, count)


def published(db: Database, count: int) -> list[float]:
    """Make a change and publish it; time the publishing."""
    own = an_airing(db, NOW + timedelta(days=1, minutes=31), length=timedelta(minutes=3))
    taken = []
    for number in range(count):
        title = replace(own.draft, title=f"Changed {number}")
        own = airings.edit(db, PLANNER, NOW, own.id, title, own.version)
        taken += wall(lambda _: publish(db, ChannelId(CH13), NOW), 1)
    return taken


def dry_runs(db: Database, count: int) -> list[float]:
    """Simulate the coming week of both channels."""
    return wall(lambda _: simulate(db, NOW, WEEK), count)


def measure(folder: Path, quick: bool) -> Measured:
    """Measure the targets of the schedule page at the server, on SQLite."""
    count = 10 if quick else 200
    db = Database(f"sqlite:///{folder / 'plan.sqlite'}")
    upgrade(db)
    rows = furnish(db)
    desk = Desk(db, browser(db, folder))
    figures = [
        p95("week view", wall(desk.see, count), 200),
        p95("events of the week's grid", wall(desk.draw, count), 200),
        p95("save", wall(desk.move, count), 200),
        p95("save that clashes", wall(desk.clash, count), 200),
        p95("rows into a plan", expanded(db, count), None),
        p95("settle a changed day", day_settled(db, count), 50),
        p95("publish a change", published(db, min(count, 50)), None),
        p95("dry run of 7 days, both channels", dry_runs(db, count), 3000),
    ]
    db.close()
    return Measured(figures, words={"rows": f"{rows} airings in {datetime.strftime(NOW, '%Y')}"})
