"""The journal survives truncation at any byte, and numbers are never given twice."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.plans import DAY, at

from config.names import AiringId, ItemId, Revision
from playout.history import Mark
from playout.journal import KEPT, Journal
from playout.live import Recorded, Skipped
from playout.recorded import Kept, Recording
from playout.rundown import Outcome
from playout.wire import AsRun, Command, Verb


def row(cue: str = "a@20261120T100000.x#1") -> AsRun:
    return AsRun(
        cue=cue,  # type: ignore[arg-type]
        item=ItemId("a"),
        airing=None,
        title="a",
        planned_start=at("10:00"),
        planned_end=at("11:00"),
        start=at("10:00"),
        end=at("11:00"),
        ticks=1,
        held=0,
        dropped=0,
        outcome=Outcome.AIRED,
        layer="deck",
    )


def fill(journal: Journal) -> None:
    journal.fact(DAY, Skipped(ItemId("a"), DAY))
    journal.as_run(DAY, row())
    journal.command(DAY, Command("c1", 4, Verb.SKIP, DAY, DAY, "ann"), "too late")
    journal.adopted(DAY, Revision(3))
    journal.alarm(DAY, "the clock")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    again = Journal(tmp_path / "j.jsonl")

    assert again.entries == journal.entries
    assert (again.last_command, again.commands, again.last_instant) == (Mark(4, "c1"), {"c1"}, DAY)
    assert [type(event) for event in again.events()] == [Skipped]


def test_truncated_at_any_byte_it_keeps_every_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    fill(Journal(path))
    whole = path.read_bytes()
    ends = [n for n, byte in enumerate(whole) if byte == ord("\n")]
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        journal = Journal(path)
        complete = sum(1 for end in ends if end < size)
        assert len(journal.entries) in (complete, complete + 1)
        journal.alarm(DAY, "after")
        journal.close()
        again = Journal(path)
        assert [entry.text for entry in again.entries][-1] == "after"
        assert len(again.entries) == len(journal.entries)


def test_a_damaged_line_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    fill(Journal(path))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b'{"number": "x"}\n\xff\x00\n' + b"".join(lines[1:]))

    assert len(Journal(path).entries) == len(lines)


def test_numbers_the_server_has_are_not_given_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    journal.acknowledge(9)
    journal.close()
    (tmp_path / "j.jsonl").unlink()
    again = Journal(tmp_path / "j.jsonl")
    again.alarm(DAY, "new")

    assert again.waiting()[0].number == 10


def test_one_stretch_of_air_is_written_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")

    assert journal.as_run(DAY, row())
    assert not journal.as_run(DAY, row())
    assert not Journal(tmp_path / "j.jsonl").as_run(DAY, row())
    assert journal.as_run(DAY, replace(row(), start=at("10:01")))


def test_only_what_the_server_lacks_is_waiting(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    journal.acknowledge(3)

    assert [entry.number for entry in journal.waiting()] == [4, 5]
    assert [entry.number for entry in Journal(tmp_path / "j.jsonl").waiting(1)] == [4]


def test_a_full_disk_keeps_entries_and_writes_them_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    journal.alarm(DAY, "one")
    with monkeypatch.context() as patch:

        def full(handle: int, body: bytes) -> int:
            raise OSError(28, "No space left on device")

        patch.setattr(os, "write", full)
        journal.alarm(DAY, "two")
        assert "No space" in journal.problem
    journal.alarm(DAY, "three")

    assert journal.problem == ""
    assert [e.text for e in Journal(tmp_path / "j.jsonl").entries] == ["one", "two", "three"]


def test_old_entries_go_once_the_server_has_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    journal.acknowledge(5)
    journal.compact(DAY + KEPT + timedelta(days=1))
    journal.alarm(DAY + KEPT, "new")

    assert [e.text for e in Journal(tmp_path / "j.jsonl").entries] == ["new"]


def test_a_recording_is_remembered_for_ninety_days_though_all_else_of_its_day_is_gone(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    told = Recorded(DAY, Recording(AiringId("a"), Kept.WHOLE, DAY))
    journal.fact(DAY, told)
    journal.acknowledge(100)
    journal.compact(DAY + timedelta(days=89))

    assert Journal(tmp_path / "j.jsonl").events() == [told]
    journal.compact(DAY + timedelta(days=91))
    assert Journal(tmp_path / "j.jsonl").events() == []


def test_what_a_restored_server_lacks_is_sent_again_from_the_entry_it_has(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    journal.acknowledge(5)
    assert (list(journal.waiting()), journal.acknowledged_id) == ([], journal.entries[4].id)
    journal.resume(journal.entries[1].id)
    assert [entry.number for entry in journal.waiting()] == [3, 4, 5]
    again = Journal(tmp_path / "j.jsonl")
    assert [entry.number for entry in again.waiting()] == [3, 4, 5]
    again.resume("an entry of another journal")

    assert [entry.number for entry in again.waiting()] == [1, 2, 3, 4, 5]
    again.alarm(DAY, "new")
    assert again.entries[-1].number == 6


def test_the_last_command_is_the_one_heard_last_whatever_its_number(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    for name, number in (("before", 23), ("after", 4), ("local", 0)):
        journal.command(DAY, Command(name, number, Verb.SKIP, DAY, DAY, "ann"))

    assert Journal(tmp_path / "j.jsonl").last_command == Mark(4, "after")


def test_a_number_alone_that_the_version_before_kept_is_read_with_its_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    (tmp_path / "j.acknowledged").write_text("3")
    again = Journal(tmp_path / "j.jsonl")

    assert (again.acknowledged, again.acknowledged_id) == (3, journal.entries[2].id)
