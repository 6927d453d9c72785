"""What the watcher of the output saw reaches the status, the alerts and the journal."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from support.broadcast import Machine
from support.plans import at, item, minutes, plan

from playout.alerts.conditions import RULES, Condition
from playout.alerts.of_status import observations
from playout.host.leaving import CONDITIONS, Restarts, faults_of_places, read_places
from playout.model.leaving import LEAVING_FILE, Fault, Leaving, LeavingFault, LeavingPlace, Restart
from playout.model.wire import READS, Report, decode
from playout.model.wire_before import encode_report

NOW = at("2:05")
BLACK = LeavingFault("black", "The picture that leaves is black (seen on the stream).")
SEEN = LeavingPlace("the stream", (BLACK,), compared=True, delay=0.7)
RESTART = Restart("restart:1", NOW, "stream output", "The encoder was restarted: it was black.")


def write(
    folder: Path, *places: LeavingPlace, when=NOW, restarts: tuple[Restart, ...] = ()
) -> None:
    body = TypeAdapter(Leaving).dump_json(Leaving(when, places, restarts))
    (folder / LEAVING_FILE).write_bytes(body)


def test_places_are_read_while_the_report_is_fresh(tmp_path: Path) -> None:
    assert read_places(tmp_path, NOW) == ()
    write(tmp_path, SEEN)

    assert read_places(tmp_path, NOW + timedelta(seconds=9)) == (SEEN,)
    assert read_places(tmp_path, NOW + timedelta(seconds=11)) == ()
    (tmp_path / LEAVING_FILE).write_text("{")
    assert read_places(tmp_path, NOW) == ()


def test_every_fault_of_the_watcher_has_a_condition_that_is_told() -> None:
    assert set(CONDITIONS) == set(Fault)
    assert all(isinstance(named, Fault) for named in CONDITIONS), "named by its word"
    assert all(condition in RULES for condition in CONDITIONS.values())


@pytest.mark.parametrize(
    ("kind", "condition"),
    [("no pictures", Condition.NO_STREAM), ("packets missing", Condition.STREAM_DAMAGED),
     ("two senders", Condition.TWO_HOSTS), ("a later one", Condition.OTHER)],
)  # fmt: skip
def test_a_fault_becomes_a_fault_of_the_host_with_the_place_in_its_words(
    kind: str, condition: Condition
) -> None:
    place = replace(SEEN, faults=(replace(BLACK, kind=kind),))

    assert [(one.kind, one.words) for one in faults_of_places((place,))] == [
        (condition.value, BLACK.words)
    ]


def test_restarts_are_news_when_the_file_was_written(tmp_path: Path) -> None:
    news = Restarts(tmp_path)
    assert news.news() == ()
    write(tmp_path, restarts=(RESTART,))

    assert news.news() == (RESTART,)
    assert news.news() == ()


def test_a_fault_seen_from_outside_is_in_status_and_alerts_and_restarts_are_journalled(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, plan(item("film", at("2:00"), minutes(60))), at("1:59:50"))
    machine.run_for(20)
    write(tmp_path, SEEN, when=machine.now, restarts=(RESTART,))
    machine.run_for(5)
    status = machine.parts.mailbox.status
    assert status is not None

    assert status.leaving == (SEEN,)
    assert BLACK.words in status.problems
    told = observations(status, machine.now)
    assert [one.condition for one in told if one.detail == BLACK.words] == [Condition.BLACK]
    machine.run_for(20)
    assert machine.server.said("alarm").count(RESTART.words) == 1

    report = Report(status)
    assert decode(Report, encode_report(report, READS)).status.leaving == (SEEN,)
    assert decode(Report, encode_report(report, 14)).status.leaving == ()
