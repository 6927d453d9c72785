"""The rule of a series between its row and its value: pattern, exceptions and holidays as JSON."""

from datetime import date, datetime, time
from typing import Any

from scheduler.db.tables.plan import RuleColumns
from scheduler.domain.model.ids import CalendarId
from scheduler.domain.model.text import one_line
from scheduler.domain.series.calendar import Observance, Policy
from scheduler.domain.series.patterns import (
    MonthlyByDate,
    MonthlyByWeekday,
    Pattern,
    Weekly,
    Yearly,
)
from scheduler.domain.series.recurrence import AddedDay, DayException, MovedDay, Rule, SkippedDay


def rule(row: RuleColumns) -> Rule:
    """Return the rule of a series."""
    return Rule(
        zone=row.zone,
        at=row.at,
        pattern=pattern(row.pattern),
        first=row.first,
        last=row.last,
        exceptions=tuple(_difference(said) for said in row.exceptions),
        holidays=observances(row.holidays),
    )


def fill_rule(row: RuleColumns, rule: Rule) -> None:
    """Write the rule."""
    row.zone = rule.zone
    row.at = rule.at
    row.pattern = pattern_json(rule.pattern)
    row.first = rule.first
    row.last = rule.last
    row.exceptions = [_said(one) for one in sorted(rule.exceptions, key=lambda one: one.day)]
    row.holidays = observances_json(rule.holidays)


def observances(data: list[Any]) -> tuple[Observance, ...]:
    """Return what each calendar's days do, from the stored JSON."""
    return tuple(Observance(CalendarId(one["calendar"]), Policy(one["policy"])) for one in data)


def observances_json(holidays: tuple[Observance, ...]) -> list[dict[str, str]]:
    """Return what each calendar's days do, as JSON to store."""
    return [{"calendar": one.calendar, "policy": one.policy.value} for one in holidays]


def pattern(data: dict[str, Any]) -> Pattern:
    """Return the pattern, from the stored JSON."""
    kind = data["kind"]
    if kind == "weekly":
        return Weekly(frozenset(data["weekdays"]), data["every"])
    if kind == "weekday of month":
        return MonthlyByWeekday(frozenset(data["weekdays"]), frozenset(data["numbers"]))
    if kind == "date of month":
        return MonthlyByDate(frozenset(data["days"]))
    return Yearly(frozenset((month, day) for month, day in data["dates"]))


def pattern_json(pattern: Pattern) -> dict[str, Any]:
    """Return the pattern as JSON to store."""
    if isinstance(pattern, Weekly):
        return {"kind": "weekly", "weekdays": sorted(pattern.weekdays), "every": pattern.every}
    if isinstance(pattern, MonthlyByWeekday):
        numbers = sorted(pattern.numbers)
        weekdays = sorted(pattern.weekdays)
        return {"kind": "weekday of month", "weekdays": weekdays, "numbers": numbers}
    if isinstance(pattern, MonthlyByDate):
        return {"kind": "date of month", "days": sorted(pattern.days)}
    return {"kind": "date of year", "dates": [list(when) for when in sorted(pattern.dates)]}


def _difference(data: dict[str, Any]) -> DayException:
    day = date.fromisoformat(data["day"])
    if "at" in data:
        return AddedDay(day, time.fromisoformat(data["at"]), data.get("title", ""))
    return MovedDay(day, datetime.fromisoformat(data["to"])) if data["to"] else SkippedDay(day)


def _said(one: DayException) -> dict[str, Any]:
    if isinstance(one, AddedDay):
        titled = {"title": one_line(one.title)} if one.title else {}
        return {"day": one.day.isoformat(), "at": one.at.isoformat(), **titled}
    to = one.to.isoformat() if isinstance(one, MovedDay) else None
    return {"day": one.day.isoformat(), "to": to}
