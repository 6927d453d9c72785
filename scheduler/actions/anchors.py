"""Actions of staff on protected times: set one, release it."""

from datetime import datetime

from config.times import day, time_of_day
from scheduler.changing.transaction import changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.desk import AnchorRow
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.ids import AnchorId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.protected_times import Anchor, AnchorDraft
from scheduler.ids import new_id
from scheduler.refusals import Missing


def protect(db: Database, actor: Actor, now: datetime, draft: AnchorDraft) -> Anchor:
    """Keep everything in place from this time to the end of the day. Raises Missing."""
    with changing(db, actor, now, Right.PLAN, "protect") as work:
        if work.session.get(ChannelRow, draft.channel) is None:
            raise Missing("channel")
        row = AnchorRow(id=new_id(), channel_id=draft.channel, day=draft.day, at=draft.at)
        row.archived = False
        work.add(row)
        when = f" on {day(draft.day)}" if draft.day else " every day"
        sentence = f"Protected {draft.channel} from {time_of_day(draft.at)}{when}"
        work.about("anchor", row.id, sentence, draft.channel)
    return load.desk.anchor(row)


def release(db: Database, actor: Actor, now: datetime, anchor: AnchorId) -> Anchor:
    """Release a protected time. Raises Missing."""
    with changing(db, actor, now, Right.PLAN, "release") as work:
        row = work.get(AnchorRow, anchor, "protected time")
        row.archived = True
        sentence = f"Released {row.channel_id} from {time_of_day(row.at)}"
        work.about("anchor", row.id, sentence, row.channel_id)
    return load.desk.anchor(row)
