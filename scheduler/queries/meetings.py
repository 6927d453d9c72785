"""Meetings as pages show them: the announcement, the outcome, and the decisions still open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.names import AiringId, ChannelId
from playout.commands.obey_graphics import GRAPHICS_VERBS
from playout.model.plan import Rank
from playout.model.rundown import cue_at
from scheduler.changing.meeting_airings import wanted_replays
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.meetings import MeetingRow
from scheduler.db.tables.plan import AiringRow, ChannelRow
from scheduler.domain.air.readiness import AiringView, Light
from scheduler.domain.meetings.meeting import Meeting, MeetingStage, decisions, stage
from scheduler.domain.meetings.replays import in_words
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import MeetingId
from scheduler.domain.model.source import KnownSource
from scheduler.domain.reported.aired import ButtonPress
from scheduler.foresight.free_time import starts_behind_replays
from scheduler.reading.accounts import presses, running_airings
from scheduler.reading.airing_views import airing_views
from scheduler.reading.host_state import forecast, recent_status
from scheduler.refusals import Missing

BUTTONS_BEFORE, BUTTONS_AFTER = timedelta(hours=3), timedelta(hours=2)
"""A button pressed this long before a meeting or after its end may be about it."""


@dataclass(frozen=True)
class MeetingView:
    """A meeting with its airings and everything a page says about it."""

    meeting: Meeting
    channel: Channel
    stage: MeetingStage
    source: KnownSource | None
    live: AiringView | None
    until: datetime | None
    """The end that the host expects while it is on air."""
    replays: tuple[AiringView, ...]
    """Replays that are not cancelled, by start."""
    rules: str
    """Its replay rules in words."""
    decisions: tuple[str, ...]
    """What somebody still has to decide, one sentence each."""


def meetings(
    db: Database, since: datetime, until: datetime, now: datetime
) -> tuple[MeetingView, ...]:
    """Return the meetings that start in [since, until), cancelled ones too, by start."""
    with db.read() as session:
        rows = find.meetings.meetings(session, since, until)
        return tuple(_views(session, rows, now))


def meeting(db: Database, meeting: MeetingId, now: datetime) -> MeetingView:
    """Return one meeting. Raises Missing."""
    with db.read() as session:
        row = session.get(MeetingRow, meeting)
        if row is None:
            raise Missing("meeting")
        return next(iter(_views(session, [row], now)))


@dataclass(frozen=True)
class PushedAiring:
    """A soft airing pushed back by the true length of a replay."""

    title: str
    planned: datetime
    start: datetime


def pushed(db: Database, meeting: MeetingId, now: datetime) -> tuple[PushedAiring, ...]:
    """Return soft airings whose time the meeting's replays take, with their next free time."""
    with db.read() as session:
        moves = starts_behind_replays(session, meeting, now)
        return tuple(PushedAiring(row.title, row.start, start) for row, start in moves)


def pressed(db: Database, view: MeetingView, now: datetime) -> tuple[ButtonPress, ...]:
    """Return the buttons that were pressed for the meeting around its time, in order.

    Those of graphics are left out: a long meeting has hundreds of names.
    """
    if view.live is None:
        return ()
    live, since = view.live.airing, view.meeting.start - BUTTONS_BEFORE
    until = max(live.aired_end or view.meeting.end, view.meeting.end) + BUTTONS_AFTER
    with db.read() as session:
        buttons = presses(session, live.channel, since, min(until, now))
    return tuple(
        press for press in buttons if live.id in press.about and press.verb not in GRAPHICS_VERBS
    )


def latest(db: Database) -> Meeting | None:
    """Return the televised meeting with the latest start, as a guess for a new one."""
    with db.read() as session:
        row = find.meetings.latest(session)
        return load.meetings.meeting(row) if row else None


def bodies(db: Database) -> tuple[str, ...]:
    """Return every public body that ever met, for the form to offer."""
    with db.read() as session:
        return tuple(find.meetings.bodies(session))


def _views(session: Session, rows: Sequence[MeetingRow], now: datetime) -> Iterator[MeetingView]:
    airings = find.meetings.airings_of_all(session, (row.id for row in rows))
    sources = find.meetings.sources_by_id(session, (row.source_id for row in rows))
    begun = {row.channel_id for row in rows if row.start <= now}
    airs = {slug: _airs(session, ChannelId(slug), now) for slug in begun}
    shown = [one for row in rows for one in airings[row.id] if not (one.slot and one.cancelled)]
    views = {view.airing.id: view for view in airing_views(session, shown, now)}
    for row in rows:
        channel = session.get(ChannelRow, row.channel_id)
        assert channel is not None
        source = sources.get(row.source_id) if row.source_id else None
        meeting, own = load.meetings.meeting(row), airings[row.id]
        live = next((one for one in own if not one.slot), None)
        replays = sorted((one for one in own if one.slot), key=lambda one: one.start)
        shown_replays = tuple(views[AiringId(one.id)] for one in replays if not one.cancelled)
        air = airs.get(row.channel_id, NOTHING_AIRS)
        how = stage(meeting, load.plan.airing(live) if live else None, air.on, air.coming, now)
        until = air.ends.get(AiringId(live.id)) if live else None
        empty = sum(one.readiness is Light.RED and one.airing.start > now for one in shown_replays)
        yield MeetingView(
            meeting=meeting,
            channel=load.plan.channel(channel),
            stage=how,
            source=load.meetings.known_source(source) if source else None,
            live=views[AiringId(live.id)] if live else None,
            until=until if how is MeetingStage.UNDER_WAY else None,
            replays=shown_replays,
            rules=in_words(meeting.draft.replays),
            decisions=decisions(
                meeting, how, _left_out(session, meeting, replays, now), empty, now
            ),
        )


@dataclass(frozen=True)
class _AirNow:
    """The present and expected air of a channel."""

    on: frozenset[AiringId] = frozenset()
    coming: frozenset[AiringId] = frozenset()
    ends: Mapping[AiringId, datetime] = field(default_factory=dict)


NOTHING_AIRS = _AirNow()


def _airs(session: Session, channel: ChannelId, now: datetime) -> _AirNow:
    """Return what is on air by the host's word, or by our forecast while it is silent.

    A live covered by a slate or an override still counts as on air.
    """
    rundown = forecast(session, channel, now).rundown
    cue = cue_at(rundown, now)
    covered = cue.item is None and cue.rank >= Rank.OVERRIDE
    beneath = running_airings(recent_status(session, channel, now)) if covered else frozenset()
    on = {cue.airing} if cue.airing else set()
    ends = {one.airing: one.end for one in rundown.cues if one.airing and one.end > now}
    return _AirNow(frozenset(on | beneath), frozenset(ends), ends)


def _left_out(
    session: Session, meeting: Meeting, rows: Sequence[AiringRow], now: datetime
) -> tuple[str, ...]:
    """Return why replays that the rules ask for are missing."""
    if meeting.end <= now:
        return ()
    there = {row.slot for row in rows if not row.cancelled or row.edited}
    places = wanted_replays(session, meeting, now)
    lost = [one.why for one in places if one.start is None and one.slot not in there]
    early = [
        "A replay that was moved by hand airs before the meeting ends."
        for row in rows
        if row.edited and not row.cancelled and row.start < meeting.end
    ]
    return (*lost, *early)
