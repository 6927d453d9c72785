"""The soak report calls nothing green that failed, was skipped, not reached or inconclusive."""

import json

import pytest
from soak import report
from soak.run import asked_for, in_order

BEGAN = "2026-11-23T20:00:00+00:00"
LATER, BEFORE = "2026-11-23T21:00:00+00:00", "2026-11-22T21:00:00+00:00"
ASKED = {"began": BEGAN, "revision": "abc", "whole": True, "tests": ["soak/test_a.py::test_one"]}


def ended(outcome="passed", date=LATER, why=""):
    one = {"outcome": outcome, "date": date, "seconds": 3.0, "why": why}
    return {"soak/test_a.py::test_one": one}


def note(still=0.0, lost=0, date=LATER):
    def figure(name, value, most):
        good = value <= most
        return {"name": name, "value": value, "most": most, "unit": "", "note": "", "good": good}

    figures = [figure("pictures lost", lost, 0), figure("time the machine stood still", still, 2)]
    about = {"title": "Joins", "date": date, "seconds": 9, "revision": "abc", "command": "x"}
    return about | {"machine": {}, "stalls": {}, "figures": figures}


def test_all_passed_and_conclusive_is_green():
    assert report.reasons_not_green([note()], ended(), ASKED) == []
    assert "**Green**" in report.document([note()], ended(), ASKED)


def test_a_partial_run_is_not_called_green():
    text = report.document([note()], ended(), ASKED | {"whole": False})
    assert "**Green**" not in text and "only a part" in text


@pytest.mark.parametrize(
    ("notes", "kept", "word"),
    [
        ([note()], {}, "not run"),
        ([note()], ended(date=BEFORE), "not run"),
        ([note()], ended("failed", why="assert 3 == 0"), "failed"),
        ([note()], ended("skipped", why="thunderbird is missing"), "skipped"),
        ([note()], ended("failed", why="inconclusive: the machine stalled"), "inconclusive"),
        ([note(still=3.0)], ended(), "inconclusive"),
        ([note(lost=1)], ended(), "missed"),
    ],
)
def test_any_other_run_is_not_green_and_says_why(notes, kept, word):
    (line,) = report.reasons_not_green(notes, kept, ASKED)
    assert line.startswith(word)
    text = report.document(notes, kept, ASKED)
    assert "**Not green**" in text and "**Green**" not in text


def test_a_miss_of_an_earlier_run_is_shown_but_does_not_count():
    old = note(lost=1, date=BEFORE)
    assert report.reasons_not_green([old], ended(), ASKED) == []
    assert "**missed**" in report.document([old], ended(), ASKED)


def test_the_command_fails_unless_green(tmp_path):
    folder = tmp_path / "soak"
    folder.mkdir()
    assert report.main([str(folder)]) == 1
    (folder / "run.json").write_text(json.dumps(ASKED))
    (folder / "outcomes.json").write_text(json.dumps(ended()))
    assert report.main([str(folder)]) == 0
    (folder / "outcomes.json").write_text(json.dumps(ended("failed")))
    assert report.main([str(folder)]) == 1
    assert "**Not green**" in (tmp_path / "soak.md").read_text()


def test_the_longest_files_run_last_and_new_ones_before_them():
    tests = ["soak/test_drift.py::a", "soak/test_kills.py::b", "soak/test_new.py::c", "air/x.py::d"]
    assert in_order(tests) == ["air/x.py", "soak/test_new.py", *report_last()]


def report_last():
    return ["soak/test_kills.py", "soak/test_drift.py"]


def test_files_that_run_apart_run_only_when_named():
    tests = ["soak/test_faults.py::test_n1", "soak/test_kills.py::test_kills", "air/test_b.py::b"]
    assert asked_for(tests, []) == tests[1:]
    assert asked_for(tests, ["soak/test_faults.py", "soak/test_kills.py"]) == tests[:2]
