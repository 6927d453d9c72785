"""What a change moves: two settled days compared, airing by airing."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId
from playout.model.rundown import Rundown

FINE = timedelta(seconds=1)


class What(StrEnum):
    """What becomes of an airing."""

    ADDED = "added"
    GONE = "gone"
    MOVED = "moved"
    LONGER = "longer"
    SHORTER = "shorter"


@dataclass(frozen=True)
class Aired:
    """The time an airing has by a settled rundown, from its first frame to its last."""

    title: str
    start: datetime
    end: datetime
    live: bool = False


@dataclass(frozen=True)
class Move:
    """One airing that would air at another time, no longer, or for the first time."""

    airing: AiringId
    title: str
    what: What
    before: Aired | None
    after: Aired | None
    reason: str = ""
    """Why it does not air any more, where the rules say so."""
    own: bool = False
    """The change is about this airing itself; others only have to give way, or may come back."""


def aired(rundowns: Iterable[Rundown]) -> dict[AiringId, Aired]:
    """When each airing of these rundowns is on."""
    times: dict[AiringId, Aired] = {}
    for rundown in rundowns:
        for cue in rundown.cues:
            if cue.airing is None:
                continue
            known = times.get(cue.airing)
            start = min(known.start, cue.start) if known else cue.start
            end = max(known.end, cue.end) if known else cue.end
            times[cue.airing] = Aired(cue.title, start, end, cue.source is not None)
    return times


def compare(
    before: Mapping[AiringId, Aired],
    after: Mapping[AiringId, Aired],
    reasons: Mapping[str, str],
    own: Container[str] = frozenset(),
) -> tuple[Move, ...]:
    """What differs, in order of time; a second either way is no difference."""
    found = []
    for airing in {*before, *after}:
        old, new = before.get(airing), after.get(airing)
        what = _what(old, new)
        shown = new or old
        if what is not None and shown is not None:
            reason = reasons.get(airing, "") if new is None else ""
            found.append(Move(airing, shown.title, what, old, new, reason, airing in own))
    return tuple(sorted(found, key=_at))


def _at(move: Move) -> tuple[datetime, str]:
    known = move.before or move.after
    assert known is not None
    return known.start, move.airing


def _what(old: Aired | None, new: Aired | None) -> What | None:
    if old is None:
        return What.ADDED
    if new is None:
        return What.GONE
    if abs(new.start - old.start) > FINE:
        return What.MOVED
    if abs(new.end - old.end) > FINE:
        return What.LONGER if new.end > old.end else What.SHORTER
    return None
