"""The judges of the soak runs must fail on each planted fault, and on nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from soak.judge import FRAME, faults, lay_on_ticks, unseen
from soak.strikes import TARGETS, Schedule, Strike, StrikeWindow, judge
from soak.test_kills import NAMES, OUTPUTS
from support.capture import CapturedPicture
from support.clips import NTSC, Clip

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DELAY, ZERO, TICKS = 0.7, 100.0, 60


def clip(ident, rate=NTSC):
    return Clip(Path(f"{ident}.mp4"), ident, rate, TICKS, TICKS / NTSC)


def aired(*clips):
    """Return a flawless capture of these clips, and its as-run."""
    seen, lines = [], []
    for number, one in enumerate(clips):
        first = number * TICKS
        start = START + timedelta(seconds=first * FRAME)
        line = {"planned_start": start.isoformat(), "planned_tick": first, "planned_frames": TICKS}
        lines.append(line)
        for place in range(TICKS):
            at = (first + place) * FRAME
            frame = int(Fraction(place) / NTSC * one.rate)
            arrived = START.timestamp() + at + DELAY
            seen.append(CapturedPicture(ZERO + at, one.ident, frame, 120.0, arrived=arrived))
    return seen, clips, lines


def kinds(seen, clips, lines):
    laid = lay_on_ticks(seen, clips, lines)
    return [(fault.kind, fault.file, fault.place) for one in laid.windows for fault in faults(one)]


def test_a_flawless_airing_has_no_faults():
    assert kinds(*aired(clip(1), clip(2), clip(3, Fraction(25)), clip(4, Fraction(60)))) == []


@pytest.mark.parametrize(
    ("plant", "kind"),
    [
        (lambda one, before: replace(one, frame=before.frame), "repeated"),
        (lambda one, before: replace(one, frame=one.frame + 1), "skipped"),
        (lambda one, before: replace(one, ident=9), "stranger"),
        (lambda one, before: replace(one, luma_mean=16.0, ident=None, frame=None), "black"),
    ],
)
def test_a_wrong_picture_is_named(plant, kind):
    seen, clips, lines = aired(clip(1), clip(2))
    seen[75] = plant(seen[75], seen[74])
    assert kinds(seen, clips, lines) == [(kind, 1, 15)]


def test_a_picture_never_sent_and_one_sent_twice_are_seen():
    seen, clips, lines = aired(clip(1), clip(2))
    assert kinds(seen[:75] + seen[76:], clips, lines) == [("none", 1, 15)]
    assert lay_on_ticks([*seen[:76], *seen[75:]], clips, lines).twice == 1


def test_a_start_one_tick_late_is_a_fault_at_the_join():
    seen, clips, lines = aired(clip(1), clip(2))
    late = [replace(one, frame=max(0, one.frame - 1)) for one in seen[TICKS:]]
    assert ("repeated", 1, 1) in kinds(seen[:TICKS] + late, clips, lines)


def test_a_lost_picture_of_a_slower_file_is_counted():
    seen, clips, lines = aired(clip(1), clip(2, Fraction(25)))
    assert not any(unseen(one) for one in lay_on_ticks(seen, clips, lines).windows)
    lossy = [replace(one, frame=11) if one.ident == 2 and one.frame == 10 else one for one in seen]
    assert [unseen(one) for one in lay_on_ticks(lossy, clips, lines).windows] == [0, 1]


def struck(name, change=lambda seen: seen, sign="SIGKILL", again=0.0):
    """Judge a strike in second 10 of an item of 20 s."""
    schedule = Schedule(START, 20.0, (1, 2))
    at = START.timestamp() + 10 + DELAY
    seen = [
        CapturedPicture(
            ZERO + n * FRAME, 1, n, 120.0, arrived=START.timestamp() + n * FRAME + DELAY
        )
        for n in range(540)
    ]
    after = change([one for one in seen if one.arrived > at])
    before = [one for one in seen if at - 3 < one.arrived <= at]
    arrivals = [one.arrived for one in after]
    return judge(
        Strike(0, name, sign, at, again), StrikeWindow(before, after, arrivals, 0, 0.04), schedule
    )


def test_an_invisible_strike_is_no_harm():
    names = ("agent", "deck idle", "deck on air", "bus", "output", "relay", "supervisor", *TARGETS)
    for name in names:
        assert struck(name).amiss == [], name


def test_one_repeated_picture_is_harm_where_none_is_allowed():
    def repeat(seen):
        return [*seen[:30], replace(seen[30], frame=seen[29].frame), *seen[31:]]

    assert struck("agent", repeat).amiss
    assert struck("web", repeat).disturbed == 2
    assert not struck("deck on air", repeat).amiss


def test_a_long_hold_a_wrong_place_and_a_silent_stream_are_harm():
    def hold(seen):
        return [
            replace(one, frame=seen[9].frame) if 9 < n < 40 else one for n, one in enumerate(seen)
        ]

    def behind(seen):
        return [*seen[:20], *(replace(one, frame=one.frame - 5) for one in seen[20:])]

    def silent(seen):
        return [*seen[:5], *seen[105:]]

    def short(seen):
        return [*seen[:5], *seen[35:]]

    assert struck("deck on air", hold).held == pytest.approx(1.0, abs=0.05)
    assert struck("deck on air", hold).amiss
    assert "back 1e+09" in struck("bus", behind).amiss[0]
    assert struck("output", silent).amiss == ["silent 3.37, at most 3"]
    assert struck("relay", short).amiss == []
    assert struck("relay", silent).amiss == ["silent 3.37, at most 1.2"]
    assert struck("relay", silent, "SIGSTOP").amiss == ["silent 3.37, at most 2"]
    assert "back 1e+09" in struck("relay", behind).amiss[0]


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_that_disturbs_the_stream_or_does_not_come_back_is_harm(name):
    def hole(seen):
        return [*seen[:30], *seen[31:]]

    assert struck(name, hole).amiss == ["disturbed 1, at most 0"]
    assert struck(name, again=TARGETS[name] - 1).amiss == []
    assert struck(name, again=TARGETS[name] + 1).amiss == [f"taken again {TARGETS[name] + 1:.3g}"]


def test_every_target_that_may_be_struck_has_its_promise():
    assert set(OUTPUTS) == set(TARGETS)
    assert set(OUTPUTS) | {"relay"} < set(NAMES)
