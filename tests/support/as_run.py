"""As-run of a channel as tests ask for it: one local day, or the rows of a stretch of time."""

from datetime import date, datetime, time, timedelta

from config.names import ChannelId
from playout.model.wire import AsRun
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.queries.reports import AsRunDay, as_run


def as_run_day(db: Database, slug: ChannelId, day: date, now: datetime) -> AsRunDay:
    """Return the local day of the channel, as far as it has gone at `now`. Raises Missing."""
    midnight = datetime.combine(day, time())
    return as_run(db, slug, midnight, midnight + timedelta(days=1), now)


def as_run_between(
    db: Database, slug: ChannelId, since: datetime, until: datetime
) -> tuple[AsRun, ...]:
    """Return the closed as-run rows of [since, until)."""
    with db.read() as session:
        return load.journal.drawable(find.house.as_run(session, slug, since, until))[0]
