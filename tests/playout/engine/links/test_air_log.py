"""The air log: one endless text, a file a day, read by a cursor that stays true."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.resource_limits import without_free_descriptors

from playout.engine.links import air_log, log_text
from playout.engine.links.air_log import AirLog, read_facts
from playout.engine.links.log_text import log_files
from playout.model.engine import AirFact
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fact(tick: int, at: datetime) -> AirFact:
    return AirFact(tick, 30, at, at + timedelta(seconds=1), Layer.SLATE, None)


def log_at(path: Path, at: datetime) -> AirLog:
    """Return a log whose newest file was last written at that time, as after a restart."""
    if log_files(path):
        os.utime(log_files(path)[-1][1], (at.timestamp(), at.timestamp()))
    return AirLog(path)


def ten_days(path: Path) -> list[AirFact]:
    """Write one fact every six hours, each by a new bus."""
    facts = [fact(n, NOON + timedelta(hours=6 * n)) for n in range(40)]
    for one in facts:
        log = log_at(path, one.start - timedelta(hours=6))
        log.append(one)
        log.close()
        at = one.end.timestamp()
        os.utime(log_files(path)[-1][1], (at, at))
    return facts


def test_each_day_has_its_file_and_eight_days_are_kept(tmp_path: Path) -> None:
    facts = ten_days(tmp_path / "air.log")
    kept = [one.tick for one in read_facts(tmp_path / "air.log", 0)[0]]
    assert len(log_files(tmp_path / "air.log")) == 9
    assert kept == [one.tick for one in facts if one.tick in kept]
    assert kept[0] < 40 - 7 * 4
    assert kept[-1] == 39
    assert len(kept) == 40 - kept[0]


def test_a_reader_with_a_cursor_gets_every_fact_once_across_files(tmp_path: Path) -> None:
    path, seen, cursor = tmp_path / "air.log", [], 0
    log = log_at(path, NOON)
    for n in range(50):
        log.append(fact(n, NOON + timedelta(hours=2 * n)))
        more, cursor = read_facts(path, cursor)
        seen += [one.tick for one in more]
        assert cursor == log.cursor
    assert len(log_files(path)) > 3
    assert seen == list(range(50))
    assert [one.tick for one in read_facts(path, 0)[0]] == seen


def test_any_cursor_between_two_facts_finds_exactly_those_after_it(tmp_path: Path) -> None:
    path, ends = tmp_path / "air.log", [0]
    log = log_at(path, NOON)
    for n in range(20):
        log.append(fact(n, NOON + timedelta(hours=5 * n)))
        ends.append(log.cursor)
    for n, cursor in enumerate(ends):
        found, after = read_facts(path, cursor)
        assert [one.tick for one in found] == list(range(n, 20))
        assert after == ends[-1]


def test_a_cursor_into_a_dropped_file_goes_on_at_the_oldest_kept(tmp_path: Path) -> None:
    path = tmp_path / "air.log"
    ten_days(path)
    found, cursor = read_facts(path, 7)
    assert found[0].tick == read_facts(path, 0)[0][0].tick
    assert read_facts(path, cursor) == ([], cursor)


def test_facts_that_cannot_be_read_for_want_of_descriptors_are_counted_once_and_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "air.log"
    ten_days(path)
    _, cursor = read_facts(path, 0)
    with without_free_descriptors(), pytest.raises(OSError, match="Too many open files"):
        read_facts(path, cursor)
    assert read_facts(path, cursor) == ([], cursor)


def test_cursor_past_the_end_of_a_lost_log_reads_what_comes_next(tmp_path: Path) -> None:
    path = tmp_path / "air.log"
    log = log_at(path, NOON)
    log.append(fact(1, NOON))
    _, cursor = read_facts(path, 10_000_000)
    log.append(fact(2, NOON))
    assert [one.tick for one in read_facts(path, cursor)[0]] == [2]


def test_line_cut_short_is_skipped_and_never_joined_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "air.log"
    log = log_at(path, NOON)
    log.append(fact(1, NOON))
    with path.open("ab") as file:
        file.write(b'{"tick": 2, "ti')
    found, cursor = read_facts(path, 0)
    assert [one.tick for one in found] == [1]
    later = AirLog(path)
    later.append(fact(3, NOON))
    assert [one.tick for one in read_facts(path, cursor)[0]] == [3]


def test_a_file_that_grows_too_large_ends_before_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(air_log, "LOG_FILE_BYTES", 1000)
    path = tmp_path / "air.log"
    log = log_at(path, NOON)
    for n in range(20):
        log.append(replace(fact(n, NOON), reason="x" * 100))
    assert len(log_files(path)) > 4
    assert [one.tick for one in read_facts(path, 0)[0]] == list(range(20))


def test_a_bus_that_dies_between_two_files_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "air.log"
    log = log_at(path, NOON)
    log.append(fact(1, NOON))
    (tmp_path / f"air.log.{log.cursor:015d}").touch()
    again = AirLog(path)
    assert again.cursor == log.cursor
    again.append(fact(2, NOON))
    assert [one.tick for one in read_facts(path, 0)[0]] == [1, 2]


@pytest.mark.parametrize("written", range(4))
def test_bus_that_dies_writing_delayed_facts_leaves_each_once(tmp_path: Path, written: int) -> None:
    """The log has some of the facts, and the memory that outlives the bus still has all."""
    path, spare = tmp_path / "air.log", os.memfd_create("spare")
    path.mkdir()
    log = AirLog(path, spare)
    for n in range(1, 4):
        log.append(fact(n, NOON + timedelta(seconds=n)))
    path.rmdir()
    part = AirLog(path)
    for n in range(written):
        part.append(fact(n, NOON + timedelta(seconds=n)))
    AirLog(path, spare).append(fact(9, NOON + timedelta(seconds=9)))

    first = min(written, 1)
    told = [one.tick for one in read_facts(path, 0)[0]]
    assert told == [*range(1 - first, 4), 9]
    assert os.fstat(spare).st_size == 0


@pytest.mark.parametrize("obstacle", ["a directory in its place", "a file for its folder"])
def test_facts_wait_in_memory_until_the_log_can_be_opened(tmp_path: Path, obstacle: str) -> None:
    folder = tmp_path / "ch13"
    path = folder / "air.log"
    if obstacle == "a directory in its place":
        path.mkdir(parents=True)
    else:
        folder.write_text("no folder")
    log = AirLog(path)
    log.append(fact(1, NOON))
    log.append(fact(2, NOON))

    assert log.problem.startswith("The air log cannot be written: ")
    assert read_facts(path, 0)[0] == []
    path.rmdir() if path.is_dir() else folder.unlink()
    log.append(fact(3, NOON))
    assert log.problem == ""
    assert [one.tick for one in read_facts(path, 0)[0]] == [1, 2, 3]


def test_a_disk_that_fills_in_the_middle_of_a_line_loses_no_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, usual, room = tmp_path / "air.log", os.write, [40]
    log = log_at(path, NOON)
    log.append(fact(1, NOON))

    def nearly_full(file: int, body: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        taken = usual(file, body[: room[0]])
        room[0] -= taken
        return taken

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", nearly_full)
        log.append(fact(2, NOON))
        log.append(fact(3, NOON))
        assert log.problem == "The air log cannot be written: No space left on device."
    log.append(fact(4, NOON))
    found, cursor = read_facts(path, 0)

    assert [one.tick for one in found] == [1, 2, 3, 4]
    assert cursor == log.cursor


def test_removed_log_is_started_again(tmp_path: Path) -> None:
    path = tmp_path / "air.log"
    log = log_at(path, NOON)
    log.append(fact(1, NOON))
    path.unlink()
    log.append(fact(2, NOON))

    assert [one.tick for one in read_facts(path, 0)[0]] == [2]


def test_a_long_log_is_read_in_pieces_and_each_fact_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_text, "BYTES_PER_READ", 1000)
    path, seen, cursor = tmp_path / "air.log", [], 0
    log = log_at(path, NOON)
    for n in range(50):
        log.append(fact(n, NOON + timedelta(hours=3 * n)))
    for _ in range(50):
        more, cursor = read_facts(path, cursor)
        assert len(more) < 12
        seen += [one.tick for one in more]

    assert seen == list(range(50))
    assert cursor == log.cursor
