"""Airings follow what their saved searches take: their length, and what viewers are told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId
from scheduler.changing.transaction import UnitOfWork, record
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.build_plan import window
from scheduler.domain.air.choosing import Chosen
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.reading.choosing import chosen

LENGTH_KEPT_WITHIN = timedelta(minutes=5)
"""An airing that begins sooner keeps its length: what is announced stays as it is."""


def follow_choices(db: Database, channel: ChannelId, now: datetime) -> int:
    """Give coming airings the length and title of the files that they would take; return how many
    changed.

    An airing that is locked, has a fixed start or was changed by hand keeps its length.
    """
    with db.read() as session:
        wanted = _changes(session, _rows(session, channel, now), now)
    if not wanted:
        return 0
    with db.write() as session:
        rows = _rows(session, channel, now)
        work = UnitOfWork(session, SYSTEM_ACTOR, now)
        changed = _changes(session, rows, now)
        for row in rows:
            if row.id in changed:
                _apply(work, row, changed[AiringId(row.id)])
        titles = ", ".join(dict.fromkeys(row.title for row in rows if row.id in changed))
        work.about("airing", "", f"{titles[:200]}: what saved searches take", channel)
        record(work, "choose")
    return len(changed)


def _rows(session: Session, channel: ChannelId, now: datetime) -> Sequence[AiringRow]:
    rows = find.searches.airings(session, now, window(now)[1], channel=channel)
    return [row for row in rows if row.start > now]


def _changes(session: Session, rows: Sequence[AiringRow], now: datetime) -> dict[AiringId, Chosen]:
    """Return what these airings take, for those that do not say so yet."""
    if not rows:
        return {}
    taken = chosen(session, map(load.plan.airing, rows), now)
    return {
        AiringId(row.id): taken[AiringId(row.id)]
        for row in rows
        if AiringId(row.id) in taken and _differs(row, taken[AiringId(row.id)], now)
    }


def _differs(row: AiringRow, chosen: Chosen, now: datetime) -> bool:
    return row.chosen != chosen.announced[:200] or _length(row, chosen, now) != row.length


def _length(row: AiringRow, chosen: Chosen, now: datetime) -> timedelta:
    """Return the length that the airing should have."""
    by_rule = not (row.locked or row.edited or row.start_rule == "hard")
    follows = by_rule and row.start - now > LENGTH_KEPT_WITHIN
    return chosen.length if follows and chosen.length else row.length


def _apply(work: UnitOfWork, row: AiringRow, chosen: Chosen) -> None:
    work.watch(row)
    row.length = _length(row, chosen, work.now)
    row.end = row.start + row.length
    row.chosen = chosen.announced[:200]
    work.channels.add(row.channel_id)
