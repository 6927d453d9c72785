"""Instances that give way before they begin: their items still air, or are displaced aloud."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from support.plans import EndRule, at, clips, item, live, minutes, plan, source

from config.names import CueId, ItemId
from playout.model.events import Absent, Event, Failed, Off, On, Overridden, Skipped
from playout.model.plan import ContentKind, Plan, Rank
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState
from playout.state.fold import apply, fold
from playout.timing import adoption
from playout.timing.settle import settle

TURN = timedelta(seconds=0.25)
NEAR = timedelta(seconds=6)
NEXT = at("10:10")
Act = Callable[[AirState, datetime], list[Event]]


def walked(made: Plan, when: datetime, act: Act, until: datetime) -> tuple[AirState, Rundown]:
    """The agent's loop from 9:59 on, with one act of somebody at `when`."""
    now, acted = at("9:59"), False
    happened = fold([Absent(now)])
    while now < until:
        if now >= when and not acted:
            acted, happened = True, fold(act(happened, now), happened)
        rundown = settle(made, happened, now, horizon=at("11:30"))
        while (event := adoption.next_to_commit(rundown, happened, now)) is not None:
            happened = apply(happened, event)
            rundown = settle(made, happened, now, horizon=at("11:30"))
        now += TURN if any(abs(now - mark) <= NEAR for mark in (when, NEXT, until)) else NEAR
    return happened, settle(made, happened, now, horizon=at("11:30"))


def on_air(happened: AirState, now: datetime) -> Cue:
    return [cue for cue in happened.pinned if cue.start <= now][-1]


def ends_by(why: str) -> Act:
    return lambda happened, now: [Off(on_air(happened, now).id, now, why, "said so")]  # type: ignore[arg-type]


def override(length: timedelta) -> Act:
    def act(_: AirState, now: datetime) -> list[Event]:
        name = CueId("over-1")
        cue = Cue(
            name, None, ContentKind.LIVE, "Mayor", now, now + length, Rank.OVERRIDE, source="room"
        )
        return [Overridden(name, now, now + length, "Ann"), On(cue)]

    return act


def first_air(rundown: Rundown, name: str) -> tuple[datetime, timedelta]:
    cue = next(cue for cue in rundown.cues if cue.item == name)
    return cue.start, cue.offset


@pytest.mark.parametrize("before", [10.0, 4.75, 4.0, 2.0, 0.5, 0.25])
@pytest.mark.parametrize("why", ["failed", "adjourned", "taken"])
@pytest.mark.parametrize("filler", [(), clips(20, 30)])
def test_an_item_airs_on_time_however_shortly_before_the_one_on_air_ends(
    before: float, why: str, filler: tuple[()]
) -> None:
    made = plan(item("a", at("10:00"), minutes(10)), item("b", NEXT, minutes(60)), filler=filler)

    _, rundown = walked(made, NEXT - timedelta(seconds=before), ends_by(why), at("10:11"))

    assert first_air(rundown, "b") == (NEXT, timedelta(0))


@pytest.mark.parametrize("end", [EndRule.HOLD, EndRule.CUT])
def test_an_item_airs_on_time_after_a_live_that_was_adjourned_seconds_before_it(
    end: EndRule,
) -> None:
    made = plan(
        live("council", at("10:00"), minutes(10), end_rule=end), item("b", NEXT, minutes(60))
    )

    _, rundown = walked(made, NEXT - timedelta(seconds=3), ends_by("adjourned"), at("10:11"))

    assert first_air(rundown, "b") == (NEXT, timedelta(0))


def test_an_item_overridden_seconds_before_its_start_joins_after_the_override() -> None:
    made = plan(
        item("a", at("10:00"), minutes(10)),
        item("b", NEXT, minutes(60)),
        sources=(source("room"),),
    )

    when, length = NEXT - timedelta(seconds=2), minutes(5)
    _, rundown = walked(made, when, override(length), at("10:20"))

    start, offset = first_air(rundown, "b")
    assert start == when + length
    assert offset == start - NEXT


def test_an_item_skipped_seconds_before_its_start_is_displaced_and_says_why() -> None:
    made = plan(item("a", at("10:00"), minutes(10)), item("b", NEXT, minutes(60)))

    _, rundown = walked(
        made, NEXT - timedelta(seconds=2), lambda _, now: [Skipped(ItemId("b"), now)], at("10:11")
    )

    assert [(one.item, one.reason) for one in rundown.displaced] == [
        ("b", "the operator skipped it")
    ]


def test_an_interrupted_item_rejoins_when_its_slate_ends_early() -> None:
    """B is interrupted, pinned to come back at 10:30, and what it follows fails just before."""
    made = plan(
        item("b", at("10:00"), minutes(60)),
        sources=(source("room"),),
    )
    now = at("10:20")
    happened, _ = walked(made, now, override(minutes(10)), at("10:29:57"))
    assert happened.pinned[-1].item == "b" and happened.pinned[-1].start == at("10:30")

    gone = Off(CueId("over-1"), at("10:29:57"), "rejoined")
    happened = apply(happened, gone)
    rundown = settle(made, happened, at("10:29:57"))
    while (event := adoption.next_to_commit(rundown, happened, at("10:29:57"))) is not None:
        happened = apply(happened, event)
        rundown = settle(made, happened, at("10:29:57"))

    pieces = [cue for cue in rundown.cues if cue.item == "b"]
    assert len(pieces) == 2 and pieces[1].start <= at("10:30")
    assert pieces[1].offset == pieces[1].start - at("10:00")


def test_an_instance_unseen_before_the_clock_stepped_back_still_airs() -> None:
    made = plan(item("a", at("10:00"), minutes(10)), item("b", NEXT, minutes(60)))
    happened, _ = walked(made, at("10:30"), ends_by("failed"), NEXT - timedelta(seconds=3))
    (pinned,) = (cue.id for cue in happened.pinned if cue.item == "b")

    stepped = apply(happened, Absent(at("10:08"), (pinned,)))

    assert first_air(settle(made, stepped, at("10:08")), "b") == (NEXT, timedelta(0))


def test_an_instance_seen_before_the_clock_stepped_back_does_not_air_twice() -> None:
    made = plan(item("a", at("10:00"), minutes(10)), item("b", NEXT, minutes(60)))
    happened, _ = walked(made, at("10:30"), ends_by("failed"), at("10:15"))

    stepped = apply(happened, Absent(at("10:08"), ()))
    rundown = settle(made, stepped, at("10:08"))

    assert not [cue for cue in rundown.cues if cue.item == "b"]


def test_an_item_that_failed_before_its_start_airs_once_it_is_retried() -> None:
    made = plan(item("a", at("10:00"), minutes(10)), item("b", NEXT, minutes(60)))
    happened, _ = walked(
        made,
        NEXT - timedelta(seconds=2),
        lambda _, now: [Failed(now, "no deck", item=ItemId("b"))],
        NEXT - timedelta(seconds=1),
    )

    assert ItemId("b") not in happened.aired
    assert [one.reason for one in settle(made, happened, NEXT).displaced] == ["no deck"]
