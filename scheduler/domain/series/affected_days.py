"""The days a change of a series' rule would affect, worked out before the change is made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from scheduler.domain.series.recurrence import (
    AddedDay,
    DayException,
    LeftOutDay,
    MovedDay,
    Occurrence,
    Rule,
    SkippedDay,
)


class Becomes(StrEnum):
    """The change of one day of a series."""

    ADDED = "added"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "canceled"
    LEFT_ALONE = "left alone"
    SAME = "same"


class Made(Protocol):
    """An airing or a meeting that a series made for one of its days."""

    @property
    def start(self) -> datetime:
        """Planned start, UTC."""

    @property
    def cancelled(self) -> bool:
        """True when it is off the schedule."""

    @property
    def edited(self) -> bool:
        """True once somebody changed it by hand: its series then leaves it alone."""


@dataclass(frozen=True)
class Affected:
    """One day of a series, before and after a change of its rule."""

    day: date
    becomes: Becomes
    was: datetime | None
    will: datetime | None
    why: str = ""


def affected(
    known: Mapping[date, Made],
    wanted: Iterable[Occurrence],
    out: Iterable[LeftOutDay],
    *,
    changed: bool,
) -> tuple[Affected, ...]:
    """Return what becomes of each day, in order.

    `known` are the airings the series has made, `wanted` and `out` what the new rule gives.
    `changed` says that fields other than the times change. An airing that somebody changed or
    cancelled by hand is left alone.
    """
    by_day = {one.day: one for one in wanted}
    days = []
    for day in sorted(known.keys() | by_day.keys()):
        days.append(_one(day, known.get(day), by_day.get(day), changed))
    named = {one.day for one in days if one.becomes is not Becomes.CANCELLED}
    reasons = {one.day: one.why for one in out}
    days = [_with_reason(one, reasons) for one in days]
    days += [
        Affected(day, Becomes.CANCELLED, None, None, why)
        for day, why in reasons.items()
        if day not in named and day not in known
    ]
    return tuple(sorted((one for one in days if one.was or one.will or one.why), key=_by_day))


def _one(day: date, airing: Made | None, one: Occurrence | None, changed: bool) -> Affected:
    was = airing.start if airing is not None and not airing.cancelled else None
    will, why = (one.start, one.why) if one is not None else (None, "")
    if airing is not None and airing.edited:
        return Affected(day, Becomes.LEFT_ALONE, was, was, "changed by hand")
    if was is None:
        return Affected(day, Becomes.ADDED, None, will, why)
    if will is None:
        return Affected(day, Becomes.CANCELLED, was, None, why)
    if was != will:
        return Affected(day, Becomes.MOVED, was, will, why)
    return Affected(day, Becomes.CHANGED if changed else Becomes.SAME, was, will, why)


def _with_reason(one: Affected, reasons: Mapping[date, str]) -> Affected:
    if one.becomes is not Becomes.CANCELLED or one.day not in reasons:
        return one
    return Affected(one.day, one.becomes, one.was, one.will, reasons[one.day])


def _by_day(one: Affected) -> date:
    return one.day


def with_day(rule: Rule, day: date, difference: DayException | None) -> Rule:
    """Return the rule with this exception for one day; None removes any exception of that day."""
    others = tuple(one for one in rule.exceptions if one.day != day)
    return replace(rule, exceptions=(*others, difference) if difference else others)


def with_days(rule: Rule, days: Mapping[date, datetime | None]) -> Rule:
    """Return the rule with each of these days at another local time, or skipped where that is
    None."""
    added = {one.day for one in rule.exceptions if isinstance(one, AddedDay)}
    for day, to in days.items():
        if to is None:
            difference: DayException = SkippedDay(day)
        elif day in added:
            difference = AddedDay(to.date(), to.time())
        else:
            difference = MovedDay(day, to)
        rule = with_day(rule, day, difference)
    return rule
