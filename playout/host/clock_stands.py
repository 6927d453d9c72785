"""Settings of the machine's clock by which agents worked, since this machine started.

A machine has a second clock that nobody sets: the time since it started. The distance between the
two changes only when the wall clock is set, because a time service steers both alike. So a clock
that stands where it stood for most of the work is right, even where entries of the journal are
later: they were dated by a clock that was set ahead, and back.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import STRICT, Instant, Large, Name
from config.clock import SinceBoot
from config.readjson import read_bounded
from config.wholefile import replace_file
from playout.model.wire import WireError, decode, encode

STANDS_FILE = "clock-stands.json"
ONE_STAND = timedelta(seconds=2)
"""Stands that differ by no more are one: a time service also steps by fractions of a second."""
MOST_STANDS = 16
"""Stands remembered; the one of the least work gives way."""
WRITTEN_EVERY_NS = 10_000_000_000
"""How often the file is written: so much work a kill may take from the record."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stand:
    """A setting of the wall clock, and how long agents worked by it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    started: Instant
    """When the machine started by a clock that is set so, UTC."""
    worked_ns: Large


@dataclass(frozen=True)
class ClockStands:
    """The stands of the clock in one start of the machine, the latest first."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    boot: Name
    stands: Annotated[tuple[Stand, ...], Field(max_length=MOST_STANDS)] = ()


def worked(known: ClockStands, started: datetime, ns: int) -> ClockStands:
    """Return the stands after `ns` nanoseconds more of work by a clock by which the machine started
    at `started`.

    Example: a clock worked by for an hour, set ahead by 15 minutes for 30 s, and set back. There
    are two stands, of an hour and of 30 s. Work goes on adding to the first.
    """
    same = next((one for one in known.stands if _are_one(one.started, started)), Stand(started, 0))
    others = [one for one in known.stands if one is not same]
    if len(others) == MOST_STANDS:
        others.remove(min(others, key=lambda one: one.worked_ns))
    # It is called where the clock is now: many small steps by a time service make no new stand.
    return replace(known, stands=(Stand(started, same.worked_ns + ns), *others))


def is_proven(known: ClockStands, boot: str, started: datetime) -> bool:
    """Return whether the clock stands where agents worked longest by it in this start of the
    machine, named `boot`.
    """
    if not boot or boot != known.boot or not known.stands:
        return False
    longest = max(known.stands, key=lambda one: one.worked_ns)
    return longest.worked_ns > 0 and _are_one(longest.started, started)


def _are_one(started: datetime, other: datetime) -> bool:
    return abs(started - other) <= ONE_STAND


class StandsFile:
    """The stands, kept in the channel's folder over a restart of the agent."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STANDS_FILE
        self._known = self._read()
        self._last: tuple[datetime, SinceBoot] | None = None
        self._written_ns = 0

    def is_proven(self, utc: datetime, since: SinceBoot) -> bool:
        """Return whether a clock that says `utc` stands where agents worked longest by it."""
        return is_proven(self._known, since.boot, _started(utc, since))

    def work(self, utc: datetime, since: SinceBoot) -> None:
        """Note that the agent works by a clock that says `utc`. Call it each turn."""
        if not since.boot:
            return
        if since.boot != self._known.boot:
            self._known, self._last, self._written_ns = ClockStands(since.boot), None, 0
        started, last = _started(utc, since), self._last
        self._last = (started, since)
        # Time in which the clock was set counts for neither setting.
        if last is None or not _are_one(last[0], started):
            return
        self._known = worked(self._known, started, since.ns - last[1].ns)
        if since.ns - self._written_ns >= WRITTEN_EVERY_NS:
            self._written_ns = since.ns
            # Without a sync: after a cut of power it is of another start of the machine.
            replace_file(self._path, encode(self._known))

    def _read(self) -> ClockStands:
        try:
            return decode(ClockStands, read_bounded(self._path))
        except FileNotFoundError:
            pass
        except (OSError, WireError) as error:
            log.warning("Where the clock stood before this start is not known: %s", error)
        return ClockStands("")


def _started(utc: datetime, since: SinceBoot) -> datetime:
    return utc - timedelta(microseconds=since.ns // 1000)
