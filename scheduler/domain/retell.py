"""When viewers are told another time than planned, because the broadcast machine expects it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AiringId
from playout.rundown import Rundown
from scheduler.domain.airing import Airing

WORTH_TELLING = timedelta(seconds=60)
"""A smaller difference is no news."""
NOT_SOONER = timedelta(minutes=5)
"""One airing is told anew at most this often: subscribers see every change as one."""


@dataclass(frozen=True)
class Told:
    """The times viewers were told last, in place of the planned ones."""

    planned: datetime
    """The planned start this was said of; of another it says nothing."""
    start: datetime
    end: datetime
    count: int
    """How often viewers were told another time; never falls."""
    at: datetime

    def of(self, airing: Airing) -> tuple[datetime, datetime]:
        """Start and end to show for the airing as it is planned now."""
        if self.planned != airing.start or airing.cancelled:
            return airing.start, airing.end
        return self.start, self.end


def expected_times(expected: Rundown) -> dict[AiringId, tuple[datetime | None, datetime]]:
    """First start and last end of each airing; no start where it began before the rundown does."""
    times: dict[AiringId, tuple[datetime | None, datetime]] = {}
    for cue in expected.cues:
        if cue.airing is None:
            continue
        if cue.airing in times:
            times[cue.airing] = (times[cue.airing][0], cue.end)
        else:
            times[cue.airing] = (cue.start if cue.start > expected.starts else None, cue.end)
    return times


def retell(
    airing: Airing,
    last: Told | None,
    expected: tuple[datetime | None, datetime],
    now: datetime,
) -> Told | None:
    """What to tell viewers from now on; None when what they were told still holds.

    An end is told later than planned, never earlier: what follows a short file is no news.
    """
    shown = last.of(airing) if last else (airing.start, airing.end)
    start = expected[0] or shown[0]
    end = max(airing.end, expected[1])
    news = max(abs(start - shown[0]), abs(end - shown[1])) >= WORTH_TELLING
    if not news or (last is not None and now - last.at < NOT_SOONER):
        return None
    return Told(airing.start, _minute(start), _minute(end), (last.count if last else 0) + 1, now)


def _minute(at: datetime) -> datetime:
    """To the nearest whole minute: nobody tunes in to the second."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
