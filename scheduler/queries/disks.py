"""The disks of the station: how full they are, and when they are full at their pace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.clock_steps import elapsed
from config.disk import RECORDING_STOPS_BELOW
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from playout.model.wire import Status, WireError, decode
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.keeping import DiskDayRow
from scheduler.domain.library import resting
from scheduler.domain.library.archiving import DAMAGE_TRIED_FOR
from scheduler.domain.library.copies import SECOND_STORE
from scheduler.domain.library.pace import (
    ARCHIVE_AWAY_AFTER,
    ARCHIVE_PLACE,
    LOOKED_BACK,
    SERVER_PLACE,
    DiskFigure,
    DiskPace,
    disk_pace,
)
from scheduler.domain.model.alerts import FaultList

SHOWN_FOR = timedelta(days=3)
"""A disk of which nothing was heard for so long is not shown any more."""
HEARD_WITHIN = timedelta(hours=1)
REPORTER = "disks"
MOST_NAMED = 5
"""Damaged files that one sentence names."""


@dataclass(frozen=True)
class DiskStanding:
    """A disk and its pace."""

    place: str
    name: str
    free: int
    pace: DiskPace | None
    read: datetime
    """When its room was read last, UTC."""


@dataclass(frozen=True)
class ArchiveStanding:
    """The second store, as the keeper found it."""

    room: DiskStanding | None
    """Its disk when it was last here; None for never in the last four weeks."""
    is_away: bool

    @property
    def fault(self) -> str:
        """The fault as a sentence; empty while the archive is here."""
        if not self.is_away:
            return ""
        if self.room is None:
            return "The archive was never found."
        return "The archive is away."


def archive(db: Database, now: datetime) -> ArchiveStanding:
    """Return how the second store of the settings is. Ask only where the settings name one."""
    with db.read() as session:
        since = now - LOOKED_BACK - timedelta(days=1)
        days = find.disks.disk_days(session, since, now)
        rows = [row for row in days if row.place == ARCHIVE_PLACE]
    room = _standing(rows) if rows else None
    return ArchiveStanding(room, room is None or now - room.read > ARCHIVE_AWAY_AFTER)


def disks(db: Database, now: datetime) -> tuple[DiskStanding, ...]:
    """Return the server's disk and those of the machines that were heard of lately."""
    by_place: dict[str, list[DiskDayRow]] = {}
    with db.read() as session:
        since = now - LOOKED_BACK - timedelta(days=1)
        for row in find.disks.disk_days(session, since, now):
            if row.place != ARCHIVE_PLACE:
                by_place.setdefault(row.place, []).append(row)
    standing = [_standing(rows) for rows in by_place.values() if now - rows[-1].at < SHOWN_FOR]
    return tuple(sorted(standing, key=lambda one: (one.place != SERVER_PLACE, one.name)))


def rests_after(db: Database, setting: timedelta, now: datetime) -> timedelta:
    """Return how long nothing must have needed a file before it rests in the archive alone: less
    than the setting where the server's disk fills.
    """
    pace = next((one.pace for one in disks(db, now) if one.place == SERVER_PLACE), None)
    return resting.rests_after(setting, pace)


def _standing(rows: list[DiskDayRow]) -> DiskStanding:
    last = rows[-1]
    figures = (DiskFigure(row.day.date(), row.free, row.total) for row in rows)
    pace = disk_pace(figures, RECORDING_STOPS_BELOW)
    return DiskStanding(last.place, last.name, last.free, pace, last.at)


def of_machines(db: Database, now: datetime) -> dict[str, int]:
    """Return the free bytes that each broadcast machine last reported, by its name; the least of
    its channels. A machine that is silent for an hour is left out.
    """
    free: dict[str, int] = {}
    with db.read() as session:
        for row in find.disks.heard(session):
            if elapsed(row.at, now) > HEARD_WITHIN:
                continue
            try:
                told = decode(Status, row.status).disk_free
            except (WireError, ValueError):
                continue
            free[row.host] = min(told, free.get(row.host, told))
    return free


def damaged(db: Database, now: datetime) -> str:
    """Return which files the archive no longer gives back, and the server has not either, as a
    sentence; empty for none. Those of the last two days may be a cable's fault.
    """
    with db.read() as session:
        titles = find.recordings.damaged_at(session, SECOND_STORE, now - DAMAGE_TRIED_FOR)
    if not titles:
        return ""
    named = ", ".join(titles[:MOST_NAMED])
    more = f" and {len(titles) - MOST_NAMED} more" if len(titles) > MOST_NAMED else ""
    return f"Damaged in the archive, and not on the server: {named}{more}."


def faults(db: Database, has_archive: bool, now: datetime) -> FaultList:
    """Return the disks that are full within a month at their pace, and an archive that is away or
    damaged, as a reporter of alerts.
    """
    known, archived = disks(db, now), list[Observation]()
    if has_archive:
        second = archive(db, now)
        told = {Condition.ARCHIVE_AWAY: second.fault, Condition.ARCHIVE_DAMAGED: damaged(db, now)}
        archived = [
            Observation(condition, "", "", True, sentence, now, REPORTER)
            for condition, sentence in told.items()
            if sentence
        ]
        if not second.is_away and second.room is not None:
            known = (*known, second.room)
    holding = tuple(
        Observation(
            Condition.DISK, "", f"{one.name}, pace", True,
            f"{one.name}: {one.pace.in_words}.", now, REPORTER,
        )
        for one in known
        if one.pace is not None and one.pace.is_warning
    )  # fmt: skip
    return FaultList(REPORTER, None, (*holding, *archived))
