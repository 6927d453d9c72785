"""The doctor's comparison of a channel's two machines: each difference, and nothing beside it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.names import AssetKey, ChannelId
from playout.model.machine_setup import MachineSetup, TargetReached
from playout.model.pair import PairStatus
from playout.model.wire import Status
from scheduler.domain.air.machines import Machine
from scheduler.domain.air.pairs import PairMachine
from scheduler.domain.model.ids import HostId
from scheduler.process.pair_finding import compared

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CH13 = ChannelId("ch13")
UDP, RTMP = TargetReached("udp://239.1.1.1:5000", True), TargetReached("rtmp://video.example", True)
SETUP = MachineSetup("0.2.0", "1280x720@30000/1001", (RTMP, UDP))
SOON = AssetKey("a" * 64)
LATER = AssetKey("b" * 64)


def rack(number: int) -> PairMachine:
    """Return one of two machines between which all is well; rack 1 sends."""
    key, sends = str(number), number == 1
    status = Status(
        channel=CH13, host=key, at=NOW, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, disk_free=10**12, setup=SETUP,
        pair=PairStatus(
            key, preferred=sends, state="sending" if sends else "standing by", ready=True,
            peer_heard=0.1, witness_heard=0.1, clock_difference=0.001, clock_error=0.0002,
        ),
    )  # fmt: skip
    known = Machine(key, HostId(key), key, "10.0.0.5", key * 32, key * 16, NOW, NOW, holds=True)
    return PairMachine(HostId(key), f"Rack {number}", sends, known, status, sends, has_plan=True)


def told(first: PairMachine, second: PairMachine) -> list[str]:
    found = list(compared(CH13, (first, second), {SOON: "Parks"}, NOW))
    assert all(one.mend and one.grade != "good" for one in found)
    return [one.text.removeprefix("ch13: ") for one in found]


def reporting(one: PairMachine, **over: Any) -> PairMachine:
    assert one.status is not None
    return replace(one, status=replace(one.status, **over))


def in_pair(one: PairMachine, **over: Any) -> PairMachine:
    assert one.pair is not None
    return reporting(one, pair=replace(one.pair, **over))


def set_up(one: PairMachine, **over: Any) -> PairMachine:
    return reporting(one, setup=replace(SETUP, **over))


def silent(one: PairMachine) -> PairMachine:
    assert one.machine is not None
    return replace(one, machine=replace(one.machine, at=NOW - 3 * MINUTE))


def test_two_machines_that_agree_have_no_finding() -> None:
    assert told(rack(1), rack(2)) == []


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (silent, "Rack 2 has not reported for 3 min."),
        (lambda one: replace(one, machine=None, status=None), "Rack 2 has not reported yet."),
        (
            lambda one: reporting(one, pair=None),
            "Rack 2 does not know that the channel has two machines.",
        ),
        (lambda one: in_pair(one, peer_heard=-1.0), "Rack 2 does not hear the other machine."),
        (lambda one: in_pair(one, peer_heard=4.0), "Rack 2 does not hear the other machine."),
        (
            lambda one: replace(one, has_plan=False),
            "Rack 2 does not have the newest schedule.",
        ),
        (
            lambda one: reporting(one, missing=(LATER, SOON)),
            "Rack 2 lacks files of the next day: Parks.",
        ),
        (lambda one: set_up(one, version="0.1.0"), "Rack 1 runs Gavel 0.2.0, Rack 2 0.1.0."),
        (
            lambda one: reporting(one, setup=None),
            "Rack 2 runs an older version than the other machine.",
        ),
        (
            lambda one: set_up(one, stream="1920x1080@25"),
            "the machines send different streams. Rack 1: 1280x720@30000/1001. "
            "Rack 2: 1920x1080@25.",
        ),
        (
            lambda one: set_up(one, targets=(UDP,)),
            "Rack 2 does not send to rtmp://video.example, and the other machine does.",
        ),
        (
            lambda one: in_pair(one, clock_difference=-0.25, clock_error=0.01),
            "the clocks of the machines are 240 ms apart.",
        ),
        (lambda one: in_pair(one, preferred=True), "both machines are preferred."),
        (
            lambda one: reporting(one, disk_free=20 * 10**9),
            "Rack 2 has 20 GB free, the other machine 1000 GB.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_standby_or_differs_is_one_finding(
    change: Callable[[PairMachine], PairMachine], text: str
) -> None:
    assert told(rack(1), change(rack(2))) == [text]


def test_a_target_that_the_sender_does_not_reach_is_named() -> None:
    down = replace(RTMP, up=False)
    assert told(set_up(rack(1), targets=(down, UDP)), rack(2)) == [
        "Rack 1 does not reach rtmp://video.example."
    ]


def test_a_standby_calls_targets_only_when_it_sends() -> None:
    assert told(rack(1), set_up(rack(2), targets=(replace(RTMP, up=False), UDP))) == []
