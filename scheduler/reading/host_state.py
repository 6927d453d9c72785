"""The last report of a channel's broadcast machine (the host), and a forecast in its silence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from config.clock_steps import elapsed
from config.names import AiringId, ChannelId, HouseFormat, Revision
from playout.model.rundown import Rundown
from playout.model.wire import Status, WireError, decode
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.resolving import resolve
from playout.timing.settle import settle
from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.house import HeardRow, PublishedRow
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.air.awaited_replays import awaited, with_awaited
from scheduler.domain.air.build_plan import build_plan, window
from scheduler.domain.air.machines import HOST_SILENT_AFTER
from scheduler.reading.snapshot import read_channel, snapshot

Sent = TypeVar("Sent", Status, Rundown)
FACTS_FOLDED_BACK = timedelta(hours=14)
"""How far back facts are folded into an air state."""
FAR_DAY_SETTLED_FROM = timedelta(days=2)
"""A far day is settled from so long before it, so that airings that reach into it are in place."""


@dataclass(frozen=True)
class LastReport:
    """The host's last report on a channel."""

    host: str
    at: datetime
    """When the server received it."""
    status: Status
    expected: Rundown | None
    plan: str = ""
    """Digest of the plan in force; empty from an older host, which sends only its revision."""

    def stands_on(self, newest: PublishedRow | None) -> bool:
        """Return True when the host has the newest plan."""
        return newest is not None and self.has_plan(newest.digest, newest.revision)

    def has_plan(self, digest: str, revision: int) -> bool:
        """Return True when the host has this plan: compared by digest, or by revision from an older
        host that sends no digest.
        """
        return self.plan == digest if self.plan else self.status.revision == revision

    def silent(self, now: datetime) -> bool:
        """Return True when the host has not reported for more than fifteen seconds."""
        return is_silent(self.at, now)

    def begun(self, house: HouseFormat) -> datetime:
        """Return the instant at which the present run of pictures began; nothing was on air just
        before.
        """
        return self.status.at - timedelta(seconds=float(self.status.tick / house.rate))


@dataclass(frozen=True)
class Forecast:
    """The air to be expected from the present on."""

    rundown: Rundown
    predicted: bool
    """True when it is the server's own prediction, not the host's word."""


def is_silent(heard: datetime, now: datetime) -> bool:
    """Return True when a host that last reported at `heard` has been silent for too long."""
    return elapsed(heard, now) > HOST_SILENT_AFTER


def last_report(session: Session, channel: ChannelId) -> LastReport | None:
    """Return the host's last report; None before the first, or when it cannot be read."""
    row = session.get(HeardRow, channel)
    status = _decoded(Status, row.status) if row is not None else None
    if row is None or status is None:
        return None
    expected = _decoded(Rundown, row.expected)
    if row.expected and expected is None:
        return None
    return LastReport(row.host, row.at, status, expected, row.plan_tag)


def recent_status(session: Session, channel: ChannelId, now: datetime) -> Status | None:
    """Return the host's last status, or None while it is silent."""
    row = session.get(HeardRow, channel)
    if row is None or is_silent(row.at, now):
        return None
    return _decoded(Status, row.status)


def last_status(session: Session, channel: ChannelId) -> Status | None:
    """Return the host's last status, however old; None before the first or when unreadable."""
    row = session.get(HeardRow, channel)
    return _decoded(Status, row.status) if row is not None else None


def last_expected(session: Session, channel: ChannelId) -> Rundown | None:
    """Return the rundown that the host last expected to air, however old; None before the first."""
    row = session.get(HeardRow, channel)
    return _decoded(Rundown, row.expected) if row is not None else None


def _decoded(kind: type[Sent], text: str | None) -> Sent | None:
    """Read a value that the host sent; None for none, and for one that only an older version could
    read.
    """
    try:
        return decode(kind, text) if text else None
    except WireError:
        return None


def forecast(
    session: Session, channel: ChannelId, now: datetime, until: datetime | None = None
) -> Forecast:
    """Return the host's expected rundown while it is fresh and rests on the newest plan, else our
    own.

    Our own prediction settles the present rows from the state that the host reported last.
    """
    last = last_report(session, channel)
    if last is not None and last.expected is not None and not last.silent(now):
        # The host expects 36 hours ahead; a page that looks further gets a forecast.
        covers = until is None or last.expected.ends >= until
        if covers and _current(session, channel, last, last.expected):
            return Forecast(_waiting(session, last.expected, now), False)
    starts, ends = window(now)
    if until is not None and until > ends:
        return _far(session, channel, now, until)
    plan = build_plan(snapshot(session, channel, starts, ends), starts, ends, now, Revision(0))
    known = folded_state(session, channel, now)
    rundown = settle(resolve(plan, known), known, now, horizon=until)
    return Forecast(_waiting(session, rundown, now), True)


def _waiting(session: Session, rundown: Rundown, now: datetime) -> Rundown:
    """Return the rundown with replays in their slots whose recording does not exist yet."""
    coming = awaited(rundown, now)
    if not coming:
        return rundown
    rows = (session.get(AiringRow, airing) for airing in coming)
    lengths = {AiringId(row.id): row.length for row in rows if row is not None}
    return with_awaited(rundown, lengths, now)


def _far(session: Session, channel: ChannelId, now: datetime, until: datetime) -> Forecast:
    """Return a forecast for days that the present does not affect, settled from two days before
    them.
    """
    starts = max(now, until - FAR_DAY_SETTLED_FROM)
    plan = build_plan(snapshot(session, channel, starts, until), starts, until, now, Revision(0))
    rundown = settle(resolve(plan, AirState()), AirState(), starts, horizon=until)
    return Forecast(_waiting(session, rundown, starts), True)


def _current(session: Session, channel: ChannelId, last: LastReport, expected: Rundown) -> bool:
    """Return True when the host knows of every change of the plan."""
    newest = find.house.published(session, channel)
    read = read_channel(session, channel)
    if newest is None or read is None or not last.stands_on(newest):
        return False
    by_number = expected.revision == newest.revision
    return bool(last.plan or by_number) and newest.plan_version == read.channel.plan_version


def folded_state(session: Session, channel: ChannelId, now: datetime) -> AirState:
    """Return the host's air state, folded from the facts that it reported."""
    rows = find.house.entries(
        session, channel, now - FACTS_FOLDED_BACK, now + FACTS_FOLDED_BACK, "fact"
    )
    entries = (load.journal.entry(row) for row in load.journal.once(rows))
    return fold(entry.fact for entry in entries if entry is not None and entry.fact is not None)
