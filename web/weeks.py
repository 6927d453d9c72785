"""Copying a day or a week: the same programs at the same wall-clock times of other days."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from config.names import ChannelId
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.names import ChangeId
from scheduler.domain.people import Actor
from scheduler.domain.readiness import AiringView
from scheduler.queries import changes, grid
from scheduler.queries.grid import Week


def copy_week(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, monday: date
) -> tuple[int, ChangeId | None]:
    """Copy the airings of the week before `monday` that no series makes and that lie ahead.

    What stands there at that time is left out, so that pressing twice doubles nothing. Returns
    how many were copied, and the one change that takes them all back.
    """
    before = grid.week(db, [channel], monday - timedelta(days=7), now)
    theirs = [view for view in before.airings if view.series_id is None]
    return _copy(db, actor, now, theirs, before, grid.week(db, [channel], monday, now), 7)


def copy_day(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, day: date, to: date
) -> tuple[int, ChangeId | None]:
    """Copy the airings of a day that lie ahead there; what stands there at that time is left out.

    Returns how many were copied, and the one change that takes them all back.
    """
    before = grid.week(db, [channel], day - timedelta(days=day.weekday()), now)
    after = grid.week(db, [channel], to - timedelta(days=to.weekday()), now)
    theirs = [view for view in before.airings if before.local(view.airing.start).date() == day]
    return _copy(db, actor, now, theirs, before, after, (to - day).days)


def _copy(
    db: Database,
    actor: Actor,
    now: datetime,
    views: Sequence[AiringView],
    before: Week,
    after: Week,
    days: int,
) -> tuple[int, ChangeId | None]:
    standing = {(view.airing.title, view.airing.start) for view in after.airings}
    copies = []
    for view in views:
        local = before.local(view.airing.start) + timedelta(days=days)
        start = grid.local_instant(local, before.zone)
        if start > now and (view.airing.title, start) not in standing:
            copies.append((view.id, start))
    made = airings.copy_all(db, actor, now, copies)
    change = changes.latest(db, "airing", made[0].id) if made else None
    return len(made), change.id if change else None
