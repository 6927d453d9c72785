"""The random channel machine fails on planted faults, so its silence proves something."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.desk_machine import SPRING, ChannelStateMachine

from playout.host import agent
from playout.lives import signal_rules
from playout.model.commands import Command, Verb
from playout.state import fold
from playout.timing import durations, placement


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChannelStateMachine]:
    """Give the channel at 1:26 at night: the council is on air, four minutes before the hearing."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    made = ChannelStateMachine()
    made.begin(SPRING, limit=True, hours=2.6)
    yield made


def test_a_faultless_evening_raises_no_finding(desk: ChannelStateMachine) -> None:
    desk.time_passes(900)
    desk.press(Verb.ADJOURN, looked=True)
    desk.nothing_is_uncovered()
    desk.no_item_is_lost()
    desk.no_clock_ends_a_meeting()
    desk.no_limit_is_passed()
    desk.no_live_is_adjourned_without_cause()
    desk.no_old_or_mistaken_command_is_obeyed()
    desk.teardown()


def test_a_meeting_cut_by_a_clock_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placement, "cuts", lambda *rest: True)
    desk.time_passes(240)
    with pytest.raises(AssertionError):
        desk.no_clock_ends_a_meeting()


@pytest.mark.parametrize("patience", [180, 30])
def test_a_live_adjourned_too_soon_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(signal_rules, "ADJOURN_WITHOUT_SIGNAL_AFTER", timedelta(seconds=patience))
    desk.a_source("chamber")
    desk.time_passes(240)
    if patience == 180:
        desk.no_live_is_adjourned_without_cause()
        return
    with pytest.raises(AssertionError):
        desk.no_live_is_adjourned_without_cause()


def test_a_live_wrongly_ended_by_silence_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal_rules, "_ends_on_silence", lambda *rest: True)
    desk.begin(SPRING, limit=False, hours=2.6)
    desk.a_room("chamber")
    desk.time_passes(640)
    with pytest.raises(AssertionError):
        desk.no_live_is_adjourned_without_cause()


def test_items_waiting_behind_a_meeting_held_past_the_plan_are_not_lost() -> None:
    made = ChannelStateMachine()
    made.begin(SPRING, limit=False, hours=0.25)
    for _ in range(2):
        made.extend(600)
    made.no_item_is_lost()
    made.teardown()


def test_an_item_that_is_lost_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The filler before the council breaks, and a planted fault then forgets the council."""
    desk.begin(SPRING, limit=False, hours=0)
    withdrawn = fold._withdrawn

    def forgotten(state: Any, cues: Any) -> Any:
        return replace(withdrawn(state, cues), aired=state.aired)

    monkeypatch.setattr(fold, "_withdrawn", forgotten)
    desk.time_passes_until_just_before_the_next_item(3)
    desk.no_item_is_lost()
    desk.a_file(breaks=True)
    with pytest.raises(AssertionError):
        desk.no_item_is_lost()


def test_an_old_command_that_is_obeyed_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = desk.air.server.press

    def freshly(verb: Verb, now: datetime, *rest: Any) -> Command:
        return press(verb, now + timedelta(minutes=1), *rest)

    monkeypatch.setattr(desk.air.server, "press", freshly)
    desk.an_old_command(Verb.ADJOURN)
    with pytest.raises(AssertionError):
        desk.no_old_or_mistaken_command_is_obeyed()


@pytest.mark.parametrize(
    "fault", [{"ticks": 1}, {"reason": "nothing came after it", "end": timedelta(seconds=2)}]
)
def test_a_tick_without_a_picture_and_a_hole_are_found(
    desk: ChannelStateMachine, fault: dict[str, Any]
) -> None:
    desk.time_passes(240)
    facts = desk.air.engine._facts
    if isinstance(fault.get("end"), timedelta):
        fault = fault | {"end": facts[-1].start + fault["end"]}
    facts[-1] = replace(facts[-1], **fault)
    with pytest.raises(AssertionError):
        desk.nothing_is_uncovered()


def test_a_limit_that_is_passed_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = durations.continue_cue

    def without_limits(cue: Any, item: Any, *rest: Any) -> Any:
        return whole(cue, None if item is None else replace(item, hard_limit=None), *rest)

    monkeypatch.setattr(durations, "continue_cue", without_limits)
    desk.time_passes(900)
    with pytest.raises(AssertionError):
        desk.no_limit_is_passed()


def test_an_engine_sent_another_cue_is_found(
    desk: ChannelStateMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = agent.director.decide

    def wrongly(scene: Any, seen: Any) -> Any:
        wanted = decide(scene, seen)
        other = replace(wanted.on_air, cue="other", at=scene.now - timedelta(seconds=1))
        return replace(wanted, on_air=other)

    monkeypatch.setattr(agent.director, "decide", wrongly)
    with pytest.raises(AssertionError):
        desk.time_passes(240)


def test_a_second_outcome_is_found(desk: ChannelStateMachine) -> None:
    rows = [one.as_run for one in desk.air.parts.journal.kept() if one.as_run is not None]
    desk.air.parts.journal.as_run(desk.air.now, replace(rows[0], start=desk.air.now))
    with pytest.raises(AssertionError):
        desk.teardown()
