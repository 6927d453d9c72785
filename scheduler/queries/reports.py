"""What aired on a day, as the station keeps it for the record, with what went otherwise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from playout.wire import AsRun
from scheduler.db import entries, find, find_house, load
from scheduler.db.store import Database
from scheduler.domain.channel import Channel
from scheduler.domain.reconcile import Discrepancy, discrepancy
from scheduler.domain.recurrence import instant
from scheduler.domain.share import Share, share
from scheduler.refusals import Missing
from scheduler.snapshot import read_channel


@dataclass(frozen=True)
class AsRunDay:
    """A local day of a channel as it was seen on air."""

    channel: Channel
    day: date
    starts: datetime
    ends: datetime
    runs: tuple[AsRun, ...]
    discrepancies: tuple[Discrepancy, ...]
    share: Share
    """Of the day up to the instant of asking."""
    unreadable: int = 0
    """Stretches on record that make no sense and are left out."""


def as_run_day(db: Database, slug: ChannelId, day: date, now: datetime) -> AsRunDay:
    """The day in the channel's zone, as far as it has gone at `now`. Raises Missing."""
    with db.read() as session:
        read = read_channel(session, slug)
        if read is None:
            raise Missing("channel")
        zone = ZoneInfo(read.channel.zone)
        starts = instant(datetime.combine(day, datetime.min.time()), zone)
        ends = instant(datetime.combine(day + timedelta(days=1), datetime.min.time()), zone)
        runs, unreadable = entries.drawable(find_house.as_run(session, slug, starts, ends))
        judged = [load.airing(row) for row in find.airings(session, slug, starts, ends)]
    return AsRunDay(
        channel=read.channel,
        day=day,
        starts=starts,
        ends=ends,
        runs=runs,
        discrepancies=tuple(d for d in map(discrepancy, judged) if d is not None),
        share=share(runs, starts, min(ends, now)),
        unreadable=unreadable,
    )


def as_run_between(
    db: Database, slug: ChannelId, since: datetime, until: datetime
) -> tuple[AsRun, ...]:
    """What was on air in [since, until), for the strip of the last hours."""
    with db.read() as session:
        return entries.drawable(find_house.as_run(session, slug, since, until))[0]
