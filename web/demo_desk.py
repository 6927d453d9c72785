"""What the demo city's desk has besides meetings and series: holidays, and a block in the night."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.names import ChannelId
from scheduler.actions import blocks, calendars
from scheduler.db.store import Database
from scheduler.domain.blocks import BlockDraft
from scheduler.domain.calendar import CITY_HOLIDAYS, CalendarDraft
from scheduler.domain.names import AssetId
from scheduler.domain.people import HOUSE
from scheduler.queries import blocks as known_blocks
from scheduler.queries import calendars as known_calendars
from web import demo_city as city

BLOCK = "Overnight rotation"


def furnish(db: Database, now: datetime, files: Sequence[AssetId]) -> None:
    """Add what is not there yet; the block plays these files in turn, tonight or now."""
    if not known_calendars.cards(db, now):
        calendars.add(db, HOUSE, now, CalendarDraft("City holidays", CITY_HOLIDAYS))
    if known_blocks.cards(db) or not files:
        return
    today = now.astimezone(ZoneInfo(city.ZONE)).date()
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
    blocks.add(db, HOUSE, now, draft)
