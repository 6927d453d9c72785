"""Settings of the whole station, made by engineers: how it writes its hours."""

from datetime import datetime

from config.times import Hours
from scheduler.changing.transaction import all_channels, changing
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.people import Actor, Right


def set_hours(db: Database, actor: Actor, now: datetime, hours: Hours) -> None:
    """Set how times of day are written on every page, feed and report."""
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        if work.session.get(StationRow, STATION_KEY) is None:
            work.session.add(StationRow(id=STATION_KEY, hours=Hours.TWELVE.value))
            work.session.flush()
        row = work.get(StationRow, STATION_KEY, "station")
        row.hours = hours.value
        # A clock on the picture is written alike, so every plan changes.
        clocked = all_channels(work.session)
        work.about("station", row.id, f"Times are written with {hours.value} hours", *clocked)
