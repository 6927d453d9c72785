"""The judges of the bench go red on a planted fault, and its table says so."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from bench.figures import Figure, as_table, percentile
from bench.joins import Aired, judge_as_run, judge_pictures, judge_starts
from support.capture import Seen
from support.clips import NTSC, Clip

CLIPS = [Clip(Path("a"), 1, NTSC, 60, Fraction(2)), Clip(Path("b"), 2, NTSC, 60, Fraction(2))]
START = 1_763_800_000.0


def seen():
    """Two clips aired without a fault, half a second after their instants."""
    return [
        Seen(n / float(NTSC), 1 + n // 60, n % 60, 90.0, arrived=START + 0.5 + n / float(NTSC))
        for n in range(120)
    ]


def values(figures):
    return [figure.value for figure in figures]


def test_a_faultless_airing_has_no_fault():
    assert values(judge_pictures(seen(), CLIPS, "x")) == [0, 0, 0]


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (lambda s: s[:30] + s[31:], [1, 0, 0]),
        (lambda s: s[:30] + [replace(s[29], pts=s[30].pts)] + s[31:], [1, 1, 0]),
        (lambda s: s[:60] + [Seen(2.0, None, None, 16.0)] + s[61:], [1, 0, 1]),
        (lambda s: s[:60], [60, 0, 0]),
        (lambda s: s[:59] + [s[58]] + s[60:], [1, 1, 0]),
    ],
    ids=["dropped", "repeated", "black", "never aired", "last frame held"],
)
def test_a_planted_fault_is_counted(plant, found):
    assert values(judge_pictures(plant(seen()), CLIPS, "x")) == found


def iso(at):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).isoformat()


def aired(late=0.0):
    second = START + 60 / float(NTSC)
    lines = [
        {"planned_start": iso(START), "start": iso(START), "outcome": "aired", "reason": ""},
        {
            "planned_start": iso(second),
            "start": iso(second + late),
            "outcome": "aired late" if late else "aired",
            "reason": "",
        },
    ]
    return Aired(seen(), Path("x"), lines, 1.0, 4.0, [], 0.0, not late)


def test_starts_are_judged_against_the_wall_clock():
    bus, delay, spread, place = judge_starts(aired())
    assert bus.value < 0.01 and bus.good and place.good
    assert delay.value == pytest.approx(500, abs=1) and spread.value < 1
    assert not judge_starts(aired(late=0.05))[0].good


def test_what_the_player_admits_is_counted():
    assert judge_as_run(aired()).good
    amiss = judge_as_run(aired(late=0.05))
    assert amiss.value == 1 and "aired late" in amiss.note


def test_the_table_says_which_figure_missed():
    figures = [
        Figure("joins", "frames lost", 3, "frames", 0),
        Figure("take", "p95", 400, "ms", 1000),
    ]
    table = as_table(figures, {"cores": 2})
    assert "**missed**" in table.splitlines()[-2] and "good" in table.splitlines()[-1]


def test_percentiles():
    assert percentile([], 0.95) == 0.0
    assert percentile(list(range(100)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0
