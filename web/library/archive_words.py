"""Words about a file that rests in the archive: that it is coming back, when, or why it is not."""

from collections.abc import Iterable

from config import times
from scheduler.domain.library.returning import ReturnOutlook
from scheduler.queries import resting
from web.kit.context import database, now, station_zone


def outlook_words(outlook: ReturnOutlook) -> str:
    """Return `It is coming back from the archive, ready about 14:20.`, or why it does not come."""
    if outlook.hindrance:
        return f"It does not come back from the archive yet. {outlook.hindrance}"
    return f"It is coming back from the archive, ready about {_ready(outlook)}."


def offer_words(outlook: ReturnOutlook) -> str:
    """Return what happens to a file that nobody needs yet, and when it would be ready."""
    by_itself = "It comes back by itself before it airs."
    if outlook.hindrance:
        return f"{by_itself} Just now it could not. {outlook.hindrance}"
    return f"{by_itself} Brought back now, it would be ready about {_ready(outlook)}."


def _ready(outlook: ReturnOutlook) -> str:
    zone, at = station_zone(), now()
    is_today = outlook.ready.astimezone(zone).date() == at.astimezone(zone).date()
    return times.civil(outlook.ready, zone) if is_today else times.when(outlook.ready, zone, at)


def coming_words(keys: Iterable[str]) -> str:
    """Return the same of a file of the library with these keys, one of which rests."""
    outlook = resting.outlook(database(), keys, now())
    return outlook_words(outlook) if outlook is not None else "It is on the server."
