"""Meetings as pages show them: what was announced, what became of it, what still needs a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from playout.rundown import Cue
from playout.timeline import cue_at
from scheduler.db import find_live, load, load_live
from scheduler.db.store import Database, Session
from scheduler.db.tables import AiringRow, ChannelRow
from scheduler.db.tables_live import MeetingRow
from scheduler.domain.channel import Channel
from scheduler.domain.meeting import Meeting, Stage, decisions, stage
from scheduler.domain.names import MeetingId
from scheduler.domain.readiness import AiringView
from scheduler.domain.replays import in_words
from scheduler.domain.source import KnownSource
from scheduler.heard import ahead
from scheduler.meetings import wanted
from scheduler.refusals import Missing
from scheduler.retime import made_room
from scheduler.views import airing_views


@dataclass(frozen=True)
class MeetingView:
    """A meeting with its airings and all that is to be said of it."""

    meeting: Meeting
    channel: Channel
    stage: Stage
    source: KnownSource | None
    live: AiringView | None
    until: datetime | None
    """When it is expected to be over by the host's word, while it is on air."""
    replays: tuple[AiringView, ...]
    """Those that stand, by start."""
    rules: str
    """Its replay rules in words."""
    decisions: tuple[str, ...]
    """What still needs a person, a sentence each."""


def meetings(
    db: Database, since: datetime, until: datetime, now: datetime
) -> tuple[MeetingView, ...]:
    """Meetings that start in [since, until), cancelled ones too, by start."""
    with db.read() as session:
        rows = find_live.meetings(session, since, until)
        return tuple(_views(session, rows, now))


def meeting(db: Database, meeting: MeetingId, now: datetime) -> MeetingView:
    """One meeting. Raises Missing."""
    with db.read() as session:
        row = session.get(MeetingRow, meeting)
        if row is None:
            raise Missing("meeting")
        return next(iter(_views(session, [row], now)))


@dataclass(frozen=True)
class Pushed:
    """A soft airing that a replay's true length pushes back."""

    title: str
    planned: datetime
    start: datetime


def pushed(db: Database, meeting: MeetingId, now: datetime) -> tuple[Pushed, ...]:
    """Soft airings whose air is taken by the meeting's replays, and when theirs is free."""
    with db.read() as session:
        found = made_room(session, meeting, now)
        return tuple(Pushed(row.title, row.start, start) for row, start in found)


def latest(db: Database) -> Meeting | None:
    """The meeting with the latest start that is not cancelled: what a new one is likely to be."""
    with db.read() as session:
        row = find_live.latest(session)
        return load_live.meeting(row) if row else None


def bodies(db: Database) -> tuple[str, ...]:
    """Every public body that ever met, for the form to offer."""
    with db.read() as session:
        return tuple(find_live.bodies(session))


def _views(session: Session, rows: Sequence[MeetingRow], now: datetime) -> Iterator[MeetingView]:
    airings = find_live.airings_of_all(session, (row.id for row in rows))
    sources = find_live.sources_by_id(session, (row.source_id for row in rows))
    begun = {row.channel_id for row in rows if row.start <= now}
    on_air = {slug: _on_air(session, ChannelId(slug), now) for slug in begun}
    for row in rows:
        channel = session.get(ChannelRow, row.channel_id)
        assert channel is not None
        source = sources.get(row.source_id) if row.source_id else None
        meeting, own = load_live.meeting(row), airings[row.id]
        live = next((one for one in own if not one.slot), None)
        replays = sorted((one for one in own if one.slot), key=lambda one: one.start)
        shown = [one for one in replays if not one.cancelled]
        cue = on_air.get(row.channel_id)
        on = cue.airing if cue else None
        yield MeetingView(
            meeting=meeting,
            channel=load.channel(channel),
            stage=stage(meeting, load.airing(live) if live else None, on, now),
            source=load_live.known_source(source) if source else None,
            live=airing_views(session, [live], now)[0] if live else None,
            until=cue.end if cue and live and on == live.id else None,
            replays=airing_views(session, shown, now),
            rules=in_words(meeting.draft.replays),
            decisions=decisions(meeting, _left_out(session, meeting, replays, now), now),
        )


def _on_air(session: Session, channel: ChannelId, now: datetime) -> Cue:
    """What the channel shows now, by the host's word or else by our own reckoning."""
    return cue_at(ahead(session, channel, now).rundown, now)


def _left_out(
    session: Session, meeting: Meeting, made: Sequence[AiringRow], now: datetime
) -> tuple[str, ...]:
    """Why replays that the rules ask for are not there."""
    if meeting.end <= now:
        return ()
    there = {row.slot for row in made if not row.cancelled or row.edited}
    places = wanted(session, meeting, now)
    lost = [one.why for one in places if one.start is None and one.slot not in there]
    early = [
        "A replay somebody moved by hand comes before the meeting is over."
        for row in made
        if row.edited and not row.cancelled and row.start < meeting.end
    ]
    return (*lost, *early)
