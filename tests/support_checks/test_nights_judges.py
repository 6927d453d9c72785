"""The judges of a night of faults must fail on each planted fault, and on nothing else."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from soak.long_faults import LongFault, ToldAlert, told_by_webhook, untold
from soak.nights_judge import Outage, as_run_faults, of_long_fault, of_strikes
from soak.strikes import Harm, Schedule, Strike

from playout.model.plan import Outcome

BEGIN = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
AT = BEGIN.timestamp()
SCHEDULE = Schedule(BEGIN, 60.0, (1, 2))


def row(number, outcome=Outcome.AIRED, late=0.0):
    start = BEGIN + timedelta(seconds=60 * number + late)
    return SimpleNamespace(title=f"Council {number + 1}", start=start, outcome=outcome, reason="")


def false_rows(rows, *outages):
    return as_run_faults(rows, SCHEDULE, AT + 180, outages)


def test_true_rows_are_true():
    rows = [row(0), row(1, Outcome.INTERRUPTED), row(2, Outcome.LATE, 1.5)]
    assert not false_rows(rows, Outage(AT + 80, AT + 92), Outage(AT + 119, AT + 121.5))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([row(0), row(2)], "has 0 rows"),
        ([row(0), row(1), row(1), row(2)], "has 2 rows"),
        ([row(0), row(1, Outcome.MISSED), row(2)], "not disturbed"),
        ([row(0), row(1, late=0.1), row(2)], "not disturbed"),
    ],
)
def test_a_false_row_of_an_undisturbed_airing_is_found(rows, words):
    assert words in false_rows(rows)[1]


def test_an_airing_that_was_off_for_long_cannot_have_aired_whole():
    assert "off for long" in false_rows([row(0), row(1), row(2)], Outage(AT + 80, AT + 92))[1]


def told(condition="disk", at=30.0, is_gone=True):
    return ToldAlert(condition, (BEGIN + timedelta(seconds=at),), is_gone)


def test_an_alert_of_its_fault_in_its_time_is_what_people_need():
    fault = LongFault("disk full", AT, AT + 110)
    assert untold(fault, [told()]) == ""
    assert untold(fault, []) == untold(fault, [told("clock")]) == "nobody was told of: disk"
    assert untold(fault, [told(at=-300.0)]) == "nobody was told of: disk"
    assert untold(fault, [told(is_gone=False)]) == "not over: disk"


def test_an_alert_bears_the_time_of_the_clock_that_was_set():
    behind = LongFault("clock behind", AT, AT + 110, off=-5400.0)
    assert untold(behind, [told("clock", at=40.0 - 5400)]) == ""
    assert untold(behind, [told("clock", at=40.0)])
    assert untold(LongFault("clock ahead", AT, AT + 110, off=900.0), []) == ""


def test_a_message_that_it_is_over_ends_the_alert_of_the_message_before():
    line = {"alert": "1", "condition": "scheduler away", "began": BEGIN.isoformat(), "ended": None}
    over = line | {"ended": (BEGIN + timedelta(minutes=3)).isoformat()}
    assert [one.is_gone for one in told_by_webhook([line])] == [False]
    assert told_by_webhook([line, over]) == [ToldAlert("scheduler away", (BEGIN,), True)]


def harm(amiss=(), at=70.0, excused=False):
    return Harm(Strike(0, "bus", "SIGKILL", AT + at), back=0.9, amiss=[*amiss], excused=excused)


def test_rows_of_the_table_count_what_broke_a_promise():
    good = of_strikes(
        "SIGKILL bus", [harm(), harm(["black 9, at most 0"], excused=True)], SCHEDULE, {}
    )
    assert good.good and "2 times, 1 excused" in good.note and "as-run true 1 of 1" in good.note
    bad = of_strikes("SIGKILL bus", [harm(["black 9, at most 0"])], SCHEDULE, {1: "false"})
    assert not bad.good and "as-run true 0 of 1" in bad.note
    fault = LongFault("disk full", AT, AT + 110)
    assert of_long_fault("disk full", [fault], [harm()], []).good
    assert not of_long_fault("disk full", [fault], [harm()], ["nobody was told of: disk"]).good
