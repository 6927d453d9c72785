"""When viewers are told another time than planned, because the broadcast machine expects it."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AiringId
from config.steps import next_step
from playout.model.plan import ContentKind
from playout.model.rundown import Rundown
from playout.timing.replays import RECORDING_NOT_READY
from scheduler.domain.model.airing import Airing

WORTH_ANNOUNCING = timedelta(seconds=60)
"""A smaller difference is no news."""
GUESS_STEP = timedelta(minutes=15)
"""What rests on a guess is told in steps of this."""
ANNOUNCED_AT_MOST_EVERY = timedelta(minutes=5)
"""One airing is told anew at most this often: subscribers see every change as one."""


@dataclass(frozen=True)
class AnnouncedTimes:
    """The times viewers were told last, in place of the planned ones."""

    planned: datetime
    """The planned start this was said of; of another it says nothing."""
    start: datetime
    end: datetime
    count: int
    """How often viewers were told another time; never falls."""
    at: datetime
    off: bool = False
    """It is not on at its time, as when a meeting runs long, and has no other yet."""

    def is_off(self, airing: Airing) -> bool:
        """Whether viewers were told that the airing, as it is planned now, is not on."""
        return self.off and self.planned == airing.start and not airing.cancelled

    def of(self, airing: Airing) -> tuple[datetime, datetime]:
        """Start and end to show for the airing as it is planned now."""
        if self.planned != airing.start or airing.cancelled:
            return airing.start, airing.end
        return self.start, self.end


@dataclass(frozen=True)
class ExpectedTimes:
    """When an airing is on by the host's word."""

    start: datetime | None
    """None where it began before the rundown does."""
    end: datetime
    guessed: bool = False
    """It is held, or stands behind something held: its times rest on a guess."""
    final: bool = False
    """It was live, and it was adjourned: its end is known."""


def expected_times(expected: Rundown, now: datetime) -> dict[AiringId, ExpectedTimes]:
    """First start and last end of each airing in the rundown."""
    times: dict[AiringId, ExpectedTimes] = {}
    held = False
    for cue in expected.cues:
        held = held or cue.held
        if cue.airing is None:
            continue
        final = cue.kind is ContentKind.LIVE and not cue.held and cue.end <= now
        known = times.get(cue.airing)
        first = known.start if known else cue.start if cue.start > expected.starts else None
        times[cue.airing] = ExpectedTimes(first, cue.end, held, final)
    return times


def off_the_air(expected: Rundown, times: Container[AiringId]) -> frozenset[AiringId]:
    """Airings that are not on at all; a replay that waits for its recording may yet be."""
    return frozenset(
        one.airing
        for one in expected.displaced
        if one.airing and one.reason != RECORDING_NOT_READY and one.airing not in times
    )


def announce(
    airing: Airing, last: AnnouncedTimes | None, expected: ExpectedTimes, now: datetime
) -> AnnouncedTimes | None:
    """What to tell viewers from now on; None when what they were told still holds.

    An end is told later than planned, never earlier, for what follows a short file is no news;
    only of a live that was adjourned the true end is told. What rests on the guessed end of a
    held live is told in steps of a quarter of an hour, so that each is one stamp.
    """
    shown = last.of(airing) if last else (airing.start, airing.end)
    start = expected.start or shown[0]
    end = expected.end if expected.final else max(airing.end, expected.end)
    if expected.guessed:
        start = start if abs(start - airing.start) < WORTH_ANNOUNCING else _quarter(start)
        end = end if abs(end - airing.end) < WORTH_ANNOUNCING else _quarter(end)
    was_off = last is not None and last.is_off(airing)
    news = was_off or max(abs(start - shown[0]), abs(end - shown[1])) >= WORTH_ANNOUNCING
    soon = last is not None and now - last.at < ANNOUNCED_AT_MOST_EVERY and not expected.final
    if not news or soon:
        return None
    return AnnouncedTimes(
        airing.start, whole_minute(start), whole_minute(end), (last.count if last else 0) + 1, now
    )


def announce_off(
    airing: Airing, last: AnnouncedTimes | None, now: datetime
) -> AnnouncedTimes | None:
    """Say once that it will not be on at its time; None when that was said."""
    if airing.cancelled or (last is not None and last.is_off(airing)):
        return None
    count = (last.count if last else 0) + 1
    return AnnouncedTimes(airing.start, airing.start, airing.end, count, now, off=True)


def whole_minute(at: datetime) -> datetime:
    """To the nearest whole minute: nobody tunes in to the second."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _quarter(at: datetime) -> datetime:
    """The next full quarter of an hour, or this one."""
    return next_step(at, GUESS_STEP)
