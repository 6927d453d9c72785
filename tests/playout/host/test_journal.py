"""The journal survives truncation at any byte, never reuses a number, and stays small."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support import long_journal
from support.plans import DAY, at

from config.names import AiringId, ItemId, Revision
from playout.host import journal as journals
from playout.host import journal_segments
from playout.host.journal import ENTRIES_PER_REPORT, Journal
from playout.host.journal_memory import NAMES_KEPT_FOR, JournalMemory, read_memory
from playout.model.commands import Command, Verb
from playout.model.events import Extended, Recorded, Skipped
from playout.model.history import HistoryMark
from playout.model.plan import Outcome
from playout.model.recording import Recording, RecordingState
from playout.model.wire import AsRun, JournalEntry, encode
from playout.state.air_state import AirState
from playout.state.fold import fold


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


def test_written_entries_are_read_back(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    again = Journal(tmp_path / "j.jsonl")

    assert [*again.kept()] == [*journal.kept()] == [*journal.waiting()]
    assert (again.last_command, again.last_instant) == (HistoryMark(4, "c1"), DAY)
    assert again.knows(Command("c1", 4, Verb.SKIP, DAY, DAY, "ann"))
    assert again.state == fold([Skipped(ItemId("a"), DAY)])


def test_a_journal_truncated_at_any_byte_keeps_every_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    fill(Journal(path))
    whole = path.read_bytes()
    ends = [n for n, byte in enumerate(whole) if byte == ord("\n")]
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        journal = Journal(path)
        complete = sum(1 for end in ends if end < size)
        found = len([*journal.kept()])
        assert found in (complete, complete + 1)
        journal.alarm(DAY, "after")
        journal.close()
        again = [*Journal(path).kept()]
        assert again[-1].text == "after"
        assert len(again) == found + 1


def test_a_damaged_line_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    fill(Journal(path))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b'{"number": "x"}\n\xff\x00\n' + b"".join(lines[1:]))

    assert len([*Journal(path).kept()]) == len(lines)


def test_numbers_the_server_has_are_not_reused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    journal.acknowledge(9)
    journal.close()
    (tmp_path / "j.jsonl").unlink()
    again = Journal(tmp_path / "j.jsonl")
    again.alarm(DAY, "new")

    assert again.waiting()[0].number == 10


def test_an_as_run_row_is_written_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")

    assert journal.as_run(DAY, row())
    assert not journal.as_run(DAY, row())
    assert not Journal(tmp_path / "j.jsonl").as_run(DAY, row())
    assert journal.as_run(DAY, replace(row(), start=at("10:01")))


def test_only_unacknowledged_entries_wait(tmp_path: Path) -> None:
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
    assert [e.text for e in Journal(tmp_path / "j.jsonl").kept()] == ["one", "two", "three"]


def test_entries_a_full_disk_refused_are_written_without_waiting_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next entry may be hours away. Until then the entries were in memory only, and staff still
    read of a full disk.
    """
    path = tmp_path / "j.jsonl"
    journal = Journal(path)
    fill(journal)
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> int:
            raise OSError(28, "No space left on device")

        patch.setattr(os, "write", full)
        patch.setattr(journals, "write_whole", full)
        journal.alarm(DAY, "two")
        journal.acknowledge(3)
        journal.try_again()
        assert "No space" in journal.problem
    journal.try_again()

    assert journal.problem == ""
    again = Journal(path)
    assert [entry.text for entry in again.kept()][-1] == "two"
    assert again.acknowledged == 3


def test_retries_on_a_full_disk_leak_no_descriptors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand tries take an hour and a half; then the agent could no longer open any file."""
    journal, real = Journal(tmp_path / "j.jsonl"), os.write
    room = [20]

    def full(handle: int, body: bytes) -> int:
        if not room:
            raise OSError(28, "No space left on device")
        return real(handle, body[: room.pop()])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        journal.alarm(DAY, "one")
        before = len([*Path("/proc/self/fd").iterdir()])
        for _ in range(20):
            journal.try_again()
        after = len([*Path("/proc/self/fd").iterdir()])
    journal.try_again()

    assert after == before
    assert [entry.text for entry in Journal(tmp_path / "j.jsonl").kept()] == ["one"]


def test_a_line_written_twice_around_a_full_disk_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    more = Extended(ItemId("a"), timedelta(minutes=15), DAY)
    lines = [encode(JournalEntry(n, f"{n}", DAY, "fact", fact=more)) + b"\n" for n in (1, 2, 3)]
    path.write_bytes(lines[0] + lines[1] + lines[2][:20] + b"\n" + lines[1] + lines[2])

    assert Journal(path).state.extended == {"a": timedelta(minutes=45)}
    assert [entry.number for entry in Journal(path).waiting()] == [1, 2, 3]


SMALL = 20_000


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close files after a few dozen entries, and wait for no disk."""
    monkeypatch.setattr(journals, "SEGMENT_BYTES", SMALL)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def live_through(journal: Journal, days: float, first: int = 1) -> None:
    """Write the entries of some days to the journal."""
    for entry in long_journal.entries(DAY, days):
        if entry.number >= first:
            journal._append(replace(entry, number=0))


def whole(days: float) -> JournalMemory:
    """Return the memory of all entries taken at once, with no file ever closed."""
    memory = JournalMemory()
    for entry in long_journal.entries(DAY, days):
        memory.take(entry)
    return memory


@pytest.mark.usefixtures("small")
def test_a_segmented_journal_gives_the_same_state_as_one_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    live_through(journal, 1.0)
    again, asked = Journal(tmp_path / "j.jsonl"), whole(1.0)

    assert len(journal_segments.closed(tmp_path / "j.jsonl")) > 10
    assert [*again.kept()] == [*long_journal.entries(DAY, 1.0)]
    for one in (journal, again):
        assert one.state == asked.state
        assert set(one.reported) == set(asked.reported)
        assert one.last_command == HistoryMark(asked.command, asked.command_id)
        rows = (entry.as_run for entry in long_journal.entries(DAY, 1.0))
        assert not one.as_run(DAY, next(row for row in rows if row is not None))


@pytest.mark.usefixtures("small")
def test_a_start_reads_the_memory_and_only_the_entries_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(Journal(tmp_path / "j.jsonl"), 1.0)
    read: list[int] = []
    take = JournalMemory.take

    def counted(memory: JournalMemory, entry: JournalEntry) -> None:
        read.append(entry.number)
        take(memory, entry)

    monkeypatch.setattr(JournalMemory, "take", counted)
    again = Journal(tmp_path / "j.jsonl")
    newest = [entry.number for entry in again.kept()][-1]

    assert 0 < len(read) < 60
    assert read == list(range(newest - len(read) + 1, newest + 1))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.with_name("j.snapshot").unlink(),
        lambda path: path.with_name("j.snapshot").write_bytes(b""),
        lambda path: path.with_name("j.snapshot").write_bytes(b"[" * 100_000),
        lambda path: path.with_name("j.snapshot").write_bytes(
            path.with_name("j.snapshot").read_bytes().replace(b"clip-1", b"clip-2", 1)
        ),
        lambda path: [one.unlink() for one in path.parent.glob("j.snapshot*")],
    ],
)
def test_a_lost_or_damaged_memory_is_folded_again(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    live_through(Journal(tmp_path / "j.jsonl"), 1.0)
    harm(tmp_path / "j.jsonl")
    again = Journal(tmp_path / "j.jsonl")

    assert again.state == whole(1.0).state
    assert read_memory(tmp_path / "j.snapshot").number > whole(1.0).number - 100
    again.alarm(DAY, "new")
    assert [*again.kept()][-1].number == whole(1.0).number + 1


@pytest.mark.usefixtures("small")
def test_a_kill_during_a_cut_loses_nothing_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries every state of the folder that a power cut can leave, one after each system call."""
    states: list[dict[str, bytes]] = []
    path = tmp_path / "one" / "j.jsonl"
    path.parent.mkdir()

    def look(*_: object) -> None:
        found = {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
        if found not in states:
            states.append(found)

    real = {name: getattr(Path, name) for name in ("replace", "rename", "unlink")}
    for name, call in real.items():

        def watched(self: Path, *given: object, call=call, **more: object) -> object:  # type: ignore[no-untyped-def]
            look()
            done = call(self, *given, **more)
            look()
            return done

        monkeypatch.setattr(Path, name, watched)
    more, journal = Extended(ItemId("a"), timedelta(seconds=1), DAY), Journal(path)
    for _ in range(250):
        journal.fact(DAY, more)
    monkeypatch.undo()
    monkeypatch.setattr(journals, "SEGMENT_BYTES", SMALL)

    assert len(journal_segments.closed(path)) > 1
    for place, state in enumerate(states):
        folder = tmp_path / f"state-{place}"
        folder.mkdir()
        for name, content in state.items():
            (folder / name).write_bytes(content)
        written = sum(
            content.count(b"\n") for name, content in state.items() if name.startswith("j.jsonl")
        )
        again = Journal(folder / "j.jsonl")
        assert again.state.extended == {"a": timedelta(seconds=written)}
        assert [entry.number for entry in again.kept()] == list(range(1, written + 1))
        again.fact(DAY, more)
        assert [*again.kept()][-1].number == written + 1


@pytest.mark.usefixtures("small")
def test_unsent_history_is_sent_in_bounded_batches_each_entry_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    live_through(journal, 3.0)
    journal = Journal(tmp_path / "j.jsonl")
    sent: list[JournalEntry] = []
    while batch := journal.waiting():
        assert len(batch) <= ENTRIES_PER_REPORT
        assert [*batch] == [*journal.waiting()]
        sent += batch
        if len(sent) == ENTRIES_PER_REPORT:
            journal.alarm(DAY, "meanwhile")
        journal.acknowledge(batch[-1].number)

    assert sent[:-1] == [*long_journal.entries(DAY, 3.0)]
    assert sent[-1].text == "meanwhile"
    journal.alarm(DAY, "later")
    assert [entry.text for entry in journal.waiting()] == ["later"]


@pytest.mark.usefixtures("small")
def test_segments_the_server_has_are_removed_and_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_journal, "STRETCHES_PER_DAY", 60)
    monkeypatch.setattr(journals, "SEGMENTS_KEPT_FOR", timedelta(days=30))
    journal = Journal(tmp_path / "j.jsonl")
    oldest: list[timedelta] = []
    for n, entry in enumerate(long_journal.entries(DAY, 45.0)):
        journal._append(replace(entry, number=0))
        if n % 10 == 0 and entry.at < DAY + timedelta(days=38):
            journal.acknowledge(entry.number)
            known = next(journal.kept())
            oldest.append(entry.at - known.at)
    unsent = next(
        one for one in long_journal.entries(DAY, 45.0) if one.number > journal.acknowledged
    )

    assert max(oldest) < timedelta(days=31)
    assert journal.waiting()[0] == unsent
    assert len(journal._memory.names) < (NAMES_KEPT_FOR.days + 1) * long_journal.STRETCHES_PER_DAY
    assert DAY + timedelta(days=14) < next(journal.kept()).at < DAY + timedelta(days=16)


def test_a_journal_of_the_version_before_loads_what_still_matters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_journal, "STRETCHES_PER_DAY", 60)
    path = tmp_path / "j.jsonl"
    count = long_journal.write(path, DAY, 40.0)
    told = Recorded(DAY, Recording(AiringId("old"), RecordingState.WHOLE, DAY + timedelta(days=15)))
    late = replace(told, at=DAY + timedelta(days=15))
    lines = path.read_bytes().splitlines(keepends=True)
    middle = next(
        n for n, line in enumerate(lines) if journal_segments.instant_of(line) > b"2026-12-05"
    )
    entry = encode(JournalEntry(middle, "r", late.at, "fact", fact=late)) + b"\n"
    path.write_bytes(b"".join([*lines[: middle - 1], entry, *lines[middle:]]))
    journal = Journal(path)
    last_days = [e for e in long_journal.entries(DAY, 40.0) if e.at >= DAY + timedelta(days=32)]

    assert journal.last_instant is not None
    assert AiringId("old") in journal.state.recordings
    facts = [entry.fact for entry in last_days if entry.fact is not None]
    assert fold(facts).pinned == journal.state.pinned
    assert journal.waiting()[0].number == 1
    journal.alarm(journal.last_instant, "new")
    assert journal_segments.closed(path)
    assert [*journal.kept()][-1].number == count + 1
    assert Journal(path).state == journal.state


@pytest.mark.usefixtures("small")
def test_a_start_closes_an_oversized_file_at_once(
    tmp_path: Path,
) -> None:
    path = tmp_path / "j.jsonl"
    count = long_journal.write(path, DAY, 3.0)
    assert path.stat().st_size > SMALL
    first = Journal(path)

    assert journal_segments.closed(path) and not path.exists()
    assert read_memory(tmp_path / "j.snapshot").number == count
    assert Journal(path).state == first.state
    first.alarm(DAY, "new")
    assert [entry.number for entry in Journal(path).kept()] == [*range(1, count + 2)]


def test_a_restored_server_gets_again_what_follows_its_last_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    ids = [entry.id for entry in journal.waiting()]
    journal.acknowledge(5)
    assert (list(journal.waiting()), journal.acknowledged_id) == ([], ids[4])
    journal.resume(ids[1])
    assert [entry.number for entry in journal.waiting()] == [3, 4, 5]
    again = Journal(tmp_path / "j.jsonl")
    assert [entry.number for entry in again.waiting()] == [3, 4, 5]
    again.resume("an entry of another journal")

    assert [entry.number for entry in again.waiting()] == [1, 2, 3, 4, 5]
    again.alarm(DAY, "new")
    assert [*again.kept()][-1].number == 6


def test_the_last_command_is_the_latest_whatever_its_number(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    for name, number in (("before", 23), ("after", 4), ("local", 0)):
        journal.command(DAY, Command(name, number, Verb.SKIP, DAY, DAY, "ann"))

    assert Journal(tmp_path / "j.jsonl").last_command == HistoryMark(4, "after")


def test_an_acknowledged_number_without_an_id_takes_the_id_of_its_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j.jsonl")
    fill(journal)
    (tmp_path / "j.acknowledged").write_text("3")
    again = Journal(tmp_path / "j.jsonl")

    assert (again.acknowledged, again.acknowledged_id) == (3, [*journal.kept()][2].id)


def test_a_recording_is_remembered_for_ninety_days(
    tmp_path: Path,
) -> None:
    path = tmp_path / "j.jsonl"
    told = Recorded(DAY, Recording(AiringId("a"), RecordingState.WHOLE, DAY))
    for days, kept in ((89, True), (91, False)):
        path.unlink(missing_ok=True)
        journal = Journal(path)
        fill(journal)
        journal.fact(DAY, told)
        journal.alarm(DAY + timedelta(days=days), "later")
        journal.close()
        state = Journal(path).state
        assert ("a" in state.recordings, bool(state.skipped)) == (kept, False)


def test_an_empty_journal_has_the_initial_state(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "none" / "j.jsonl")

    assert journal.state == AirState()
    assert (journal.last_instant, journal.waiting(), [*journal.kept()]) == (None, [], [])
    assert read_memory(tmp_path / "nothing") == JournalMemory()
