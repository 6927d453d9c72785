"""A server that refuses something for good costs that and nothing else."""

from pathlib import Path

import httpx
import pytest
from support.broadcast import Machine
from support.plans import DAY, item, minutes, plan

from playout.host.journal import Journal
from playout.host.refusal import Culprit, RefusalSearch
from playout.model.rundown import Rundown
from playout.model.wire import JournalEntry, Report, decode
from playout.state.air_state import AirState
from playout.timing.settle import settle

RUNDOWN = settle(plan(), AirState(), DAY)


def entries(count: int) -> list[JournalEntry]:
    return [JournalEntry(n, f"j{n}", DAY, "alarm", text="word") for n in range(1, count + 1)]


@pytest.mark.parametrize(
    "bad", [set(), {1}, {200}, {1, 2, 3}, {7, 90, 91}, {150}, set(range(1, 9))]
)
@pytest.mark.parametrize("bad_rundown", [False, True])
def test_the_refused_part_is_found_and_everything_else_is_sent(
    bad: set[int], bad_rundown: bool
) -> None:
    search, waiting, told, aside = RefusalSearch(), entries(230), [], []
    expected: Rundown | None = RUNDOWN
    rundowns = turns = 0
    while waiting or expected is not None:
        turns += 1
        assert turns < 40 * (len(bad) + 2), "it never ends"
        some_expected, part = search.part(expected, waiting)
        refused = bad & {e.number for e in part} or (bad_rundown and some_expected is not None)
        if refused:
            if search.refused(some_expected, part) is Culprit.RUNDOWN:
                expected, rundowns = None, rundowns + 1
            continue
        told += part
        rest = waiting[len(part) :]
        if search.taken(expected) is Culprit.ENTRY:
            assert rest[0].id == search.suspect
            aside.append(rest.pop(0).number)
        expected = None if some_expected is not None else expected
        waiting = rest

    assert aside == sorted(bad) and rundowns == bad_rundown
    assert [e.number for e in told] == [n for n in range(1, 231) if n not in bad]


def test_nothing_is_set_aside_if_the_status_is_refused() -> None:
    search, found = RefusalSearch(), []
    for _ in range(12):
        expected, part = search.part(RUNDOWN, entries(3))
        found.append(search.refused(expected, part))

    assert set(found) == {None, Culprit.STATUS} and found[-1] is Culprit.STATUS


def test_a_refused_entry_is_kept_on_the_host_and_reported(tmp_path: Path) -> None:
    machine = Machine(tmp_path, plan(item("film", DAY, minutes(30))))
    take = machine.server._report

    def picky(request: httpx.Request) -> httpx.Response:
        report = decode(Report, request.content)
        if any(entry.text == "nonsense" for entry in report.entries):
            return httpx.Response(422, json={"error": "No", "advice": "Entry 2 is nonsense."})
        return take(request)

    machine.server._report = picky  # type: ignore[method-assign]
    machine.run_for(20)
    machine.parts.journal.alarm(machine.now, "nonsense", "bad")
    machine.parts.journal.alarm(machine.now, "sense", "good")
    machine.run_for(60)

    last = machine.server.last
    assert last is not None
    assert "good" in machine.server.entries and "bad" not in machine.server.entries
    said = "The server permanently refuses a line of the record: Entry 2 is nonsense."
    assert any(one.startswith(said) for one in last.status.problems)
    assert machine.parts.journal.waiting() == []
    assert "bad" in {entry.id for entry in machine.parts.journal.kept()}
    assert machine.parts.journal.acknowledged_id in machine.server.entries
    again = Journal(tmp_path / "journal.jsonl")
    assert again.acknowledged_id in machine.server.entries and again.waiting() == []
