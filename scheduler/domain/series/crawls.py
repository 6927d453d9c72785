"""Crawls of a channel: text at some hours of the week, now and then or without a pause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from config.times import length
from playout.model.graphics import Crawl, Stretch
from scheduler.domain.model.airing_graphics import LONGEST_CRAWL
from scheduler.domain.model.ids import CrawlId
from scheduler.domain.model.text import one_line
from scheduler.domain.series.hours import HoursRun, WeeklyHours, joined_runs, runs

MOST_CRAWLS = 10
"""Most crawls of one channel in use."""
MOST_CLOCK_HOURS = 6
SLOWEST, FASTEST = 60, 300
"""Words a minute that viewers can read and a crawl of one line can do."""
USUAL_SPEED = 150
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=12)
"""From one beginning to the next: the longest text at the slowest speed passes in less than two
minutes.
"""
SHORTEST_HOURS = timedelta(minutes=3)
_WEEK = timedelta(days=8)


@dataclass(frozen=True)
class CrawlDraft:
    """The fields of a crawl that staff may set. Hours are local times of the channel."""

    channel: ChannelId
    text: str
    hours: WeeklyHours
    first: date
    last: date | None = None
    every: timedelta | None = timedelta(minutes=15)
    """From one beginning to the next; None for without a pause."""
    speed: int = USUAL_SPEED
    """Words a minute."""

    @property
    def in_words(self) -> str:
        """Return `every weekday 7:00–9:00, every 15 min`."""
        how = "without a pause" if self.every is None else f"every {length(self.every)}"
        return f"{self.hours.in_words}, {how}"


@dataclass(frozen=True)
class ChannelCrawl:
    """A crawl of a channel as stored."""

    id: CrawlId
    draft: CrawlDraft
    archived: bool
    version: int


def problems(draft: CrawlDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    text = one_line(draft.text)
    if not text or len(text) > LONGEST_CRAWL:
        errors["text"] = f"Write what the crawl says, in up to {LONGEST_CRAWL} characters."
    errors |= hours_problems(draft.hours)
    if draft.last is not None and draft.last < draft.first:
        errors["last"] = "The last day cannot be before the first."
    if draft.every is not None and not SHORTEST_PAUSE <= draft.every <= LONGEST_PAUSE:
        errors["every"] = "Show it every 2 minutes to 12 hours, or leave this empty for no pause."
    if not SLOWEST <= draft.speed <= FASTEST:
        errors["speed"] = f"Choose {SLOWEST} to {FASTEST} words a minute."
    return errors


def hours_problems(hours: WeeklyHours) -> dict[str, str]:
    """Return a sentence for each field of the hours that is wrong."""
    errors: dict[str, str] = {}
    if not hours.weekdays or not hours.weekdays <= frozenset(range(7)):
        errors["weekdays"] = "Choose at least one day of the week."
    day = date(2026, 1, 1)
    lasts = datetime.combine(day, hours.until) - datetime.combine(day, hours.at)
    if timedelta(0) < lasts < SHORTEST_HOURS:
        errors["until"] = "Choose an end three minutes or more after the start."
    return errors


def in_the_way(draft: CrawlDraft, others: Iterable[ChannelCrawl]) -> ChannelCrawl | None:
    """Return another crawl without a pause at some of the same hours: only one of them would be
    seen. None for a crawl with pauses.
    """
    if draft.every is not None:
        return None
    without = [one for one in others if not one.archived and one.draft.every is None]
    return next((one for one in without if _meet(draft, one.draft)), None)


def _meet(one: CrawlDraft, other: CrawlDraft) -> bool:
    """Return whether two crawls have hours in common. Eight days show all of a week."""
    first = max(one.first, other.first)
    since = datetime.combine(first, time(), UTC)
    mine, theirs = (
        list(runs(each.hours, ZoneInfo("UTC"), since, since + _WEEK, each.first, each.last))
        for each in (one, other)
    )
    return any(a.start < b.end and b.start < a.end for a in mine for b in theirs)


def crawl_runs(
    draft: CrawlDraft, zone: ZoneInfo, since: datetime, until: datetime
) -> list[HoursRun]:
    """Return the runs of a crawl that touch [since, until)."""
    return list(runs(draft.hours, zone, since, until, draft.first, draft.last))


def carried_crawls(
    crawls: Iterable[ChannelCrawl], zone: ZoneInfo, since: datetime, until: datetime
) -> tuple[Crawl, ...]:
    """Return the crawls as a plan of [since, until) carries them: one for each local day on which
    it runs. Its id names the day, so that a plan made again has the same ids.
    """
    return tuple(
        _carried(crawl, run)
        for crawl in sorted(crawls, key=lambda one: one.id)
        if not crawl.archived
        for run in crawl_runs(crawl.draft, zone, since, until)
    )


def _carried(crawl: ChannelCrawl, run: HoursRun) -> Crawl:
    draft = crawl.draft
    return Crawl(
        id=f"{crawl.id}-{run.day.isoformat()}",
        text=one_line(draft.text),
        speed=draft.speed,
        times=0 if draft.every is None else 1,
        begins=run.start,
        ends=run.end,
        every=draft.every or timedelta(0),
    )


def clock_stretches(
    hours: Sequence[WeeklyHours], zone: ZoneInfo, since: datetime, until: datetime
) -> tuple[Stretch, ...]:
    """Return when the clock is shown in [since, until), by its hours."""
    every = (run for one in hours for run in runs(one, zone, since, until))
    return tuple(Stretch(start, end) for start, end in joined_runs(every))
