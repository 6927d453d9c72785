"""What a button is said to do to the evening is what it then does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.plans import DAY, MissedStart, at, item, live, minutes, plan, soft

from config.names import ItemId
from playout.commands.foresee import ItemChange, consequences
from playout.commands.obey import obey
from playout.model.commands import Command, Verb
from playout.model.events import Absent, Begun, Off, On
from playout.model.plan import Item, Plan
from playout.model.rundown import cue_at
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.compare import Effect, TimeOnAir
from playout.timing.settle import settle

NOW = at("11:50")
COUNCIL = live("council", at("10:00"), minutes(120))
EVENING = (
    COUNCIL,
    item("replay", at("12:00"), minutes(60)),
    soft("talk", at("13:00"), minutes(20)),
    item("news", at("13:30"), minutes(30)),
)


def span(time: TimeOnAir | None) -> tuple[datetime, datetime] | None:
    return (time.start, time.end) if time else None


def on_air(*items: Item) -> tuple[Plan, AirState]:
    made = plan(*(items or EVENING))
    on = On(cue_at(settle(made, AirState(), DAY), at("10:00")))
    begun = Begun(ItemId("council"), at("10:00"), "time")
    return made, fold([Absent(at("9:00")), on, begun])


def command(verb: Verb, now: datetime = NOW, **rest: object) -> Command:
    made = Command("c1", 1, verb, now, now + timedelta(seconds=10), "ann")
    return replace(made, **rest)  # type: ignore[arg-type]


def told(verb: Verb, now: datetime = NOW, **rest: object) -> dict[str, ItemChange]:
    made, happened = on_air()
    changes = consequences(made, happened, now, command(verb, now, **rest))
    return {change.id: change for change in changes}


def test_fifteen_more_minutes_make_the_next_item_join_in_progress() -> None:
    changes = told(Verb.EXTEND, minutes=15)

    assert {name: change.effect for name, change in changes.items()} == {
        "council": Effect.LONGER,
        "replay": Effect.JOINED,
    }
    assert span(changes["replay"].after) == (at("12:15"), at("13:00"))
    assert span(changes["replay"].before) == (at("12:00"), at("13:00"))


def test_ninety_more_minutes_drop_the_replay_and_move_the_talk() -> None:
    changes = told(Verb.EXTEND, minutes=80)

    assert changes["replay"].effect is Effect.DROPPED
    assert "its time passed" in changes["replay"].reason
    assert changes["talk"].effect in (Effect.MOVED, Effect.SHORTER)
    assert "news" not in changes


def test_adjourning_ends_the_council_and_starts_nothing_early() -> None:
    changes = told(Verb.ADJOURN)

    assert list(changes) == ["council"]
    assert changes["council"].after is None


def test_a_take_puts_the_next_item_on_now() -> None:
    changes = told(Verb.TAKE)

    assert changes["replay"].after is not None
    assert changes["replay"].after.start == NOW
    assert "council" in changes


def test_holding_what_is_held_changes_nothing() -> None:
    assert told(Verb.HOLD) == {}


def test_a_command_that_would_be_refused_says_why() -> None:
    with pytest.raises(CommandRefused, match="not in recess"):
        told(Verb.RESUME)


@pytest.mark.parametrize(
    "given",
    [
        command(Verb.ADJOURN), command(Verb.TAKE), command(Verb.EXTEND, minutes=30),
        command(Verb.SKIP), command(Verb.SLATE),
        command(Verb.OVERRIDE, source="chamber", until=at("12:40")),
    ],
)  # fmt: skip
def test_obeying_the_command_does_what_was_foreseen(given: Command) -> None:
    made, happened = on_air()
    changes = consequences(made, happened, NOW, given)
    rundown = settle(made, happened, NOW)
    events = obey(given, Situation(made, rundown, happened, cue_at(rundown, NOW), NOW))
    after = settle(made, fold(events, happened), NOW)

    for change in changes:
        spans = [c for c in after.cues if c.item == change.id and c.end > NOW]
        really = (spans[0].start, spans[-1].end) if spans else None
        assert really == span(change.after), change


def test_foreseeing_changes_nothing() -> None:
    made, happened = on_air()
    kept = (made, happened)
    consequences(made, happened, NOW, command(Verb.ADJOURN))

    assert kept == (made, happened)


def test_a_resumed_meeting_takes_the_air_from_its_filler() -> None:
    made, happened = on_air()
    council = happened.pinned[-1]
    happened = fold([Off(council.id, at("11:30"), "adjourned")], happened)
    changes = consequences(made, happened, NOW, command(Verb.RESUME, item=ItemId("council")))

    assert [(one.id, one.effect) for one in changes] == [("council", Effect.ADDED)]


def test_a_skipped_item_is_named_with_its_reason() -> None:
    made, happened = on_air(COUNCIL, item("replay", at("12:00"), minutes(60),
                                               missed=MissedStart.SKIP))  # fmt: skip
    (change,) = consequences(made, happened, NOW, command(Verb.SKIP))

    assert (change.effect, change.reason) == (Effect.DROPPED, "the operator skipped it")
