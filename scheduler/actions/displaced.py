"""Actions of staff after a meeting ran long: reschedule what it displaced, or dismiss it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.names import AiringId, ChannelId
from scheduler.changing.transaction import changing
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Actor, Right
from scheduler.foresight.free_time import displaced_rows, find_slots
from scheduler.reading.host_state import forecast
from scheduler.refusals import Refused


def put_back(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, airings: Sequence[AiringId]
) -> tuple[Airing, ...]:
    """Move each displaced airing to its next free time, as one change with one undo.

    Subscribers see the same event at its new time. Raises Refused when none of them is displaced
    any more, or none has room.
    """
    with changing(db, actor, now, Right.PLAN, "put back") as work:
        rundown = forecast(work.session, channel, now).rundown
        all_displaced = displaced_rows(work.session, channel, rundown, now)
        rows = [row for row in all_displaced if row.id in airings]
        moved: list[AiringRow] = []
        for row, start in find_slots(work.session, channel, rundown, rows, now):
            if start is None:
                continue
            work.watch(row)
            load.plan.fill_airing(row, replace(load.plan.airing(row).draft, start=start))
            row.edited, row.outcome, row.outcome_reason, row.let_go = True, None, "", False
            moved.append(row)
        if not moved:
            raise Refused(message="None of them is still bumped, or there is no open slot.")
        sentence = f"Rescheduled {len(moved)} bumped program{'s' if len(moved) > 1 else ''}"
        work.about("airing", moved[0].id, sentence, channel)
    return tuple(load.plan.airing(row) for row in moved)


def let_go(
    db: Database, actor: Actor, now: datetime, channel: ChannelId, airings: Sequence[AiringId]
) -> int:
    """Dismiss displaced airings from the to-do list, as one change with one undo; return how many.

    Raises Refused when none of them is displaced any more.
    """
    with changing(db, actor, now, Right.PLAN, "let go") as work:
        rundown = forecast(work.session, channel, now).rundown
        all_displaced = displaced_rows(work.session, channel, rundown, now)
        rows = [row for row in all_displaced if row.id in airings]
        if not rows:
            raise Refused(message="None of them is still bumped.")
        for row in rows:
            work.watch(row)
            row.let_go = True
        sentence = f"Dismissed {len(rows)} bumped program{'s' if len(rows) > 1 else ''}"
        work.about("airing", rows[0].id, sentence, channel)
        return len(rows)
