"""Replays that wait for their recording are shown in the time kept for them, over filler only."""

from datetime import time, timedelta

from support.desk import CH13, HOUR, NOW, PLANNER, a_channel, an_airing, an_asset
from support.session import a_meeting_now

from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.process.publish import publish_changed
from scheduler.queries import meetings, onair, rundown

RULES = ReplayRules(same_day=time(19))
EVENING = NOW + 6 * HOUR


def test_a_replay_is_in_the_rundown_before_its_recording_exists(db: Database) -> None:
    a_channel(db)
    a_meeting_now(db, replays=RULES)
    day = rundown.day(db, CH13, NOW.date(), NOW)
    line = next(one for one in day.lines if one.start == EVENING)
    assert line.end == EVENING + 2 * HOUR and line.airing is not None
    assert line.airing.airing.draft.replay_of
    assert day.displaced == ()
    assert sum((one.length for one in day.lines), timedelta(0)) == timedelta(days=1)


def test_an_awaited_replay_is_next_on_the_desk_and_displaces_nothing(db: Database) -> None:
    a_channel(db)
    meeting = a_meeting_now(db, replays=RULES)
    asset = an_asset(db)
    an_airing(db, EVENING + HOUR, title="Parks", asset=asset.id)
    publish_changed(db, NOW)
    on = onair.on_air(db, CH13, NOW + HOUR)
    assert [(cue.title, cue.start, cue.end) for cue in on.next] == [
        ("City Council: Regular Meeting", EVENING, EVENING + HOUR),
        ("Parks", EVENING + HOUR, EVENING + 2 * HOUR),
    ]
    replay = meetings.meeting(db, meeting.id, NOW).replays[0].airing
    airings.cancel(db, PLANNER, NOW, replay.id, replay.version)
    assert onair.on_air(db, CH13, NOW + HOUR).next[0].title == "Parks"
