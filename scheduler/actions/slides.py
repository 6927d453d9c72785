"""Actions of schedulers on the bulletin board: add, edit, order and remove bulletins."""

from collections.abc import Sequence
from datetime import datetime

from config.names import ChannelId
from scheduler.changing import bulletins
from scheduler.changing.transaction import UnitOfWork, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import SlideRow
from scheduler.domain.model.ids import SlideId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.slide import Slide, SlideDraft


def add(db: Database, actor: Actor, now: datetime, draft: SlideDraft) -> Slide:
    """Put a bulletin at the end of the board. Raises Refused."""
    with changing(db, actor, now, Right.PLAN, "add") as work:
        bulletins.check(work, draft)
        row = bulletins.put_up(work, draft)
        work.about("slide", row.id, f"Added the bulletin {row.heading}")
    return load.plan.slide(row)


def edit(
    db: Database, actor: Actor, now: datetime, slide: SlideId, draft: SlideDraft, version: int
) -> Slide:
    """Set everything that staff may set. Raises Refused, Missing, and Conflict with the present
    Slide.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = work.get(SlideRow, slide, "slide")
        work.expect_version(row, version, load.plan.slide(row))
        bulletins.check(work, draft)
        bulletins.rewrite(work, row, draft)
        work.about("slide", row.id, f"Changed the bulletin {row.heading}")
    return load.plan.slide(row)


def remove(db: Database, actor: Actor, now: datetime, slide: SlideId, version: int) -> None:
    """Take a bulletin off the board. Undo brings it back."""
    with changing(db, actor, now, Right.PLAN, "remove") as work:
        row = work.get(SlideRow, slide, "slide")
        work.expect_version(row, version, load.plan.slide(row))
        bulletins.take_off(work, row)
        work.about("slide", row.id, f"Removed the bulletin {row.heading}")


def reorder(db: Database, actor: Actor, now: datetime, slides: Sequence[SlideId]) -> None:
    """Show the bulletins in this order. Those that are not named follow in the order they had."""
    with changing(db, actor, now, Right.PLAN, "reorder") as work:
        before = _orders(work)
        for position, slide in enumerate(slides, start=1):
            row = work.get(SlideRow, slide, "slide")
            row.position = position
            work.about("slide", row.id, "Changed the order of the bulletins")
        named = set(slides)
        for row in find.plan.slides(work.session):
            if row.id not in named:
                work.watch(row)
                row.position += len(named)
        work.session.flush()
        after = _orders(work)
        work.channels.update(one for one in after if after[one] != before[one])


def _orders(work: UnitOfWork) -> dict[ChannelId, list[str]]:
    """Return each channel's order of bulletins, because only a channel whose order changes has
    news.
    """
    return {
        channel: [row.id for row in find.plan.slides(work.session, channel)]
        for channel in all_channels(work.session)
    }
