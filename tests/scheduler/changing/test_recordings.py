"""Replays take the true length of the recording, and soft airings make room for them."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from support.desk import (
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    an_airing,
    an_asset,
    some_media,
)
from support.session import MeetingSession, in_session

from config.names import ChannelId
from playout.lives import signal_rules
from playout.model.commands import Verb
from playout.model.events import Recorded
from playout.model.plan import StartRule
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.state.fold import fold
from playout.state.fold_lives import RECORDINGS_KEPT_FOR
from scheduler.actions import airings, meetings
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.readiness import Light
from scheduler.domain.meetings.meeting import MeetingStage
from scheduler.domain.meetings.replay_light import replay_light
from scheduler.domain.meetings.replays import LONGEST_SPREAD_DAYS, ReplayRules, problems
from scheduler.process.publish import publish_changed
from scheduler.queries import changes, grid, public
from scheduler.queries import meetings as query
from scheduler.refusals import Forbidden

RULES = ReplayRules(same_day=time(19))
EVENING = NOW + 6 * HOUR
TRUE = 3 * HOUR + 7 * MINUTE
OVER = NOW + TRUE


def session(db: Database, **over: object) -> MeetingSession:
    a_channel(db)
    return in_session(db, replays=RULES, **over)


def recorded(
    room: MeetingSession, state: RecordingState = RecordingState.WHOLE, **over: object
) -> Recording:
    made = Recording(
        room.live,
        state,
        NOW - 2 * MINUTE,
        some_media("f", TRUE + 7 * MINUTE) if state is RecordingState.WHOLE else None,
        begins=NOW,
        ends=OVER,
    )
    return replace(made, **over)  # type: ignore[arg-type]


def tell(room: MeetingSession, recording: Recording) -> None:
    room.facts.append(Recorded(OVER + 5 * MINUTE, recording))
    room.report(OVER + 6 * MINUTE)


def replay(db: Database, room: MeetingSession) -> object:
    return query.meeting(db, room.meeting.id, OVER).replays[0].airing


def test_a_replay_takes_the_true_length_with_one_public_stamp(db: Database) -> None:
    room = session(db)
    before = replay(db, room)
    tell(room, recorded(room))
    view = query.meeting(db, room.meeting.id, OVER)
    assert view.meeting.recording is not None
    assert view.meeting.recording.ok and view.meeting.recording.length == TRUE
    after = view.replays[0].airing
    assert after.end - after.start == TRUE and after.start == EVENING
    assert after.sequence == before.sequence + 1  # type: ignore[attr-defined]
    shown = public.airing(db, after.id)
    assert shown is not None and shown.end == EVENING + TRUE
    entry = changes.latest(db, "meeting", room.meeting.id)
    assert entry is not None and entry.actor == "Gavel"
    assert entry.sentence.endswith("was recorded, 3 h 7 min long; 1 replay follow")


def test_a_recording_is_filed_with_the_operators_mark_as_its_in_point(db: Database) -> None:
    room = session(db)
    room.press(Verb.MARK, NOW + 7 * MINUTE, item=room.item)
    room.press(Verb.ADJOURN, OVER)
    known = fold(room.facts)
    (told,) = signal_rules.recording_changes(
        known, [recorded(room, begins=None, ends=None)], OVER + HOUR
    )
    tell(room, told.recording)
    view = query.meeting(db, room.meeting.id, OVER)
    assert view.meeting.recording and view.meeting.recording.length == TRUE - 7 * MINUTE
    after = view.replays[0].airing
    assert (after.start, after.end) == (EVENING, EVENING + TRUE - 7 * MINUTE)


def test_a_repeated_recording_report_changes_nothing_and_gaps_add_no_length(db: Database) -> None:
    room = session(db)
    gap = RecordingGap(NOW + HOUR, NOW + HOUR + 10 * MINUTE)
    tell(room, recorded(room, gaps=(gap,)))
    view = query.meeting(db, room.meeting.id, OVER)
    assert view.meeting.recording and view.meeting.recording.length == TRUE - 10 * MINUTE
    entries = len(changes.changes(db))
    tell(room, recorded(room, gaps=(gap,)))
    assert len(changes.changes(db)) == entries


def test_a_failed_recording_needs_a_decision_and_an_unfinished_one_does_not(db: Database) -> None:
    room = session(db)
    tell(room, recorded(room, RecordingState.CLOSING))
    assert query.meeting(db, room.meeting.id, OVER).meeting.recording is None
    tell(room, recorded(room, RecordingState.FAILED, reason="the disk was full"))
    view = query.meeting(db, room.meeting.id, OVER)
    assert view.decisions[-1] == "The recording failed: the disk was full"
    replay_of = view.replays[0]
    assert replay_of.airing.draft.length == 2 * HOUR
    assert replay_of.readiness is Light.RED and "it has no backup" in replay_of.why
    asset = an_asset(db)
    draft = replace(view.meeting.draft, substitute=asset.id)
    meetings.edit(db, PLANNER, OVER, room.meeting.id, draft, view.meeting.version)
    again = query.meeting(db, room.meeting.id, OVER).replays[0]
    assert again.readiness is Light.AMBER and "its backup airs" in again.why


def test_a_silent_recording_needs_a_decision(db: Database) -> None:
    room = session(db)
    tell(room, recorded(room, reason="It is silent."))
    view = query.meeting(db, room.meeting.id, OVER)
    assert view.decisions[-1] == "The recording needs attention: It is silent."


@pytest.mark.parametrize("field", ["locked", "hard"])
def test_a_locked_or_hard_replay_keeps_its_length(db: Database, field: str) -> None:
    room = session(db)
    found = grid.airing(db, replay(db, room).id, NOW).airing  # type: ignore[attr-defined]
    over = {"locked": True} if field == "locked" else {"start_rule": StartRule.HARD}
    airings.edit(db, PLANNER, NOW, found.id, replace(found.draft, **over), found.version)
    tell(room, recorded(room))
    assert query.meeting(db, room.meeting.id, OVER).replays[0].airing.draft.length == 2 * HOUR


def test_soft_airings_make_room_over_midnight_and_fixed_ones_stay(db: Database) -> None:
    room = session(db)
    asset = an_asset(db, length=100 * MINUTE)
    soft = {"start_rule": StartRule.FOLLOW, "asset": asset.id, "length": 100 * MINUTE}
    first = an_airing(db, EVENING + 2 * HOUR, title="Parks", **soft)
    second = an_airing(db, EVENING + 4 * HOUR, title="History", **soft)
    fixed = an_airing(db, EVENING + 9 * HOUR, title="News", asset=asset.id, length=HOUR)
    publish_changed(db, NOW)
    tell(room, recorded(room))
    now = OVER + 10 * MINUTE
    pushed = query.pushed(db, room.meeting.id, now)
    assert [(one.title, one.start) for one in pushed] == [
        ("Parks", EVENING + TRUE),
        ("History", EVENING + TRUE + 100 * MINUTE),
    ]
    with pytest.raises(Forbidden):
        meetings.retime(db, VIEWER, now, room.meeting.id)
    assert meetings.retime(db, PLANNER, now, room.meeting.id) == 2
    assert grid.airing(db, second.id, now).airing.start == EVENING + TRUE + 100 * MINUTE
    assert grid.airing(db, fixed.id, now).airing.start == fixed.start
    assert query.pushed(db, room.meeting.id, now) == ()
    undo(db, PLANNER, now, changes.changes(db, limit=1)[0].id)
    assert grid.airing(db, first.id, now).airing.start == first.start


def test_a_meeting_goes_from_planned_to_under_way(db: Database) -> None:
    room = session(db)
    stages = [
        query.meeting(db, room.meeting.id, at).stage
        for at in (NOW - MINUTE, NOW + timedelta(seconds=5))
    ]
    assert stages == [MeetingStage.PLANNED, MeetingStage.UNDER_WAY]


def test_recordings_are_kept_longer_than_any_replay_rule() -> None:
    assert timedelta(days=LONGEST_SPREAD_DAYS) + timedelta(days=7) < RECORDINGS_KEPT_FOR
    assert problems(ReplayRules(count=1, within=LONGEST_SPREAD_DAYS)) == {}
    assert "within" in problems(ReplayRules(count=1, within=LONGEST_SPREAD_DAYS + 1))


def test_a_replay_on_another_channel_or_long_after_waits_for_the_recording(db: Database) -> None:
    room = session(db)
    a_channel(db, "ch14")
    view = query.meeting(db, room.meeting.id, NOW)
    made, meeting = view.replays[0].airing, view.meeting
    elsewhere = replace(made, draft=replace(made.draft, channel=ChannelId("ch14")))
    late = replace(made, draft=replace(made.draft, start=NOW + RECORDINGS_KEPT_FOR + HOUR))

    live = view.live.airing if view.live else None
    lights = [replay_light(one, live, meeting, NOW)[0] for one in (made, elsewhere, late)]
    assert lights == [Light.WAITS] * 3
