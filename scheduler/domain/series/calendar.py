"""Holidays and recesses: named days written as people write them, and what a series does on them.

One line is one entry, `name: when`:

    Veterans Day: November 11, observed
    Thanksgiving: fourth Thursday of November
    Before Thanksgiving: Tuesday before the fourth Thursday of November
    Winter recess: December 24 to January 1
    August recess: 2027-07-31 to 2027-08-31
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.patterns import MONTH_NAMES, ORDINAL_WORDS, WEEKDAY_NAMES, nth_weekday

MOST_LINES = 200
LONGEST_ENTRY = timedelta(days=366)
"""Longest span that one line may name."""
CITY_HOLIDAYS = """\
New Year's Day: January 1, observed
Martin Luther King Jr. Day: third Monday of January
Presidents' Day: third Monday of February
Memorial Day: last Monday of May
Juneteenth: June 19, observed
Independence Day: July 4, observed
Labor Day: first Monday of September
Indigenous Peoples' Day: second Monday of October
Veterans Day: November 11, observed
Thanksgiving: fourth Thursday of November
Day after Thanksgiving: Friday after the fourth Thursday of November
Christmas: December 25, observed
"""
"""Text that a new calendar of a city in the United States may begin with."""


class Policy(StrEnum):
    """The rule of a series for a day that its calendar names."""

    KEEP = "keep"
    SKIP = "skip"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Observance:
    """One calendar that a series observes, and what the series does on its days."""

    calendar: CalendarId
    policy: Policy


@dataclass(frozen=True)
class Entry:
    """One line of a calendar, split into its name and its rule; the rule is read when days are
    asked for.
    """

    name: str
    when: str
    """As it was written, in tidy words."""


@dataclass(frozen=True)
class CalendarDraft:
    """The fields of a calendar that staff may set."""

    name: str
    text: str
    """One entry a line."""


@dataclass(frozen=True)
class Calendar:
    """A calendar as stored."""

    id: CalendarId
    draft: CalendarDraft
    archived: bool
    version: int


Calendars = Mapping[CalendarId, str]
"""The text of each calendar in use."""

_ISO = r"\d{4}-\d\d-\d\d"
_MONTH = rf"({'|'.join(MONTH_NAMES)}|{'|'.join(month[:3] for month in MONTH_NAMES)})"
_NTH = (
    rf"(?:the )?({'|'.join(ORDINAL_WORDS.values())}) ({'|'.join(WEEKDAY_NAMES)}) (?:of|in) {_MONTH}"
)
_FORMS = tuple(
    re.compile(form + r"\.?", re.IGNORECASE)
    for form in (
        rf"({_ISO})(?: to ({_ISO}))?",
        rf"{_MONTH} (\d\d?)(, observed)?",
        rf"{_MONTH} (\d\d?) to {_MONTH} (\d\d?)",
        _NTH,
        rf"(?:the )?({'|'.join(WEEKDAY_NAMES)}) (before|after) {_NTH}",
    )
)


def problems(draft: CalendarDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name) > 80:
        errors["name"] = "Give the calendar a name of up to 80 characters."
    lines = entries(draft.text)
    if not lines:
        errors["text"] = "Write at least one day, like Veterans Day: November 11."
    elif len(lines) > MOST_LINES:
        errors["text"] = f"A calendar holds up to {MOST_LINES} lines."
    for entry in lines:
        try:
            list(_of_year(entry, 2028))
        except ValueError as error:
            errors["text"] = f"{entry.name}: {error}"
            break
    return errors


def entries(text: str) -> list[Entry]:
    """Return the lines of a calendar without the empty ones. No line is refused here."""
    lines = []
    for line in text.splitlines():
        name, _, when = line.partition(":")
        if line.strip():
            lines.append(Entry(" ".join(name.split()), " ".join(when.split())))
    return lines


def named_days(text: str, since: date, until: date) -> dict[date, str]:
    """Return the name of each day in [since, until] that the calendar names; of two lines the first
    wins.
    """
    names: dict[date, str] = {}
    for entry in entries(text):
        for year in range(since.year - 1, until.year + 2):
            for day in _understood(entry, year):
                if since <= day <= until:
                    names.setdefault(day, entry.name)
    return names


def _understood(entry: Entry, year: int) -> list[date]:
    """Return the days of a line, none for one that cannot be read: the form has refused those."""
    try:
        return list(_of_year(entry, year))
    except ValueError:
        return []


def _of_year(entry: Entry, year: int) -> Iterator[date]:
    """Yield the days of the entry in one year. Raises ValueError with an example of what to
    write."""
    for number, form in enumerate(_FORMS):
        match = form.fullmatch(entry.when)
        if match:
            yield from _READERS[number](match, year)
            return
    raise ValueError(
        "write a day like November 11, fourth Thursday of November, 2027-08-01 to 2027-08-31 "
        "or Tuesday before the fourth Thursday of November"
    )


def _dated(match: re.Match[str], _year: int) -> Iterator[date]:
    first = date.fromisoformat(match[1])
    last = date.fromisoformat(match[2]) if match[2] else first
    yield from _span(first, last)


def _each_year(match: re.Match[str], year: int) -> Iterator[date]:
    day = _day(year, match[1], match[2])
    if day is None:
        return
    weekday = day.weekday()
    if match[3] and weekday >= 5:
        day += timedelta(days=-1 if weekday == 5 else 1)
    yield day


def _each_year_span(match: re.Match[str], year: int) -> Iterator[date]:
    first, last = _day(year, match[1], match[2]), _day(year, match[3], match[4])
    if first is None or last is None:
        return
    if last < first:
        last = _day(year + 1, match[3], match[4]) or last
    yield from _span(first, last)


def _nth(match: re.Match[str], year: int) -> Iterator[date]:
    day = _nth_of(match[1], match[2], match[3], year)
    if day is not None:
        yield day


def _beside(match: re.Match[str], year: int) -> Iterator[date]:
    anchor = _nth_of(match[3], match[4], match[5], year)
    if anchor is None:
        return
    weekday = _weekday(match[1])
    if match[2].lower() == "before":
        yield anchor - timedelta(days=(anchor.weekday() - weekday - 1) % 7 + 1)
    else:
        yield anchor + timedelta(days=(weekday - anchor.weekday() - 1) % 7 + 1)


_READERS = (_dated, _each_year, _each_year_span, _nth, _beside)


def _span(first: date, last: date) -> Iterator[date]:
    if last < first:
        raise ValueError("the last day cannot be before the first")
    if last - first > LONGEST_ENTRY:
        raise ValueError("one entry lasts a year at most")
    yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _day(year: int, month: str, day: str) -> date | None:
    number = next(
        n for n, name in enumerate(MONTH_NAMES, 1) if name[:3].lower() == month[:3].lower()
    )
    try:
        return date(year, number, int(day))
    except ValueError:
        if (number, int(day)) == (2, 29):
            return None
        raise ValueError(f"{MONTH_NAMES[number - 1]} has no {day}th") from None


def _weekday(name: str) -> int:
    return [day.lower() for day in WEEKDAY_NAMES].index(name.lower())


def _nth_of(which: str, weekday: str, month: str, year: int) -> date | None:
    number = next(n for n, word in ORDINAL_WORDS.items() if word == which.lower())
    in_month = next(
        n for n, name in enumerate(MONTH_NAMES, 1) if name[:3].lower() == month[:3].lower()
    )
    return nth_weekday(year, in_month, number, _weekday(weekday))
