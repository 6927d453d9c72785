"""Fields for the days on which something repeats, and for what happens to it on holidays."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import request
from wtforms import SelectField, SelectMultipleField

from scheduler.db.store import Database
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.series.calendar import Calendar, Observance, Policy
from scheduler.domain.series.patterns import (
    LAST_OF_MONTH,
    MONTH_NAMES,
    ORDINAL_WORDS,
    WEEKDAY_NAMES,
    MonthlyByDate,
    MonthlyByWeekday,
    Pattern,
    Weekly,
    Yearly,
)
from scheduler.queries import calendars
from web.kit.bounds import line
from web.kit.forms import DeskForm, offered, picked

KINDS = (
    ("weekly", "on days of the week"),
    ("weekday", "on a weekday of the month, like first and third Tuesday"),
    ("date", "on dates of the month"),
    ("year", "on dates of the year"),
)
HOLIDAY_PREFIX = "holiday-"
_DATE = re.compile(r"([A-Za-z]+)\s+(\d{1,2})|(\d{1,2})\s+([A-Za-z]+)")


class PatternFields(DeskForm):
    """The fields of a pattern of days: weekly, monthly or yearly."""

    kind = SelectField("Repeats", choices=offered(KINDS), default="weekly")
    weekdays = SelectMultipleField(
        "Days", choices=offered((str(number), name) for number, name in enumerate(WEEKDAY_NAMES))
    )
    numbers = SelectMultipleField(
        "Which weeks of the month",
        choices=offered((str(number), name) for number, name in ORDINAL_WORDS.items()),
    )
    month_days = line("Dates of the month", 200)
    dates = line("Dates of the year", 1000)
    every = SelectField(
        "How often", choices=offered((("1", "every week"), ("2", "every second week"))), default="1"
    )

    def pattern(self) -> Pattern:
        """Return the pattern as typed, without days that cannot be read."""
        weekdays = frozenset(map(int, picked(self.weekdays)))
        if self.kind.data == "weekday":
            return MonthlyByWeekday(weekdays, frozenset(map(int, picked(self.numbers))))
        if self.kind.data == "date":
            return MonthlyByDate(_month_days(self.month_days.data or ""))
        if self.kind.data == "year":
            return Yearly(_dates(self.dates.data or ""))
        return Weekly(weekdays, *map(int, picked(self.every)))

    def show_pattern(self, pattern: Pattern) -> None:
        """Fill the fields from a pattern."""
        kind, told = pattern_fields(pattern)
        self.kind.data = kind
        for name, said in told.items():
            self[name].data = said


def observances(said: Mapping[str, str]) -> tuple[Observance, ...]:
    """Return the policy chosen for each calendar, without those that change nothing."""
    known = {policy.value for policy in Policy}
    return tuple(
        Observance(CalendarId(name.removeprefix(HOLIDAY_PREFIX)), Policy(value))
        for name, value in said.items()
        if name.startswith(HOLIDAY_PREFIX) and value in known and value != Policy.KEEP.value
    )


def policies(
    db: Database, at: datetime, standing: Sequence[Observance]
) -> list[tuple[Calendar, str]]:
    """Return every calendar with the policy for its days: as typed, else as in `standing`."""
    stands = {one.calendar: one.policy.value for one in standing}
    known = [card.calendar for card in calendars.cards(db, at)]
    typed = request.values
    return [
        (one, typed.get(f"{HOLIDAY_PREFIX}{one.id}", stands.get(one.id, "keep"))) for one in known
    ]


def pattern_fields(pattern: Pattern) -> tuple[str, dict[str, object]]:
    """Return the kind of a pattern, and the values of its other fields by name."""
    if isinstance(pattern, Weekly):
        weekdays = [str(day) for day in sorted(pattern.weekdays)]
        return "weekly", {"weekdays": weekdays, "every": str(pattern.every)}
    if isinstance(pattern, MonthlyByWeekday):
        weekdays = [str(day) for day in sorted(pattern.weekdays)]
        numbers = [str(number) for number in sorted(pattern.numbers)]
        return "weekday", {"weekdays": weekdays, "numbers": numbers}
    if isinstance(pattern, MonthlyByDate):
        days = sorted(pattern.days, key=lambda day: day % 40)
        said = ", ".join("last" if day == LAST_OF_MONTH else str(day) for day in days)
        return "date", {"month_days": said}
    named = [f"{MONTH_NAMES[month - 1]} {day}" for month, day in sorted(pattern.dates)]
    return "year", {"dates": ", ".join(named)}


def _month_days(text: str) -> frozenset[int]:
    words = re.findall(r"last|\d+", text.lower())
    return frozenset(LAST_OF_MONTH if word == "last" else int(word) for word in words)


def _dates(text: str) -> frozenset[tuple[int, int]]:
    found = set()
    for match in _DATE.finditer(text):
        name, day = match[1] or match[4], int(match[2] or match[3])
        months = [
            n for n, month in enumerate(MONTH_NAMES, 1) if month.lower().startswith(name.lower())
        ]
        found.add((months[0] if len(name) > 2 and months else 0, day))
    return frozenset(found)
