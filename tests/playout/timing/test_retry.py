"""What failed is tried again after a rest, twice at most, while time remains."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.plans import at, clips, item, media, minutes, plan

from config.names import CueId
from playout.model.cue_ids import Origin
from playout.model.events import Event, Failed, Off, On, Retried
from playout.model.plan import Plan
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.retry import due_retries, retries_of_replaced_files
from playout.timing.settle import settle

FILM = item("film", at("10:00"), minutes(60))
PLAN = plan(FILM, filler=clips(60, 90))


def tried(events: list[Event], now: datetime) -> list[Event]:
    return [*due_retries(PLAN, fold(events), now)]


def failures(*times: str) -> list[Event]:
    return [Failed(at(one), "no frames came", item=FILM.id) for one in times]


@pytest.mark.parametrize(
    ("times", "now", "again"),
    [
        (["9:59:55"], "10:01:50", False),
        (["9:59:55"], "10:01:55", True),
        (["9:59:55", "10:02"], "10:11:59", False),
        (["9:59:55", "10:02"], "10:12", True),
        (["9:59:55", "10:02", "10:12"], "10:50", False),
        (["9:59:55"], "10:59:01", False),
    ],
)
def test_an_item_that_failed_rests_and_is_tried_twice(times, now, again):
    assert tried(failures(*times), at(now)) == ([Retried(at(now), item=FILM.id)] if again else [])


def on_air(piece: int = 1) -> On:
    first = next(c for c in settle(PLAN, AirState(), at("9:00")).cues if c.item == FILM.id)
    return On(replace(first, id=CueId(f"{first.id.partition('#')[0]}#{piece}")))


def test_an_item_that_broke_on_air_comes_back_in_progress():
    on = on_air()
    events: list[Event] = [on, Off(on.cue.id, at("10:20"), "failed", "no frames came")]
    assert tried(events, at("10:21")) == []
    (again,) = tried(events, at("10:22"))
    happened = fold([*events, again])
    assert tried([*events, again], at("10:22:01")) == []
    back = [c for c in settle(PLAN, happened, at("10:22")).cues if c.item == FILM.id][-1]
    assert at("10:22") <= back.start <= at("10:22:10")
    assert back.end == at("11:00")
    assert back.offset == back.start - at("10:00")


def test_a_filler_clip_is_out_for_minutes_then_for_hours_then_for_good():
    key = PLAN.filler[0].key
    out: list[Event] = [Failed(at("10:00"), "x", asset=key)]
    assert tried(out, at("10:09")) == []
    assert tried(out, at("10:10")) == [Retried(at("10:10"), asset=key)]
    out += [Retried(at("10:10"), asset=key), Failed(at("11:00"), "x", asset=key)]
    assert tried(out, at("16:59")) == []
    assert tried(out, at("17:00")) == [Retried(at("17:00"), asset=key)]
    out += [Retried(at("17:00"), asset=key), Failed(at("17:05"), "x", asset=key)]
    assert tried(out, at("23:59", 3)) == []
    assert fold(out).unplayable == {key: at("17:05")}


@pytest.mark.parametrize(("days", "known"), [(9, 4), (10, 1)])
def test_failures_are_forgotten_after_ten_days(days: int, known: int) -> None:
    key = PLAN.filler[0].key
    old: list[Event] = [Failed(at("10:00", -days), "x", asset=key) for _ in range(3)]
    fresh = fold([*old, Failed(at("10:00"), "x", asset=key)])
    assert len(fresh.failures[key]) == known
    assert fresh.failures[key][-1] == at("10:00")


def test_another_file_in_the_plan_is_tried_at_once():
    better = replace(FILM, media=media("another film", minutes(60)))
    happened = fold(failures("9:59:55"))
    assert [*retries_of_replaced_files(PLAN, plan(better), happened, at("10:00:30"))] == [
        Retried(at("10:00:30"), item=FILM.id)
    ]
    assert [*retries_of_replaced_files(PLAN, PLAN, happened, at("10:00:30"))] == []
    assert [*retries_of_replaced_files(PLAN, plan(better), AirState(), at("10:00:30"))] == []
    assert [*retries_of_replaced_files(PLAN, plan(better), happened, at("10:59:01"))] == []


def media_key(plan: Plan) -> str:
    film = plan.items[0].media
    assert film is not None
    return film.key[:8]


@pytest.mark.parametrize("by_hand", [False, True])
def test_an_item_that_broke_on_air_comes_back_with_the_file_of_the_new_plan(by_hand):
    new = plan(replace(FILM, media=media("another film", minutes(50))), filler=PLAN.filler)
    on, now = on_air(), at("10:20:30")
    if by_hand:
        on = On(replace(on.cue, id=CueId("take-c7"), origin=Origin.TAKE, planned=None))
    events: list[Event] = [on, Off(on.cue.id, at("10:20"), "failed", "no frames came")]

    (again,) = retries_of_replaced_files(PLAN, new, fold(events), now)
    back = [c for c in settle(new, fold([*events, again]), now).cues if c.item == FILM.id][-1]

    assert back.offset == back.start - at("10:00")
    assert (back.media, back.end) == (new.items[0].media, at("10:50"))
    assert back.id.startswith("take-c7#" if by_hand else f"film@20261120T100000.{media_key(new)}#")
