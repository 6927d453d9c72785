"""The rule of a series in local wall time, and the airings it means across holidays.

One worked example, every Tuesday at 10:00 in New York, with the city's calendar and two exceptions:

    day by the rule   what says otherwise                    airs
    Tue 3 Nov         nothing; clocks went back on 1 Nov     Tue 3 Nov 10:00 = 15:00 UTC
    Tue 10 Nov        staff moved it: MovedDay               Mon 9 Nov 14:00, "moved by hand"
    Tue 17 Nov        the calendar: a holiday, policy AFTER  Wed 18 Nov 10:00
    Tue 24 Nov        staff skipped it: SkippedDay           left out, "skipped by hand"

An occurrence keeps the day of the rule whatever time it moves to, so that an airing made for that
day is found again. `_days` decides day by day in calendar order: an exception by staff wins over a
calendar, and a holiday never moves an airing onto a day on which the series airs anyway.
"""

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
"""Span ahead in which a preview looks for occurrences."""
HOLIDAY_MOVES_AT_MOST = timedelta(days=14)
"""Greatest move of an airing by a holiday."""


@dataclass(frozen=True)
class SkippedDay:
    """An exception: one day on which the series does not air."""

    day: date


@dataclass(frozen=True)
class MovedDay:
    """An exception: the occurrence of one day airs at another local time, on that day or
    another."""

    day: date
    to: datetime
    """Naive, in the rule's zone."""


@dataclass(frozen=True)
class AddedDay:
    """An exception: a day the rule does not have, at a local time and with an optional title of its
    own.
    """

    day: date
    at: time
    title: str = ""


DayException = SkippedDay | MovedDay | AddedDay


@dataclass(frozen=True)
class Rule:
    """A local time on the days of a pattern, from `first` to `last`, both included."""

    zone: str
    at: time
    pattern: Pattern
    first: date
    last: date | None = None
    exceptions: tuple[DayException, ...] = field(default=())
    """Exceptions for single days, set by staff; they win over every calendar."""
    holidays: tuple[Observance, ...] = field(default=())
    """Calendars in order: the first that names a day decides what becomes of it."""


@dataclass(frozen=True)
class Occurrence:
    """One airing of a rule: its day by the rule, its time, and why it differs from the rule."""

    day: date
    local: datetime
    start: datetime
    why: str = ""
    title: str = ""


@dataclass(frozen=True)
class LeftOutDay:
    """A day of the rule on which it does not air, and why."""

    day: date
    why: str


@dataclass(frozen=True)
class SeriesDraft:
    """The fields of a series that staff may set: its rule, and the airing it makes each time.

    `airing.start` is not used; the rule gives the start of each occurrence.
    """

    title: str
    rule: Rule
    airing: AiringDraft
    episodes: Episodes = Episodes()


@dataclass(frozen=True)
class Series:
    """A series as stored."""

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
    """Yield the occurrences that start in [since, until), in order; a moved one counts at its new
    time.
    """
    starting = [
        one
        for one in _days(rule, since, until, calendars or {})
        if isinstance(one, Occurrence) and since <= one.start < until
    ]
    yield from sorted(starting, key=lambda one: (one.start, one.day))


def left_out_days(
    rule: Rule, since: datetime, until: datetime, calendars: Calendars | None = None
) -> tuple[LeftOutDay, ...]:
    """Return the days of the rule from `since` up to the day of `until` on which it does not
    air."""
    zone = ZoneInfo(rule.zone)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = _days(rule, since, until, calendars or {})
    return tuple(one for one in days if isinstance(one, LeftOutDay) and first <= one.day < last)


def _days(
    rule: Rule, since: datetime, until: datetime, calendars: Calendars
) -> Iterator[Occurrence | LeftOutDay]:
    """Yield what becomes of each day of the rule that may reach into the span.

    The span is widened by the longest move on either side: an occurrence moved into the span
    belongs to a day outside it. `taken` grows in calendar order, so of two holidays that would move
    to the same day the second is left out.
    """
    zone = ZoneInfo(rule.zone)
    moved = [e.to.date() - e.day for e in rule.exceptions if isinstance(e, MovedDay)]
    reach = max((abs(shift) for shift in moved), default=timedelta(0)) + timedelta(days=2)
    first = since.astimezone(zone).date() - reach - HOLIDAY_MOVES_AT_MOST * bool(rule.holidays)
    last = until.date() + reach + HOLIDAY_MOVES_AT_MOST * bool(rule.holidays)
    closed = _closed(
        rule.holidays, calendars, first - HOLIDAY_MOVES_AT_MOST, last + HOLIDAY_MOVES_AT_MOST
    )
    by_day = {outcome.day: outcome for outcome in rule.exceptions}
    regular = set(patterns.days(rule.pattern, rule.first, first, min(last, rule.last or last)))
    extra = {outcome.day for outcome in rule.exceptions if isinstance(outcome, AddedDay)}
    taken = {
        day for day in regular if day not in closed and not isinstance(by_day.get(day), SkippedDay)
    }
    for day in sorted(regular | {day for day in extra if first <= day <= last}):
        exception = by_day.get(day)
        if exception is None and day in closed:
            outcome = _on_holiday(rule, day, closed, taken, zone)
        else:
            outcome = _on_any_day(rule, day, exception, zone)
        if isinstance(outcome, Occurrence):
            taken.add(outcome.local.date())
        yield outcome


def _on_any_day(
    rule: Rule, day: date, exception: DayException | None, zone: ZoneInfo
) -> Occurrence | LeftOutDay:
    """Apply the exception of a day, if any; this day is on no calendar, or staff have overruled
    it."""
    if isinstance(exception, SkippedDay):
        return LeftOutDay(day, "skipped by hand")
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
) -> Occurrence | LeftOutDay:
    """Leave out an occurrence that falls on a holiday, or move it to the nearest business day.

    The move goes in the direction of the policy, over weekends and further holidays.
    """
    policy, name = closed[day]
    if policy is Policy.SKIP:
        return LeftOutDay(day, name)
    step = timedelta(days=-1 if policy is Policy.BEFORE else 1)
    to = day + step
    while abs(to - day) <= HOLIDAY_MOVES_AT_MOST and (to in closed or to.weekday() >= 5):
        to += step
    if to in closed:
        return LeftOutDay(day, f"{name}, and no business day near it is free")
    if to in taken:
        return LeftOutDay(day, f"{name}, and it airs {long_day(to)} anyway")
    local = datetime.combine(to, rule.at)
    return Occurrence(day, local, instant(local, zone), f"{name} is on {long_day(day)}")


def _closed(
    holidays: tuple[Observance, ...], calendars: Calendars, first: date, last: date
) -> dict[date, tuple[Policy, str]]:
    """Return each day that a calendar names, with the policy and the day's name.

    The first calendar that names a day decides; one whose policy is KEEP says nothing.
    """
    closed: dict[date, tuple[Policy, str]] = {}
    for one in holidays:
        if one.policy is not Policy.KEEP and one.calendar in calendars:
            for day, name in named_days(calendars[one.calendar], first, last).items():
                closed.setdefault(day, (one.policy, name))
    return closed


def follow_from(rule: Rule, standing: Rule, day: date) -> Rule:
    """Return the rule as it holds from `day` on, where the series followed `standing` before.

    An interval of several weeks is counted from the rule's first week, so a series that keeps its
    interval keeps its weeks. For example, every second Tuesday from 24 November that is changed on
    1 December still airs on 8 and 22 December.
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
    """Return the next `count` occurrences after `now` within two years; fewer if the rule ends."""
    return tuple(itertools.islice(occurrences(rule, now, now + PREVIEW_REACHES, calendars), count))


def in_words(rule: Rule) -> str:
    """Return the rule as a person would say it: `every Tuesday and Wednesday at 10:00`."""
    until = f" until {calendar_day(rule.last)}" if rule.last else ""
    return f"{patterns.in_words(rule.pattern)} at {time_of_day(rule.at)}{until}"


def problems(draft: SeriesDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title) > 200:
        errors["title"] = "Give the series a title of up to 200 characters."
    errors.update(rule_problems(draft.rule) | episode_problems(draft.episodes))
    if draft.airing.length > timedelta(days=1):
        errors["length"] = "An airing of a series lasts a day at most."
    return errors


def rule_problems(rule: Rule) -> dict[str, str]:
    """Return a sentence for each field of the rule that is wrong; empty when it may be saved."""
    errors = dict(patterns.problems(rule.pattern))
    if rule.zone not in known_zones():
        errors["zone"] = "Choose a time zone such as America/New_York."
    if rule.last is not None and rule.last < rule.first:
        errors["last"] = "The last day cannot be before the first."
    return errors
