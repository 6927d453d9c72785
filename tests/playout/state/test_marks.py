"""Where a meeting begins: the operator's mark, why one is refused, what a replay makes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, at, item, live, media, minutes, plan

from config.names import AiringId, CueId, ItemId
from playout.commands.foresee import consequences
from playout.commands.obey import obey
from playout.lives.signal_rules import recording_changes
from playout.model.commands import Command, Verb
from playout.model.events import Absent, Begun, Event, Marked, Off, On, Recorded
from playout.model.plan import Item
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.replays import replay_start, resolve_replays
from playout.timing.settle import settle

COUNCIL, ITEM = live("council", at("10:00"), minutes(120), record=True), ItemId("council")
NEWS = item("news", at("12:00"), minutes(30))
BEGUN = Begun(ITEM, at("10:00"), "time")
HERE = at("10:07:31")


def air(*events: Event, now: datetime = HERE, council: Item = COUNCIL) -> Situation:
    """The council on air since ten."""
    made = plan(council, NEWS)
    on = On(cue_at(settle(made, AirState(), DAY), at("10:00")))
    happened = fold([Absent(at("9:00")), on, *events])
    rundown = settle(made, happened, now)
    return Situation(made, rundown, happened, cue_at(rundown, now), now)


def off(why: str = "adjourned") -> Off:
    return Off(air(BEGUN).current.id, at("11:30"), why)  # type: ignore[arg-type]


def command(verb: Verb, **rest: object) -> Command:
    made = Command("c1", 1, verb, HERE, HERE + timedelta(seconds=10), "ann")
    return replace(made, **rest)  # type: ignore[arg-type]


def mark(at: datetime | None) -> Marked:
    return Marked(ITEM, at or HERE, at)


@pytest.mark.parametrize(
    ("events", "starts"),
    [
        ((), None),
        ((BEGUN,), at("10:00")),
        ((BEGUN, mark(HERE)), HERE),
        ((BEGUN, mark(HERE), mark(at("10:12"))), at("10:12")),
        ((BEGUN, mark(HERE), mark(None)), at("10:00")),
        ((BEGUN, mark(HERE), replace(BEGUN, at=at("10:20"))), HERE),
        ((BEGUN, mark(HERE), off()), HERE),
    ],
)
def test_a_meeting_begins_at_the_last_mark_else_where_it_was_taken(
    events: tuple[Event, ...], starts: datetime | None
) -> None:
    assert replay_start(ITEM, fold(events)) == starts


def test_marking_and_unmarking_decide_where_replays_begin() -> None:
    marked = air(BEGUN, mark(at("10:03")))

    assert obey(command(Verb.MARK), air(BEGUN)) == (Marked(ITEM, HERE, HERE),)
    assert obey(command(Verb.MARK, item=ITEM), marked) == (Marked(ITEM, HERE, HERE),)
    assert obey(command(Verb.UNMARK), marked) == (Marked(ITEM, HERE, None),)


@pytest.mark.parametrize(
    ("verb", "stands", "why"),
    [
        (Verb.MARK, air(), "council has not started yet"),
        (Verb.MARK, air(BEGUN, off(), now=at("11:31")), "Only the live program on air"),
        (Verb.MARK, air(BEGUN, off("provisional"), now=at("12:01")), "Only the live"),
        (Verb.MARK, air(BEGUN, council=replace(COUNCIL, record=False)), "not being recorded"),
        (Verb.UNMARK, air(BEGUN), "No replay start is set"),
        (Verb.UNMARK, air(BEGUN, mark(HERE), off(), now=at("11:31")), "Only the live"),
    ],
)
def test_a_mark_is_refused_before_the_take_after_the_adjournment_and_unrecorded(
    verb: Verb, stands: Situation, why: str
) -> None:
    with pytest.raises(CommandRefused, match=why):
        obey(command(verb), stands)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (command(Verb.MARK, cue=CueId("film@yesterday")), "council is on air"),
        (command(Verb.MARK, item=ItemId("hearing")), "Only the live program on air"),
    ],
)
def test_a_mark_meant_for_something_else_is_refused(given: Command, why: str) -> None:
    with pytest.raises(CommandRefused, match=why):
        obey(given, air(BEGUN))


@pytest.mark.parametrize("verb", [Verb.MARK, Verb.UNMARK])
def test_a_mark_changes_nothing_on_air(verb: Verb) -> None:
    stands = air(BEGUN, mark(at("10:03")))

    assert consequences(stands.plan, stands.happened, stands.now, command(verb)) == ()


FILE = media("whole", minutes(99))
KEPT = Recording(AiringId("airing-council"), RecordingState.WHOLE, at("9:58"), FILE)


@pytest.mark.parametrize(
    ("marks", "gaps", "starts", "length"),
    [
        ((), (), minutes(2), minutes(90)),
        ((mark(at("10:05")),), (), minutes(7), minutes(85)),
        ((mark(at("10:05")), mark(None)), (), minutes(2), minutes(90)),
        ((mark(at("10:05")),), (RecordingGap(at("10:01"), at("10:03")),), minutes(5), minutes(85)),
        ((mark(at("10:05")),), (RecordingGap(at("10:04"), at("10:06")),), minutes(6), minutes(84)),
    ],
)
def test_a_replay_begins_at_the_mark_and_ends_at_the_adjournment(
    marks: tuple[Event, ...], gaps: tuple[RecordingGap, ...], starts: timedelta, length: timedelta
) -> None:
    """Nothing of the file is cut away: it is whole, and its in point another."""
    happened = air(BEGUN, *marks, off(), now=at("11:40")).happened
    (told,) = recording_changes(happened, [replace(KEPT, gaps=gaps)], at("11:40"))
    tonight = item("tonight", at("19:00"), minutes(90), media=None, replay_of=KEPT.airing)
    one = resolve_replays(plan(tonight), fold([told], happened)).items[0]

    assert isinstance(told, Recorded) and told.recording.media == FILE
    assert one.media is not None
    assert (one.in_point, one.media.length - one.in_point) == (starts, length)
