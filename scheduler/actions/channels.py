"""Actions of engineers on channels: add and edit. The first also sets how hours are written."""

from datetime import datetime

from config.names import ChannelId
from config.times import usual_hours
from scheduler.changing.transaction import changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.plan import ChannelRow, PlanVersionRow, StationRow
from scheduler.domain.model.channel import Channel, ChannelDraft, problems
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.people import Actor, Right
from scheduler.refusals import Refused


def add(db: Database, actor: Actor, now: datetime, draft: ChannelDraft) -> Channel:
    """Add a channel. Raises Refused for an invalid draft or a slug that is taken."""
    errors = problems(draft)
    with changing(db, actor, now, Right.EQUIP, "add") as work:
        if work.session.get(ChannelRow, draft.slug) is not None:
            errors["slug"] = "There is already a channel with this short name."
        if errors:
            raise Refused(errors)
        row = ChannelRow(id=draft.slug)
        load.plan.fill_channel(row, draft)
        work.add(row)
        work.session.add(PlanVersionRow(channel_id=row.id, number=0))
        if work.session.get(StationRow, STATION_KEY) is None:
            work.session.add(StationRow(id=STATION_KEY, hours=usual_hours(row.zone).value))
        work.session.flush()
        work.about("channel", row.id, f"Created channel {row.name}", row.id)
    return load.plan.channel(row, 1)


def edit(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    draft: ChannelDraft,
    version: int,
) -> Channel:
    """Set everything but the slug. Raises Refused, Missing, Conflict with the present Channel."""
    errors = problems(draft)
    with changing(db, actor, now, Right.EQUIP, "edit") as work:
        row = work.get(ChannelRow, channel, "channel")
        work.expect_version(row, version, load.plan.channel(row))
        if errors:
            raise Refused(errors)
        public_before = (row.name, row.numbers, row.watch)
        load.plan.fill_channel(row, draft)
        work.about("channel", row.id, f"Changed channel {row.name}", row.id)
        if public_before != (row.name, row.numbers, row.watch):
            work.restamp_channel(row.id)
        plan_version = find.plan.plan_versions(work.session).get(row.id, 0) + 1
    return load.plan.channel(row, plan_version)
