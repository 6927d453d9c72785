"""A rule in local wall time, and the instants it means across holidays and clock changes."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from config.times import calendar_day, known_zones, long_day, time_of_day
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import SeriesId
from scheduler.domain.series import patterns
from scheduler.domain.series.calendar import Calendars, Observance, Policy, named_days
from scheduler.domain.series.episodes import Episodes
from scheduler.domain.series.episodes import problems as episode_problems
from scheduler.domain.series.patterns import WEEKDAY_NAMES as WEEKDAY_NAMES
from scheduler.domain.series.patterns import Pattern
from scheduler.domain.series.patterns import Weekly as Weekly
from scheduler.domain.series.wall_time import instant

PREVIEW_REACHES = timedelta(days=730)
HOLIDAY_MOVES_AT_MOST = timedelta(days=14)
"""A holiday moves an airing by this much at most."""


@dataclass(frozen=True)
class SkippedDay:
    """One day on which the series does not air."""

    day: date


@dataclass(frozen=True)
class MovedDay:
    """One day's occurrence aired at another local time, of any day."""

    day: date
    to: datetime
    """Naive, in the rule's zone."""


@dataclass(frozen=True)
class AddedDay:
    """One day more than the rule has, at a local time and, if need be, by a name of its own."""

    day: date
    at: time
    title: str = ""


DayException = SkippedDay | MovedDay | AddedDay


@dataclass(frozen=True)
class Rule:
    """At this local time on the pattern's days, from a day until a day (both included)."""

    zone: str
    at: time
    pattern: Pattern
    first: date
    last: date | None = None
    exceptions: tuple[DayException, ...] = field(default=())
    """What staff said of single days; they hold whatever a calendar says."""
    holidays: tuple[Observance, ...] = field(default=())
    """The first calendar that names a day decides what becomes of it."""


@dataclass(frozen=True)
class Occurrence:
    """One airing: its day by the rule, its times; why it differs, and its own title, if any."""

    day: date
    local: datetime
    start: datetime
    why: str = ""
    title: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A day of the rule on which it does not air, and why."""

    day: date
    why: str


@dataclass(frozen=True)
class SeriesDraft:
    """What staff may set on a series: its rule, and the airing it makes each time.

    `airing.start` is not used; the rule gives the start of each occurrence.
    """

    title: str
    rule: Rule
    airing: AiringDraft
    episodes: Episodes = Episodes()


@dataclass(frozen=True)
class Series:
    """A series as the house keeps it."""

    id: SeriesId
    draft: SeriesDraft
    ended: bool
    version: int

    @property
    def channel(self) -> ChannelId:
        """The channel its airings are on."""
        return self.draft.airing.channel


def occurrences(
    rule: Rule, since: datetime, until: datetime, calendars: Calendars | None = None
) -> Iterator[Occurrence]:
    """Those that start in [since, until), by their instant; moved ones count at their new time."""
    found = [
        one
        for one in _days(rule, since, until, calendars or {})
        if isinstance(one, Occurrence) and since <= one.start < until
    ]
    yield from sorted(found, key=lambda one: (one.start, one.day))


def left_out_days(
    rule: Rule, since: datetime, until: datetime, calendars: Calendars | None = None
) -> tuple[LeftOut, ...]:
    """Days of the rule in the span on which it does not air."""
    zone = ZoneInfo(rule.zone)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = _days(rule, since, until, calendars or {})
    return tuple(one for one in days if isinstance(one, LeftOut) and first <= one.day < last)


def _days(
    rule: Rule, since: datetime, until: datetime, calendars: Calendars
) -> Iterator[Occurrence | LeftOut]:
    """Each day of the rule that may matter to the span, with what becomes of it."""
    zone = ZoneInfo(rule.zone)
    moved = [e.to.date() - e.day for e in rule.exceptions if isinstance(e, MovedDay)]
    reach = max((abs(shift) for shift in moved), default=timedelta(0)) + timedelta(days=2)
    first = since.astimezone(zone).date() - reach - HOLIDAY_MOVES_AT_MOST * bool(rule.holidays)
    last = until.date() + reach + HOLIDAY_MOVES_AT_MOST * bool(rule.holidays)
    closed = _closed(
        rule.holidays, calendars, first - HOLIDAY_MOVES_AT_MOST, last + HOLIDAY_MOVES_AT_MOST
    )
    said = {one.day: one for one in rule.exceptions}
    regular = set(patterns.days(rule.pattern, rule.first, first, min(last, rule.last or last)))
    extra = {one.day for one in rule.exceptions if isinstance(one, AddedDay)}
    taken = {
        day for day in regular if day not in closed and not isinstance(said.get(day), SkippedDay)
    }
    for day in sorted(regular | {day for day in extra if first <= day <= last}):
        exception = said.get(day)
        if exception is None and day in closed:
            one = _on_holiday(rule, day, closed, taken, zone)
        else:
            one = _on_any_day(rule, day, exception, zone)
        if isinstance(one, Occurrence):
            taken.add(one.local.date())
        yield one


def _on_any_day(
    rule: Rule, day: date, exception: DayException | None, zone: ZoneInfo
) -> Occurrence | LeftOut:
    if isinstance(exception, SkippedDay):
        return LeftOut(day, "skipped by hand")
    local, why, title = datetime.combine(day, rule.at), "", ""
    if isinstance(exception, MovedDay):
        local, why = exception.to, "moved by hand"
    elif isinstance(exception, AddedDay):
        local, why, title = datetime.combine(day, exception.at), "added by hand", exception.title
    return Occurrence(day, local, instant(local, zone), why, title)


def _on_holiday(
    rule: Rule,
    day: date,
    closed: Mapping[date, tuple[Policy, str]],
    taken: set[date],
    zone: ZoneInfo,
) -> Occurrence | LeftOut:
    policy, name = closed[day]
    if policy is Policy.SKIP:
        return LeftOut(day, name)
    step = timedelta(days=-1 if policy is Policy.BEFORE else 1)
    to = day + step
    while abs(to - day) <= HOLIDAY_MOVES_AT_MOST and (to in closed or to.weekday() >= 5):
        to += step
    if to in closed:
        return LeftOut(day, f"{name}, and no business day near it is free")
    if to in taken:
        return LeftOut(day, f"{name}, and it airs {long_day(to)} anyway")
    local = datetime.combine(to, rule.at)
    return Occurrence(day, local, instant(local, zone), f"{name} is on {long_day(day)}")


def _closed(
    holidays: tuple[Observance, ...], calendars: Calendars, first: date, last: date
) -> dict[date, tuple[Policy, str]]:
    closed: dict[date, tuple[Policy, str]] = {}
    for one in holidays:
        if one.policy is not Policy.KEEP and one.calendar in calendars:
            for day, name in named_days(calendars[one.calendar], first, last).items():
                closed.setdefault(day, (one.policy, name))
    return closed


def follow_from(rule: Rule, standing: Rule, day: date) -> Rule:
    """The rule as it holds from `day` on, where the series followed `standing` before.

    Every so many weeks are counted from the rule's first week, so a series that keeps its interval
    keeps its weeks. Every second Tuesday from 24 November, changed on 1 December, has 8 and 22.
    """
    first, before, after = day, standing.pattern, rule.pattern
    if not (isinstance(before, Weekly) and isinstance(after, Weekly)):
        return replace(rule, first=first)
    if after.every != before.every or after.every < 2:
        return replace(rule, first=first)
    monday = first - timedelta(days=first.weekday())
    counted = standing.first - timedelta(days=standing.first.weekday())
    over = (monday - counted).days // 7 % after.every
    if over:
        first = monday + timedelta(weeks=after.every - over)
    return replace(rule, first=first)


def preview(
    rule: Rule, now: datetime, count: int = 10, calendars: Calendars | None = None
) -> tuple[Occurrence, ...]:
    """The next `count` occurrences after `now`, within two years; fewer if the rule ends."""
    return tuple(itertools.islice(occurrences(rule, now, now + PREVIEW_REACHES, calendars), count))


def in_words(rule: Rule) -> str:
    """The rule as a person would say it: `every Tuesday and Wednesday at 10:00`."""
    until = f" until {calendar_day(rule.last)}" if rule.last else ""
    return f"{patterns.in_words(rule.pattern)} at {time_of_day(rule.at)}{until}"


def problems(draft: SeriesDraft) -> dict[str, str]:
    """What is wrong with the draft, a sentence for each field; empty when it may be kept."""
    found: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title) > 200:
        found["title"] = "Give the series a title of up to 200 characters."
    found.update(rule_problems(draft.rule) | episode_problems(draft.episodes))
    if draft.airing.length > timedelta(days=1):
        found["length"] = "An airing of a series lasts a day at most."
    return found


def rule_problems(rule: Rule) -> dict[str, str]:
    """What is wrong with the rule, a sentence for each field; empty when it may be kept."""
    found = dict(patterns.problems(rule.pattern))
    if rule.zone not in known_zones():
        found["zone"] = "Choose a time zone such as America/New_York."
    if rule.last is not None and rule.last < rule.first:
        found["last"] = "The last day cannot be before the first."
    return found
