"""The bulletin board as staff edit it."""

from config.names import ChannelId
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import SlideRow
from scheduler.domain.model.ids import SlideId
from scheduler.domain.model.slide import Slide
from scheduler.refusals import Missing


def slides(db: Database, channel: ChannelId | None = None) -> tuple[Slide, ...]:
    """Return the bulletins in order; with a channel, those it shows."""
    with db.read() as session:
        return tuple(load.plan.slide(row) for row in find.plan.slides(session, channel))


def slide(db: Database, slide: SlideId) -> Slide:
    """Return one bulletin. Raises Missing."""
    with db.read() as session:
        row = session.get(SlideRow, slide)
        if row is None or row.removed:
            raise Missing("slide")
        return load.plan.slide(row)
