"""The watcher of the output: two hundred faults, a day without one, and restarts in order.

The faults and the day run faster than real time, by the instants of the streams. The last test runs
the real encoder and relay.
"""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from bench.figures import Figure, middle
from soak.notes import alone, minutes, note, rounds
from soak.watcher_day import day, watched_day
from soak.watcher_faults import Tried, faults
from support.encoder_bench import EncoderBench
from support.stalls import Canary

from config.names import HouseFormat
from playout.engine.watching.signature import BLOCKS

pytestmark = pytest.mark.soak
FAULTS, FOUND_SHARE = 200, 0.99
SEED = int(os.environ.get("GAVEL_SOAK_SEED", "12"))
UNCOMPARED_AT_START = 3
"""Pictures of a day that may never be compared: those of its first seconds, before the notes of the
program are as long as a picture may be on its way."""
LONGEST_GAP = 2.0
"""Most seconds between two compared pictures: one key picture a second, and it moves within the
second when the encoder starts again."""
ORDER = ["watcher of the output", "stream output", "stream relay", "bus"]


def test_two_hundred_faults_are_found() -> None:
    began, count = time.monotonic(), rounds(FAULTS)
    tries = list(faults(count, SEED))
    lost = [one for one in tries if one.after is None]
    misnamed = [one for one in tries if one.after is not None and not one.is_named_right]
    false = [one for one in tries if one.false]
    most = count - FOUND_SHARE * count
    figures = [
        Figure("watcher", "faults injected", count, "faults"),
        Figure("watcher", "not found", len(lost), "faults", most),
        Figure("watcher", "called by another name", len(misnamed), "faults"),
        Figure("watcher", "found where there was none", len(false), "faults", 0),
        *by_kind(tries),
    ]
    note(
        "watcher_faults", "Faults in the stream that leaves, seen from outside", figures, [],
        time.monotonic() - began, seed=SEED, lost=lost, misnamed=misnamed, false=false,
    )  # fmt: skip

    assert [one for one in figures if not one.good] == []


def by_kind(tries: list[Tried]) -> list[Figure]:
    """Return, for each kind, how soon its faults were found."""
    figures = []
    for kind in dict.fromkeys(one.fault.kind for one in tries):
        own = [one for one in tries if one.fault.kind == kind]
        after = [one.after for one in own if one.after is not None]
        words = f"{len(after)} of {len(own)} found; the last after {max(after, default=0):.0f} s"
        figures.append(Figure("watcher", f"{kind}: median", middle(after), "s", note=words))
    return figures


def test_a_day_of_meetings_raises_nothing() -> None:
    began, seconds = time.monotonic(), round(minutes(24 * 60) * 60)
    result = watched_day(day(SEED), seconds, SEED)
    figures = [
        Figure("watcher", "seconds watched", result.seconds, "s"),
        Figure("watcher", "pictures right", result.right, "pictures"),
        Figure("watcher", "seconds without a picture looked at", result.unlooked, "s", 0),
        Figure("watcher", "never compared", result.unknown, "pictures", UNCOMPARED_AT_START),
        Figure("watcher", "longest without a compared picture", result.longest, "s", LONGEST_GAP),
        Figure("watcher", "seconds of sound compared", result.sounding, "s"),
        Figure("watcher", "false alarms", len(result.found), "seconds", 0),
    ]
    note(
        "watcher_day", "A day of meetings, recesses and bulletins, seen from outside", figures, [],
        time.monotonic() - began, seed=SEED, minutes=seconds / 60, found=result.found[:50],
    )  # fmt: skip

    assert [one for one in figures if not one.good] == []


class BlackNotes:
    """Notes that say that black was placed, whatever was."""

    def __init__(self, writer: object, ticks: object) -> None:
        self._writer, self._ticks = writer, ticks

    def note(self, tick: int, _slot: object) -> None:
        """Note a black tick."""
        due = self._ticks.due(tick)  # type: ignore[attr-defined]
        black = np.full(BLOCKS, 16, np.uint8)
        self._writer.put(due, 3, 0.01, black)  # type: ignore[attr-defined]


def test_the_real_chain_is_restarted_in_order_and_then_left_alone(tmp_path: Path) -> None:
    """The notes say black while a picture leaves: no restart helps, so every rung is tried once."""
    house = HouseFormat.parse("640x360@30000/1001")
    with (
        alone(), Canary(tmp_path / "stalls") as canary,
        EncoderBench(house, ["udp://239.255.7.12:5120"], tmp_path, is_watched=True) as bench,
    ):  # fmt: skip
        time.sleep(15)
        calm = leaving(tmp_path)
        own = bench._notes
        assert own is not None
        bench._notes = BlackNotes(own._writer, own._ticks)  # type: ignore[assignment]
        time.sleep(150)
        report = leaving(tmp_path)
        bench._notes = own
        time.sleep(15)
        after = leaving(tmp_path)
    things = [one["thing"] for one in report["restarts"]]
    note(
        "watcher_chain", "Restarts of the real encoder and relay, in order",
        [Figure("watcher", "restarts", len(things), "restarts", len(ORDER))],
        canary.stalls(), 180, things=things, words=[one["words"] for one in report["restarts"]],
    )  # fmt: skip

    assert calm["places"][0]["faults"] == [] and calm["places"][0]["compared"]
    assert [one["kind"] for one in report["places"][0]["faults"]] == ["wrong picture"]
    assert things == ORDER
    assert after["places"][0]["faults"] == [] and after["restarts"] == report["restarts"]


def leaving(folder: Path) -> dict[str, object]:
    """Return the watcher's report."""
    return json.loads((folder / "leaving.json").read_text())
