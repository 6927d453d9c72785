"""The order in which files come back from the archive, and when each will be there.

One file comes at a time, the most urgent first. What a person or a machine asked for counts as
needed an hour after that, so it comes before tomorrow's airings and after one that is near. At 10
MB a second, judged at 12:00:

file               bytes     needed             comes    back about
Council, March     18 GB     airs at 12:50      1st      12:30
Parks report       6 GB      asked for 11:58    2nd      12:40
Budget hearing     36 GB     airs on Friday     3rd      13:40
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AssetKey

ASSUMED_PACE = 10_000_000
"""Bytes a second where no return was measured yet: a share on a busy network, at low priority."""
ASKED_COUNTS_AFTER = timedelta(hours=1)
"""What somebody asked for counts as needed so long after that."""
ROUNDED_TO = timedelta(minutes=5)
"""An estimate is written in steps of this; a finer one would claim to know more than it does."""


@dataclass(frozen=True)
class WaitingReturn:
    """A file that rests and is to come back."""

    key: AssetKey
    size: int
    """Bytes that are still to come."""
    needed: datetime
    """When it is needed, UTC."""
    is_working: bool = False
    """Whether it is coming at this moment."""


@dataclass(frozen=True)
class ReturnOutlook:
    """Knowledge of the return of a file that rests: when, or why not."""

    ready: datetime
    """About when the server has it again, UTC, rounded up."""
    hindrance: str = ""
    """Why it does not come just now, as a sentence; empty while nothing hinders it."""
    is_due: bool = True
    """Whether it is on its way; else it would be ready then if somebody asked for it now."""


def urgency(airs: datetime | None, wanted: datetime | None, now: datetime) -> datetime:
    """Return when a file is needed that a plan names for `airs`, or that was asked for at `wanted`.

    A need without a time, as of filler, counts from `now` on like a question.
    """
    asked = wanted + ASKED_COUNTS_AFTER if wanted is not None else None
    times = [one for one in (airs, asked) if one is not None]
    return min(times, default=now + ASKED_COUNTS_AFTER)


def in_order(waiting: Iterable[WaitingReturn]) -> list[WaitingReturn]:
    """Return the files in the order in which they come: the present one, then the most urgent."""
    return sorted(waiting, key=lambda one: (not one.is_working, one.needed, one.key))


def foreseen(
    waiting: Iterable[WaitingReturn], pace: int, now: datetime
) -> Mapping[AssetKey, datetime]:
    """Return about when each file is back, at `pace` bytes a second, rounded up."""
    ready, at = dict[AssetKey, datetime](), now
    for one in in_order(waiting):
        at += timedelta(seconds=one.size / max(1, pace))
        ready[one.key] = _rounded_up(at)
    return ready


def _rounded_up(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) % ROUNDED_TO
    return at + (ROUNDED_TO - over) if over else at
