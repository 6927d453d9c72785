"""Wall clocks that are set: how a process notices it, and what becomes of instants that it stored.

A server's clock is 15 minutes ahead for half a minute. What was stored meanwhile lies in the future
once the clock is right:

    true time   the clock says   stored                          read after 10:00:30
    09:58:00    09:58:00         an alert that began 09:58:00    09:58:00
    10:00:10    10:15:10         an alert that began 10:15:10    10:00:10 by a process that ran on,
                                                                 its present by one that started
    10:00:30    10:00:30         (the clock is set back)

A process that runs on knows by how much the clock was set (`StepWatch`), and moves what it counts
by that. One that started meanwhile knows only that nothing was stored in the future.
"""

from datetime import UTC, datetime, timedelta

from config.bounded import FIRST_YEAR

NO_STEP = timedelta(0)
LEAST_STEP = timedelta(seconds=5)
"""A smaller difference is a clock that is slewed, or a process that was held up between reading
both clocks."""
AHEAD_TOLERATED = timedelta(seconds=30)
"""Another thread may have read the clock so much later than this one."""
_EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)


class StepWatch:
    """A comparison of the wall clock with the monotonic one, which shows when it was set."""

    def __init__(self) -> None:
        self._began: datetime | None = None
        """The wall clock's instant when the monotonic one was at 0, as of the last call."""

    def step(self, utc: datetime, monotonic: int) -> timedelta:
        """Return by how much the wall clock was set since the last call, positive for ahead.

        `monotonic` is in nanoseconds. Nothing is returned of a step below LEAST_STEP.
        """
        began = utc - timedelta(microseconds=monotonic // 1000)
        step = began - self._began if self._began is not None else NO_STEP
        self._began = began
        return step if abs(step) >= LEAST_STEP else NO_STEP


def on_present_clock(
    at: datetime,
    now: datetime,
    step: timedelta = NO_STEP,
    ahead: timedelta = NO_STEP,
) -> datetime:
    """Return a stored instant as the clock counts now: moved by the step with which it was set,
    and `now` where it then lies further in the future than it can.

    `ahead` is how far that is: nothing for what has happened, the longest wait for what is planned.
    """
    moved = max(at + step, _EARLIEST)
    return now if moved - now > ahead + AHEAD_TOLERATED else moved


def elapsed(since: datetime, now: datetime) -> timedelta:
    """Return the time from `since` to `now`, never negative.

    An instant of the future counts as long ago as it lies ahead. So whoever waits for a span waits
    at most twice as long after the clock was set back, and not at all after a long step.
    """
    return abs(now - since)
