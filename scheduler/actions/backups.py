"""Asking for a backup now. The scheduler makes it, as it makes the nightly one."""

from datetime import datetime

from scheduler.changing.transaction import changing
from scheduler.db.store import Database
from scheduler.db.tables.alerts import BackupRequestRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.people import Actor, Right


def ask(db: Database, actor: Actor, now: datetime, tried: datetime | None) -> bool:
    """Ask the scheduler for a backup, and return True; False where one is asked for already.

    `tried` is when the last try ended, in UTC; None before the first. What was asked for before
    that is done. Raises Forbidden.
    """
    with changing(db, actor, now, Right.EQUIP, "ask") as work:
        row = work.session.get(BackupRequestRow, STATION_KEY, with_for_update=True)
        if row is None:
            work.add(BackupRequestRow(id=STATION_KEY, asked=now))
        elif tried is None or row.asked > tried:
            return False
        else:
            work.watch(row)
            row.asked = now
        work.about("backup", STATION_KEY, "Asked for a backup")
    return True
