"""The days on which a series falls: weekly, by weekday of the month, by date of the month or
year."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import WEEKLY, rrule

from config.times import month_day

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = tuple(calendar.month_name)[1:]
ORDINAL_WORDS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
LAST_OF_MONTH = -1


@dataclass(frozen=True)
class Weekly:
    """Every week, or every so many weeks counted from the week of the rule's first day."""

    weekdays: frozenset[int]
    """0 for Monday to 6 for Sunday."""
    every: int = 1


@dataclass(frozen=True)
class MonthlyByWeekday:
    """The first and third Tuesday, the last Thursday of every month."""

    weekdays: frozenset[int]
    numbers: frozenset[int]
    """1 to 5, and -1 for the last."""


@dataclass(frozen=True)
class MonthlyByDate:
    """The 1st and 15th of every month; a month without that date has none."""

    days: frozenset[int]
    """1 to 31, and -1 for the last day of the month."""


@dataclass(frozen=True)
class Yearly:
    """The same dates every year; the 29th of February in leap years only."""

    dates: frozenset[tuple[int, int]]
    """Month and day."""


Pattern = Weekly | MonthlyByWeekday | MonthlyByDate | Yearly


def days(pattern: Pattern, first: date, since: date, until: date) -> Iterator[date]:
    """Yield the days of the pattern in [since, until], none before `first`, in order."""
    since = max(since, first)
    if until < since:
        return
    if isinstance(pattern, Weekly):
        yield from _weekly(pattern, first, since, until)
        return
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield from (day for day in sorted(_of_month(pattern, year, month)) if since <= day <= until)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _weekly(pattern: Weekly, first: date, since: date, until: date) -> Iterator[date]:
    if not pattern.weekdays:
        return
    begin = datetime.combine(first, time())
    every = rrule(WEEKLY, interval=pattern.every, byweekday=sorted(pattern.weekdays), dtstart=begin)
    for moment in every.xafter(datetime.combine(since, time()), inc=True):
        if moment.date() > until:
            return
        yield moment.date()


def _of_month(pattern: Pattern, year: int, month: int) -> set[date]:
    length = calendar.monthrange(year, month)[1]
    if isinstance(pattern, MonthlyByDate):
        dates = {length if day == LAST_OF_MONTH else day for day in pattern.days}
    elif isinstance(pattern, Yearly):
        dates = {day for in_month, day in pattern.dates if in_month == month}
    elif isinstance(pattern, MonthlyByWeekday):
        candidates = (
            nth_weekday(year, month, number, weekday)
            for weekday in pattern.weekdays
            for number in pattern.numbers
        )
        return {day for day in candidates if day is not None}
    return {date(year, month, day) for day in dates if day <= length}


def nth_weekday(year: int, month: int, number: int, weekday: int) -> date | None:
    """Return the first, second, … or last (-1) such weekday of a month; None where there is
    none."""
    length = calendar.monthrange(year, month)[1]
    if number == LAST_OF_MONTH:
        last = date(year, month, length)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    day = 1 + (weekday - first.weekday()) % 7 + 7 * (number - 1)
    return date(year, month, day) if day <= length else None


def in_words(pattern: Pattern) -> str:
    """Return the pattern as a person would say it: `every Tuesday`, `the last Thursday of the
    month`.
    """
    if isinstance(pattern, Weekly):
        named = _weekdays(pattern.weekdays)
        if pattern.every == 1:
            return f"every {named}"
        return f"every {ORDINAL_WORDS.get(pattern.every, f'{pattern.every}th')} week on {named}"
    if isinstance(pattern, MonthlyByWeekday):
        numbers = sorted(pattern.numbers, key=lambda number: number % 7)
        which = joined([ORDINAL_WORDS[number] for number in numbers])
        return f"the {which} {_weekdays(pattern.weekdays)} of the month"
    if isinstance(pattern, MonthlyByDate):
        named = joined([ordinal(day) for day in sorted(pattern.days, key=lambda day: day % 40)])
        return f"the {named} of every month"
    return f"every year on {joined([month_day(*one) for one in sorted(pattern.dates)])}"


def joined(words: list[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def ordinal(day: int) -> str:
    """Return `1st`, `22nd` or `last day`."""
    if day == LAST_OF_MONTH:
        return "last day"
    suffix = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


def _weekdays(weekdays: frozenset[int]) -> str:
    if len(weekdays) == 7:
        return "day"
    if weekdays == frozenset(range(5)):
        return "weekday"
    return joined([WEEKDAY_NAMES[day] for day in sorted(weekdays)]) or "no day"


def problems(pattern: Pattern) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the pattern may be saved."""
    errors: dict[str, str] = {}
    if isinstance(pattern, Weekly | MonthlyByWeekday) and (
        not pattern.weekdays or not pattern.weekdays <= frozenset(range(7))
    ):
        errors["weekdays"] = "Choose at least one day of the week."
    if isinstance(pattern, Weekly) and not 1 <= pattern.every <= 52:
        errors["every"] = "Choose every week, or every so many weeks up to 52."
    if isinstance(pattern, MonthlyByWeekday) and (
        not pattern.numbers or not pattern.numbers <= frozenset(ORDINAL_WORDS)
    ):
        errors["numbers"] = (
            "Choose which of the month's weeks: the first to the fifth, or the last."
        )
    if isinstance(pattern, MonthlyByDate) and (
        not pattern.days or not pattern.days <= {LAST_OF_MONTH, *range(1, 32)}
    ):
        errors["month_days"] = "Enter at least one date of the month, like 1, 15 or last."
    if isinstance(pattern, Yearly) and (not pattern.dates or not all(map(_exists, pattern.dates))):
        errors["dates"] = "Enter at least one date of the year, like November 11."
    return errors


def _exists(when: tuple[int, int]) -> bool:
    month, day = when
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2028, month)[1]
