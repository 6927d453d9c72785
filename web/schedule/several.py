"""The list behind one tile of the week grid: its items, each with the page that opens it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from scheduler.db.store import Database
from scheduler.domain.air.readiness import Light
from scheduler.domain.model.channel import Channel
from scheduler.queries import grid, proposals
from web.schedule.kinds import PROPOSAL, kind_word

TILE_SPANS_AT_MOST = timedelta(days=8)
"""The longest stretch of the schedule that one list covers."""


@dataclass(frozen=True)
class TileItem:
    """One item of the list."""

    start: datetime
    end: datetime
    title: str
    kind: str
    show: str
    """The address of the drawer that opens it."""
    light: str = ""
    """Its readiness; empty for an item that is over or only proposed."""
    why: str = ""


def items_starting(
    db: Database, channel: Channel, since: datetime, until: datetime, now: datetime
) -> list[TileItem]:
    """Return the channel's airings and open proposals that start in [since, until), in order."""
    ends = {at.astimezone(channel.tz).date() for at in (since, until)}
    mondays = {day - timedelta(days=day.weekday()) for day in ends}
    weeks = [grid.week(db, [channel.id], monday, now) for monday in mondays]
    views = {view.id: view for week in weeks for view in week.airings}
    items = [
        TileItem(
            view.airing.start,
            view.airing.end,
            view.airing.title,
            kind_word(view.airing.draft),
            url_for("airings.show", airing=view.id),
            view.readiness.value if view.airing.end > now else "",
            view.why if view.readiness is not Light.READY else "",
        )
        for view in views.values()
        if since <= view.airing.start < until
    ]
    items += [
        TileItem(
            one.start, one.end, one.title, PROPOSAL, url_for("proposals.show", proposal=one.id)
        )
        for one in proposals.waiting(db, now)
        if one.channel == channel.id and since <= one.start < until
    ]
    return sorted(items, key=lambda line: (line.start, line.end))
