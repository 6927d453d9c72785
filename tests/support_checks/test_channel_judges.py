"""The judge of channels that start together must fail on planted faults, and on nothing else."""

import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
from soak.channel_judge import judge, of_bus, of_channel, of_processors, of_stream
from soak.judge import FRAME
from soak.waits import Looks, Spent, spans_of
from support.capture import CapturedPicture
from support.clips import NTSC, Clip, numbered_clip
from support.marks import read_mark

from playout.engine.relay.analysis import StreamReport
from playout.model.engine import AirFact
from playout.model.layer import Layer

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TICKS, ITEMS, DELAY = 90, 4, 0.6
CLIPS = [Clip(Path(f"{ident}.mp4"), ident, NTSC, TICKS + 30, TICKS / NTSC) for ident in (1, 2)]
ORDER = [CLIPS[number % 2] for number in range(ITEMS)]
LINES = [
    {
        "planned_start": (START + timedelta(seconds=number * TICKS * FRAME)).isoformat(),
        "planned_tick": number * TICKS,
        "planned_frames": TICKS,
    }
    for number in range(ITEMS)
]


def whole():
    """Return a flawless capture of all items."""
    return [
        CapturedPicture(
            tick * FRAME + 100,
            ORDER[tick // TICKS].ident,
            tick % TICKS,
            120.0,
            arrived=START.timestamp() + tick * FRAME + DELAY,
        )
        for tick in range(TICKS * ITEMS)
    ]


def verdict(seen, excuses=lambda _: False):
    return judge("ch1", seen, ORDER, LINES, excuses)


def test_a_flawless_capture_has_lost_nothing():
    found = verdict(whole())

    assert (found.found, found.skipped, found.joins) == ([], 0, ITEMS - 1)
    assert found.delay == pytest.approx(DELAY, abs=0.001)
    assert all(one.good for one in of_channel(found))


@pytest.mark.parametrize(
    ("plant", "kind", "skipped"),
    [
        (lambda seen: [*seen[:100], *seen[101:]], "none", 1),
        (lambda seen: [*seen[:100], replace(seen[100], frame=9), *seen[101:]], "repeated", 1),
        (lambda seen: [*seen[:100], replace(seen[100], ident=None, frame=None), *seen[101:]],
         "stranger", 1),
    ],
)  # fmt: skip
def test_one_lost_picture_is_a_miss(plant, kind, skipped):
    found = verdict(plant(whole()))

    assert [(one.kind, one.file, one.place) for one in found.found] == [(kind, 1, 10)]
    assert found.skipped == skipped
    assert not all(one.good for one in of_channel(found))
    assert found.near_joins == 1


def test_a_channel_that_moves_is_out_of_place_and_has_lost_nothing():
    seen = whole()
    moved = [*seen[:100], *(replace(one, pts=one.pts + 3 * FRAME) for one in seen[100:])]
    found = verdict(moved)

    assert len(found.found) > 100
    assert found.skipped <= 3


def test_a_channel_that_never_came_has_lost_everything():
    found = verdict([])

    assert len(found.found) == found.skipped == TICKS * ITEMS


def test_a_fault_within_a_stall_is_excused_and_counted():
    seen = whole()
    found = verdict([*seen[:100], *seen[101:]], excuses=lambda _: True)

    assert (found.found, len(found.excused)) == ([], 1)


def test_the_stream_and_the_bus_are_told():
    bad = StreamReport(clock_gaps=(0.0, 0.3))
    assert [one.good for one in of_stream("ch1", StreamReport(), [])] == [True, True]
    assert [one.good for one in of_stream("ch1", bad, ["### lost"])] == [False, False]
    fact = AirFact(0, 10, START, START, Layer.DECK, None, held=3, dropped=2, reason="late")
    (told,) = of_bus("ch1", [fact], 1)
    assert told.value == 3
    assert "late" in told.note


def test_a_thread_that_works_and_one_that_waits_are_told_apart():
    looks, over = Looks(), threading.Event()
    looks.look({"ch1/deck a": os.getpid()}, time.monotonic())
    worker = threading.Thread(target=lambda: over.wait(0.01) or sum(range(300_000)))
    worker.start()
    worker.join()
    looks.look({"ch1/deck a": os.getpid()}, time.monotonic())

    assert looks.cores()["ch1/deck a"] > 0
    assert os.getpid() in spans_of(os.getpid())
    waiting = Looks([(2.0, 2.0, [Spent("ch1/bus", 0.1, 1.0), Spent("ch2/deck a", 1.0, 0.2)])])
    assert waiting.worst() == {"ch1/bus": 0.5, "ch2/deck a": 0.1}
    cores, wait = of_processors(waiting)
    assert cores.value == pytest.approx(0.55)
    assert (wait.value, wait.note.split()[0]) == (50.0, "ch1/bus")


def test_grain_over_a_mark_leaves_every_number_readable(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", frames=20, ident=7, size=(320, 180), grain=True)
    plain = numbered_clip(tmp_path / "b.mp4", frames=20, ident=7, size=(320, 180))
    seen = decoded(clip.path)

    assert [(mark.ident, mark.frame) for mark in map(read_mark, seen)] == [
        (7, number) for number in range(20)
    ]
    assert clip.path.stat().st_size > 1.5 * plain.path.stat().st_size


def decoded(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
