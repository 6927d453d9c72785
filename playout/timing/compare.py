"""The one comparison of two rundowns: when each item airs in both, and what becomes of it.

Foreseeing a button, weighing an overlap and previewing a meeting all compare with these functions
and speak of the result in the words of `Effect`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from playout.model.rundown import Cue, Rundown

PLAN_TOLERANCE = timedelta(seconds=2)
"""Two plans agree on an item whose times differ by less: encoders round the length of a file, and
whatever follows that file inherits the difference."""
PRESS_TOLERANCE = timedelta(seconds=30)
"""Before and after a press, an item whose times differ by less is unchanged. The operator presses
some seconds after the button was drawn, so a button promises nothing finer."""

K = TypeVar("K", bound=str)


class Effect(StrEnum):
    """A change of an item on air."""

    ADDED = "added"
    """It would not have aired, and does."""
    AIRS = "airs"
    """It airs, and that is worth saying whether or not it is news."""
    MOVED = "moved"
    """It starts earlier or later, from the same place in its media."""
    JOINED = "joined in progress"
    """It starts further into its media than before."""
    SHORTER = "shorter"
    LONGER = "longer"
    ENDED = "ended"
    """It is on air and does not come back."""
    DROPPED = "dropped"
    """It would have aired, and does not."""


@dataclass(frozen=True)
class TimeOnAir:
    """The time of one item in a rundown, from its first cue to its last, with interruptions."""

    title: str
    start: datetime
    """UTC, as is `end`."""
    end: datetime
    into: timedelta = timedelta(0)
    """How far into its media viewers come in."""
    live: bool = False
    """It plays from a source, so its end may be an estimate."""


@dataclass(frozen=True)
class AirChange(Generic[K]):
    """The change of one item between two rundowns."""

    id: K
    """The item or the airing, whichever the rundowns were compared by."""
    title: str
    effect: Effect
    before: TimeOnAir | None
    """None where it would not air."""
    after: TimeOnAir | None
    reason: str = ""
    """In words for staff, where it does not air."""

    @property
    def at(self) -> datetime:
        """The start to sort by: the new one, or the old one of an item that does not air."""
        known = self.after or self.before
        assert known is not None
        return known.start


def times_on_air(
    cues: Iterable[Cue], key: Callable[[Cue], K | None], since: datetime | None = None
) -> dict[K, TimeOnAir]:
    """Return the time on air of everything that `key` names, as `lambda cue: cue.airing` does.

    With `since`, cues that end by then are left out. Cues of several rundowns may be chained.
    """
    times: dict[K, TimeOnAir] = {}
    for cue in cues:
        id = key(cue)
        if id is None or (since is not None and cue.end <= since):
            continue
        new = TimeOnAir(cue.title, cue.start, cue.end, cue.offset, cue.source is not None)
        first = min(times.get(id, new), new, key=lambda time: time.start)
        times[id] = replace(first, end=max(times.get(id, new).end, new.end))
    return times


def reasons_of(rundown: Rundown) -> dict[str, str]:
    """Return why each displaced airing does not air, in words for staff."""
    return {gone.airing: gone.reason for gone in rundown.displaced if gone.airing}


def compare(
    before: Mapping[K, TimeOnAir],
    after: Mapping[K, TimeOnAir],
    reasons: Mapping[str, str],
    tolerance: timedelta = PLAN_TOLERANCE,
    now: datetime | None = None,
) -> tuple[AirChange[K], ...]:
    """Return what becomes of each item that differs, in the order in which they then air.

    `reasons` says why items that do not air are displaced. With `now`, an item that is on air and
    does not come back has ENDED; without it such an item is DROPPED like any other.
    """
    changes = []
    for id in {**before, **after}:
        old, new = before.get(id), after.get(id)
        effect = effect_of(old, new, tolerance, now)
        known = new or old
        if effect is not None and known is not None:
            reason = reasons.get(id, "") if new is None else ""
            changes.append(AirChange(id, known.title, effect, old, new, reason))
    return tuple(sorted(changes, key=lambda change: (change.at, change.title, change.id)))


def effect_of(
    before: TimeOnAir | None,
    after: TimeOnAir | None,
    tolerance: timedelta = PLAN_TOLERANCE,
    now: datetime | None = None,
) -> Effect | None:
    """Return what becomes of one item; None where both times agree within the tolerance.

    The first difference that applies is the one reported: a program joined ten minutes late is
    JOINED, though it also starts late and lasts shorter.
    """
    if before is None:
        return None if after is None else Effect.ADDED
    if after is None:
        return Effect.ENDED if now is not None and before.start <= now else Effect.DROPPED
    if after.into - before.into >= tolerance:
        return Effect.JOINED
    if abs(after.start - before.start) >= tolerance:
        return Effect.MOVED
    longer = after.end - before.end
    if abs(longer) < tolerance:
        return None
    return Effect.LONGER if longer > timedelta(0) else Effect.SHORTER
