"""Sentences for what becomes of an item on air: after a press, an edit or a changed meeting.

The three places compare rundowns in one way (`playout/timing/compare`). They word the result for
different readers: a button has one short line, an overlap names the hours that change, and a
meeting says on which day.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId
from playout.commands.foresee import ItemChange
from playout.timing.compare import AirChange, Effect
from scheduler.foresight.preview import PreviewedChange
from web.kit import words

JOINED_AFTER = timedelta(seconds=30)
"""Viewers who come in no later than this see an item from its beginning."""
STARTS_ELSEWHERE = (Effect.MOVED, Effect.JOINED)


def after_press(change: ItemChange, zone: ZoneInfo) -> str:
    """Return one effect of a button: `12:00 Planning replay joins 12 min in`."""
    if change.effect is Effect.ENDED:
        return f"{change.title} ends now"
    lead = f"{words.clock(change.planned, zone)} {change.title}"
    if change.after is None:
        return f"{lead} does not air"
    if change.effect is Effect.JOINED:
        return f"{lead} joins {words.about(change.after.start - change.planned)} in"
    if change.effect in (Effect.MOVED, Effect.ADDED):
        return f"{lead} airs at {minute(change.after.start, zone)}"
    return f"{lead} ends about {minute(change.after.end, zone)}"


def after_edit(
    change: AirChange[AiringId], zone: ZoneInfo, now: datetime, *, dated: bool = False
) -> str:
    """Return one effect of an edit: `Planning starts 21:15 instead of 20:00, 15 min in.`

    `dated` adds the day to times that would otherwise be of the day being edited.
    """
    after, before = change.after, change.before
    if after is None:
        time = f" ({hours(before.start, before.end, zone, now)})" if before and dated else ""
        return f"{change.title}{time} does not air{_why(change.reason)}."
    into = f", {words.about(after.into)} in" if after.into >= JOINED_AFTER else ""
    if before is None:
        return f"{change.title} airs {hours(after.start, after.end, zone, now)}{into}."
    if change.effect in STARTS_ELSEWHERE:
        new, old = words.when(after.start, zone, now), words.clock(before.start, zone)
        return f"{change.title} starts {new} instead of {old}{into}."
    by = words.about(abs(after.end - before.end))
    more = "later" if change.effect is Effect.LONGER else "earlier"
    ends = words.when(after.end, zone, now) if dated else words.clock(after.end, zone)
    return f"{change.title} ends {ends}, {by} {more}."


def after_meeting(change: PreviewedChange, zone: ZoneInfo, now: datetime) -> str:
    """Return one effect of a changed meeting: `Parks moves from today 20:00 to today 21:00.`"""
    old, new = change.before, change.after
    if new is None:
        at = words.when(old.start, zone, now) if old else ""
        return f"{change.title}, {at}, does not air{_why(change.reason)}."
    at = words.when(new.start, zone, now)
    if old is None:
        until = "live until adjourned" if new.live else f"until {words.clock(new.end, zone)}"
        return f"{change.title} airs {at}, {until}."
    if change.effect in STARTS_ELSEWHERE:
        return f"{change.title} moves from {words.when(old.start, zone, now)} to {at}."
    ends, ended = words.clock(new.end, zone), words.clock(old.end, zone)
    if new.live:
        return f"{change.title}, {at}, is expected to last until {ends}, not {ended}."
    return f"{change.title}, {at}, ends at {ends} instead of {ended}."


def hours(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return `20:00–21:00`, with the day before it where that is not today."""
    return f"{words.when(start, zone, now)}–{words.clock(end, zone)}"


def minute(at: datetime, zone: ZoneInfo) -> str:
    """Return the time without its seconds: a button promises nothing finer."""
    return words.clock(at.replace(second=0, microsecond=0), zone)


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""
