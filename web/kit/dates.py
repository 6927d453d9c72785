"""Days, weeks, times and instants out of addresses and plain form fields.

The `parse_…` functions return None for text that cannot be used; the others answer 404 for an
address that cannot exist, or refuse a form field with a sentence for its reader.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from flask import abort

from config import bounded
from config.typed import TIME_HELP, read_time
from scheduler.refusals import Refused

LAST_TYPED_YEAR = bounded.LAST_YEAR - 50
"""Last year that may be typed. It leaves room for series and recordings that run on from it."""


def parse_day(text: str | None) -> date | None:
    """Return the day written like `2026-11-24`; None beyond the years that may be typed."""
    try:
        day = bounded.day(text or "")
    except ValueError:
        return None
    return day if day.year <= LAST_TYPED_YEAR else None


def parse_time(text: str | None) -> time | None:
    """Return the time of day that people typed, without a zone."""
    try:
        return read_time(text or "")
    except ValueError:
        return None


def parse_week(text: str) -> date | None:
    """Return the Monday of an ISO week written like `2026-W47`."""
    try:
        monday = date.fromisoformat(f"{text}-1") if "W" in text else None
    except ValueError:
        return None
    return monday and parse_day(monday.isoformat())


def parse_epoch(given: Mapping[str, str], name: str) -> datetime | None:
    """Return the UTC instant that a parameter names in whole seconds of the Unix epoch."""
    seconds = bounded.whole(given.get(name, ""), 0, bounded.LARGEST_INTEGER)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def parse_instant(text: str | None) -> datetime | None:
    """Return the instant written in ISO 8601 with its offset, as hidden fields carry it."""
    try:
        return bounded.instant(datetime.fromisoformat(text or ""))
    except ValueError:
        return None


def day_or_404(text: str) -> date:
    """Return the day that an address names."""
    return parse_day(text) or abort(404, "There is no such day; write it like 2026-11-24.")


def week_or_404(text: str) -> date:
    """Return the Monday of the week that an address names."""
    return parse_week(text) or abort(404, "There is no such week; write it like 2026-W47.")


def time_or_404(text: str) -> time:
    """Return the time of day that an address names."""
    at = parse_time(text)
    return abort(404, "There is no such time; write it like 09:30.") if at is None else at


def day_or_refuse(text: str | None) -> date:
    """Return the day of a form field. Raises Refused."""
    day = parse_day(text)
    if day is None:
        raise Refused(message="Choose the day.")
    return day


def time_or_refuse(text: str | None, sentence: str = TIME_HELP) -> time:
    """Return the time of day of a form field. Raises Refused with `sentence`."""
    at = parse_time(text)
    if at is None:
        raise Refused(message=sentence)
    return at
