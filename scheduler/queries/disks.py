"""The disks of the station: how full they are, and when they are full at their pace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.disk import RECORDING_STOPS_BELOW
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.model.wire import Status, WireError, decode
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.keeping import DiskDayRow
from scheduler.domain.library.pace import LOOKED_BACK, DiskFigure, DiskPace, disk_pace
from scheduler.domain.model.alerts import FaultList

SHOWN_FOR = timedelta(days=3)
"""A disk of which nothing was heard for so long is not shown any more."""
HEARD_WITHIN = timedelta(hours=1)
REPORTER = "disks"


@dataclass(frozen=True)
class DiskStanding:
    """A disk and its pace."""

    place: str
    name: str
    free: int
    pace: DiskPace | None


def disks(db: Database, now: datetime) -> tuple[DiskStanding, ...]:
    """Return every disk that was heard of lately, the server's first."""
    by_place: dict[str, list[DiskDayRow]] = {}
    with db.read() as session:
        for row in find.keeping.disk_days(session, now - LOOKED_BACK - timedelta(days=1)):
            by_place.setdefault(row.place, []).append(row)
    standing = [_standing(rows) for rows in by_place.values() if now - rows[-1].at < SHOWN_FOR]
    return tuple(sorted(standing, key=lambda one: (one.place != "server", one.name)))


def _standing(rows: list[DiskDayRow]) -> DiskStanding:
    last = rows[-1]
    figures = (DiskFigure(row.day.date(), row.free, row.total) for row in rows)
    pace = disk_pace(figures, RECORDING_STOPS_BELOW)
    return DiskStanding(last.place, last.name, last.free, pace)


def of_machines(db: Database, now: datetime) -> dict[str, int]:
    """Return the free bytes that each broadcast machine last reported, by its name; the least of
    its channels. A machine that is silent for an hour is left out.
    """
    free: dict[str, int] = {}
    with db.read() as session:
        for row in find.keeping.heard(session):
            if now - row.at > HEARD_WITHIN:
                continue
            try:
                told = decode(Status, row.status).disk_free
            except (WireError, ValueError):
                continue
            free[row.host] = min(told, free.get(row.host, told))
    return free


def faults(db: Database, now: datetime) -> FaultList:
    """Return the disks that are full within a month at their pace, as a reporter of alerts."""
    holding = tuple(
        Observation(
            Condition.DISK, "", f"{one.name}, pace", True,
            f"{one.name}: {one.pace.in_words}.", now, REPORTER,
        )
        for one in disks(db, now)
        if one.pace is not None and one.pace.is_warning
    )  # fmt: skip
    return FaultList(REPORTER, None, holding)
