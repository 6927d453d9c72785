"""Signal rules as tables: each rule one minute before it applies and one minute after."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.plans import DAY, at, item, live, media, minutes, plan, source

from config.names import AiringId, ItemId
from playout.lives.signal_rules import live_events, recording_changes, signal_changes
from playout.model.events import (
    Absent,
    Begun,
    Event,
    Extended,
    LiveClosed,
    Off,
    On,
    Recessed,
    Recorded,
    SignalBack,
    SignalLost,
    Skipped,
)
from playout.model.plan import Item
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.rundown import cue_at
from playout.model.source import Source, SourceReport
from playout.state.air_state import AirState, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

COUNCIL = live("council", at("10:00"), minutes(120), record=True)
ITEM, OPENED = ItemId("council"), at("9:58")


def report(since: datetime = OPENED, good: bool = True, **rest: object) -> SourceReport:
    return SourceReport("chamber", AiringId("airing-council"), good, since, **rest)  # type: ignore[arg-type]


def air(
    now: datetime, *events: Event, council: Item = COUNCIL, chamber: Source | None = None,
    more: tuple[Item, ...] = (),
) -> Situation:  # fmt: skip
    """Return a situation in which the council is on air since ten."""
    made = plan(council, *more, sources=(chamber or source(),))
    on = On(cue_at(settle(made, AirState(), DAY), council.start))
    happened = fold([Absent(at("9:00")), on, *events])
    rundown = settle(made, happened, now)
    return Situation(made, rundown, happened, cue_at(rundown, now), now)


BEGUN = Begun(ITEM, at("10:00"), "time")
LOST = SignalLost("chamber", at("12:05"))


def test_each_change_of_signal_is_one_event() -> None:
    none, lost = AirState(), fold([SignalLost("chamber", at("10:40"))])
    gone, back = report(at("10:40"), good=False), report(at("10:43"))

    assert list(signal_changes(none, [gone, gone])) == [SignalLost("chamber", at("10:40"))]
    assert list(signal_changes(lost, [gone])) == []
    assert list(signal_changes(lost, [back])) == [SignalBack("chamber", at("10:43"))]
    assert list(signal_changes(none, [back])) == []


@pytest.mark.parametrize(
    ("now", "given", "events", "expected"),
    [
        (at("10:00"), report(), (), "time"),
        (at("10:05"), report(at("10:00:15")), (), "time"),
        (at("10:05"), report(at("10:00:16")), (), None),
        (at("10:00"), report(at("9:59:50"), good=False),
         (SignalLost("chamber", at("9:59:50")),), "time"),
        (at("10:00"), report(at("9:58"), good=False), (SignalLost("chamber", at("9:58")),), None),
        (at("10:17"), report(at("10:17")), (), None),
        (at("10:00"), report(), (Recessed(ITEM, at("9:59")),), None),
        (at("10:00"), None, (), None),
    ],
)  # fmt: skip
def test_a_live_begins_at_its_start_only_with_signal(
    now: datetime, given: SourceReport | None, events: tuple[Event, ...], expected: str | None
) -> None:
    made = live_events(air(now, *events), [given] if given else [])

    assert made == (() if expected is None else (Begun(ITEM, now, expected),))  # type: ignore[arg-type]


def test_late_signal_begins_a_live_if_its_source_starts_on_signal() -> None:
    stands = air(at("10:17"), chamber=source(starts_on_signal=True))

    assert live_events(stands, [report(at("10:17"))]) == (Begun(ITEM, at("10:17"), "signal"),)


def test_a_host_that_was_down_at_the_start_begins_the_live_by_signal() -> None:
    """The camera was without power too, and no one is there to press a button."""
    made = plan(COUNCIL)
    happened = fold([Absent(at("10:05"))])
    rundown = settle(made, happened, at("10:05"))
    joined = fold([On(cue_at(rundown, at("10:06")))], happened)
    stands = Situation(made, rundown, joined, cue_at(rundown, at("10:07")), at("10:07"))

    assert live_events(stands, [report(at("10:06:40"))]) == (Begun(ITEM, at("10:07"), "signal"),)


@pytest.mark.parametrize(
    ("now", "events", "ends"),
    [
        (at("11:59"), (SignalLost("chamber", at("10:30")),), False),
        (at("12:02"), (SignalLost("chamber", at("10:30")),), False),
        (at("12:03"), (SignalLost("chamber", at("10:30")),), True),
        (at("12:07"), (LOST,), False),
        (at("12:08"), (LOST,), True),
        (at("12:08"), (LOST, Extended(ITEM, minutes(15), at("11:58"))), False),
        (at("12:30"), (), False),
    ],
)
def test_three_minutes_without_signal_adjourn_a_live_only_past_its_expected_end(
    now: datetime, events: tuple[Event, ...], ends: bool
) -> None:
    stands = air(now, BEGUN, *events)
    made = live_events(stands, [report(at("12:05"), good=not events)])

    assert [isinstance(one, Off) and one.why for one in made] == (["provisional"] if ends else [])


@pytest.mark.parametrize(
    ("since", "now", "may", "ends"),
    [
        (at("11:40"), at("12:09"), True, False),
        (at("11:40"), at("12:10"), True, True),
        (at("12:05"), at("12:14"), True, False),
        (at("12:05"), at("12:15"), True, True),
        (at("12:05"), at("15:00"), False, False),
        (None, at("15:00"), True, False),
    ],
)
def test_ten_minutes_of_silence_adjourn_only_a_source_that_ends_on_silence(
    since: datetime | None, now: datetime, may: bool, ends: bool
) -> None:
    stands = air(now, BEGUN, chamber=source(ends_on_silence=may))
    made = live_events(stands, [report(silent_since=since)])

    assert [isinstance(one, Off) and one.why for one in made] == (["adjourned"] if ends else [])


@pytest.mark.parametrize(
    ("now", "given", "events", "ends"),
    [
        (at("15:00"), report(silent_since=at("11:00")), (), False),
        (at("12:59"), report(good=False), (SignalLost("chamber", at("11:30")),), False),
        (at("13:00"), report(good=False), (SignalLost("chamber", at("11:30")),), True),
    ],
)
def test_a_recess_past_the_expected_end_ends_only_after_an_hour_without_signal(
    now: datetime, given: SourceReport, events: tuple[Event, ...], ends: bool
) -> None:
    recess = Recessed(ITEM, at("11:00"))
    stands = air(now, BEGUN, recess, *events, chamber=source(ends_on_silence=True))
    made = live_events(stands, [given])

    assert [isinstance(one, Off) and one.why for one in made] == (["provisional"] if ends else [])


def test_a_frozen_picture_ends_no_live() -> None:
    assert live_events(air(at("15:00"), BEGUN), [report(frozen_since=at("10:01"))]) == ()


def test_a_silent_gateway_ends_no_live() -> None:
    assert live_events(air(at("15:00"), BEGUN, LOST), []) == ()


def adjourned(now: datetime, *events: Event, **rest: object) -> Situation:
    on = air(at("12:08"), BEGUN, LOST).current
    return air(now, BEGUN, LOST, Off(on.id, at("12:08"), "provisional"), *events, **rest)  # type: ignore[arg-type]


def test_good_signal_within_an_hour_resumes_the_same_airing() -> None:
    back = SignalBack("chamber", at("12:40"))
    soon = live_events(adjourned(at("12:40:04"), back), [report(at("12:40"))])
    (on,) = live_events(adjourned(at("12:40:05"), back), [report(at("12:40"))])

    assert soon == ()
    assert isinstance(on, On)
    assert (on.cue.item, on.cue.held, on.cue.start) == (ITEM, True, at("12:40:05"))
    assert on.cue.id.endswith("#2")


def test_a_live_that_never_began_is_not_resumed_by_signal_that_was_always_there() -> None:
    on = air(at("12:00")).current
    stands = air(at("12:10"), Off(on.id, at("12:00"), "provisional"))

    assert live_events(stands, [report(at("10:30"))]) == ()


def test_a_resumed_live_does_not_displace_another_live() -> None:
    other = live("hearing", at("12:30"), minutes(60), source="room")
    before = adjourned(at("12:09"), more=(other,))
    hearing = On(cue_at(before.rundown, at("12:30")))
    stands = adjourned(at("12:40:05"), hearing, more=(other,))

    assert stands.current.item == "hearing"
    assert live_events(stands, [report(at("12:40"))]) == ()


def test_a_provisional_adjournment_is_final_after_an_hour() -> None:
    (closed,) = live_events(adjourned(at("13:08")), [report(at("12:05"), good=False)])

    assert isinstance(closed, LiveClosed) and closed.item == ITEM


def behind(now: datetime, *events: Event, quiet: bool) -> Situation:
    """Return a hearing since 11:00 behind the council; with `quiet`, silence may end it."""
    hearing = live("hearing", at("11:00"), minutes(30), source="room")
    stands = air(now, BEGUN, *events, more=(hearing,))
    chamber, other = source(), source("room", ends_on_silence=quiet)
    return replace(stands, plan=replace(stands.plan, sources=(chamber, other)))


def room(**rest: object) -> SourceReport:
    made = SourceReport("room", AiringId("airing-hearing"), True, at("10:58"))
    return replace(made, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "seen", "events", "quiet", "over"),
    [
        (at("11:29"), room(has_signal=False), (SignalLost("room", at("11:10")),), True, False),
        (at("11:33"), room(has_signal=False), (SignalLost("room", at("11:10")),), True, True),
        (at("11:45"), room(silent_since=at("11:20")), (), True, True),
        (at("11:35"), room(silent_since=at("11:20")), (), True, False),
        (at("15:00"), room(silent_since=at("11:20")), (), False, False),
        (at("11:50"), room(), (), True, False),
        (at("11:50"), room(silent_since=at("11:20")), (Skipped(ItemId("hearing"), at("10:00")),),
         True, False),
    ],
)  # fmt: skip
def test_a_live_that_is_only_recorded_ends_by_the_same_signal_rules(
    now: datetime, seen: SourceReport, events: tuple[Event, ...], quiet: bool, over: bool
) -> None:
    made = live_events(behind(now, *events, quiet=quiet), [report(), seen])

    assert [isinstance(one, LiveClosed) and one.item for one in made] == (
        ["hearing"] if over else []
    )


def test_a_changed_recording_is_recorded_with_in_and_out_points() -> None:
    stands = air(at("12:20"), replace(BEGUN, at=at("10:17")))
    ended = fold([Off(stands.current.id, at("12:10"), "adjourned")], stands.happened)
    closing = Recording(AiringId("airing-council"), RecordingState.CLOSING, at("9:58"))
    (told,) = recording_changes(ended, [closing], at("12:20"))
    known = fold([told], ended)

    assert isinstance(told, Recorded)
    assert (told.recording.begins, told.recording.ends) == (at("10:17"), at("12:10"))
    assert list(recording_changes(known, [closing], at("12:21"))) == []
    whole = replace(closing, state=RecordingState.WHOLE)
    assert [one.recording.state for one in recording_changes(known, [whole], at("12:22"))] == [
        RecordingState.WHOLE
    ]


def test_a_recording_joined_again_days_later_keeps_its_in_and_out_points() -> None:
    """By then the state of air has forgotten when the meeting was on."""
    marked = Recording(
        AiringId("airing-council"),
        RecordingState.CLOSING,
        OPENED,
        begins=at("10:17"),
        ends=at("12:10"),
    )
    days_later = fold([Recorded(at("12:20"), marked)])
    whole = Recording(AiringId("airing-council"), RecordingState.WHOLE, OPENED)
    (told,) = recording_changes(days_later, [whole], at("9:00", 3))

    assert (told.recording.begins, told.recording.ends) == (at("10:17"), at("12:10"))


def test_an_instant_is_placed_in_the_recording_without_its_gaps() -> None:
    kept = Recording(
        AiringId("a"), RecordingState.WHOLE, at("9:58"), media("a", minutes(120)),
        (RecordingGap(at("10:40"), at("10:43")), RecordingGap(at("11:00"), at("11:01"))),
    )  # fmt: skip

    assert kept.place(at("9:00")) == minutes(0)
    assert kept.place(at("10:00")) == minutes(2)
    assert kept.place(at("10:41")) == kept.place(at("10:43")) == minutes(42)
    assert kept.place(at("11:30")) == minutes(88)
    assert kept.place(at("20:00")) == minutes(120)


def test_signal_rules_ignore_items_that_are_not_live() -> None:
    made = plan(item("film", at("10:00"), minutes(60)))
    rundown = settle(made, AirState(), DAY)

    assert (
        live_events(
            Situation(made, rundown, AirState(), cue_at(rundown, at("10:30")), at("10:30")), []
        )
        == ()
    )
