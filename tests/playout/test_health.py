"""What is wrong on air is said in words, once it has lasted, and never of what is meant so."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, item, media, minutes, plan

from playout.engine.waist import Layer
from playout.happened import Happened
from playout.health import Health
from playout.rundown import Cue
from playout.settle import settle

NOW = at("2:05")


def cue(**more: object) -> Cue:
    made = plan(
        item("film", at("2:00"), minutes(60), media=replace(media("film", minutes(60)), **more))
    )
    return next(one for one in settle(made, Happened(), NOW).cues if one.item == "film")


def tell(folder: Path, when=NOW, **flags: bool) -> None:
    (folder / "health.json").write_text(json.dumps({"utc": when.isoformat(), **flags}))


def after(folder: Path, seconds: float, shown: Cue, layer=Layer.DECK, **flags: bool) -> list[str]:
    health = Health(folder / "health.json")
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
def test_what_lasts_is_said(tmp_path, flags, seconds, words):
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
def test_what_is_meant_so_is_not_said(tmp_path, more, layer, words):
    assert after(tmp_path, 60, cue(**more), layer, frozen=True, silent=True) == words


def test_it_is_counted_anew_after_a_break_and_never_from_old_news(tmp_path):
    health = Health(tmp_path / "health.json")
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


def test_the_host_reports_it_and_says_when_it_is_over(tmp_path):
    machine = Machine(tmp_path, plan(item("film", at("2:00"), minutes(60))), at("1:59:50"))
    machine.run_until(NOW)

    def dark() -> None:
        tell(tmp_path, machine.now, black=True)

    machine.run_until(NOW + timedelta(seconds=6), most=1, each=dark)
    assert "The picture on air is black." in machine.server.last.status.problems
    tell(tmp_path, machine.now)
    machine.run_for(1)
    assert "The picture on air is black." not in machine.server.last.status.problems
