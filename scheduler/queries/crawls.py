"""Crawls of a channel with their next hours, and when its clock is shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.graphics import CrawlRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import CrawlId
from scheduler.domain.series.crawls import ChannelCrawl, crawl_runs
from scheduler.domain.series.hours import HoursRun, WeeklyHours
from scheduler.refusals import Missing

SHOWN_AHEAD = timedelta(days=8)


@dataclass(frozen=True)
class CrawlCard:
    """A crawl, and its hours that are on or come next."""

    crawl: ChannelCrawl
    run: HoursRun | None
    """None where it has no hours in the next eight days."""


@dataclass(frozen=True)
class CrawlsPage:
    """All that a channel shows by the clock."""

    channel: Channel
    crawls: tuple[CrawlCard, ...]
    """By time of day."""
    clock_on: bool
    clock_hours: tuple[WeeklyHours, ...]
    version: int
    """Version of the channel's graphics, to which the hours of its clock belong."""


def crawls_page(db: Database, channel: ChannelId, now: datetime) -> CrawlsPage:
    """Return the crawls in use and the hours of the clock. Raises Missing."""
    with db.read() as session:
        row = session.get(ChannelRow, channel)
        if row is None:
            raise Missing("channel")
        known = load.plan.channel(row, find.plan.plan_versions(session).get(channel, 0))
        crawls = [load.graphics.crawl(one) for one in find.graphics.crawls(session, channel)]
        graphics = load.graphics.channel_graphics(session, channel)
    return CrawlsPage(
        channel=known,
        crawls=tuple(CrawlCard(one, _run(one, known, now)) for one in crawls),
        clock_on=graphics.draft.clock_on,
        clock_hours=graphics.clock_hours,
        version=graphics.version,
    )


def crawl(db: Database, channel: ChannelId, id: CrawlId) -> ChannelCrawl:
    """Return one crawl of the channel, also one that was removed. Raises Missing."""
    with db.read() as session:
        row = session.get(CrawlRow, id)
        if row is None or row.channel_id != channel:
            raise Missing("crawl")
        return load.graphics.crawl(row)


def _run(crawl: ChannelCrawl, channel: Channel, now: datetime) -> HoursRun | None:
    return next(iter(crawl_runs(crawl.draft, channel.tz, now, now + SHOWN_AHEAD)), None)
