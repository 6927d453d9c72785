"""A week with one of every kind of airing, which the week grid must tell apart."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from support.desk import CH13, HOUR, MINUTE, PLANNER, PRODUCER, a_source, an_asset

from scheduler.actions import airings, blocks, proposals
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.series.blocks import BlockDraft, Fill

NEW_YORK = ZoneInfo("America/New_York")
COUNCIL = "City Council Regular Meeting"
SHORTS = ("Mayor's Minute", "Snow Routes", "Library Hours", "Recycling Calendar")
LONE = "Pledge of Allegiance"


def a_mixed_week(db: Database, monday: date, now: datetime) -> None:
    """Plan lives, replays, films, slates, proposals, blocks, and short items alone and in a row."""
    file = an_asset(db, length=3 * HOUR)
    source = a_source(db)

    def at(day: int, clock: str) -> datetime:
        wall = datetime.combine(monday + timedelta(days=day), time.fromisoformat(clock), NEW_YORK)
        return wall.astimezone(now.tzinfo)

    def add(day: int, clock: str, title: str, minutes: int, **over: object) -> None:
        draft = AiringDraft(CH13, title, at(day, clock), minutes * MINUTE, asset=file.id)
        airings.add(db, PLANNER, now, replace(draft, **over))  # type: ignore[arg-type]

    live = {"asset": None, "source": source, "record": True}
    add(1, "09:55", LONE, 5)
    add(1, "10:00", COUNCIL, 120, **live)
    add(1, "19:00", COUNCIL, 120, replay=True)
    add(2, "10:00", "Intergovernmental Affairs Committee", 90, **live)
    add(2, "12:00", "Planning Commission", 60, replay=True)
    for number, title in enumerate(SHORTS):
        add(2, f"14:{5 * number:02}", title, 5)
    add(2, "15:00", "Road closures this week", 30, asset=None, slate_text="Main Street is closed.")
    add(3, "10:00", "Historical Society: the Canal Years", 60)
    add(3, "11:00", "Weather", 5)
    add(3, "11:05", "Parks and Recreation Quarterly", 115)
    add(4, "13:30", "Film without a file", 30, asset=None)
    for number in range(8):
        add(
            5,
            f"{8 + number // 2:02}:{30 * (number % 2):02}",
            f"Budget Hearing, part {number + 1}",
            30,
        )
    wanted = AiringDraft(CH13, "Youth Orchestra at the Armory", at(3, "15:00"), 45 * MINUTE)
    proposals.add(db, PRODUCER, now, replace(wanted, asset=file.id))
    days = frozenset({4})
    shared = {"weekdays": days, "first": monday, "assets": (file.id,)}
    blocks.add(
        db,
        PLANNER,
        now,
        BlockDraft(CH13, "Afternoon documentaries", at=time(13), until=time(17), **shared),
    )  # type: ignore[arg-type]
    blocks.add(db, PLANNER, now, BlockDraft(
        CH13, "Evening notices", at=time(17), until=time(19), fill=Fill.BULLETINS,
        weekdays=days, first=monday))  # fmt: skip
