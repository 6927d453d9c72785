"""Copying a day or a week: the same programs at the same wall-clock times of other days."""

from datetime import date, datetime, timedelta

from config.names import ChannelId
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.names import ChangeId
from scheduler.domain.people import Actor
from scheduler.queries import changes, grid


def copy_week(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, monday: date
) -> tuple[int, ChangeId | None]:
    """Copy the airings of the week before `monday` that no series makes and that lie ahead.

    Returns how many were copied, and the one change that takes them all back.
    """
    before = grid.week(db, [channel], monday - timedelta(days=7), now)
    copies = []
    for view in before.airings:
        local = before.local(view.airing.start) + timedelta(days=7)
        start = grid.local_instant(local, before.zone)
        if view.series_id is None and start > now:
            copies.append((view.id, start))
    made = airings.copy_all(db, actor, now, copies)
    change = changes.latest(db, "airing", made[0].id) if made else None
    return len(made), change.id if change else None


def copy_day(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, day: date, to: date
) -> tuple[int, ChangeId | None]:
    """Copy the airings of a day that lie ahead there; what stands there at that time is left out.

    Returns how many were copied, and the one change that takes them all back.
    """
    before = grid.week(db, [channel], day - timedelta(days=day.weekday()), now)
    after = grid.week(db, [channel], to - timedelta(days=to.weekday()), now)
    standing = {(view.airing.title, view.airing.start) for view in after.airings}
    copies = []
    for view in before.airings:
        local = before.local(view.airing.start)
        start = grid.local_instant(local + (to - day), before.zone)
        if local.date() == day and start > now and (view.airing.title, start) not in standing:
            copies.append((view.id, start))
    made = airings.copy_all(db, actor, now, copies)
    change = changes.latest(db, "airing", made[0].id) if made else None
    return len(made), change.id if change else None
