"""The machine of anything goes red on planted faults, so that its silence means something."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.desk_machine import SPRING, Desk

from playout import agent, lengths, placing
from playout.wire import Verb


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The channel at 1:26 at night, four minutes before the hearing; the council is on."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    made = Desk()
    made.begin(SPRING, limit=True, hours=2.6)
    yield made


def test_without_a_fault_nothing_is_found(desk: Desk) -> None:
    desk.time_passes(900)
    desk.press(Verb.ADJOURN, looked=True)
    desk.nothing_is_uncovered()
    desk.no_clock_ends_a_meeting()
    desk.no_limit_is_passed()
    desk.teardown()


def test_a_meeting_cut_by_a_clock_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing._Sweep, "_cuts", lambda *rest: True)
    desk.time_passes(240)
    with pytest.raises(AssertionError):
        desk.no_clock_ends_a_meeting()


def test_a_limit_that_is_passed_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lengths.continue_cue

    def without_limits(cue: Any, item: Any, *rest: Any) -> Any:
        return whole(cue, None if item is None else replace(item, hard_limit=None), *rest)

    monkeypatch.setattr(placing, "continue_cue", without_limits)
    desk.time_passes(900)
    with pytest.raises(AssertionError):
        desk.no_limit_is_passed()


def test_an_engine_told_of_another_cue_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = agent.director.decide

    def wrongly(scene: Any, seen: Any) -> Any:
        wanted = decide(scene, seen)
        other = replace(wanted.on_air, cue="other", at=scene.now - timedelta(seconds=1))
        return replace(wanted, on_air=other)

    monkeypatch.setattr(agent.director, "decide", wrongly)
    with pytest.raises(AssertionError):
        desk.time_passes(240)


def test_a_second_outcome_is_found(desk: Desk) -> None:
    rows = [one.as_run for one in desk.air.rig.journal.entries if one.as_run is not None]
    desk.air.rig.journal.as_run(desk.air.now, replace(rows[0], start=desk.air.now))
    with pytest.raises(AssertionError):
        desk.teardown()
