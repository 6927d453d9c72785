"""The week grid: local days of a channel, and the airings of one or several channels in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId, ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.air.readiness import AiringFinding, AiringView, findings
from scheduler.domain.model.channel import Channel
from scheduler.domain.series.blocks import BlockRun, block_runs
from scheduler.domain.series.wall_time import instant
from scheduler.reading.airing_views import airing_views
from scheduler.reading.channels import channels_in_use
from scheduler.refusals import Missing

CLOCK_CHANGE_STEP = timedelta(minutes=15)
"""Clocks change at a full quarter of an hour, in every zone of this century."""


@dataclass(frozen=True)
class GridDay:
    """One local day. It has 23 or 25 hours when the clocks change."""

    day: date
    starts: datetime
    ends: datetime
    zone: str

    @property
    def hours(self) -> float:
        """Length of the day in hours."""
        return (self.ends - self.starts) / timedelta(hours=1)

    @property
    def shift(self) -> datetime | None:
        """The instant at which the clocks change; None on most days."""
        zone = ZoneInfo(self.zone)
        at = self.starts
        while at < self.ends:
            if (at + CLOCK_CHANGE_STEP).astimezone(zone).utcoffset() != at.astimezone(
                zone
            ).utcoffset():
                return at + CLOCK_CHANGE_STEP
            at += CLOCK_CHANGE_STEP
        return None

    @property
    def note(self) -> str:
        """A sentence for a day that does not have 24 hours; empty for the others."""
        if self.hours < 24:
            return f"The clocks go forward: this day has {self.hours:g} hours."
        return f"The clocks go back: this day has {self.hours:g} hours." if self.hours > 24 else ""


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday, with everything planned in them."""

    channels: tuple[Channel, ...]
    zone: str
    days: tuple[GridDay, ...]
    airings: tuple[AiringView, ...]
    """Of all channels, by start; none that is cancelled."""
    findings: tuple[AiringFinding, ...]
    stretches: tuple[BlockRun, ...]
    """Blocks of the week."""

    def local(self, at: datetime, channel: ChannelId) -> datetime:
        """Return the instant as naive local time of its channel, for a grid that knows no time
        zones.
        """
        tz = next(one.tz for one in self.channels if one.id == channel)
        return at.astimezone(tz).replace(tzinfo=None)

    def local_end(self, start: datetime, end: datetime, channel: ChannelId) -> datetime:
        """Return where a stretch ends in the grid: at its local end, or start plus length when the
        clocks go back inside it.

        Example: 45 minutes from 01:30 EDT end at 01:15 EST. The grid draws them to 02:15.
        """
        begins, ends = self.local(start, channel), self.local(end, channel)
        return ends if ends > begins else begins + (end - start)

    def of(self, channel: ChannelId) -> tuple[AiringView, ...]:
        """Return the airings of one channel."""
        return tuple(view for view in self.airings if view.airing.channel == channel)


def channels(db: Database) -> tuple[Channel, ...]:
    """Return every channel in use, by slug."""
    with db.read() as session:
        return channels_in_use(session)


def channel(db: Database, slug: ChannelId) -> Channel:
    """Return one channel. Raises Missing."""
    with db.read() as session:
        row = session.get(ChannelRow, slug)
        if row is None:
            raise Missing("channel")
        return load.plan.channel(row, find.plan.plan_versions(session).get(slug, 0))


def day_span(day: date, zone: str) -> GridDay:
    """Return the instants at which a local day begins and ends."""
    tz = ZoneInfo(zone)
    midnight = datetime.combine(day, time())
    return GridDay(day, instant(midnight, tz), instant(midnight + timedelta(days=1), tz), zone)


def week(db: Database, slugs: Sequence[ChannelId], monday: date, now: datetime) -> Week:
    """Return the week of these channels: days in the zone of the first channel, airings of each
    channel in its own local week. Raises Missing.
    """
    shown = tuple(channel(db, slug) for slug in slugs)
    zone = shown[0].zone if shown else "UTC"
    days = tuple(day_span(monday + timedelta(days=n), zone) for n in range(7))
    sunday = monday + timedelta(days=6)
    with db.read() as session:
        views: list[AiringView] = []
        todo: list[AiringFinding] = []
        named: list[BlockRun] = []
        for one in shown:
            starts, ends = day_span(monday, one.zone).starts, day_span(sunday, one.zone).ends
            rows = find.plan.airings(session, one.id, starts, ends)
            mine = airing_views(session, rows, now)
            views += mine
            todo += findings(mine, now)
            blocks = [load.desk.block(row) for row in find.desk.blocks(session, one.id)]
            named += block_runs(blocks, one.tz, starts, ends)
    views.sort(key=lambda view: (view.airing.start, view.airing.channel))
    todo.sort(key=lambda finding: finding.at)
    return Week(shown, zone, days, tuple(views), tuple(todo), tuple(named))


def any_airing(db: Database, slug: ChannelId, monday: date) -> bool:
    """Return True when anything is planned in the week from this Monday. Raises Missing."""
    zone = channel(db, slug).zone
    starts = day_span(monday, zone).starts
    ends = day_span(monday + timedelta(days=6), zone).ends
    with db.read() as session:
        return find.desk.any_airing(session, slug, starts, ends)


def airing(db: Database, airing: AiringId, now: datetime) -> AiringView:
    """Return one airing, cancelled or not. Raises Missing."""
    with db.read() as session:
        row = session.get(AiringRow, airing)
        if row is None:
            raise Missing("airing")
        return airing_views(session, [row], now)[0]


def local_instant(local: datetime, zone: str) -> datetime:
    """Return the UTC instant of a naive local time, by our rule for clock changes."""
    return instant(local, ZoneInfo(zone)).astimezone(UTC)
