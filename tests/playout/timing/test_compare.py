"""Two rundowns compared: one row for each thing that can become of an item."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.plans import at, item, minutes, plan

from config.names import CueId, ItemId
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue
from playout.state.air_state import AirState
from playout.timing.compare import (
    PLAN_TOLERANCE,
    PRESS_TOLERANCE,
    Effect,
    TimeOnAir,
    compare,
    effect_of,
    reasons_of,
    times_on_air,
)
from playout.timing.settle import settle

TEN = TimeOnAir("Council", at("10:00"), at("11:00"))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (None, None, None),
        (TEN, TEN, None),
        (None, TEN, Effect.ADDED),
        (TEN, None, Effect.DROPPED),
        (TEN, replace(TEN, start=at("10:05"), end=at("11:05")), Effect.MOVED),
        (TEN, replace(TEN, start=at("9:55"), end=at("10:55")), Effect.MOVED),
        (TEN, replace(TEN, start=at("10:05"), into=minutes(5)), Effect.JOINED),
        (TEN, replace(TEN, end=at("10:50")), Effect.SHORTER),
        (TEN, replace(TEN, end=at("11:10")), Effect.LONGER),
        # moved and shorter at once: the start is what viewers plan by
        (TEN, replace(TEN, start=at("10:05")), Effect.MOVED),
        # coming in earlier in the media than before is a move, not a join
        (replace(TEN, into=minutes(5)), replace(TEN, start=at("9:55")), Effect.MOVED),
    ],
)
def test_each_difference_has_one_effect(
    before: TimeOnAir | None, after: TimeOnAir | None, effect: Effect | None
) -> None:
    assert effect_of(before, after) is effect


@pytest.mark.parametrize("tolerance", [PLAN_TOLERANCE, PRESS_TOLERANCE])
def test_a_difference_below_the_tolerance_is_none(tolerance: timedelta) -> None:
    below = tolerance - SECOND
    assert effect_of(TEN, replace(TEN, start=TEN.start + below), tolerance) is None
    assert effect_of(TEN, replace(TEN, end=TEN.end - below), tolerance) is None
    assert effect_of(TEN, replace(TEN, into=below), tolerance) is None
    assert effect_of(TEN, replace(TEN, start=TEN.start + tolerance), tolerance) is Effect.MOVED
    assert effect_of(TEN, replace(TEN, end=TEN.end - tolerance), tolerance) is Effect.SHORTER
    assert effect_of(TEN, replace(TEN, into=tolerance), tolerance) is Effect.JOINED


def test_an_item_on_air_that_does_not_come_back_has_ended() -> None:
    assert effect_of(TEN, None, now=at("10:30")) is Effect.ENDED
    assert effect_of(TEN, None, now=at("9:30")) is Effect.DROPPED


def cue(title: str, start: str, end: str, offset: timedelta = timedelta(0)) -> Cue:
    id, made = CueId(f"{title}@{start}"), ItemId(title)
    rank, kind = Rank.HARD, ContentKind.FILE
    return Cue(id, made, kind, title, at(start), at(end), rank, offset=offset)


def test_an_interrupted_item_is_on_air_from_its_first_cue_to_its_last() -> None:
    cues = (
        cue("film", "10:00", "10:20"),
        cue("alert", "10:20", "10:30"),
        cue("film", "10:30", "11:00", offset=minutes(30)),
    )
    times = times_on_air(cues, lambda one: one.item)

    assert times[ItemId("film")] == TimeOnAir("film", at("10:00"), at("11:00"))
    assert list(times_on_air(cues, lambda one: one.item, since=at("10:30"))) == ["film"]


def test_cues_without_the_key_have_no_time() -> None:
    filler = replace(cue("clip", "10:00", "10:05"), item=None)

    assert times_on_air([filler], lambda one: one.item) == {}


def test_changes_come_in_the_order_in_which_they_then_air_with_their_reasons() -> None:
    before = {"a": TEN, "b": replace(TEN, title="Parks", start=at("9:00")), "c": TEN}
    after = {"b": replace(TEN, title="Parks", start=at("10:30")), "c": TEN}
    changes = compare(before, after, {"a": "its time passed", "b": "not said of what airs"})

    assert [(one.id, one.effect, one.reason) for one in changes] == [
        ("a", Effect.DROPPED, "its time passed"),
        ("b", Effect.MOVED, ""),
    ]


def test_displaced_items_without_an_airing_have_no_reason_to_give() -> None:
    made = plan(item("council", at("10:00"), minutes(60)), item("talk", at("10:10"), minutes(5)))
    rundown = settle(made, AirState(), at("9:00"))

    assert set(reasons_of(rundown)) <= {"airing-council", "airing-talk"}
