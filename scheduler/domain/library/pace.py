"""The day on which a disk is full if it goes on filling as it did.

day      free      what is computed
Nov 1    500 GB
Nov 15   430 GB    5 GB a day; 430 GB last 86 days
Nov 16   700 GB    someone made room: the figures before no longer count
Nov 20   690 GB    nothing: four days are too few
Nov 26   650 GB    5 GB a day; 650 GB last 130 days
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SERVER_PLACE = "server"
"""The disk of the server's media store."""
ARCHIVE_PLACE = "archive"
"""The disk of the second store."""
ARCHIVE_AWAY_AFTER = timedelta(minutes=30)
"""Three looks of the keeper. An archive that it could not open for so long is away."""
LOOKED_BACK = timedelta(days=28)
LEAST_SPAN = timedelta(days=7)
"""A week, because a station records and clears up by the week."""
CLEARED_SHARE = 10
"""A rise of the free room by one part in so many of the disk is a clearing, not the pace."""
WARNED_WITHIN = 30
"""Days. A city needs about so long to buy a disk."""
TOLD_WITHIN = 730
"""Days. A figure beyond two years says no more than that there is room."""


@dataclass(frozen=True)
class DiskFigure:
    """The fill of a disk on one day."""

    day: date
    free: int
    """Bytes."""
    total: int = 0
    """Bytes; 0 where that is not known."""


@dataclass(frozen=True)
class DiskPace:
    """The pace at which a disk fills."""

    bytes_a_day: int
    full_in: int
    """Days, counted from the newest figure."""

    @property
    def is_warning(self) -> bool:
        """True when it is time to act."""
        return self.full_in <= WARNED_WITHIN

    @property
    def in_words(self) -> str:
        """Return `Full in 23 days at this pace`."""
        if self.full_in == 0:
            return "Full today at this pace"
        return f"Full in {self.full_in} day{'' if self.full_in == 1 else 's'} at this pace"


def disk_pace(figures: Iterable[DiskFigure], reserve: int = 0) -> DiskPace | None:
    """Return the pace of the last four weeks; None where the disk does not fill, where it takes
    longer than two years, and after too few days. `reserve` are the last bytes, which nobody may
    use.
    """
    days = sorted(figures, key=lambda one: one.day)
    since = days[-1].day - LOOKED_BACK if days else date.min
    counted: list[DiskFigure] = []
    for one in days:
        if one.day < since:
            continue
        if counted and _cleared(counted[-1], one):
            counted = []
        counted.append(one)
    if not counted or counted[-1].day - counted[0].day < LEAST_SPAN:
        return None
    first, last = counted[0], counted[-1]
    taken, span = first.free - last.free, (last.day - first.day).days
    if taken <= 0:
        return None
    full_in = max(0, last.free - reserve) * span // taken
    return DiskPace(taken // span, full_in) if full_in <= TOLD_WITHIN else None


def _cleared(before: DiskFigure, after: DiskFigure) -> bool:
    whole = after.total or before.free
    return after.free - before.free > whole // CLEARED_SHARE
