"""Actions on a channel's standing graphics, on the hours of its clock, and on uploaded pictures."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.names import ChannelId
from playout.model.plan import Media
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.graphics import ChannelGraphicsRow, PictureRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.graphics import ChannelGraphics, GraphicsDraft, Picture, problems
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.domain.series.crawls import MOST_CLOCK_HOURS, hours_problems
from scheduler.domain.series.hours import WeeklyHours, as_json
from scheduler.ids import new_id
from scheduler.refusals import Missing, Refused

ENTITY, CLOCK = "graphics", "clock"


def keep_picture(
    db: Database,
    actor: Actor,
    now: datetime,
    title: str,
    media: Media,
    size: tuple[int, int],
) -> Picture:
    """Offer a stored picture for use over others; `size` is its width and height in pixels."""
    title = one_line(title)[:200] or "Picture"
    with changing(db, actor, now, Right.PREPARE, "upload") as work:
        row = PictureRow(
            id=new_id(),
            title=title,
            key=media.key,
            media=load.plan.media_json(media),
            width=size[0],
            height=size[1],
            uploaded=now,
            uploaded_by=actor.name,
        )
        work.add(row)
        work.about("picture", row.id, f"Uploaded the picture {title}")
    return load.graphics.picture(row)


def set_graphics(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    draft: GraphicsDraft,
    version: int,
) -> ChannelGraphics:
    """Set what the channel shows over its pictures.

    `version` is the one that was read, 0 before the first time. Raises Refused, Missing, and
    Conflict with the present ChannelGraphics.
    """
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = _row(work, channel, version)
        _check(work, draft)
        load.graphics.fill_graphics(row, draft)
        name = work.session.get_one(ChannelRow, channel).name
        work.about(ENTITY, channel, f"Changed the graphics of {name}", channel)
        work.session.flush()
        return load.graphics.graphics(work.session, row)


def set_clock_hours(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    hours: Sequence[WeeklyHours],
    version: int,
) -> ChannelGraphics:
    """Set in which hours of the week the channel's clock is shown; none for always.

    `version` is that of the channel's graphics. Raises Refused, Missing, and Conflict with the
    present ChannelGraphics.
    """
    with changing(db, actor, now, Right.PLAN, "edit") as work:
        row = _row(work, channel, version)
        wrong = next((wrong for one in hours if (wrong := hours_problems(one))), {})
        if len(hours) > MOST_CLOCK_HOURS:
            wrong = {"hours": f"Give the clock up to {MOST_CLOCK_HOURS} hours of the week."}
        if wrong:
            raise Refused(wrong)
        row.clock_hours = as_json(hours)
        name = work.session.get_one(ChannelRow, channel).name
        work.about(CLOCK, channel, f"Changed the hours of the clock of {name}", channel)
        work.session.flush()
        return load.graphics.graphics(work.session, row)


def _row(work: UnitOfWork, channel: ChannelId, version: int) -> ChannelGraphicsRow:
    """Return the row, watched; a channel that has none gets one with everything off."""
    if work.session.get(ChannelRow, channel) is None:
        raise Missing("channel")
    row = work.session.get(ChannelGraphicsRow, channel)
    if row is None:
        row = ChannelGraphicsRow(channel_id=channel)
        load.graphics.fill_graphics(row, GraphicsDraft())
        work.session.add(row)
        work.session.flush()
        work.watch(row)
        if version:
            work.expect_version(row, version, load.graphics.graphics(work.session, row))
        return row
    row = work.get(ChannelGraphicsRow, channel, "graphics")
    work.expect_version(row, version, load.graphics.graphics(work.session, row))
    return row


def _check(work: UnitOfWork, draft: GraphicsDraft) -> None:
    errors = problems(replace(draft, bug_text=one_line(draft.bug_text)))
    logo = work.session.get(PictureRow, draft.logo) if draft.logo is not None else None
    if draft.logo is not None and (logo is None or logo.archived):
        errors["logo"] = "This picture no longer exists. Choose another one."
    if errors:
        raise Refused(errors)
