"""A disk that is full, damaged or read-only takes nothing off air, and the status says so."""

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, clips, item, minutes, plan

from playout.engine.fakes.engine import FakeEngine
from playout.host import library
from playout.host.library import NO_PLAN
from playout.model.engine import Observation
from playout.model.plan import Outcome, Plan


def night() -> Plan:
    return plan(item("film", at("2:00"), minutes(10)), filler=clips(60))


def problems(machine: Machine) -> str:
    machine.turn()
    status = machine.parts.mailbox.status
    assert status is not None
    return " ".join(status.problems)


def test_without_a_readable_plan_the_slate_airs_and_the_status_says_why(
    tmp_path: Path,
) -> None:
    (tmp_path / "plan.json").write_bytes(b"{")
    (tmp_path / "plan.json.previous").write_bytes(b"[" * 10_000)
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.server.up = False
    before = problems(machine)
    machine.server.up = True
    machine.run_for(2)
    after = problems(machine)

    assert "plan.json cannot be read: it is damaged." in before
    assert "plan.json.previous cannot be read: it is damaged." in before
    assert NO_PLAN in before
    assert after == ""


def test_a_plan_unreadable_at_the_start_airs_once_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine had no file descriptors left when the agent started; the plan itself is good."""
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_for(2)
    machine.server.up = False

    def lacking(*_: object) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(library, "read_bounded", lacking)
        machine.boot()
        machine.run_for(8)
        said = problems(machine)
    machine.run_until(at("2:01"), most=1)

    assert "plan.json cannot be read: Too many open files." in said
    assert NO_PLAN in said
    assert NO_PLAN not in problems(machine)
    assert machine.aired("film")


def test_a_plan_that_cannot_be_written_still_airs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    machine = Machine(tmp_path, night(), at("1:59"))
    with monkeypatch.context() as patch:
        patch.setattr(library, "write_whole", full)
        machine.run_until(at("2:01"), most=1)
        said = problems(machine)
    machine.run_for(6, most=1)
    roomy = problems(machine)

    assert machine.aired("film")
    assert "plan.json cannot be written: No space left on device." in said
    assert "expected.json cannot be written: No space left on device." in said
    assert roomy == ""
    assert machine.parts.library.plan("ch13") == night()


def test_a_full_disk_is_reported_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appending may go on for minutes within a file's last block on disk, and staff read of the
    full disk only from the first write that did not fit.
    """
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.run_for(10)
    left = {"nothing": 4096, "some": 300_000_000, "enough": 1 << 40}
    said = {}
    for name, free in left.items():
        usage = shutil.disk_usage(tmp_path)._replace(free=free)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
            machine.run_for(6)
            said[name] = problems(machine)
            status = machine.parts.mailbox.status
            assert status is not None and status.disk_free == free

    assert said["nothing"].startswith(f"The disk with {tmp_path} is full.")
    assert said["some"].startswith(f"Only 300 MB are free on the disk with {tmp_path}")
    assert said["enough"] == ""


class Unlogged(FakeEngine):
    """An engine whose disk takes no air facts for a while."""

    waits = False

    def observe(self) -> Observation | None:
        seen = super().observe()
        full = ("The air log cannot be written: No space left on device.",)
        return replace(seen, log_waits=True, problems=full) if seen and self.waits else seen

    def facts(self, cursor: int):  # type: ignore[no-untyped-def]
        return ([], cursor) if self.waits else super().facts(cursor)


def test_what_aired_while_the_air_log_was_full_gets_its_row_later(
    tmp_path: Path,
) -> None:
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.engine = engine = Unlogged(machine.clock, files=machine.files)
    machine.boot()
    engine.waits = True
    machine.run_until(at("2:15"), most=1)
    said, early = problems(machine), machine.rows("film")
    engine.waits = False
    machine.run_for(5, most=1)

    assert "The air log cannot be written: No space left on device." in said
    assert early == []
    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]
    assert machine.rows("film")[0].ticks == 17_982


class InPieces(Unlogged):
    """An engine whose air log is longer than one reading takes."""

    def facts(self, cursor: int):  # type: ignore[no-untyped-def]
        found, _ = super().facts(cursor)
        return found[:10], cursor + len(found[:10])


def test_an_airing_is_judged_only_after_all_its_facts_were_read(
    tmp_path: Path,
) -> None:
    """Two days of waiting facts are more than one reading takes; what was still unread was reported
    as never aired.
    """
    machine = Machine(tmp_path, night(), at("1:59"))
    machine.engine = engine = InPieces(machine.clock, files=machine.files)
    machine.boot()
    engine.waits = True
    machine.run_until(at("2:15"), most=1)
    engine.waits = False
    machine.run_for(60, most=1)

    assert [row.outcome for row in machine.rows("film")] == [Outcome.AIRED]
    assert machine.rows("film")[0].ticks == 17_982
