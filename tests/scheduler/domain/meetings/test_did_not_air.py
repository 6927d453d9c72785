"""A meeting that never aired did not air, in one word, wherever it is told; so of its replays."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, an_airing, an_asset
from support.session import MeetingSession, a_meeting_now, in_session

from config.names import AiringId
from playout.model.commands import Verb
from playout.model.plan import EndRule, Outcome
from playout.model.wire import Report
from scheduler.actions import displaced as live
from scheduler.actions import reports
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.readiness import Light
from scheduler.domain.meetings.meeting import Meeting, MeetingRecording, MeetingStage, decisions
from scheduler.domain.meetings.replay_light import replay_light
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.states import state_word
from scheduler.feeds.lineup import Feeds
from scheduler.queries import changes, displaced, grid, rundown
from scheduler.queries import meetings as query
from scheduler.queries.dryrun import simulate
from scheduler.refusals import Refused

START = NOW + HOUR
OVER = START + 2 * HOUR + 5 * MINUTE
RULES = ReplayRules(count=2, within=3)


@pytest.fixture
def dark(sqlite_db: Database) -> MeetingSession:
    """A meeting of two hours; its broadcast machine was off over all of it, and is back."""
    a_channel(sqlite_db)
    room = MeetingSession(sqlite_db, a_meeting_now(sqlite_db, START, replays=RULES))
    status = replace(room.status(OVER), item=None, cue=None, sources=(), title="")
    reports.accept_report(sqlite_db, CH13, Report(status, None), OVER)
    return room


def events(db: Database) -> dict[str, tuple[str, int]]:
    """Status and stamp of each event that subscribers have, by its words."""
    feed = Feeds(db, "http://tv.example", "tv.example").lineup(CH13, OVER)
    assert feed is not None
    found = Calendar.from_ical(feed.body).walk("VEVENT")
    return {str(one["summary"]): (str(one["status"]), int(one["sequence"])) for one in found}


def test_the_meeting_page_called_it_adjourned(dark: MeetingSession) -> None:
    view = query.meeting(dark.db, dark.meeting.id, OVER)

    assert view.stage is MeetingStage.DID_NOT_AIR
    assert view.live is not None and view.live.airing.outcome is Outcome.MISSED
    assert state_word(Outcome.MISSED) == view.stage.value == "did not air"
    assert view.decisions[0] == "This meeting did not air. 2 replays have nothing to show."


def test_its_replays_were_ready_on_three_pages_with_three_answers(dark: MeetingSession) -> None:
    view = query.meeting(dark.db, dark.meeting.id, OVER)
    says = f"{dark.meeting.title} did not air: there is no recording, and it has no backup."
    (dry,) = simulate(dark.db, OVER)
    for one in view.replays:
        day = one.airing.start.astimezone(view.channel.tz).date()
        sheet = rundown.day(dark.db, CH13, day, OVER)
        shown = next(line for line in sheet.planned if line.id == one.id)

        assert (one.readiness, one.why) == (Light.RED, says)
        assert (shown.readiness, shown.why) == (Light.RED, says)
        assert grid.airing(dark.db, one.id, OVER).why == says
        assert any(todo.airing == one.id and says in todo.sentence for todo in sheet.findings)
        assert any(found.airing == one.id and says in found.sentence for found in dry.found)


def test_the_feed_went_on_to_announce_it_and_its_replays(dark: MeetingSession) -> None:
    told = events(dark.db)
    title = dark.meeting.title

    assert told[f"DID NOT AIR: LIVE: {title}"] == ("CANCELLED", 1)
    assert told[f"POSTPONED: Replay: {title}"][0] == "TENTATIVE"
    assert not any(summary.startswith(("LIVE", "Replay")) for summary in told)


def test_a_meeting_without_a_report_from_its_machine_is_not_recorded_yet(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    meeting = a_meeting_now(sqlite_db, START, replays=RULES)

    assert query.meeting(sqlite_db, meeting.id, START - MINUTE).stage is MeetingStage.PLANNED
    late = query.meeting(sqlite_db, meeting.id, OVER + HOUR)
    assert late.stage in (MeetingStage.UNDER_WAY, MeetingStage.NOT_RECORDED)


def test_a_meeting_on_air_under_a_slate_by_hand_is_under_way_past_its_end(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    room = in_session(sqlite_db, replays=RULES)
    room.press(Verb.SLATE, NOW + HOUR)
    room.report(NOW + HOUR + MINUTE)
    at = NOW + 2 * HOUR + 10 * MINUTE
    run = asrun_of(room)
    status = replace(room.status(at), running=(run,))
    reports.accept_report(sqlite_db, CH13, Report(status, room.air(at).rundown), at)
    view = query.meeting(sqlite_db, room.meeting.id, at)

    assert view.stage is MeetingStage.UNDER_WAY
    assert view.live is not None and view.live.airing.outcome is None


def asrun_of(room: MeetingSession) -> Any:
    from playout.asrun.judge import judge
    from playout.asrun.tally import Tally

    cue = room.facts[0].cue  # type: ignore[union-attr]
    tally = Tally(cue, cue.end, start=NOW, end=NOW + HOUR)
    return judge(tally, None, room.air(NOW + HOUR).happened)


LIVE = {
    "id": AiringId("m"), "outcome": None, "aired_start": None, "aired_end": None, "start": NOW,
    "title": "Council", "cancelled": False,
}  # fmt: skip
SEEN = {"outcome": Outcome.AIRED, "aired_start": NOW, "aired_end": NOW + HOUR}


def kept(minutes: int = 60, *, ok: bool = True) -> MeetingRecording:
    return MeetingRecording(timedelta(minutes=minutes), ok, "", NOW)


@pytest.mark.parametrize(
    ("of", "recording", "at", "over", "light", "words"),
    [
        ({}, None, NOW - HOUR, {}, Light.WAITS, "It shows Council, still to come."),
        ({}, None, NOW + MINUTE, {}, Light.WAITS, "Waiting for the recording."),
        (SEEN, None, NOW + 70 * MINUTE, {}, Light.WAITS, "Waiting for the recording."),
        (SEEN, None, NOW + 91 * MINUTE, {}, Light.AMBER, "Waiting for the recording."),
        (SEEN, None, NOW + 70 * MINUTE, {"start": NOW + 95 * MINUTE}, Light.AMBER,
         "Waiting for the recording."),
        (SEEN, kept(), NOW + 2 * HOUR, {}, Light.READY, "recorded"),
        (SEEN, kept(100), NOW + 2 * HOUR, {}, Light.AMBER,
         "The recording is 40 min longer than its slot: a fixed start after it cuts it short."),
        (SEEN, kept(100), NOW + 2 * HOUR, {"end_rule": EndRule.CUT}, Light.AMBER,
         "The last 40 min of the recording will not be seen."),
        (SEEN, kept(ok=False), NOW + 2 * HOUR, {}, Light.RED,
         "The recording of the meeting failed, and it has no backup."),
        (SEEN, kept(ok=False), NOW + 2 * HOUR, {"substitute": "x"}, Light.AMBER,
         "The recording of the meeting failed; its backup airs."),
        ({"outcome": Outcome.MISSED}, None, NOW + 2 * HOUR, {}, Light.RED,
         "Council did not air: there is no recording, and it has no backup."),
        ({"outcome": Outcome.MISSED}, None, NOW + 2 * HOUR, {"substitute": "x"}, Light.AMBER,
         "Council did not air: there is no recording; its backup airs."),
        ({"cancelled": True}, None, NOW - HOUR, {}, Light.RED,
         "What it would show was taken off the schedule, and it has no backup."),
    ],
)  # fmt: skip
def test_one_function_answers_for_a_replay_and_never_says_ready_without_a_recording(
    of: dict[str, Any],
    recording: MeetingRecording | None,
    at: Any,
    over: dict[str, Any],
    light: Light,
    words: str,
) -> None:
    draft: dict[str, Any] = {
        "length": HOUR, "end_rule": EndRule.FINISH, "substitute": None, "locked": False,
        "start": NOW + 5 * HOUR, **over,
    }  # fmt: skip
    airing: Any = SimpleNamespace(
        channel=CH13, start=draft["start"], draft=SimpleNamespace(**draft)
    )
    meeting: Any = SimpleNamespace(
        recording=recording, start=NOW, draft=SimpleNamespace(channel=CH13)
    )
    original: Any = SimpleNamespace(**(LIVE | of))

    assert replay_light(airing, original, meeting, at) == (light, words)


def test_open_decisions_lapse_a_week_after_the_meeting(dark: MeetingSession) -> None:
    bare: Meeting = replace(
        dark.meeting, draft=replace(dark.meeting.draft, replays=ReplayRules(), agenda="")
    )
    soon = decisions(bare, MeetingStage.ADJOURNED, (), 0, bare.end + HOUR)

    assert soon == ("No replay is set: choose when it airs again.",)
    assert decisions(bare, MeetingStage.ADJOURNED, (), 0, bare.end + timedelta(days=8)) == ()


def bumped(db: Database) -> Airing:
    a_channel(db)
    made = an_airing(db, NOW + HOUR, title="Parks", asset=an_asset(db).id)
    room = MeetingSession(db, a_meeting_now(db, NOW + 5 * HOUR))
    at = NOW + 3 * HOUR
    status = replace(room.status(at), item=None, cue=None, sources=(), title="")
    reports.accept_report(db, CH13, Report(status, None), at)
    return made


def test_a_past_to_do_can_be_dismissed_and_the_dismissal_undone(
    sqlite_db: Database,
) -> None:
    made, at = bumped(sqlite_db), NOW + 3 * HOUR
    assert [one.airing for one in displaced.displaced(sqlite_db, CH13, at)] == [made.id]
    assert live.let_go(sqlite_db, PLANNER, at, CH13, [made.id]) == 1
    assert displaced.displaced(sqlite_db, CH13, at) == ()
    with pytest.raises(Refused):
        live.let_go(sqlite_db, PLANNER, at, CH13, [made.id])
    change = changes.latest(sqlite_db, "airing", made.id)
    assert change is not None and change.sentence == "Dismissed 1 bumped program"
    undo(sqlite_db, PLANNER, at, change.id)

    assert [one.airing for one in displaced.displaced(sqlite_db, CH13, at)] == [made.id]
