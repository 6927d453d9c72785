"""The judges of the bench fail on planted faults, and its table shows it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from bench import plots, report
from bench.figures import Figure, percentile
from bench.joins import Aired, judge_as_run, judge_pictures, judge_starts
from bench.peers import lateness, pause
from support.capture import CapturedPicture
from support.clips import NTSC, Clip

CLIPS = [Clip(Path("a"), 1, NTSC, 60, Fraction(2)), Clip(Path("b"), 2, NTSC, 60, Fraction(2))]
START = 1_763_800_000.0


def seen():
    """Return two clips aired without a fault, half a second after their instants."""
    return [
        CapturedPicture(
            n / float(NTSC), 1 + n // 60, n % 60, 90.0, arrived=START + 0.5 + n / float(NTSC)
        )
        for n in range(120)
    ]


def values(figures):
    return [figure.value for figure in figures]


def test_a_faultless_airing_has_no_fault():
    assert values(judge_pictures(seen(), CLIPS, "x")) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (lambda s: s[:30] + s[31:], [1, 1, 0, 0]),
        (lambda s: s[:30] + [replace(s[29], pts=s[30].pts)] + s[31:], [1, 1, 1, 0]),
        (lambda s: s[:60] + [CapturedPicture(2.0, None, None, 16.0)] + s[61:], [1, 1, 0, 1]),
        (lambda s: s[:60], [60, 60, 0, 0]),
        (lambda s: s[5:115], [10, 0, 0, 0]),
        (lambda s: s[:59] + [s[58]] + s[60:], [1, 1, 1, 0]),
    ],
    ids=["dropped", "repeated", "black", "never aired", "ends cut off", "last frame held"],
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
    return Aired(seen(), Path("x"), lines, 1.0, 4.0)


def test_starts_are_judged_against_the_wall_clock():
    bus, delay, spread, place, drift = judge_starts(aired())
    assert bus.value < 0.01 and bus.good and place.good and drift.good
    assert delay.value == pytest.approx(500, abs=1) and spread.value < 1
    assert not judge_starts(aired(late=0.05))[0].good


def test_failures_the_player_reports_are_counted():
    assert judge_as_run(aired()).good
    amiss = judge_as_run(aired(late=0.05))
    assert amiss.value == 1 and "aired late" in amiss.note


def test_a_player_that_starts_late_and_pauses_is_found():
    good = seen()
    late = good[:60] + [replace(one, arrived=one.arrived + 0.25) for one in good[60:]]
    assert [round(ms, -1) for _, ms in lateness(good, CLIPS)] == [0, 0]
    assert [round(ms, -1) for _, ms in lateness(late, CLIPS)] == [0, 250]
    assert pause(good) < 0.01 and 0.24 < pause(late) < 0.26


def kept(*figures):
    from dataclasses import asdict

    return {
        "title": "Joins",
        "date": "2026-11-23",
        "command": "bench",
        "seconds": 3.0,
        "revision": "abc",
        "machine": {"cores": 2},
        "stalls": {},
        "words": {},
        "figures": [asdict(one) | {"good": one.good} for one in figures],
        "curves": {"settle": [(1, 0.1), (10, 2.0)]},
    }


def test_the_document_says_which_figure_missed():
    missed = Figure("joins", "frames lost", 3, "frames", 0)
    met = Figure("take", "p95", 400, "ms", 1000)
    lines = report.chapter(kept(missed, met))
    assert [line for line in lines if "**missed**" in line and "frames lost" in line]
    assert [line for line in lines if "| good |" in line and "p95" in line]
    assert not report.is_good(kept(missed, met)) and report.is_good(kept(met))


def test_players_share_a_table_and_only_gavel_can_fail_the_bench():
    ours = Figure("mixed", "frames lost per join", 0, "frames", 0)
    theirs = replace(ours, value=44, most=None, subject="cvlc")
    text = "\n".join(report.chapter(kept(ours, theirs)))
    assert "| mixed: frames lost per join | 0 frames | 44 frames |" in text
    assert report.is_good(kept(ours, theirs))


def test_a_figure_that_never_happened_reads_never():
    assert "never" in "\n".join(report.chapter(kept(Figure("desk", "edit", 1e9, "ms"))))


def test_plots_are_drawn_to_scale(tmp_path):
    from xml.etree import ElementTree

    bar = Figure("mixed", "frames lost per join", 44, "frames", None, "cvlc")
    made = plots.draw({"costs": kept(), "mixed": kept(bar, replace(bar, value=2))}, tmp_path)
    assert sorted(made) == ["costs", "mixed"]
    drawn = (tmp_path / "costs.svg").read_text()
    ElementTree.fromstring(drawn)
    low, high = plots._y(plots.Axis("", 0.01, 100, log=True), 0.1), plots.TOP
    assert low == pytest.approx(plots.HEIGHT - plots.BOTTOM - 0.25 * 272) and high < low
    ElementTree.fromstring((tmp_path / "mixed.svg").read_text())


def test_percentiles():
    assert percentile([], 0.95) == 0.0
    assert percentile(list(range(100)), 0.95) == 95
    assert percentile([7.0], 0.95) == 7.0
