"""The replay rules of a meeting, and the replays they ask for before any recording exists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.times import length as length_words
from config.times import time_of_day
from scheduler.domain.model.spans import TimeSpan, is_free
from scheduler.domain.series.patterns import WEEKDAY_NAMES
from scheduler.domain.series.wall_time import instant

SPREAD_STEP = timedelta(minutes=30)
"""Spread replays are looked for at the full and half hours."""
SAME_DAY_GAP = timedelta(minutes=10)
"""A replay of the same day starts at least this long after the expected end."""
MOST_REPLAYS = 14
LONGEST_SPREAD_DAYS = 60
"""Days after its meeting within which the last replay may be asked for."""


@dataclass(frozen=True)
class WeeklyReplay:
    """A replay on the first such weekday after the day of the meeting, at a local time."""

    weekday: int
    """0 for Monday to 6 for Sunday."""
    at: time


@dataclass(frozen=True)
class ReplayRules:
    """The times a meeting is replayed, in local wall time; nothing set means never."""

    same_day: time | None = None
    weekly: tuple[WeeklyReplay, ...] = ()
    count: int = 0
    """This many more, spread over `within` days, each wholly between `earliest` and `latest`."""
    earliest: time = time(9)
    latest: time = time(23)
    within: int = 14

    @property
    def any(self) -> bool:
        """True when at least one replay is asked for."""
        return bool(self.same_day or self.weekly or self.count)


@dataclass(frozen=True)
class Replay:
    """One replay that the rules ask for."""

    slot: str
    """Names the wish itself, so that a moved meeting moves this replay and makes no other."""
    start: datetime | None
    """UTC; None where it found no place."""
    why: str = ""
    """Why it found no place."""


def replays(
    rules: ReplayRules,
    start: datetime,
    length: timedelta,
    zone: ZoneInfo,
    taken: Sequence[TimeSpan],
    now: datetime,
) -> tuple[Replay, ...]:
    """Return where each replay of a meeting from `start` goes, in the order of the rules.

    `length` is the recording's length, or the expected one. `taken` are the times of other airings
    of the channel; only spread replays avoid them, because staff chose the other times. No replay
    starts before `now`.
    """
    placed = [*_same_day(rules, start, length, zone), *_weekly(rules, start, zone)]
    placed = [one if _ahead(one, now) else _gone(one) for one in placed]
    held = [*taken, (start, start + length)]
    held += [(one.start, one.start + length) for one in placed if one.start]
    for number in range(rules.count):
        spread = _spread(rules, number, start, length, zone, held, now)
        if spread.start:
            held.append((spread.start, spread.start + length))
        placed.append(spread)
    return tuple(placed)


def _ahead(one: Replay, now: datetime) -> bool:
    return one.start is None or one.start > now


def _gone(one: Replay) -> Replay:
    return Replay(one.slot, None, "Its time has passed.")


def _same_day(
    rules: ReplayRules, start: datetime, length: timedelta, zone: ZoneInfo
) -> list[Replay]:
    if rules.same_day is None:
        return []
    day = start.astimezone(zone).date()
    at = instant(datetime.combine(day, rules.same_day), zone)
    if at < start + length + SAME_DAY_GAP:
        why = f"No replay the same day: it does not end by {time_of_day(rules.same_day)}."
        return [Replay("same-day", None, why)]
    return [Replay("same-day", at)]


def _weekly(rules: ReplayRules, start: datetime, zone: ZoneInfo) -> list[Replay]:
    day = start.astimezone(zone).date()
    weekly = []
    for rule in rules.weekly:
        days = (rule.weekday - day.weekday() - 1) % 7 + 1
        at = instant(datetime.combine(day + timedelta(days=days), rule.at), zone)
        weekly.append(Replay(f"weekly-{rule.weekday}-{rule.at:%H%M}", at))
    return weekly


def _spread(
    rules: ReplayRules,
    number: int,
    start: datetime,
    length: timedelta,
    zone: ZoneInfo,
    held: Sequence[TimeSpan],
    now: datetime,
) -> Replay:
    """Return the first free half hour in this replay's share of the days, else on any day that is
    left.
    """
    first = start.astimezone(zone).date()
    own = 1 + number * rules.within // rules.count
    order = [*range(own, rules.within + 1), *range(1, own)]
    for offset in order:
        for at in _times(rules, first + timedelta(days=offset), number, length, zone):
            free = is_free(at, length, held)
            if free and at > now:
                return Replay(f"spread-{number + 1}", at)
    why = f"No open slot of {length_words(length)} {_hours(rules)}."
    return Replay(f"spread-{number + 1}", None, why)


def _times(
    rules: ReplayRules, day: date, number: int, length: timedelta, zone: ZoneInfo
) -> list[datetime]:
    """Return every start of the day that fits, beginning at a different hour for each replay."""
    opens = instant(datetime.combine(day, rules.earliest), zone)
    closes = instant(datetime.combine(day, rules.latest), zone)
    count = max(0, (closes - opens - length) // SPREAD_STEP + 1)
    if not count:
        return []
    turn = number * count // max(1, rules.count)
    starts = [(opens + SPREAD_STEP * step).astimezone(UTC) for step in range(count)]
    return starts[turn:] + starts[:turn]


def in_words(rules: ReplayRules) -> str:
    """Return the rules as a person would say them; `no replays` when there is none."""
    parts = []
    if rules.same_day:
        parts.append(f"same day at {time_of_day(rules.same_day)}")
    parts += [f"{WEEKDAY_NAMES[one.weekday]} at {time_of_day(one.at)}" for one in rules.weekly]
    if rules.count:
        more = "more " if parts else ""
        airings = f"{_number(rules.count)} {more}replay{'s' if rules.count > 1 else ''}"
        parts.append(f"{airings} {_hours(rules)} within {rules.within} days")
    return ", ".join(parts) or "no replays"


def _hours(rules: ReplayRules) -> str:
    return f"between {time_of_day(rules.earliest)} and {time_of_day(rules.latest)}"


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six")
    return words[count] if count < len(words) else str(count)


def problems(rules: ReplayRules) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the rules may be saved."""
    errors: dict[str, str] = {}
    if not 0 <= rules.count <= MOST_REPLAYS:
        errors["count"] = f"Ask for up to {MOST_REPLAYS} extra replays."
    if rules.latest <= rules.earliest:
        errors["latest"] = "The latest end must be after the earliest start, on the same day."
    if not 1 <= rules.within <= LONGEST_SPREAD_DAYS:
        errors["within"] = f"Spread them over 1 to {LONGEST_SPREAD_DAYS} days."
    return errors
