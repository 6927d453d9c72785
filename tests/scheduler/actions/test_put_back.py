"""Airings displaced by a long meeting are listed with a free time and rescheduled in one action."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, VIEWER, a_channel, an_airing, an_asset
from support.session import MeetingSession, in_session

from playout.model.plan import MissedStart
from scheduler.actions import displaced as live
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.clashes.free_slots import first_free_slot
from scheduler.process.publish import publish_changed
from scheduler.queries import changes, grid, public
from scheduler.queries.displaced import displaced
from scheduler.refusals import Forbidden, Refused

ZONE = ZoneInfo("America/New_York")


def overrun(db: Database) -> MeetingSession:
    """Set up a meeting planned to 15:00 that is still on at 16:40, and an airing at 15:10 it
    displaced.
    """
    a_channel(db)
    asset = an_asset(db)
    over = {"asset": asset.id, "missed": MissedStart.SKIP}
    an_airing(db, NOW + 130 * MINUTE, title="Parks", **over)
    an_airing(db, NOW + 5 * HOUR, title="Budget", asset=asset.id)
    publish_changed(db, NOW)
    room = in_session(db)
    room.report(NOW + 220 * MINUTE)
    return room


AT = NOW + 220 * MINUTE


def test_the_next_free_time_is_at_a_decent_hour() -> None:
    from datetime import time

    taken = [(NOW, NOW + 3 * HOUR)]
    limits = (ZONE, time(9), time(23))
    assert first_free_slot(HOUR, taken, NOW, *limits) == NOW + 3 * HOUR
    assert first_free_slot(HOUR, taken, NOW + 181 * MINUTE, *limits) == NOW + 185 * MINUTE
    late = NOW + 9 * HOUR + 30 * MINUTE
    assert first_free_slot(HOUR, [], late, *limits) == NOW + 20 * HOUR
    assert first_free_slot(15 * HOUR, [], NOW, *limits) is None


def test_displaced_airings_are_listed_with_reason_and_next_free_time(db: Database) -> None:
    overrun(db)
    (gone,) = displaced(db, CH13, AT)
    assert gone.title == "Parks" and gone.reason
    assert gone.start == NOW + 6 * HOUR


def test_rescheduling_displaced_airings_is_one_change_with_one_undo(db: Database) -> None:
    overrun(db)
    (gone,) = displaced(db, CH13, AT)
    before = public.airing(db, gone.airing)
    (made,) = live.put_back(db, PLANNER, AT, CH13, [gone.airing])
    assert made.id == gone.airing and made.start == gone.start
    shown = public.airing(db, gone.airing)
    assert before and shown and shown.sequence == before.sequence + 1
    publish_changed(db, AT)
    assert displaced(db, CH13, AT) == ()
    undo(db, PLANNER, AT, changes.changes(db, limit=1)[0].id)
    assert grid.airing(db, gone.airing, AT).airing.start == gone.planned


def test_displaced_airings_are_rescheduled_once_and_by_planners_only(db: Database) -> None:
    overrun(db)
    (gone,) = displaced(db, CH13, AT)
    with pytest.raises(Forbidden):
        live.put_back(db, VIEWER, AT, CH13, [gone.airing])
    live.put_back(db, PLANNER, AT, CH13, [gone.airing])
    with pytest.raises(Refused):
        live.put_back(db, PLANNER, AT + timedelta(seconds=20), CH13, [gone.airing])
