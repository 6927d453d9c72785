"""Times of day, lengths and days that people type, read in one way everywhere.

Each function raises ValueError with a sentence that shows what to write.
"""

import re
from datetime import date, time, timedelta

TIME_HELP = "Write a time of day like 7:00 PM or 19:00."
LENGTH_HELP = "Write a length with its units, like 1 h 30 min or 45 min, or as hours:minutes, 1:30."
DAY_HELP = "Choose a day."
LONGEST_LENGTH = timedelta(hours=1000)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?(am|pm)?", re.ASCII)
_NO_COLON = re.compile(r"\d{4}|\d{3,4}(?:am|pm)", re.ASCII)
_UNITS = re.compile(
    r"(?:(?P<h>\d{1,4}(?:[.,]\d{1,2})?)(?:h|hr|hrs|hour|hours))?"
    r"(?:(?P<m>\d{1,5})(?:m|min|mins|minute|minutes))?"
    r"(?:(?P<s>\d{1,6})(?:s|sec|secs|second|seconds))?",
    re.ASCII,
)
_HOURS_THEN_MINUTES = re.compile(r"(\d{1,4})h(\d{1,2})", re.ASCII)
_COLONS = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2}))?", re.ASCII)
_MINUTES = re.compile(r"\d{1,5}", re.ASCII)


def read_time(text: str) -> time:
    """Read `7:00 PM`, `7pm`, `730 p.m.`, `19:00`, `1900`, `19:00:30`, `noon` or `midnight`.

    Without AM or PM it is a 24-hour clock: `8:00` is in the morning. A bare number is refused,
    except the four digits of a 24-hour clock.
    """
    plain = re.sub(r"\s+", "", text.strip().lower()).replace("a.m.", "am").replace("p.m.", "pm")
    plain = {"noon": "12pm", "12noon": "12pm", "midnight": "12am"}.get(plain, plain)
    if _NO_COLON.fullmatch(plain):
        plain = re.sub(r"^(\d+)(\d\d)", r"\1:\2", plain)
    match = _TIME.fullmatch(plain)
    if match is None or not (match[2] or match[4]):
        raise ValueError(TIME_HELP)
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        if not (1 <= hour <= 12 or (match[4] == "pm" and 13 <= hour <= 23)):
            raise ValueError(TIME_HELP)
        hour = hour if hour > 12 else hour % 12 + (12 if match[4] == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError as error:
        raise ValueError(TIME_HELP) from error


def read_length(text: str) -> timedelta:
    """Read `1 h 30 min`, `1h30`, `45 min`, `30 s`, `1:30` (hours:minutes) or `1:07:30`.

    A bare number is minutes: `90`.
    """
    plain = re.sub(r"[\s]+|\band\b|,(?!\d)", "", text.strip().lower())
    span = _with_colons(plain) or _with_units(plain)
    if span is None or span > LONGEST_LENGTH:
        raise ValueError(LENGTH_HELP)
    return span


def _with_colons(plain: str) -> timedelta | None:
    match = _COLONS.fullmatch(plain)
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if minutes > 59 or seconds > 59:
        raise ValueError(LENGTH_HELP)
    # Zero is None for `or`: a length of nothing is refused by the action, with words of its own.
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _with_units(plain: str) -> timedelta | None:
    if _MINUTES.fullmatch(plain):
        return timedelta(minutes=int(plain))
    if match := _HOURS_THEN_MINUTES.fullmatch(plain):
        return timedelta(hours=int(match[1]), minutes=int(match[2]))
    match = _UNITS.fullmatch(plain)
    if match is None or not plain:
        return None
    hours = float((match["h"] or "0").replace(",", "."))
    return timedelta(hours=hours, minutes=int(match["m"] or 0), seconds=int(match["s"] or 0))


def read_day(text: str) -> date:
    """Read a day as a date field sends it: `2026-11-24`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(DAY_HELP) from error
