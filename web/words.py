"""How times, lengths, sizes and states are said on a page; one place, so every page agrees."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_NUMBER = re.compile(r"[0-9]{1,5}")


def clock(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """A time of day in the channel's zone, to the nearest second: `19:00`, or `19:00:30`."""
    local = (at + timedelta(microseconds=500_000)).astimezone(zone)
    return local.strftime("%H:%M:%S" if seconds or local.second else "%H:%M")


def civil(at: datetime, zone: ZoneInfo) -> str:
    """A time of day as residents say it, to the nearest minute: `7:00 pm`, `noon`."""
    local = (at + timedelta(seconds=30)).astimezone(zone)
    if (local.hour, local.minute) == (12, 0):
        return "noon"
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def day(which: date, today: date | None = None) -> str:
    """A day in words: `today`, `tomorrow`, `Tue 24 Nov`; the year only when it is another."""
    if today is not None:
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((which - today).days)
        if near:
            return near
    text = f"{which:%a} {which.day} {which:%b}"
    return text if today is None or today.year == which.year else f"{text} {which.year}"


def long_day(which: date) -> str:
    """A day in full: `Tuesday, November 24`."""
    return f"{which:%A}, {which:%B} {which.day}"


def when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A moment in words: `today 19:00`, `Tue 24 Nov 10:00`."""
    local_day = at.astimezone(zone).date()
    return f"{day(local_day, now.astimezone(zone).date())} {clock(at, zone)}"


def length(span: timedelta) -> str:
    """Elapsed time: `0:30`, `12:05`, `1:07:30`."""
    total = round(span.total_seconds())
    sign, total = ("-" if total < 0 else ""), abs(total)
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return sign + (f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}")


def about(span: timedelta) -> str:
    """Elapsed time in round words: `just now`, `4 min`, `3 h`, `2 days`."""
    seconds = abs(span.total_seconds())
    if seconds < 5:
        return "just now"
    for limit, unit, per in ((90, "s", 1), (5400, "min", 60), (48 * 3600, "h", 3600)):
        if seconds < limit:
            return f"{round(seconds / per)} {unit}"
    return f"{round(seconds / 86400)} days"


def size(count: int) -> str:
    """A file's size: `812 KB`, `1.4 GB`."""
    value = float(count)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000:
            return (
                f"{value:.0f} {unit}" if value >= 10 or unit == "bytes" else f"{value:.1f} {unit}"
            )
        value /= 1000
    return f"{value:.1f} TB"


def loudness(lkfs: float | None) -> str:
    """Loudness beside the house's −24 LKFS, or that there is no sound to measure."""
    return "no sound" if lkfs is None else f"{lkfs:.1f} LKFS".replace("-", "\u2212")


def a_count(number: int, noun: str) -> str:
    """`1 airing`, `3 airings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def read_length(text: str) -> timedelta:
    """Read `90` or `90 min` (minutes), `1:30` (hours and minutes) or `1:07:30`.

    Raises ValueError with an example when it is none of them.
    """
    cleaned = text.strip().lower().removesuffix("minutes").removesuffix("min").strip()
    parts = cleaned.split(":")
    if not all(_NUMBER.fullmatch(part) for part in parts) or len(parts) > 3:
        raise ValueError("Write the length like 1:30 (hours and minutes), 1:07:30 or 90 minutes.")
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return timedelta(minutes=numbers[0])
    hours, minutes, seconds = (*numbers, 0)[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def field_length(span: timedelta) -> str:
    """A length as `read_length` reads it back: always `H:MM:SS`, or `H:MM` on a whole minute."""
    total = round(span.total_seconds())
    text = f"{total // 3600}:{total // 60 % 60:02d}"
    return f"{text}:{total % 60:02d}" if total % 60 else text
