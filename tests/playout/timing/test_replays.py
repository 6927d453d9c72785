"""A replay planned before its file exists: waited for, resolved, cut to the meeting, replaced."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.plans import DAY, at, item, live, media, minutes, plan, soft

from config.names import AiringId
from playout.model.events import Recorded
from playout.model.plan import ContentKind, EndRule, Item
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.replays import resolve_replays
from playout.timing.settle import settle

AIRING = AiringId("airing-council")
FILE = media("council", minutes(194))
"""Two minutes before, the meeting from 10:00 to 13:07, five after; nothing was lost."""
WHOLE = Recording(
    AIRING, RecordingState.WHOLE, at("9:58"), FILE, begins=at("10:00"), ends=at("13:07")
)


def replay(**rest: object) -> Item:
    rest.setdefault("end_rule", EndRule.FINISH)
    return item("tonight", at("19:00"), minutes(120), media=None, replay_of=AIRING, **rest)


def known(recording: Recording) -> AirState:
    return fold([Recorded(at("13:15"), recording)])


def cut(recording: Recording, one: Item) -> Item:
    return resolve_replays(plan(one), known(recording)).items[0]


def on_air(recording: Recording, one: Item) -> timedelta:
    rundown = settle(resolve_replays(plan(one), known(recording)), known(recording), DAY)
    (cue,) = [cue for cue in rundown.cues if cue.item == one.id]
    return cue.end - cue.start


def test_a_recording_is_cut_from_the_take_to_the_adjournment() -> None:
    made = cut(WHOLE, replay())

    assert made.media is not None and made.media.key == FILE.key
    assert (made.in_point, made.length) == (minutes(2), minutes(120))
    assert on_air(WHOLE, replay()) == minutes(187)


def test_gaps_have_no_length_in_a_recording() -> None:
    gap = RecordingGap(at("11:00"), at("11:10"))
    shorter = replace(WHOLE, media=media("council", minutes(184)), gaps=(gap,))

    assert on_air(shorter, replay()) == minutes(177)


def test_a_replay_that_ends_by_the_clock_keeps_its_slot() -> None:
    assert on_air(WHOLE, replay(end_rule=EndRule.CUT)) == minutes(120)


def test_a_meeting_that_never_was_on_air_is_replayed_whole() -> None:
    assert on_air(replace(WHOLE, begins=None, ends=None), replay()) == minutes(194)


def test_a_file_that_somebody_chose_is_left_alone() -> None:
    chosen = replace(replay(), media=media("x", minutes(9)))

    assert cut(WHOLE, chosen) == chosen


def test_a_failed_recording_has_its_substitute_or_a_reason() -> None:
    failed = replace(WHOLE, state=RecordingState.FAILED, media=None, reason="no picture")
    other = media("other", minutes(30))

    assert cut(failed, replay(substitute=other)).media == other
    rundown = settle(resolve_replays(plan(replay()), known(failed)), known(failed), DAY)
    assert [one.reason for one in rundown.displaced] == ["its recording failed: no picture"]


def placed(now_: str, happened: AirState) -> Rundown:
    items = (live("council", at("10:00"), minutes(120), end_rule=EndRule.CUT), replay())
    return settle(resolve_replays(plan(*items), happened), happened, at(now_))


def test_a_replay_has_its_place_before_the_meeting_is_held() -> None:
    rundown = placed("9:00", AirState())
    (cue,) = [one for one in rundown.cues if one.item == "tonight"]

    assert (cue.start, cue.end, cue.kind, cue.media) == (
        at("19:00"),
        at("21:00"),
        ContentKind.FILE,
        None,
    )
    assert not [one for one in rundown.displaced if one.item == "tonight"]


def test_a_replay_is_filled_a_minute_before_its_start_unless_the_recording_is_there() -> None:
    rundown = placed("18:59:30", AirState())

    assert not [one for one in rundown.cues if one.item == "tonight"]
    assert [one.reason for one in rundown.displaced] == ["its recording is not ready yet"]
    assert [one for one in placed("18:59:30", known(WHOLE)).cues if one.item == "tonight"]


def test_the_true_length_moves_what_is_soft_and_never_what_is_locked_or_hard() -> None:
    items = (
        replay(),
        soft("talk", at("21:00"), minutes(20)),
        soft("fixed", at("21:30"), minutes(10), locked=True),
        item("news", at("22:30"), minutes(30)),
    )
    before = settle(plan(*items), AirState(), DAY)
    after = settle(resolve_replays(plan(*items), known(WHOLE)), known(WHOLE), DAY)

    def starts(rundown: Rundown, name: str) -> list[object]:
        return [cue.start for cue in rundown.cues if cue.item == name]

    assert starts(before, "talk") == [at("21:00")]
    assert starts(after, "fixed") == starts(before, "fixed") == [at("21:30")]
    assert starts(after, "news") == starts(before, "news") == [at("22:30")]
    assert starts(after, "talk") != starts(before, "talk")


def from_the_server(**rest: object) -> Item:
    """Return a replay whose recording the plan names, as the server has it."""
    served = replace(media("home", minutes(189)), length=minutes(189))
    return replace(replay(**rest), recorded=served, recorded_from=minutes(2))


def test_a_machine_that_does_not_know_the_recording_airs_the_servers() -> None:
    one = from_the_server()
    nothing = AirState()
    made = resolve_replays(plan(one), nothing).items[0]

    assert made.media == one.recorded and made.in_point == minutes(2)
    rundown = settle(resolve_replays(plan(one), nothing), nothing, DAY)
    (cue,) = [cue for cue in rundown.cues if cue.item == one.id]
    assert cue.end - cue.start == minutes(187)


@pytest.mark.parametrize(
    ("state", "key"),
    [
        (RecordingState.WHOLE, "council"),
        (RecordingState.CLOSING, "home"),
        (RecordingState.FAILED, "home"),
    ],
)
def test_what_the_machine_recorded_by_itself_comes_first(state: RecordingState, key: str) -> None:
    own = replace(WHOLE, state=state, media=FILE if state is RecordingState.WHOLE else None)
    made = cut(own, from_the_server())

    assert made.media is not None
    assert made.media.key == media(key, minutes(1)).key
    assert made.recorded is None


def test_a_leave_out_of_the_airing_counts_from_the_meetings_start() -> None:
    assert cut(WHOLE, replay(in_point=minutes(1))).in_point == minutes(3)
    nothing = resolve_replays(plan(from_the_server(in_point=minutes(1))), AirState())
    assert nothing.items[0].in_point == minutes(3)
