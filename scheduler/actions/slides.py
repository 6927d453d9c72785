"""What staff do with the bulletin board: add, edit, order and remove slides."""

from collections.abc import Sequence
from datetime import datetime

from config.names import ChannelId
from scheduler.changes import Work, all_channels, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables import ChannelRow, SlideRow
from scheduler.domain.names import SlideId
from scheduler.domain.people import Actor, Right
from scheduler.domain.slide import Slide, SlideDraft, problems
from scheduler.ids import new_id
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: SlideDraft) -> Slide:
    """Put a slide at the end of the board. Raises Refused."""
    with changing(db, actor, now, Right.PREPARE, "add") as work:
        _check(work, draft)
        last = max((row.position for row in find.slides(work.session)), default=0)
        row = SlideRow(id=new_id(), position=last + 1)
        load.fill_slide(row, draft)
        work.add(row)
        _about(work, row, f"Added the slide {row.heading}")
    return load.slide(row)


def edit(
    db: Database, actor: Actor, now: datetime, slide: SlideId, draft: SlideDraft, version: int
) -> Slide:
    """Set all that staff may set. Raises Refused, Missing, and Conflict with the Slide as it is."""
    with changing(db, actor, now, Right.PREPARE, "edit") as work:
        row = work.get(SlideRow, slide, "slide")
        work.same(row, version, load.slide(row))
        _check(work, draft)
        _about(work, row, "")
        load.fill_slide(row, draft)
        _about(work, row, f"Changed the slide {row.heading}")
    return load.slide(row)


def remove(db: Database, actor: Actor, now: datetime, slide: SlideId, version: int) -> None:
    """Take a slide off the board; undo brings it back."""
    with changing(db, actor, now, Right.PREPARE, "remove") as work:
        row = work.get(SlideRow, slide, "slide")
        work.same(row, version, load.slide(row))
        row.removed = True
        _about(work, row, f"Removed the slide {row.heading}")


def reorder(db: Database, actor: Actor, now: datetime, slides: Sequence[SlideId]) -> None:
    """Show the slides in this order; those not named keep their place behind them."""
    with changing(db, actor, now, Right.PREPARE, "reorder") as work:
        for position, slide in enumerate(slides, start=1):
            row = work.get(SlideRow, slide, "slide")
            row.position = position
            _about(work, row, "Changed the order of the slides")
        named = set(slides)
        for row in find.slides(work.session):
            if row.id not in named:
                work.watch(row)
                row.position += len(named)


def _about(work: Work, row: SlideRow, sentence: str) -> None:
    shown_on = {ChannelId(row.channel_id)} if row.channel_id else all_channels(work.session)
    work.about("slide", row.id, sentence, *shown_on)


def _check(work: Work, draft: SlideDraft) -> None:
    found = problems(draft)
    if draft.channel is not None and work.session.get(ChannelRow, draft.channel) is None:
        found["channel"] = "Choose a channel, or every channel."
    if found:
        raise Refused(found)
