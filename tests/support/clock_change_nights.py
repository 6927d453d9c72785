"""The two nights on which clocks change, as plans with lives, replays, hard and soft items."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from support.plans import item, live, minutes, soft

from config.names import AiringId
from playout.model.plan import EndRule, Item, MissedStart

ZONE = ZoneInfo("America/New_York")
SPRING, FALL = date(2027, 3, 13), date(2027, 11, 6)
"""The evenings before the two nights on which clocks change."""


def local(day: date, hour: int, minute: int) -> datetime:
    """Return an instant by wall time, hours past 24 on the next day.

    A missing time moves forward; of a doubled time it is the first.
    """
    wall = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24, minute), ZONE)
    return wall.astimezone(ZoneInfo("UTC"))


def night_items(day: date, limit: bool) -> tuple[Item, ...]:
    """Return an evening and night: two lives that may meet, replays, hard and soft items."""
    hard = local(day, 25, 40) if limit else None
    council = live(
        "council", local(day, 23, 0), minutes(120), source="chamber", record=True, hard_limit=hard
    )
    tonight = item(
        "tonight", local(day, 26, 30), minutes(60), media=None, end_rule=EndRule.FINISH,
        replay_of=AiringId("airing-council"),
    )  # fmt: skip
    return (
        item("film", local(day, 22, 0), minutes(45)),
        soft("short", local(day, 22, 45), minutes(10), missed=MissedStart.SKIP),
        council,
        live("hearing", local(day, 25, 30), minutes(30), source="room", record=True),
        tonight,
        soft("talk", local(day, 27, 30), minutes(20)),
        item("news", local(day, 28, 0), minutes(30), locked=True),
    )
