"""What the broadcast machine last said of a channel, and what must follow while it is silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from config.names import AiringId, ChannelId, HouseFormat, Revision
from playout.model.rundown import Rundown
from playout.model.wire import Status, WireError, decode
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.replays import resolve_replays
from playout.timing.settle import settle
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import HeardRow, PublishedRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.awaited_replays import awaited, with_awaited
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.reading.snapshot import read_channel, snapshot

Sent = TypeVar("Sent", Status, Rundown)
HOST_SILENT_AFTER = timedelta(seconds=15)
FACTS_FOLDED_BACK = timedelta(hours=14)
"""How far back facts are folded for a prediction."""
FAR_DAYS_SETTLED_FROM = timedelta(days=2)


@dataclass(frozen=True)
class LastReport:
    """The host's last word on a channel."""

    host: str
    at: datetime
    """When the server heard it."""
    status: Status
    expected: Rundown | None
    plan: str = ""
    """Digest of the plan in force; empty where the host tells only its number."""

    def stands_on(self, newest: PublishedRow | None) -> bool:
        """True when the plan in force is the newest one, by its content where the host tells it."""
        if newest is None:
            return False
        return self.plan == newest.digest if self.plan else self.status.revision == newest.revision

    def silent(self, now: datetime) -> bool:
        """True when the host has not been heard for more than fifteen seconds."""
        return now - self.at > HOST_SILENT_AFTER

    def begun(self, house: HouseFormat) -> datetime:
        """When the present run of pictures began: nothing was on air just before it."""
        return self.status.at - timedelta(seconds=float(self.status.tick / house.rate))


@dataclass(frozen=True)
class Forecast:
    """What airs when, from the present on."""

    rundown: Rundown
    predicted: bool
    """True when the server worked it out itself; the host has not said so."""


def last_report(session: Session, channel: ChannelId) -> LastReport | None:
    """The last word of the channel's host; None before the first, or when it cannot be read."""
    row = session.get(HeardRow, channel)
    status = _decoded(Status, row.status) if row is not None else None
    if row is None or status is None:
        return None
    expected = _decoded(Rundown, row.expected)
    if row.expected and expected is None:
        return None
    return LastReport(row.host, row.at, status, expected, row.plan_tag)


def recent_status(session: Session, channel: ChannelId, now: datetime) -> Status | None:
    """The host's last status alone, while it is not silent."""
    row = session.get(HeardRow, channel)
    if row is None or now - row.at > HOST_SILENT_AFTER:
        return None
    return _decoded(Status, row.status)


def last_status(session: Session, channel: ChannelId) -> Status | None:
    """Return the host's last status, however old; None before the first or when unreadable."""
    row = session.get(HeardRow, channel)
    return _decoded(Status, row.status) if row is not None else None


def last_expected(session: Session, channel: ChannelId) -> Rundown | None:
    """Return the rundown the host last expected to air, however old; None before the first."""
    row = session.get(HeardRow, channel)
    return _decoded(Rundown, row.expected) if row is not None else None


def _decoded(kind: type[Sent], text: str | None) -> Sent | None:
    """Read a value the host sent; None for none, and for one that an older version wrote so that
    this one cannot read it."""
    try:
        return decode(kind, text) if text else None
    except WireError:
        return None


def forecast(
    session: Session, channel: ChannelId, now: datetime, until: datetime | None = None
) -> Forecast:
    """The host's own Expected while it is fresh and stands on the newest plan; else a prediction.

    A prediction settles the rows as they stand now from the last state that was heard.
    """
    last = last_report(session, channel)
    if last is not None and last.expected is not None and not last.silent(now):
        covers = until is None or last.expected.ends >= until
        if covers and _current(session, channel, last, last.expected):
            return Forecast(_waiting(session, last.expected, now), False)
    starts, ends = window(now)
    if until is not None and until > ends:
        return _far(session, channel, now, until)
    plan = build_plan(snapshot(session, channel, starts, ends), starts, ends, now, Revision(0))
    known = folded_state(session, channel, now)
    rundown = settle(resolve_replays(plan, known), known, now, horizon=until)
    return Forecast(_waiting(session, rundown, now), True)


def _waiting(session: Session, rundown: Rundown, now: datetime) -> Rundown:
    """With replays in their places that wait for their recording."""
    coming = awaited(rundown, now)
    if not coming:
        return rundown
    rows = (session.get(AiringRow, airing) for airing in coming)
    lengths = {AiringId(row.id): row.length for row in rows if row is not None}
    return with_awaited(rundown, lengths, now)


def _far(session: Session, channel: ChannelId, now: datetime, until: datetime) -> Forecast:
    """Days the present has no bearing on yet: all goes as planned, from two days before."""
    starts = max(now, until - FAR_DAYS_SETTLED_FROM)
    plan = build_plan(snapshot(session, channel, starts, until), starts, until, now, Revision(0))
    rundown = settle(plan, AirState(), starts, horizon=until)
    return Forecast(_waiting(session, rundown, starts), True)


def _current(session: Session, channel: ChannelId, last: LastReport, expected: Rundown) -> bool:
    """True when nothing was changed that the host does not know of yet."""
    newest = find.house.published(session, channel)
    read = read_channel(session, channel)
    if newest is None or read is None or not last.stands_on(newest):
        return False
    by_number = expected.revision == newest.revision
    return bool(last.plan or by_number) and newest.plan_version == read.channel.plan_version


def folded_state(session: Session, channel: ChannelId, now: datetime) -> AirState:
    """The host's state, folded from the facts it has told."""
    rows = find.house.entries(
        session, channel, now - FACTS_FOLDED_BACK, now + FACTS_FOLDED_BACK, "fact"
    )
    told = (load.journal.entry(row) for row in rows)
    return fold(entry.fact for entry in told if entry is not None and entry.fact is not None)
