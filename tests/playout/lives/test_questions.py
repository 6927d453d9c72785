"""Questions to staff about lives: when they are asked, and which commands answer them."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.plans import DAY, at, item, live, minutes, plan, source

from config.names import AiringId, ItemId
from playout.lives.questions import questions
from playout.model.commands import Question, QuestionKind, Verb
from playout.model.events import Absent, Begun, Event, Off, On, Recessed, Recorded, SignalLost
from playout.model.plan import Item
from playout.model.recording import Recording, RecordingState
from playout.model.rundown import cue_at
from playout.model.source import SourceReport
from playout.state.air_state import AirState, Situation
from playout.state.fold import fold
from playout.timing.settle import settle

COUNCIL, ITEM = live("council", at("10:00"), minutes(120)), ItemId("council")
HEARING = live("hearing", at("13:30"), minutes(60), source="room")
BEGUN = Begun(ITEM, at("10:00"), "time")
OPENED = at("9:58")


def report(good: bool = True, **rest: object) -> SourceReport:
    return SourceReport("chamber", AiringId("airing-council"), good, OPENED, **rest)  # type: ignore[arg-type]


def asked(
    now: datetime, *events: Event, seen: SourceReport | None = None,
    items: tuple[Item, ...] = (COUNCIL,), by_signal: bool = False, deaf: bool = False,
) -> list[Question]:  # fmt: skip
    """Return the questions while the first item is on air."""
    made = plan(*items, sources=(source(starts_on_signal=by_signal),))
    on = On(cue_at(settle(made, AirState(), DAY), items[0].start))
    happened = fold([Absent(at("9:00")), on, *events])
    rundown = settle(made, happened, now)
    air = Situation(made, rundown, happened, cue_at(rundown, now), now)
    return list(questions(air, [] if deaf else [seen or report()]))


def kinds(given: list[Question]) -> list[tuple[QuestionKind, int | None]]:
    return [(one.ask, one.near) for one in given]


def test_an_undisturbed_meeting_asks_nothing() -> None:
    assert asked(at("10:30"), BEGUN) == []


@pytest.mark.parametrize(
    ("now", "near"),
    [
        (at("11:44"), []),
        (at("11:45"), [15]),
        (at("11:54"), [15]),
        (at("11:55"), [5]),
        (at("12:00"), [None]),
        (at("14:00"), [None]),
    ],
)
def test_staff_are_asked_fifteen_and_five_minutes_before_the_expected_end_and_after_it(
    now: datetime, near: list[int | None]
) -> None:
    given = asked(now, BEGUN)

    assert kinds(given) == [(QuestionKind.OVERRUN, one) for one in near]
    assert all(Verb.EXTEND in one.answers and Verb.ADJOURN in one.answers for one in given)


def test_an_overrun_names_the_item_that_waits() -> None:
    (given,) = asked(at("12:10"), BEGUN, items=(COUNCIL, item("replay", at("12:00"), minutes(60))))

    assert given.other == "replay" and "replay waits" in given.text


def test_staff_are_warned_fifteen_and_five_minutes_before_a_hard_limit() -> None:
    limited = replace(COUNCIL, hard_limit=at("13:00"))

    for now, near in ((at("12:46"), 15), (at("12:56"), 5)):
        given = asked(now, BEGUN, items=(limited,))
        assert (QuestionKind.LIMIT, near) in kinds(given)
        assert given[0].at == at("13:00")


@pytest.mark.parametrize(
    ("now", "near"), [(at("13:14"), None), (at("13:15"), 15), (at("13:25"), 5)]
)
def test_staff_are_asked_before_another_live_begins(now: datetime, near: int | None) -> None:
    given = [
        one for one in asked(now, BEGUN, items=(COUNCIL, HEARING)) if one.ask is QuestionKind.CLASH
    ]

    assert [(one.other, one.near) for one in given] == ([("hearing", near)] if near else [])
    assert all(one.answers == (Verb.ADJOURN, Verb.TAKE) for one in given)


def test_staff_are_asked_about_two_lives_until_one_of_them_ends() -> None:
    given = asked(at("13:50"), BEGUN, items=(COUNCIL, HEARING))

    assert (QuestionKind.CLASH, None) in kinds(given)


@pytest.mark.parametrize("by_signal", [True, False])
def test_a_late_live_asks_the_operator_to_start_it(by_signal: bool) -> None:
    (given,) = asked(at("10:05"), by_signal=by_signal)

    assert (given.ask, given.answers) == (QuestionKind.LATE, (Verb.GO,))
    assert ("its signal" in given.text) is by_signal


def test_a_lost_signal_is_reported_and_past_the_end_also_what_follows() -> None:
    early = asked(at("10:41"), BEGUN, SignalLost("chamber", at("10:40")), seen=report(good=False))
    late = asked(at("12:06"), BEGUN, SignalLost("chamber", at("12:05")), seen=report(good=False))
    lost = [one for one in late if one.ask is QuestionKind.NO_SIGNAL]

    assert [(one.ask, one.at) for one in early] == [(QuestionKind.NO_SIGNAL, at("10:40"))]
    assert [one.at for one in lost] == [at("12:08")]


def test_a_silent_gateway_is_reported() -> None:
    (given,) = asked(at("10:30"), BEGUN, deaf=True)

    assert given.ask is QuestionKind.NO_SIGNAL and "is not reporting" in given.text


def test_silence_is_reported_after_ten_minutes_and_a_frozen_picture_after_one() -> None:
    silent = report(silent_since=at("11:55"))

    assert QuestionKind.SILENT not in [one.ask for one in asked(at("12:09"), BEGUN, seen=silent)]
    assert QuestionKind.SILENT in [one.ask for one in asked(at("12:10"), BEGUN, seen=silent)]
    assert asked(at("10:30"), BEGUN, seen=report(frozen_since=at("10:29:30"))) == []
    (frozen,) = asked(at("10:31"), BEGUN, seen=report(frozen_since=at("10:29:30")))
    assert frozen.ask is QuestionKind.FROZEN


def test_a_provisional_adjournment_can_be_resumed_or_confirmed() -> None:
    cue = cue_at(settle(plan(COUNCIL), AirState(), DAY), at("10:00"))
    (given,) = asked(at("12:10"), BEGUN, Off(cue.id, at("12:08"), "provisional"))

    assert (given.ask, given.at) == (QuestionKind.PROVISIONAL, at("13:08"))
    assert given.answers == (Verb.RESUME, Verb.ADJOURN)


def kept(state: RecordingState = RecordingState.WHOLE, reason: str = "") -> Recorded:
    made = Recording(AiringId("airing-hearing"), state, at("13:28"), reason=reason)
    return Recorded(at("14:40"), made)


def test_a_displaced_live_is_offered_as_live_once_the_other_is_over() -> None:
    both = (COUNCIL, HEARING)
    cue = cue_at(settle(plan(*both), AirState(), DAY), at("10:00"))
    off = Off(cue.id, at("14:45"), "adjourned")

    assert (QuestionKind.AS_LIVE, None) not in kinds(asked(at("14:44"), BEGUN, kept(), items=both))
    assert kinds(asked(at("14:46"), BEGUN, kept(), off, items=both)) == [
        (QuestionKind.AS_LIVE, None)
    ]


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (
            RecordingState.FAILED,
            "Nothing arrived from the source.",
            "failed: Nothing arrived from the source.",
        ),
        (RecordingState.WHOLE, "It is silent.", "needs attention: It is silent."),
        (RecordingState.WHOLE, "", None),
        (RecordingState.CLOSING, "", None),
    ],
)
def test_a_failed_or_faulty_recording_is_reported_for_a_day(
    state: RecordingState, reason: str, told: str | None
) -> None:
    both = (COUNCIL, HEARING)
    given = asked(at("14:50"), BEGUN, kept(state, reason), items=both)
    texts = [one.text for one in given if one.ask is QuestionKind.RECORDING]

    assert texts == ([f"The recording of hearing {told}"] if told else [])


def test_a_recess_past_the_end_is_asked_about_but_its_silence_is_not() -> None:
    recess, silent = Recessed(ItemId("council"), at("11:30")), report(silent_since=at("11:30"))

    assert QuestionKind.SILENT not in kinds_of(asked(at("12:30"), BEGUN, recess, seen=silent))
    assert QuestionKind.OVERRUN in kinds_of(asked(at("12:30"), BEGUN, recess, seen=silent))
    lost = SignalLost("chamber", at("12:05"))
    gone = asked(at("12:30"), BEGUN, recess, lost, seen=report(good=False))
    (told,) = [one for one in gone if one.ask is QuestionKind.NO_SIGNAL]
    assert (told.at, "an hour" in told.text) == (at("13:05"), True)


def kinds_of(given: list[Question]) -> list[QuestionKind]:
    return [one.ask for one in given]
