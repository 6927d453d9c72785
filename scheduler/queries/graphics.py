"""Standing graphics of a channel, pictures that may lie over others, and what may be shown now."""

from dataclasses import dataclass, replace
from datetime import timedelta

from config.names import AiringId, ChannelId
from playout.model.graphics import SHOWN_FOR
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.graphics import PictureRow
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.meetings.roster import AgendaItem, Member
from scheduler.domain.model.airing_graphics import AiringGraphic
from scheduler.domain.model.graphics import ChannelGraphics, Picture
from scheduler.domain.model.ids import PictureId
from scheduler.domain.series.crawls import ChannelCrawl
from scheduler.refusals import Missing


def channel_graphics(db: Database, channel: ChannelId) -> ChannelGraphics:
    """Return what the channel shows over its pictures; all off where nobody set any. Raises
    Missing.
    """
    with db.read() as session:
        if session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        return load.graphics.channel_graphics(session, channel)


def pictures(db: Database) -> tuple[Picture, ...]:
    """Return every picture that may lie over others, by title."""
    with db.read() as session:
        return tuple(map(load.graphics.picture, find.graphics.pictures(session)))


def picture(db: Database, picture: PictureId) -> Picture:
    """Return one picture. Raises Missing."""
    with db.read() as session:
        row = session.get(PictureRow, picture)
        if row is None:
            raise Missing("picture")
        return load.graphics.picture(row)


@dataclass(frozen=True)
class GraphicsOffer:
    """The names, crawls and bug that an operator may show over what is on air."""

    bug: bool = False
    """True where the channel has a bug."""
    members: tuple[Member, ...] = ()
    """Members of the body that meets."""
    items: tuple[AgendaItem, ...] = ()
    """Agenda items of the meeting."""
    planned: tuple[AiringGraphic, ...] = ()
    """Names and crawls planned with the airing, those by hand and those with a time."""
    names_for: timedelta = SHOWN_FOR
    """How long a name stays on this channel unless the operator chooses otherwise."""
    crawls: tuple[ChannelCrawl, ...] = ()
    """The channel's crawls by the clock, which come by themselves."""


def offer(db: Database, channel: ChannelId, airing: AiringId | None) -> GraphicsOffer:
    """Return what may be shown over the airing on air; None for anything else that is on."""
    with db.read() as session:
        standing = load.graphics.channel_graphics(session, channel).draft
        crawls = tuple(map(load.graphics.crawl, find.graphics.crawls(session, channel)))
        known = GraphicsOffer(standing.bug_on, names_for=standing.names_for, crawls=crawls)
        row = session.get(AiringRow, airing) if airing else None
        if row is None:
            return known
        known = replace(known, planned=load.plan.airing(row).draft.graphics)
        meeting_row = session.get(MeetingRow, row.meeting_id) if row.meeting_id else None
        if meeting_row is None or row.slot:
            return known
        meeting = load.meetings.meeting(meeting_row).draft
        members = _members(session, meeting.body)
        return replace(known, members=members, items=meeting.agenda_items)


def _members(session: Session, body: str) -> tuple[Member, ...]:
    rows = (row for row in find.bodies.bodies(session) if row.body.casefold() == body.casefold())
    row = next(rows, None) if body else None
    return load.bodies.body(row).draft.members if row is not None else ()
