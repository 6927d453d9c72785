"""Hours of a week: the same local hours on some of its days, such as every weekday 6:00–9:00."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.times import from_to
from scheduler.domain.series.patterns import Weekly, days
from scheduler.domain.series.patterns import in_words as day_words
from scheduler.domain.series.wall_time import instant


@dataclass(frozen=True)
class WeeklyHours:
    """Local hours on some days of the week; they end the next day if `until` <= `at`."""

    weekdays: frozenset[int]
    """0 for Monday to 6 for Sunday."""
    at: time
    until: time

    @property
    def in_words(self) -> str:
        """Return `every weekday 13:00–17:00`."""
        return f"{day_words(Weekly(self.weekdays))} {from_to(self.at, self.until)}"


@dataclass(frozen=True)
class HoursRun:
    """The hours of one local day, and the instants between which they last, UTC."""

    day: date
    start: datetime
    end: datetime


def runs(
    hours: WeeklyHours,
    zone: ZoneInfo,
    since: datetime,
    until: datetime,
    first: date | None = None,
    last: date | None = None,
) -> Iterator[HoursRun]:
    """Yield each run of the hours that touches [since, until), in order, of the days from `first`
    to `last`.

    An hour that the clocks skip is missing from a run, and one that comes twice is in it twice.
    """
    begin = since.astimezone(zone).date() - timedelta(days=2)
    end = until.astimezone(zone).date() + timedelta(days=1)
    for day in days(Weekly(hours.weekdays), first or begin, begin, min(end, last or end)):
        start = instant(datetime.combine(day, hours.at), zone)
        over = timedelta(days=1) if hours.until <= hours.at else timedelta(0)
        ends = instant(datetime.combine(day + over, hours.until), zone)
        if start < until and ends > since and start < ends:
            yield HoursRun(day, start, ends)


def joined_runs(runs: Iterable[HoursRun]) -> list[tuple[datetime, datetime]]:
    """Return the times that any of the runs covers, in order, without overlaps."""
    times: list[tuple[datetime, datetime]] = []
    for run in sorted(runs, key=lambda one: one.start):
        if times and run.start <= times[-1][1]:
            times[-1] = (times[-1][0], max(times[-1][1], run.end))
        else:
            times.append((run.start, run.end))
    return times


def as_json(hours: Sequence[WeeklyHours]) -> list[dict[str, Any]]:
    """Return the hours as JSON to store."""
    return [
        {
            "days": "".join(str(day) for day in sorted(one.weekdays)),
            "from": one.at.isoformat(),
            "until": one.until.isoformat(),
        }
        for one in hours
    ]


def from_json(stored: Sequence[dict[str, Any]]) -> tuple[WeeklyHours, ...]:
    """Return the hours that `as_json` wrote."""
    return tuple(
        WeeklyHours(
            frozenset(int(day) for day in one["days"]),
            time.fromisoformat(one["from"]),
            time.fromisoformat(one["until"]),
        )
        for one in stored
    )
