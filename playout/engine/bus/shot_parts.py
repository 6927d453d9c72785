"""The stretches of a shot that jumps over frames of its file: what the decks are asked for, tick by
tick.

To agent and air log a cut is one shot with one cue. Decks play files straight on, so each stretch
is a shot of its own to them, and while one deck plays it the other is cued with the next. The join
is counted in ticks from the take, so no clock that is steered moves it by a picture.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from config.names import CueId
from playout.model.engine import Shot
from playout.model.pieces import part_at, parts_of

_MARK = "|"
"""Stands between a cue and the number of its stretch in the names that decks know."""


@dataclass(frozen=True)
class ShotPart:
    """The stretch of a shot that one of its ticks belongs to; a whole file is one stretch."""

    shot: Shot
    """The shot as decks know it."""
    frame: int
    """House frame of the file that belongs on the tick."""
    gone: int = 0
    """Ticks from the first of the shot's time, tick 0, to the first of the stretch."""
    first: int = 0
    """House frame of the file on the first tick of the stretch."""
    left: int | None = None
    """Ticks of the stretch from here on, none or fewer behind its end; None for a whole file."""
    is_last: bool = True

    @property
    def is_over(self) -> bool:
        """Tell whether no frame of the stretch is left to be seen."""
        return self.left is not None and self.left <= 0


def part_of(shot: Shot, house: Fraction, tick: int) -> ShotPart:
    """Return what decks are asked for on a tick of the shot's own time."""
    if not shot.pieces:
        return ShotPart(shot, tick)
    parts = parts_of(shot.pieces, shot.rate, house)
    if not parts:
        return ShotPart(shot, tick, left=0)
    part = part_at(parts, tick)
    named = _of_decks(shot, part.number)
    left, is_last = part.ends - tick, part is parts[-1]
    return ShotPart(named, part.file_tick(tick), part.begins, part.first, left, is_last)


def whole_cue(cue: CueId) -> CueId:
    """Return the cue that a deck's name for one of its stretches belongs to."""
    return CueId(cue.partition(_MARK)[0])


@lru_cache(maxsize=16)
def _of_decks(shot: Shot, number: int) -> Shot:
    return replace(shot, cue=CueId(f"{shot.cue}{_MARK}{number}"), pieces=(), is_exact=True)
