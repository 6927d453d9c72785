"""The end of what is on air: in words, and as the moment that the On air page counts down to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.model.plan import ContentKind
from playout.model.rundown import Cue
from scheduler.queries.onair import OnAir
from web.kit import words
from web.onair.buttons import is_by_hand
from web.onair.live_part import LivePart

COUNTED_AHEAD = timedelta(hours=24)
"""A program further ahead is named by its day instead: 75 hours left tell nobody anything."""


@dataclass(frozen=True)
class Count:
    """The moment to which the page counts down, and what it is."""

    word: str
    to: datetime


def _is_filling(cue: Cue) -> bool:
    """Tell whether it fills a gap: how long it lasts says nothing, the next program counts."""
    return cue.item is None and not is_by_hand(cue)


def count_of(on: OnAir, now: datetime) -> Count | None:
    """Return what the page counts down to."""
    if on.cue.held and on.cue.kind is ContentKind.SLATE:
        return None
    if not _is_filling(on.cue):
        return Count("time left", on.cue.end)
    if not on.next or on.next[0].start - now > COUNTED_AHEAD:
        return None
    return Count("next program in", on.next[0].start)


def until_of(on: OnAir, live: LivePart | None, now: datetime) -> str:
    """Return the end of what is on, in words."""
    if _is_filling(on.cue):
        if not on.next:
            return "nothing is planned in the coming days"
        at = on.next[0].start
        if now.astimezone(on.channel.tz).date() == at.astimezone(on.channel.tz).date():
            return f"until {words.clock(at, on.channel.tz)}"
        return f"until {words.when(at, on.channel.tz, now)}"
    if not on.cue.held:
        return f"ends {words.clock(on.cue.end, on.channel.tz)}"
    if on.cue.kind is ContentKind.SLATE:
        return "until someone presses Rejoin"
    if live is None or live.limit is None:
        return "held until adjourned"
    return f"held until adjourned, {words.clock(live.limit, on.channel.tz)} at the latest"
