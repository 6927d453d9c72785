"""Questions to a rundown: what is on at an instant, how far in, and what changes next."""

from bisect import bisect_right
from datetime import datetime, timedelta

from config.names import CueId
from playout.model.rundown import Cue, Kind, Rank, Rundown

FOREVER = timedelta(days=36500)


def cue_at(rundown: Rundown, at: datetime) -> Cue:
    """The cue on air at `at`. Total: outside the rundown it is a slate that lasts to its edge."""
    if at < rundown.starts:
        return _beyond("before", at - FOREVER, rundown.starts)
    if at >= rundown.ends:
        return _beyond("after", rundown.ends, rundown.ends + FOREVER)
    return rundown.cues[bisect_right(rundown.cues, at, key=_start) - 1]


def next_change(rundown: Rundown, at: datetime) -> datetime | None:
    """The first instant after `at` at which another cue begins; None when none is known."""
    following = next_cue(rundown, at)
    return None if following is None else following.start


def next_cue(rundown: Rundown, at: datetime) -> Cue | None:
    """The cue after the one on air at `at`."""
    index = bisect_right(rundown.cues, at, key=_start)
    return rundown.cues[index] if index < len(rundown.cues) else None


def next_item(rundown: Rundown, at: datetime) -> Cue | None:
    """The first cue after `at` that somebody planned by name, past the item on air."""
    current = cue_at(rundown, at).item
    index = bisect_right(rundown.cues, at, key=_start)
    for cue in rundown.cues[index:]:
        if cue.item is not None and cue.item != current:
            return cue
    return None


def position(cue: Cue, at: datetime) -> timedelta:
    """How far into its media the cue is at `at`."""
    return cue.offset + (at - cue.start)


def _start(cue: Cue) -> datetime:
    return cue.start


def _beyond(side: str, start: datetime, end: datetime) -> Cue:
    return Cue(CueId(f"{side}-the-rundown"), None, Kind.SLATE, "", start, end, Rank.SLATE)
