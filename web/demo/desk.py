"""Extras of the demo city: a holiday calendar, an overnight block, a producer's proposal."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from scheduler.actions import blocks, calendars, proposals
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, PersonId
from scheduler.domain.model.people import SYSTEM_ACTOR, Actor, Role
from scheduler.domain.series.blocks import BlockDraft
from scheduler.domain.series.calendar import CITY_HOLIDAYS, CalendarDraft
from scheduler.queries import blocks as known_blocks
from scheduler.queries import calendars as known_calendars
from scheduler.queries import proposals as known_proposals
from web.demo import city

HOLIDAYS = "City holidays"
"""The calendar whose days the city's bodies skip."""
BLOCK = "Overnight rotation"
PRODUCER = Actor("demo-producer", "Priya Shah", frozenset({Role.PRODUCER}))


def furnish(db: Database, now: datetime, files: Sequence[AssetId]) -> None:
    """Add those extras that are missing; the block plays `files` in turn, from tonight."""
    if not known_calendars.cards(db, now):
        calendars.add(db, SYSTEM_ACTOR, now, CalendarDraft(HOLIDAYS, CITY_HOLIDAYS))
    if not files:
        return
    tomorrow = now.astimezone(ZoneInfo(city.ZONE)).date() + timedelta(days=1)
    if not known_blocks.cards(db):
        _block(db, now, tomorrow - timedelta(days=1), files)
    if not known_proposals.own(db, PersonId(PRODUCER.id), now):
        _proposal(db, now, tomorrow, files[-1])


def _block(db: Database, now: datetime, today: date, files: Sequence[AssetId]) -> None:
    draft = BlockDraft(
        channel=ChannelId(city.CHANNELS[-1][0]),
        name=BLOCK,
        weekdays=frozenset(range(7)),
        at=time(1),
        until=time(5),
        first=today,
        assets=tuple(files),
        no_repeat=timedelta(hours=1),
    )
    blocks.add(db, SYSTEM_ACTOR, now, draft)


def _proposal(db: Database, now: datetime, day: date, file: AssetId) -> None:
    """Add a proposal of a producer, for a scheduler to approve or decline."""
    start = datetime.combine(day, time(15), ZoneInfo(city.ZONE))
    draft = AiringDraft(
        channel=ChannelId(city.CHANNELS[0][0]),
        title="Your Budget in One Minute: Public Hearing",
        start=start.astimezone(UTC),
        length=timedelta(minutes=1),
        asset=file,
        notes="Could this air every afternoon until the hearing?",
    )
    proposals.add(db, PRODUCER, now, draft)
