"""Faults on air are reported in words once they last; expected stillness is not."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, item, media, minutes, plan

from playout.host.health import FAULTS, AirHealth
from playout.host.status import covers
from playout.model.events import Message, MessagePlacement
from playout.model.layer import Layer
from playout.model.rundown import Cue
from playout.state.air_state import AirState
from playout.timing.settle import settle

NOW = at("2:05")


def cue(**more: object) -> Cue:
    made = plan(
        item("film", at("2:00"), minutes(60), media=replace(media("film", minutes(60)), **more))
    )
    return next(one for one in settle(made, AirState(), NOW).cues if one.item == "film")


def tell(folder: Path, when=NOW, **flags: bool) -> None:
    (folder / "health.json").write_text(json.dumps({"utc": when.isoformat(), **flags}))


def after(folder: Path, seconds: float, shown: Cue, layer=Layer.DECK, **flags: bool) -> list[str]:
    health = AirHealth(folder / "health.json")
    tell(folder, NOW, **flags)
    assert health.look(shown, layer, NOW) == []
    later = NOW + timedelta(seconds=seconds)
    tell(folder, later, **flags)
    return health.look(shown, layer, later)


@pytest.mark.parametrize(
    ("flags", "seconds", "words"),
    [
        ({"black": True}, 3, ["The picture on air is black."]),
        ({"black": True}, 2, []),
        ({"frozen": True}, 6, ["The picture on air stands still."]),
        ({"silent": True}, 14, []),
        ({"silent": True}, 15, ["There is no sound on air."]),
        ({"black": False, "frozen": False}, 60, []),
    ],
)
def test_a_lasting_fault_is_reported(tmp_path, flags, seconds, words):
    assert after(tmp_path, seconds, cue(), **flags) == words


@pytest.mark.parametrize(
    ("more", "layer", "words"),
    [
        ({"rate": None, "has_sound": False}, Layer.DECK, []),
        ({"has_sound": False}, Layer.DECK, ["The picture on air stands still."]),
        ({"has_picture": False, "rate": None}, Layer.DECK, ["There is no sound on air."]),
        ({}, Layer.BOARD, []),
    ],
)
def test_expected_stillness_raises_no_alarm(tmp_path, more, layer, words):
    assert after(tmp_path, 60, cue(**more), layer, frozen=True, silent=True) == words


@pytest.mark.parametrize("flag", ["frozen", "silent", "black"])
def test_a_full_screen_message_is_no_fault_and_restarts_the_count(tmp_path, flag):
    health, shown = AirHealth(tmp_path / "health.json"), cue()
    for second in range(60):
        now = NOW + timedelta(seconds=second)
        tell(tmp_path, now, **{flag: True})
        assert health.look(shown, Layer.DECK, now, covered=True) == []
    lasts, words = FAULTS[flag]
    for second in (0.0, lasts.total_seconds() - 0.1):
        now = NOW + timedelta(seconds=60 + second)
        tell(tmp_path, now, **{flag: True})
        assert health.look(shown, Layer.DECK, now) == []
    tell(tmp_path, now + timedelta(seconds=1), **{flag: True})
    assert health.look(shown, Layer.DECK, now + timedelta(seconds=1)) == [words]


MESSAGE = Message("m1", "Boil water.", MessagePlacement.FULL, NOW, NOW + timedelta(hours=1), "Eve")


@pytest.mark.parametrize(
    ("message", "graphic", "covered"),
    [
        (MESSAGE, "m1", True),
        (MESSAGE, "", False),
        (MESSAGE, "another", False),
        (replace(MESSAGE, placement=MessagePlacement.STRIP), "m1", False),
        (None, "", False),
    ],
)
def test_only_a_full_screen_that_is_shown_covers_the_air(message, graphic, covered):
    assert covers(message, graphic) is covered


def test_a_break_restarts_the_count_and_old_measurements_are_ignored(tmp_path):
    health = AirHealth(tmp_path / "health.json")
    tell(tmp_path, NOW, black=True)
    health.look(cue(), Layer.DECK, NOW)
    tell(tmp_path, NOW + timedelta(seconds=2))
    health.look(cue(), Layer.DECK, NOW + timedelta(seconds=2))
    tell(tmp_path, NOW + timedelta(seconds=4), black=True)
    assert health.look(cue(), Layer.DECK, NOW + timedelta(seconds=4)) == []
    assert health.look(cue(), Layer.DECK, NOW + timedelta(seconds=60)) == []
    for damaged in ("half a li", "[" * 100_000, "[]", "7", '{"utc": {"utc": 1}}'):
        (tmp_path / "health.json").write_text(damaged)
        assert health.look(cue(), Layer.DECK, NOW) == []


def test_the_host_reports_a_fault_while_it_lasts(tmp_path):
    machine = Machine(tmp_path, plan(item("film", at("2:00"), minutes(60))), at("1:59:50"))
    machine.run_until(NOW)

    def dark() -> None:
        tell(tmp_path, machine.now, black=True)

    machine.run_until(NOW + timedelta(seconds=6), most=1, each=dark)
    assert "The picture on air is black." in machine.server.last.status.problems
    tell(tmp_path, machine.now)
    machine.run_for(1)
    assert "The picture on air is black." not in machine.server.last.status.problems
