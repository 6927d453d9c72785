"""A weekly rule in local wall time, and the instants it means on each side of a clock change."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dateutil.rrule import WEEKLY, rrule

from config.names import ChannelId
from scheduler.domain.airing import AiringDraft
from scheduler.domain.names import SeriesId

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Skip:
    """One day on which the series does not air."""

    day: date


@dataclass(frozen=True)
class Move:
    """One day's occurrence aired at another local time, of any day."""

    day: date
    to: datetime
    """Naive, in the rule's zone."""


@dataclass(frozen=True)
class WeeklyRule:
    """Every week on these days at this local time, from a day until a day (both included)."""

    zone: str
    at: time
    weekdays: frozenset[int]
    """0 for Monday to 6 for Sunday."""
    first: date
    last: date | None = None
    every: int = 1
    """1 for each week, 2 for every other week counted from the week of `first`."""
    exceptions: tuple[Skip | Move, ...] = field(default=())


@dataclass(frozen=True)
class Occurrence:
    """One airing the rule asks for: its day by the rule, its local time and its instant."""

    day: date
    local: datetime
    start: datetime


@dataclass(frozen=True)
class SeriesDraft:
    """What staff may set on a series: its rule, and the airing it makes each time.

    `airing.start` is not used; the rule gives the start of each occurrence.
    """

    title: str
    rule: WeeklyRule
    airing: AiringDraft


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


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time.

    A time the clocks skip moves forward by the gap (02:30 becomes 03:30); of a time that comes
    twice the first is meant.
    """
    if local.tzinfo is not None:
        raise ValueError("a local time has no zone of its own")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def occurrences(rule: WeeklyRule, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """Those that start in [since, until), by their instant; moved ones count at their new time."""
    zone = ZoneInfo(rule.zone)
    changed = {exception.day: exception for exception in rule.exceptions}
    moved = [e.to.date() - e.day for e in rule.exceptions if isinstance(e, Move)]
    reach = max((abs(shift) for shift in moved), default=timedelta(0)) + timedelta(days=2)
    found = []
    for day in _days(rule, since.astimezone(zone).date() - reach, until.date() + reach):
        exception = changed.get(day)
        if isinstance(exception, Skip):
            continue
        local = exception.to if exception else datetime.combine(day, rule.at)
        start = instant(local, zone)
        if since <= start < until:
            found.append(Occurrence(day, local, start))
    yield from sorted(found, key=lambda occurrence: (occurrence.start, occurrence.day))


def _days(rule: WeeklyRule, first: date, last: date) -> Iterator[date]:
    """Days of the rule in [first, last]; dateutil sees naive local dates only."""
    if not rule.weekdays:
        return
    begin = datetime.combine(rule.first, time())
    end = min(last, rule.last) if rule.last else last
    days = rrule(WEEKLY, interval=rule.every, byweekday=sorted(rule.weekdays), dtstart=begin)
    after = datetime.combine(max(first, rule.first), time())
    for moment in days.xafter(after, inc=True):
        if moment.date() > end:
            return
        yield moment.date()


def preview(rule: WeeklyRule, now: datetime, count: int = 10) -> tuple[Occurrence, ...]:
    """The next `count` occurrences after `now`, within two years; fewer if the rule ends."""
    ahead = occurrences(rule, now, now + timedelta(days=730))
    return tuple(occurrence for occurrence, _ in zip(ahead, range(count), strict=False))


def in_words(rule: WeeklyRule) -> str:
    """The rule as a person would say it: `every Tuesday and Wednesday at 10:00`."""
    names = [DAYS[day] for day in sorted(rule.weekdays)]
    if len(names) == 7:
        days = "day"
    elif len(names) > 1:
        days = f"{', '.join(names[:-1])} and {names[-1]}"
    else:
        days = names[0] if names else "no day"
    often = "every" if rule.every == 1 else f"every {_ordinal(rule.every)} week on"
    until = f" until {rule.last:%-d %B %Y}" if rule.last else ""
    return f"{often} {days} at {rule.at:%H:%M}{until}"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth"}.get(number, f"{number}th")


def problems(draft: SeriesDraft) -> dict[str, str]:
    """What is wrong with the draft, a sentence for each field; empty when it may be kept."""
    rule = draft.rule
    found: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title) > 200:
        found["title"] = "Give the series a title of up to 200 letters."
    if rule.zone not in available_timezones():
        found["zone"] = "Choose a time zone such as America/New_York."
    if not rule.weekdays or not rule.weekdays <= frozenset(range(7)):
        found["weekdays"] = "Choose at least one day of the week."
    if rule.last is not None and rule.last < rule.first:
        found["last"] = "The last day cannot come before the first."
    if not 1 <= rule.every <= 52:
        found["every"] = "Choose every week, or every so many weeks up to 52."
    if draft.airing.length > timedelta(days=1):
        found["length"] = "An airing of a series lasts a day at most."
    return found
