"""Words for what viewers see after a press, made only from the foreseen stretches of air."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from config.names import ItemId
from playout.commands.foresee import ItemChange
from playout.commands.viewed import Sight, ViewedStretch
from playout.timing.compare import Effect
from web.kit import words
from web.kit.effects import after_press, minute

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
        until = minute(first.end, zone)
        until = f"{following.title} at {until}" if whole else until
        return f"{Sight.FILLING.value} until {until}"
    live = ", live," if first.shows is Sight.LIVE and whole else ""
    into = f", {words.about(first.into)} in," if first.into > JOIN_SAID_AFTER else ""
    return f"{first.title}{live or into} until {_ending(first, zone, 'it is adjourned')}"


def _ending(stretch: ViewedStretch, zone: ZoneInfo, by_hand: str) -> str:
    if stretch.end is not None:
        return minute(stretch.end, zone)
    limit = f", {minute(stretch.latest, zone)} at the latest" if stretch.latest else ""
    return f"{by_hand}{limit}"


def consequence(
    changes: Sequence[ItemChange],
    zone: ZoneInfo,
    but: Collection[ItemId | None] = (),
    most: int = 5,
) -> str:
    """Return the changes of items outside `but` as sentences; beyond `most` they are counted."""
    others = [change for change in changes if change.id not in but or change.effect is Effect.ENDED]
    sentences = [f"{after_press(change, zone)}." for change in others[:most]]
    left = len(others) - most
    return " ".join(
        [*sentences, f"{words.a_count(left, 'more airing')} changes." if left > 0 else ""]
    )
