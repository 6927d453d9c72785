"""A room, a source and a channel's air are booked once, or twice by someone who was asked."""

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, a_source, an_airing

from config.names import ChannelId
from playout.model.plan import EndRule
from scheduler.actions import meeting_series, meetings
from scheduler.changing.bookings import DoubleBooked
from scheduler.db.store import Database
from scheduler.domain.clashes.double_bookings import Need
from scheduler.domain.meetings.body import MeetingDefaults
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.meetings.meeting_series import MeetingSeriesDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule
from scheduler.queries import meetings as query

START = NOW + 45 * HOUR
"""Tuesday 24 November, 10:00 in New York."""
ASKED: frozenset[str] = frozenset()
CH14 = ChannelId("ch14")


@pytest.fixture
def draft(db: Database) -> MeetingDraft:
    a_channel(db)
    a_channel(db, "ch14")
    source = a_source(db)
    return MeetingDraft(CH13, "City Council", START, 2 * HOUR, room="Chamber", source=source)


def needs(booked: pytest.ExceptionInfo[DoubleBooked]) -> list[set[Need]]:
    return [set(one.needs) for one in booked.value.doubles]


def other(draft: MeetingDraft, **over: Any) -> MeetingDraft:
    return replace(draft, title="Zoning Board", start=START + HOUR, **over)


def standing(db: Database) -> list[Meeting]:
    found = query.meetings(db, NOW, NOW + 9999 * HOUR, NOW)
    return [one.meeting for one in found if not one.meeting.cancelled]


def test_a_double_booking_is_refused_until_accepted_by_its_token(
    db: Database, draft: MeetingDraft
) -> None:
    meetings.add(db, PLANNER, NOW, draft, ASKED)
    with pytest.raises(DoubleBooked) as booked:
        meetings.add(db, PLANNER, NOW, other(draft), ASKED)
    assert needs(booked) == [{Need.AIR, Need.SOURCE, Need.ROOM}] and len(standing(db)) == 1
    accepted = frozenset(one.token for one in booked.value.doubles)
    with pytest.raises(DoubleBooked):
        meetings.add(db, PLANNER, NOW, replace(draft, title="Third"), accepted)
    made = meetings.add(db, PLANNER, NOW, other(draft), accepted)
    renamed = replace(made.draft, notes="Bring water.")
    meetings.edit(db, PLANNER, NOW, made.id, renamed, made.version, ASKED)
    assert len(standing(db)) == 2


def test_cancelled_and_past_meetings_book_nothing(db: Database, draft: MeetingDraft) -> None:
    made = meetings.add(db, PLANNER, NOW, draft, ASKED)
    meetings.cancel(db, PLANNER, NOW, made.id, made.version)
    meetings.add(db, PLANNER, NOW, other(draft), ASKED)
    with pytest.raises(DoubleBooked):
        meetings.add(db, PLANNER, NOW, draft, ASKED)


def test_a_meeting_that_is_not_televised_books_only_its_room(
    db: Database, draft: MeetingDraft
) -> None:
    meetings.add(db, PLANNER, NOW, draft, ASKED)
    quiet = other(draft, televised=False, source=None)
    with pytest.raises(DoubleBooked) as booked:
        meetings.add(db, PLANNER, NOW, quiet, ASKED)
    assert needs(booked) == [{Need.ROOM}]
    meetings.add(db, PLANNER, NOW, replace(quiet, room="Room 4"), ASKED)


def test_a_live_airing_without_a_meeting_books_its_source(
    db: Database, draft: MeetingDraft
) -> None:
    an_airing(db, START, source=draft.source, end_rule=EndRule.HOLD, channel=CH14)
    with pytest.raises(DoubleBooked) as booked:
        meetings.add(db, PLANNER, NOW, draft, ASKED)
    assert needs(booked) == [{Need.SOURCE}]


def test_two_series_that_meet_in_one_room_are_asked_about_date_by_date(
    db: Database, draft: MeetingDraft
) -> None:
    usual = MeetingDefaults(
        CH13, "", 2 * HOUR, body="City Council", room="Chamber", source=draft.source
    )
    days = date(2026, 11, 24), date(2026, 12, 31)
    weekly = Rule("America/New_York", START.time().replace(hour=10), Weekly(frozenset({1})), *days)
    meeting_series.add(db, PLANNER, NOW, MeetingSeriesDraft(usual, weekly), ASKED)
    fortnight = replace(weekly, pattern=Weekly(frozenset({1}), 2))
    board = replace(usual, body="Zoning Board", channel=CH14)
    plan = MeetingSeriesDraft(board, fortnight)
    with pytest.raises(DoubleBooked) as booked:
        meeting_series.add(db, PLANNER, NOW, plan, ASKED)
    assert needs(booked) == [{Need.SOURCE, Need.ROOM}] * 3
    assert len(standing(db)) == 6
    accepted = frozenset(one.token for one in booked.value.doubles)
    meeting_series.add(db, PLANNER, NOW, plan, accepted)
    assert len(standing(db)) == 9


def test_of_two_simultaneous_bookings_the_second_is_asked(
    db: Database, draft: MeetingDraft
) -> None:
    start, told = threading.Barrier(2), []

    def book(mine: MeetingDraft) -> None:
        start.wait(30)
        try:
            meetings.add(db, PLANNER, NOW, mine, ASKED)
            told.append("kept")
        except DoubleBooked:
            told.append("asked")

    both = [
        threading.Thread(target=book, args=(one,))
        for one in (draft, other(draft, channel=CH14, source=None, televised=False))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    assert sorted(told) == ["asked", "kept"] and len(standing(db)) == 1
