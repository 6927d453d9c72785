"""Announced times: when viewers are given other times than planned, as the host expects them.

One worked example: a held meeting planned 19:00–20:00, and Planning after it at 20:00.

    19:58  no end in sight: the host expects 20:10     announced in quarters: Planning 20:15
    20:12  the host expects 20:14                      20:15 still holds, no new stamp
    20:16  the host expects 20:31                      announced: Planning 20:45
    20:33  adjourned, Planning starts at 20:33         announced: Planning 20:33, no longer a guess

Each announcement is one change in every subscriber's calendar, so they are few.
"""

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
"""A smaller difference is not announced."""
GUESS_STEP = timedelta(minutes=15)
"""Times that rest on a guess are announced on a multiple of this."""
ANNOUNCED_AT_MOST_EVERY = timedelta(minutes=5)
"""Least time between two announcements for one airing: calendars show each as a change."""


@dataclass(frozen=True)
class AnnouncedTimes:
    """The times announced to viewers last, in place of the planned ones."""

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
        """Return whether viewers were told that the airing, as planned now, is not on."""
        return self.off and self.planned == airing.start and not airing.cancelled

    def of(self, airing: Airing) -> tuple[datetime, datetime]:
        """Return the start and end to show for the airing as planned now."""
        if self.planned != airing.start or airing.cancelled:
            return airing.start, airing.end
        return self.start, self.end


@dataclass(frozen=True)
class ExpectedTimes:
    """The times of an airing as the host expects them."""

    start: datetime | None
    """None where it began before the rundown does."""
    end: datetime
    guessed: bool = False
    """It is held, or stands behind something held: its times rest on a guess."""
    final: bool = False
    """It was live, and it was adjourned: its end is known."""


def expected_times(expected: Rundown, now: datetime) -> dict[AiringId, ExpectedTimes]:
    """Return the first start and last end of each airing in the rundown."""
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
    """Return the airings that are not on at all, without replays that still wait for their
    recording.
    """
    return frozenset(
        one.airing
        for one in expected.displaced
        if one.airing and one.reason != RECORDING_NOT_READY and one.airing not in times
    )


def announce(
    airing: Airing, last: AnnouncedTimes | None, expected: ExpectedTimes, now: datetime
) -> AnnouncedTimes | None:
    """Return the times to announce from now on; None when those announced last still hold.

    An end is announced later than planned but never earlier, because an early end is no news; only
    a live that was adjourned gets its true end. Times that rest on the guessed end of a held live
    are announced in quarter hours.
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
    """Return the announcement that the airing is not on at its time; None when that was
    announced."""
    if airing.cancelled or (last is not None and last.is_off(airing)):
        return None
    count = (last.count if last else 0) + 1
    return AnnouncedTimes(airing.start, airing.start, airing.end, count, now, off=True)


def whole_minute(at: datetime) -> datetime:
    """Round to the nearest whole minute: viewers do not tune in to the second."""
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _quarter(at: datetime) -> datetime:
    """Return this quarter of an hour, or the next full one."""
    return next_step(at, GUESS_STEP)
