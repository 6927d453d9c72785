"""A meeting is one object: its airings, replays, guide entry and undo follow it."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    a_source,
    an_airing,
    an_asset,
    plan_version,
)

from playout.model.plan import ContentKind, EndRule, MissedStart, Plan, StartRule
from playout.model.wire import decode
from playout.timing.compare import Effect
from scheduler.actions import airings, meetings, sources
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft, MeetingStage
from scheduler.domain.meetings.replays import ReplayRules, WeeklyReplay
from scheduler.domain.model.source import SourceDraft
from scheduler.feeds.lineup import Feeds
from scheduler.process.publish import publish_changed
from scheduler.queries import changes, public
from scheduler.queries import meetings as query
from scheduler.queries.host_api import published_plan
from scheduler.refusals import Conflict, Forbidden, Refused

START = NOW + 45 * HOUR
"""Tuesday 10:00 in New York."""
RULES = ReplayRules(same_day=time(19), weekly=(WeeklyReplay(5, time(10)),))


def a_draft(db: Database, **over: Any) -> MeetingDraft:
    draft = MeetingDraft(
        channel=CH13,
        title="City Council: Regular Meeting",
        start=START,
        length=2 * HOUR,
        body="City Council",
        agenda="https://clerk.example/agenda",
        replays=RULES,
    )
    return replace(draft, **over)


def a_meeting(db: Database, **over: Any) -> Meeting:
    a_channel(db)
    over.setdefault("source", a_source(db))
    return meetings.add(db, PLANNER, NOW, a_draft(db, **over))


def view(db: Database, meeting: Meeting, now: Any = NOW) -> query.MeetingView:
    return query.meeting(db, meeting.id, now)


def starts(db: Database, meeting: Meeting) -> list[Any]:
    return [one.airing.start for one in view(db, meeting).replays]


def test_one_form_makes_live_airing_recording_and_replays(db: Database) -> None:
    meeting = a_meeting(db)
    shown = view(db, meeting)
    assert shown.live is not None
    live = shown.live.airing.draft
    assert (live.start, live.length, live.end_rule) == (START, 2 * HOUR, EndRule.HOLD)
    assert live.record and live.source == meeting.draft.source
    assert starts(db, meeting) == [START + 9 * HOUR, START + 96 * HOUR]
    for replay in shown.replays:
        assert replay.airing.draft.replay_of == shown.live.id
        assert replay.airing.draft.end_rule is EndRule.FINISH
        assert replay.airing.draft.length == 2 * HOUR
    assert shown.stage is MeetingStage.PLANNED and shown.decisions == ()


def test_the_published_plan_holds_the_whole_meeting(db: Database) -> None:
    meeting = a_meeting(db)
    publish_changed(db, NOW)
    published = published_plan(db, CH13)
    assert published is not None
    plan = decode(Plan, published.body)
    live, *replays = plan.items
    assert live.kind is ContentKind.LIVE and live.record and live.start_rule is StartRule.HARD
    assert replays
    for replay in replays:
        assert (replay.kind, replay.media) == (ContentKind.FILE, None)
        assert replay.replay_of == live.airing
    assert [(one.id, one.address) for one in plan.sources] == [(meeting.draft.source, "test:")]


def test_the_feed_shows_a_meeting_with_body_and_agenda(db: Database) -> None:
    a_meeting(db)
    first, second, *_ = public.lineup(db, CH13, NOW, NOW + timedelta(days=7), NOW)
    assert (first.body, first.link, first.live, first.may_run_long) == (
        "City Council",
        "https://clerk.example/agenda",
        True,
        True,
    )
    assert second.replay and second.body == "City Council"
    feed = Feeds(db, "http://tv.example", "tv.example").lineup(CH13, NOW)
    assert feed is not None
    assert b"LIVE: City Council" in feed.body and b"Replay: City Council" in feed.body


def test_a_new_agenda_renews_the_public_stamp_once(db: Database) -> None:
    meeting = a_meeting(db)
    before = view(db, meeting)
    draft = replace(meeting.draft, agenda="https://clerk.example/final")
    meetings.edit(db, PLANNER, NOW, meeting.id, draft, meeting.version)
    after = view(db, meeting)
    assert before.live and after.live
    assert after.live.airing.sequence == before.live.airing.sequence + 1
    assert after.replays[0].airing.start == before.replays[0].airing.start


def test_a_moved_meeting_moves_its_replays_and_keeps_their_ids(db: Database) -> None:
    meeting = a_meeting(db)
    before = view(db, meeting)
    draft = replace(meeting.draft, start=START + 24 * HOUR)
    meetings.edit(db, PLANNER, NOW, meeting.id, draft, meeting.version)
    after = view(db, meeting)
    assert [one.id for one in after.replays] == [one.id for one in before.replays]
    assert starts(db, meeting) == [START + 33 * HOUR, START + 96 * HOUR]


def test_a_replay_moved_by_hand_is_left_alone(db: Database) -> None:
    meeting = a_meeting(db)
    replay = view(db, meeting).replays[0].airing
    airings.move(db, PLANNER, NOW, replay.id, START + 12 * HOUR, replay.version)
    draft = replace(meeting.draft, start=START + HOUR)
    meetings.edit(db, PLANNER, NOW, meeting.id, draft, meeting.version)
    assert starts(db, meeting)[0] == START + 12 * HOUR


def test_moving_the_live_airing_on_the_schedule_moves_the_meeting(db: Database) -> None:
    meeting = a_meeting(db)
    live = view(db, meeting).live
    assert live is not None
    airings.move(db, PLANNER, NOW, live.id, START - HOUR, live.airing.version)
    assert view(db, meeting).meeting.start == START - HOUR
    undo(db, PLANNER, NOW, changes.changes(db, limit=1)[0].id)
    assert view(db, meeting).meeting.start == START


def test_cancelling_a_meeting_and_undoing_it_covers_all_its_airings(db: Database) -> None:
    meeting = a_meeting(db)
    before = [(a.id, a.airing.draft) for a in view(db, meeting).replays]
    meetings.cancel(db, PLANNER, NOW, meeting.id, meeting.version)
    gone = view(db, meeting)
    assert gone.stage is MeetingStage.CANCELLED and gone.replays == ()
    assert gone.live is not None and gone.live.airing.cancelled
    change = changes.latest(db, "meeting", meeting.id)
    assert change is not None and change.sentence.startswith("Canceled the meeting")
    undo(db, PLANNER, NOW + MINUTE, change.id)
    back = view(db, meeting)
    assert back.stage is MeetingStage.PLANNED
    assert [(a.id, a.airing.draft) for a in back.replays] == before


def test_undoing_a_new_meeting_cancels_all_its_airings(db: Database) -> None:
    meeting = a_meeting(db)
    change = changes.latest(db, "meeting", meeting.id)
    assert change is not None
    undo(db, PLANNER, NOW, change.id)
    gone = view(db, meeting)
    assert gone.stage is MeetingStage.CANCELLED and gone.live and gone.live.airing.cancelled


def test_a_meeting_that_is_not_televised_has_no_airing(db: Database) -> None:
    meeting = a_meeting(db, televised=False, source=None)
    assert view(db, meeting).live is None and view(db, meeting).replays == ()
    source = sources.add(db, ADMIN, NOW, SourceDraft("Room 2", "test:")).id
    draft = replace(meeting.draft, televised=True, source=source)
    meetings.edit(db, PLANNER, NOW, meeting.id, draft, meeting.version)
    assert view(db, meeting).live is not None and len(view(db, meeting).replays) == 2


def test_a_televised_meeting_needs_a_source(db: Database) -> None:
    a_channel(db)
    with pytest.raises(Refused) as refused:
        meetings.add(db, PLANNER, NOW, a_draft(db))
    assert set(refused.value.field_errors) == {"source"}


def test_a_lost_race_and_a_missing_right_are_refused(db: Database) -> None:
    meeting = a_meeting(db)
    with pytest.raises(Forbidden):
        meetings.cancel(db, VIEWER, NOW, meeting.id, meeting.version)
    draft = replace(meeting.draft, title="Special Meeting")
    meetings.edit(db, PLANNER, NOW, meeting.id, draft, meeting.version)
    with pytest.raises(Conflict) as conflict:
        meetings.edit(db, PLANNER, NOW, meeting.id, meeting.draft, meeting.version)
    assert isinstance(conflict.value.current, Meeting)


def test_a_recessed_meeting_reconvenes_and_its_replays_follow_the_second(db: Database) -> None:
    meeting = a_meeting(db)
    tomorrow = START + 24 * HOUR
    second = meetings.reconvene(db, PLANNER, NOW, meeting.id, tomorrow, meeting.version)
    assert view(db, meeting).replays == () and view(db, meeting).live is not None
    assert starts(db, second) == [tomorrow + 9 * HOUR, START + 96 * HOUR]


def test_the_preview_shows_what_moves_and_stores_nothing(db: Database) -> None:
    meeting = a_meeting(db)
    parks = an_asset(db)
    an_airing(db, START + 3 * HOUR, title="Parks", start_rule=StartRule.FOLLOW, asset=parks.id)
    draft = replace(meeting.draft, start=START + 2 * HOUR)
    moves = meetings.preview(db, PLANNER, NOW, draft, meeting.id)
    assert [(one.title, one.effect) for one in moves] == [
        ("City Council: Regular Meeting", Effect.MOVED),
        ("Parks", Effect.MOVED),
    ]
    later = moves[1]
    assert later.before and later.before.start == START + 3 * HOUR
    assert later.after and later.after.start == START + 4 * HOUR
    assert view(db, meeting).meeting == meeting


def test_the_preview_of_a_new_meeting_shows_what_it_displaces(db: Database) -> None:
    a_channel(db)
    an_airing(db, START + HOUR, title="Parks", asset=an_asset(db).id, missed=MissedStart.SKIP)
    moves = meetings.preview(db, PLANNER, NOW, a_draft(db, source=a_source(db)))
    said = {one.title: one for one in moves if one.effect is not Effect.ADDED}
    assert (
        set(said) == {"Parks"} and said["Parks"].effect is Effect.DROPPED and said["Parks"].reason
    )
    assert sum(one.effect is Effect.ADDED for one in moves) == 3
    assert query.meetings(db, NOW, NOW + timedelta(days=9), NOW) == ()
    with pytest.raises(Forbidden):
        meetings.preview(db, VIEWER, NOW, a_draft(db))


def test_the_preview_of_a_cancellation_lists_every_airing_that_goes(db: Database) -> None:
    meeting = a_meeting(db)
    moves = meetings.preview(db, PLANNER, NOW, None, meeting.id)
    assert [one.effect for one in moves] == [Effect.DROPPED] * 3


def test_a_copied_week_copies_the_meeting_and_not_its_old_replays(db: Database) -> None:
    meeting = a_meeting(db)
    shown = view(db, meeting)
    assert shown.live is not None
    week = timedelta(days=7)
    copies = [(one.id, one.airing.start + week) for one in (shown.live, *shown.replays)]
    (made,) = airings.copy_all(db, PLANNER, NOW, CH13, plan_version(db, CH13), copies)
    assert made.draft.meeting not in (None, meeting.id) and made.start == START + week
    found = query.meetings(db, NOW, NOW + 3 * week, NOW)
    assert [one.meeting.start for one in found] == [START, START + week]
    again = found[1]
    assert [one.airing.start for one in again.replays] == [
        START + week + 9 * HOUR,
        START + 264 * HOUR,
    ]
    undo(db, PLANNER, NOW, changes.changes(db, limit=1)[0].id)
    assert [one.stage for one in query.meetings(db, NOW, NOW + 3 * week, NOW)] == [
        MeetingStage.PLANNED,
        MeetingStage.CANCELLED,
    ]


def test_several_changes_at_once_on_the_schedule_move_the_meeting_too(db: Database) -> None:
    meeting = a_meeting(db)
    shown = view(db, meeting)
    assert shown.live is not None
    live = shown.live.airing
    moved = replace(live.draft, start=START + HOUR)
    airings.arrange(db, PLANNER, NOW, {live.id: (moved, live.version)}, None, "Moved things")
    assert view(db, meeting).meeting.start == START + HOUR
