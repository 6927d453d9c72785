"""Times, days and lengths as people read them: one module, so that every page, feed and terminal
agrees.

A station writes its hours in one of two ways. Each entry point (a web request, a turn of the
scheduler) sets that way with `write_in`, as programs set a language; everything written inside it
follows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


class Hours(StrEnum):
    """The two ways to write a time of day, and with it the order of day and month."""

    TWELVE = "12"
    """`7:00 PM`, `Tue, Nov 24`."""
    TWENTY_FOUR = "24"
    """`19:00`, `Tue 24 Nov`."""


_HALF_SECOND = timedelta(microseconds=500_000)
_HALF_MINUTE = timedelta(seconds=30)
_AMERICAN_CITIES = frozenset(
    {
        *("Adak", "Anchorage", "Boise", "Chicago", "Denver", "Detroit", "Fort_Wayne", "Honolulu"),
        *("Indianapolis", "Juneau", "Knox_IN", "Los_Angeles", "Louisville", "Menominee"),
        *("Metlakatla", "New_York", "Nome", "Phoenix", "Puerto_Rico", "Shiprock", "Sitka"),
        *("St_Thomas", "Virgin", "Yakutat"),
    }
)
_AMERICAN_GROUPS = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
_AMERICAN_ISLANDS = frozenset({"Guam", "Saipan", "Pago_Pago", "Samoa", "Johnston", "Midway"})
_ZONE_NAMES = {
    "EST": "Eastern", "EDT": "Eastern", "CST": "Central", "CDT": "Central",
    "MST": "Mountain", "MDT": "Mountain", "PST": "Pacific", "PDT": "Pacific",
    "AKST": "Alaska", "AKDT": "Alaska", "HST": "Hawaii", "HDT": "Hawaii", "AST": "Atlantic",
}  # fmt: skip
_written: ContextVar[Hours] = ContextVar("hours", default=Hours.TWELVE)


@cache
def known_zones() -> frozenset[str]:
    """Return the names of every IANA zone; reading them all takes 20 ms, so it is done once."""
    return frozenset(available_timezones())


def usual_hours(zone: str) -> Hours:
    """Return the way a station in this IANA zone writes its hours unless it says otherwise."""
    city = zone.rsplit("/", 1)[-1]
    american = zone.startswith(("America/", "Pacific/")) and city in _AMERICAN_CITIES
    islands = zone.startswith("Pacific/") and city in _AMERICAN_ISLANDS
    if american or islands or zone.startswith(_AMERICAN_GROUPS):
        return Hours.TWELVE
    return Hours.TWENTY_FOUR


def hours_now() -> Hours:
    """Return the way hours are written in this thread or task."""
    return _written.get()


def write_in(hours: Hours) -> None:
    """Set how hours are written from here on in this thread or task."""
    _written.set(hours)


@contextmanager
def written_in(hours: Hours) -> Iterator[None]:
    """Set how hours are written inside the block."""
    before = _written.set(hours)
    try:
        yield
    finally:
        _written.reset(before)


def time_of_day(at: time, *, seconds: bool = False) -> str:
    """Write a wall time: `7:00 PM` or `19:00`, with seconds if asked for or not zero.

    Noon is written as a word, because 12:00 PM is often read as midnight.
    """
    exact = seconds or at.second
    if _written.get() is Hours.TWELVE and (at.hour, at.minute) == (12, 0) and not exact:
        return "noon"
    return field_time(at, seconds=seconds)


def field_time(at: time, *, seconds: bool = False) -> str:
    """Write a wall time for an input field; noon in figures too."""
    full = seconds or bool(at.second)
    if _written.get() is Hours.TWENTY_FOUR:
        return f"{at:%H:%M:%S}" if full else f"{at:%H:%M}"
    text = f"{at.hour % 12 or 12}:{at:%M:%S}" if full else f"{at.hour % 12 or 12}:{at:%M}"
    return f"{text} {'AM' if at.hour < 12 else 'PM'}"


def from_to(first: time, last: time) -> str:
    """Write a stretch of a day: `1:00 PM – 5:00 PM`, or `13:00–17:00`."""
    dash = " – " if _written.get() is Hours.TWELVE else "–"
    return f"{time_of_day(first)}{dash}{time_of_day(last)}"


def clock(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Write an instant as a wall time of the zone, to the nearest second.

    On the night when an hour occurs twice the zone is added: `1:30 AM EDT`.
    """
    local = _local(at, _HALF_SECOND, zone)
    return time_of_day(local.time(), seconds=seconds) + _which_of_two(local)


def civil(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant as residents read it: `clock` to the nearest minute."""
    local = _local(at, _HALF_MINUTE, zone).replace(second=0, microsecond=0)
    return time_of_day(local.time()) + _which_of_two(local)


def stamped(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant to the second with its zone, for a reader who may be in another zone."""
    local = _local(at, _HALF_SECOND, zone)
    return f"{field_time(local.time(), seconds=True)} {local:%Z}"


def _local(at: datetime, half: timedelta, zone: ZoneInfo) -> datetime:
    """Return the local time of the instant half a step later. The sum is made in UTC, because
    adding to a local time loses which of two repeated hours it was in.
    """
    return (at.astimezone(UTC) + half).astimezone(zone)


def _which_of_two(local: datetime) -> str:
    """Name the zone where this wall time occurs twice; empty otherwise."""
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    twice = first is not None and second is not None and first > second
    return f" {local:%Z}" if twice else ""


def day(which: date, today: date | None = None) -> str:
    """Write a day: `today`, `tomorrow`, `Tue, Nov 24`, with the year only when it is another.

    Without `today` it is never written as `today`, and never with a year.
    """
    if today is not None:
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((which - today).days)
        if near:
            return near
    american = _written.get() is Hours.TWELVE
    text = (
        f"{which:%a}, {which:%b} {which.day}" if american else f"{which:%a} {which.day} {which:%b}"
    )
    if today is None or today.year == which.year:
        return text
    return f"{text}, {which.year}" if american else f"{text} {which.year}"


def weekday(which: date) -> str:
    """Write the day of the week: `Tue`."""
    return f"{which:%a}"


def short_day(which: date) -> str:
    """Write a day in a week's grid, whose heading names the month: `Tue 24`."""
    return f"{which:%a} {which.day}"


def long_day(which: date, *, year: bool = False) -> str:
    """Write a day in full: `Tuesday, November 24`, or `Tuesday 24 November`."""
    if _written.get() is Hours.TWELVE:
        return f"{which:%A}, {which:%B} {which.day}" + (f", {which.year}" if year else "")
    return f"{which:%A} {which.day} {which:%B}" + (f" {which.year}" if year else "")


def calendar_day(which: date) -> str:
    """Write a day with its year and without its weekday: `November 24, 2026`."""
    if _written.get() is Hours.TWELVE:
        return f"{which:%B} {which.day}, {which.year}"
    return f"{which.day} {which:%B} {which.year}"


def month_day(month: int, number: int) -> str:
    """Write a day of every year: `November 11`, or `11 November`."""
    name = f"{date(2000, month, 1):%B}"
    return f"{name} {number}" if _written.get() is Hours.TWELVE else f"{number} {name}"


def when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Write a moment: `today 7:00 PM`, `Tue, Nov 24 10:00 AM`."""
    local_day = _local(at, _HALF_SECOND, zone).date()
    return f"{day(local_day, now.astimezone(zone).date())} {clock(at, zone)}"


def zone_words(zone: str, at: datetime) -> str:
    """Name a zone as people there do, the same in summer and winter: `Eastern`, `Berlin`."""
    letters = at.astimezone(ZoneInfo(zone)).strftime("%Z")
    if usual_hours(zone) is Hours.TWELVE and letters in _ZONE_NAMES:
        return _ZONE_NAMES[letters]
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def length(span: timedelta) -> str:
    """Write a length with its units, to the second: `45 s`, `8 min`, `1 h 7 min 30 s`."""
    total = round(span.total_seconds())
    sign, total = ("\u2212" if total < 0 else ""), abs(total)
    hours, rest = divmod(total, 3600)
    parts = ((hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return sign + (" ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s")


def timecode(span: timedelta) -> str:
    """Write running time, or a place in a file, always in three parts: `0:08:00`.

    Two parts are misread: `8:00` may be eight minutes or eight hours. This is the only place that
    writes H:MM:SS.
    """
    total = max(0, round(span.total_seconds()))
    return f"{total // 3600}:{total // 60 % 60:02d}:{total % 60:02d}"


def about(span: timedelta) -> str:
    """Write a length in round words: `just now`, `4 min`, `3 h`, `2 days`."""
    seconds = abs(span.total_seconds())
    if seconds < 5:
        return "just now"
    for limit, unit, per in ((90, "s", 1), (5400, "min", 60), (48 * 3600, "h", 3600)):
        if seconds < limit:
            return f"{round(seconds / per)} {unit}"
    return f"{round(seconds / 86400)} days"
