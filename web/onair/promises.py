"""Words for what viewers see after a press, made only from the foreseen stretches of air."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import ItemId
from playout.commands.foresee import Change, Effect
from playout.commands.viewed import Sight, ViewedStretch
from web.kit import words

JOIN_SAID_AFTER = timedelta(minutes=1)
"""Shortest missed part worth mentioning when a program is joined in progress."""


def promised(then: Sequence[ViewedStretch], zone: ZoneInfo) -> str:
    """Return the first stretch as a sentence: `Viewers see filler and bulletins until Parks at
    12:00.`
    """
    return f"Viewers see {_seen(then, zone, whole=True)}." if then else ""


def shortly(then: Sequence[ViewedStretch], zone: ZoneInfo) -> str:
    """Return the first stretch as a line under a button: `filler and bulletins until 12:00`."""
    return _seen(then, zone, whole=False) if then else ""


def _seen(then: Sequence[ViewedStretch], zone: ZoneInfo, *, whole: bool) -> str:
    first = then[0]
    following = then[1] if len(then) > 1 else None
    if first.shows is Sight.SLATE:
        return "the slate until someone presses Rejoin"
    if first.shows is Sight.OWN_SLATE:
        return f"the slate of {first.title} until {_ending(first, zone, 'it resumes')}"
    if first.shows is Sight.FILLING:
        if first.end is None or following is None:
            return Sight.FILLING.value
        until = _minute(first.end, zone)
        until = f"{following.title} at {until}" if whole else until
        return f"{Sight.FILLING.value} until {until}"
    live = ", live," if first.shows is Sight.LIVE and whole else ""
    into = f", {words.about(first.into)} in," if first.into > JOIN_SAID_AFTER else ""
    return f"{first.title}{live or into} until {_ending(first, zone, 'it is adjourned')}"


def _ending(one: ViewedStretch, zone: ZoneInfo, by_hand: str) -> str:
    if one.end is not None:
        return _minute(one.end, zone)
    limit = f", {_minute(one.latest, zone)} at the latest" if one.latest else ""
    return f"{by_hand}{limit}"


def consequence(
    changes: Sequence[Change], zone: ZoneInfo, but: Collection[ItemId | None] = (), most: int = 5
) -> str:
    """Return the changes of items outside `but` as sentences; beyond `most` they are counted."""
    told = [one for one in changes if one.item not in but or one.effect is Effect.ENDS]
    said = [f"{sentence(one, zone)}." for one in told[:most]]
    left = len(told) - most
    return " ".join([*said, f"{words.a_count(left, 'more airing')} changes." if left > 0 else ""])


def sentence(change: Change, zone: ZoneInfo) -> str:
    """Return one effect in words: `12:00 Planning replay joins 12 min in`."""
    if change.effect is Effect.ENDS:
        return f"{change.title} ends now"
    lead = f"{words.clock(change.planned, zone)} {change.title}"
    if change.after is None:
        return f"{lead} does not air"
    start, end = change.after
    if change.effect is Effect.JOINS:
        return f"{lead} joins {words.about(start - change.planned)} in"
    if change.effect in (Effect.MOVES, Effect.AIRS):
        return f"{lead} airs at {_minute(start, zone)}"
    return f"{lead} ends about {_minute(end, zone)}"


def _minute(at: datetime, zone: ZoneInfo) -> str:
    """Return the time to the minute, since a button promises no more."""
    return words.clock(at.replace(second=0, microsecond=0), zone)
