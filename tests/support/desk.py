"""One-line builders of plan data in a database: a channel, an asset ready for air, an airing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from config.names import AssetKey, ChannelId
from config.times import Hours
from playout.model.plan import Media
from scheduler.actions import airings, channels, jobs, media, proposals, sources
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import Channel, ChannelDraft
from scheduler.domain.model.ids import STATION_KEY, SourceId
from scheduler.domain.model.people import Actor, Role
from scheduler.domain.model.proposal import AiringProposal
from scheduler.domain.model.source import SourceDraft
from scheduler.queries import library
from scheduler.queries.host_api import published_plan

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""A Sunday, 13:00 in New York."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
CH13 = ChannelId("ch13")
ADMIN = Actor("admin", "Ada Admin", frozenset({Role.ADMINISTRATOR}))
PLANNER = Actor("planner", "Pat Planner", frozenset({Role.SCHEDULER}))
PRODUCER = Actor("producer", "Pru Producer", frozenset({Role.PRODUCER}))
VIEWER = Actor("viewer", "Vic Viewer", frozenset({Role.VIEWER}))


def a_channel(db: Database, slug: str = "ch13", **over: Any) -> Channel:
    """Add a channel in New York."""
    draft = ChannelDraft(
        slug=slug,
        name=f"City Channel {slug[2:]}",
        zone="America/New_York",
        format="1280x720@30000/1001",
        numbers="Comcast 13, Verizon 44",
    )
    return channels.add(db, ADMIN, NOW, replace(draft, **over))


def set_hour_style(db: Database, hours: Hours = Hours.TWENTY_FOUR) -> None:
    """Set the station's 12- or 24-hour style without a line in the history."""
    with db.write() as session:
        row = session.get(StationRow, STATION_KEY)
        assert row is not None
        row.hours = hours.value


def revision_of(db: Database, channel: ChannelId) -> int | None:
    """Return the revision of the newest published plan; None before the first."""
    found = published_plan(db, channel)
    return found.revision if found is not None else None


def some_media(key: str = "a", length: timedelta = HOUR) -> Media:
    """Return the facts of a playable file."""
    return Media(
        key=AssetKey(key * 64),
        suffix=".mp4",
        size=1000,
        length=length,
        rate=Fraction(30000, 1001),
    )


def an_asset(
    db: Database,
    title: str = "Council recording",
    key: str = "a",
    length: timedelta = HOUR,
    at: datetime = NOW,
) -> Asset:
    """Add an asset that came at an instant, passed ingest and may air."""
    asset = media.register(db, ADMIN, at, f"{key}.upload", f"{title}.mp4", title)
    job = jobs.claim(db, NOW)
    assert job is not None
    media.finish_job(
        db, NOW, job.id, media=some_media(key, length), facts={}, summary="Ready for air."
    )
    return library.entry(db, asset.id).asset


def a_source(db: Database, name: str = "Council Chamber") -> SourceId:
    """Add a source with a built-in test picture."""
    return sources.add(db, ADMIN, NOW, SourceDraft(name, "test:")).id


def a_draft(start: datetime = NOW + HOUR, **over: Any) -> AiringDraft:
    """Return a draft of one hour on channel 13; it starts in an hour unless told otherwise."""
    draft = AiringDraft(channel=CH13, title="City Council", start=start, length=HOUR)
    return replace(draft, **over)


def an_airing(db: Database, start: datetime = NOW + HOUR, **over: Any) -> Airing:
    """Add an airing from such a draft."""
    return airings.add(db, PLANNER, NOW, a_draft(start, **over))


def a_proposal(db: Database, start: datetime = NOW + HOUR, **over: Any) -> AiringProposal:
    """Propose an airing from such a draft."""
    return proposals.add(db, PRODUCER, NOW, a_draft(start, title="Parks update", **over))


def plan_version(db: Database, slug: ChannelId) -> int:
    """Return how often the channel's plan has changed."""
    with db.read() as session:
        return find.plan.plan_number(session, slug)
