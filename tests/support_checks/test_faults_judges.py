"""The judges of faults on a station must fail on each planted fault, and on nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from soak.faults import (
    NEVER,
    DueItem,
    as_run_fault,
    back_after,
    breaks,
    delay_of,
    excused_by,
    judge_item,
    of_items,
    of_machine,
    of_one_start,
    zero_of,
)
from soak.faults_starts import open_size
from soak.judge import FRAME
from support.capture import CapturedPicture
from support.clips import NTSC
from support.stalls import Stall

from config.names import CueId
from playout.model.plan import Outcome
from playout.model.wire import AsRun

BEGIN, DELAY, ZERO, EACH = 1_795_000_000.0, 0.6, -1_794_999_900.0, 4.0
DUES = [DueItem(f"Item {n}", n, BEGIN + EACH * (n - 1), EACH) for n in (1, 2, 3)]


def never(arrived):
    return False


def one(at, ident, frame, **more):
    """Return a picture that the bus aired at an instant."""
    return replace(CapturedPicture(at + ZERO, ident, frame, 120.0, arrived=at + DELAY), **more)


def whole(dues=DUES):
    """Return a flawless capture: each item on the first tick at or after its start."""
    ticks = range(int(EACH * len(dues) * NTSC) + 1)
    seen = []
    for tick in ticks:
        at = BEGIN + tick * FRAME
        due = next((d for d in reversed(dues) if d.begin <= at + 1e-6), dues[0])
        if at < due.begin + EACH:
            seen.append(one(at, due.ident, int((at - due.begin) / FRAME + 1e-4)))
    return seen


def row(due, late=0.01, outcome=Outcome.AIRED):
    start = datetime.fromtimestamp(due.begin, UTC)
    at, end = start + timedelta(seconds=late), start + timedelta(seconds=EACH)
    return AsRun(CueId(due.title), None, None, due.title, start, end, at, end, 120, 0, 0, outcome,
                 "deck")  # fmt: skip


def verdicts(seen, dues=DUES, excuses=never):
    zero = zero_of(seen, dues[0], 1.0)
    return [judge_item(seen, due, zero, excuses) for due in dues]


def missed(seen, rows=None, **more):
    """Return the names of figures past their limits, without the words they share."""
    rows = [row(due) for due in DUES] if rows is None else rows
    found = of_items("N1", "next", verdicts(seen, **more), rows)
    return [figure.name.removeprefix("N1, next: ") for figure in found if not figure.good]


def without(seen, ident, since=0.0, until=EACH):
    """Replace part of an item by the slate."""
    first, last = since * NTSC, until * NTSC
    return [
        replace(s, ident=None, frame=None) if s.ident == ident and first <= s.frame < last else s
        for s in seen
    ]


def test_a_flawless_evening_has_no_fault():
    assert missed(whole()) == []


def test_an_item_that_never_aired_is_named_and_all_pictures_count():
    lost = verdicts(without(whole(), 2))[1]
    assert lost.late == NEVER and len(lost.faults) == int(EACH * NTSC)
    assert missed(without(whole(), 2)) == ["never seen", "pictures not right"]


def test_an_item_that_is_joined_late_misses_its_first_pictures():
    (_, late, _) = verdicts(without(whole(), 2, until=0.5))
    assert len(late.faults) == 15 and abs(late.late) <= 1


def test_an_item_that_begins_late_from_its_top_is_off_its_tick():
    seen = [
        replace(s, pts=s.pts + 20 * FRAME, arrived=s.arrived + 20 * FRAME) if s.ident == 3 else s
        for s in whole()
    ]
    assert verdicts(seen)[2].late == pytest.approx(20, abs=1)
    assert missed(seen) == ["off their tick, worst"]


def test_pictures_after_an_output_restart_are_not_judged_by_the_first_clock():
    again = [replace(s, ident=9, arrived=s.arrived + 60, life=1) for s in whole()]
    assert missed(whole() + again) == ["pictures not right"]
    assert missed(of_one_start(whole() + again, DUES[0])) == []


def test_an_item_beyond_the_search_window_is_never_seen():
    seen = [replace(s, pts=s.pts + 3) if s.ident == 3 else s for s in whole()]
    assert missed(seen) == ["never seen", "pictures not right"]


@pytest.mark.parametrize("change", [{"frame": 40}, {"ident": 9}, {"luma_mean": 16.0}])
def test_each_single_wrong_picture_is_counted(change):
    seen = whole()
    place = next(n for n, s in enumerate(seen) if (s.ident, s.frame) == (2, 50))
    seen[place] = replace(seen[place], **change)
    assert [len(v.faults) for v in verdicts(seen)] == [0, 1, 0]


def test_only_the_required_part_of_an_item_is_judged():
    spoilt = without(whole(), 2, since=1.0, until=2.0)
    first, rest = replace(DUES[1], until=0.9), replace(DUES[1], since=2.1)
    assert missed(spoilt, dues=[DUES[0], first, rest]) == []
    assert "pictures not right" in missed(spoilt)


def test_only_a_stall_of_the_machine_excuses_a_picture():
    shift, at = -1_794_000_000.0, BEGIN + EACH + 1.0
    begin = round((at + DELAY + shift) * 1e9)
    spoilt = without(whole(), 2, since=1.0, until=1.5)
    for length, excused in ((0.4, True), (0.05, False)):
        stall = Stall(begin - round(length * 1e9), begin)
        found = verdicts(spoilt, excuses=excused_by([stall], shift))[1]
        assert bool(found.excused) is excused and bool(found.faults) is not excused
    assert excused_by([Stall(0, begin)], shift)(None) is False


def test_as_run_needs_one_row_on_the_tick_with_an_allowed_outcome():
    due = DUES[0]
    assert as_run_fault(due, [row(due)]) == ""
    assert "0 rows" in as_run_fault(due, [])
    assert "2 rows" in as_run_fault(due, [row(due), row(due)])
    assert "begins" in as_run_fault(due, [row(due, late=0.2)])
    assert "begins" in as_run_fault(due, [row(due, late=-0.04)])
    assert "missed" in as_run_fault(due, [row(due, outcome=Outcome.MISSED)])
    assert missed(whole(), rows=[row(DUES[0]), row(DUES[1])]) == ["as-run not as planned"]


def test_without_its_first_item_nothing_is_judged():
    with pytest.raises(AssertionError, match="never seen"):
        zero_of(without(whole(), 1), DUES[0], 1.0)
    with pytest.raises(AssertionError, match="never seen"):
        delay_of(without(whole(), 1), DUES[0])


def test_the_same_clip_at_another_time_moves_neither_clock_nor_delay():
    dues = [replace(due, ident=1) if due.ident == 3 else due for due in DUES]
    dues.append(DueItem("Item 4", 2, BEGIN + 3 * EACH, EACH))
    dues.append(DueItem("Item 5", 1, BEGIN + 4 * EACH, EACH))
    seen = whole(dues)
    assert zero_of(seen, dues[0], 1.0) == pytest.approx(ZERO, abs=0.001)
    assert delay_of(seen, dues[0]) == pytest.approx(DELAY, abs=0.001)
    assert not any(verdict.faults for verdict in verdicts(seen, dues))


def test_stalls_and_black_pictures_are_figures():
    seen = whole()
    seen[5] = replace(seen[5], luma_mean=16.0)
    found = {f.name: f for f in of_machine(verdicts(whole()), seen, [Stall(0, 10**9)], 12.0)}
    assert found["black pictures"].value == 1
    assert found["time the machine stood still"].value == pytest.approx(100 / 12)
    assert not found["time the machine stood still"].good


def test_after_a_restart_the_first_picture_in_place_counts_by_arrival():
    delay = delay_of(whole(), DUES[0])
    assert delay == pytest.approx(DELAY, abs=0.001)
    stopped = without(whole(), 2, since=0.4, until=3.0)
    killed = BEGIN + EACH + 0.4 + DELAY
    assert back_after(stopped, DUES[1], killed, DELAY) == pytest.approx(2.6, abs=0.1)
    slower = [replace(s, arrived=s.arrived + 0.21) if s.ident == 2 else s for s in stopped]
    assert back_after(slower, DUES[1], killed, DELAY) == pytest.approx(2.8, abs=0.1)
    astray = [replace(s, arrived=s.arrived + 0.6) if s.ident == 2 else s for s in stopped]
    assert back_after(astray, DUES[1], killed, DELAY) == NEVER


def test_an_unclosed_journal_differs_from_one_awaiting_its_next_entry(tmp_path):
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"x" * 54_000_000)
    assert open_size(journal) == NEVER
    journal.rename(tmp_path / "journal.jsonl.000000000001")
    assert open_size(journal) == 0.0
    journal.write_bytes(b"x" * 500_000)
    assert open_size(journal) == 0.5


def test_a_break_is_a_picture_that_does_not_follow():
    begin, end = BEGIN + DELAY, BEGIN + EACH + DELAY
    assert breaks(whole(), begin, end, never) == 0
    assert breaks(without(whole(), 1, since=1.0, until=1.02), begin, end, never) == 2
    assert breaks(whole(), begin, end, lambda arrived: True) == 0
    assert breaks([], begin, end, never) == 1
