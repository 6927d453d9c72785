"""Faults of the library: watch folders that give no files, and files that do not come
back from the archive. A reporter of alerts, and the words of the page Jobs and of the doctor.
"""

from datetime import datetime, timedelta

from config import times
from config.clock_steps import elapsed
from playout.alerts.conditions import Condition
from playout.alerts.tracking import Observation
from scheduler.db import find, passing
from scheduler.db.passing import WatchedFolder
from scheduler.db.store import Database
from scheduler.domain.model.alerts import FaultList

REPORTER = "library"
SILENT_AFTER = timedelta(minutes=3)
"""Age of the last look at a watch folder from which on something is wrong."""
MOST_NAMED = 5
"""Files that one sentence names."""


def folder_fault(folder: WatchedFolder, now: datetime) -> str:
    """Return what keeps a watch folder from giving files, as a sentence; empty for nothing."""
    silent = elapsed(folder.at, now)
    if silent > SILENT_AFTER:
        said = f"No one has looked at it for {times.about(silent)}: its drive hangs, or "
        return said + "the scheduler does not run."
    return folder.words


def stuck_returns(db: Database) -> str:
    """Return which files do not come back from the archive and why, as a sentence; empty for none.

    A file counts from its first try that failed until it is back or nobody needs it.
    """
    with db.read() as session:
        stuck = find.jobs.stuck_returns(session)
    if not stuck:
        return ""
    named = ", ".join(title for title, _ in stuck[:MOST_NAMED])
    more = f" and {len(stuck) - MOST_NAMED} more" if len(stuck) > MOST_NAMED else ""
    return f"Not back on the server: {named}{more}. {stuck[0][1]}"


def faults(db: Database, now: datetime) -> FaultList:
    """Return each watch folder that gives no files, and the returns that stand still."""
    holding = [
        Observation(
            Condition.WATCH_FOLDER, "", folder.name, True,
            f"{folder.name} ({folder.path}): {said}", now, REPORTER,
        )
        for folder in passing.folders(db)
        if (said := folder_fault(folder, now))
    ]  # fmt: skip
    if stuck := stuck_returns(db):
        holding.append(Observation(Condition.RETURN_STUCK, "", "", True, stuck, now, REPORTER))
    return FaultList(REPORTER, None, tuple(holding))
