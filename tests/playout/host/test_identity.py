"""The agent's identity: kept with the journal, new with each start."""

from pathlib import Path

import pytest

from playout.host.identity import FILE, own_identity
from playout.model.identity import identity_of


def test_a_restart_keeps_the_machine_and_makes_another_run(tmp_path: Path) -> None:
    first, second = own_identity(tmp_path), own_identity(tmp_path)
    assert first.machine == second.machine and first.run != second.run


def test_the_identity_survives_the_wire(tmp_path: Path) -> None:
    identity = own_identity(tmp_path)
    assert identity_of(str(identity)) == identity


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 32, b"a" * 31, b"a" * 500])
def test_a_damaged_file_is_replaced_by_a_new_identity(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    made = own_identity(tmp_path)
    assert identity_of(str(made)) == made
    assert own_identity(tmp_path).machine == made.machine


def test_a_disk_that_takes_no_file_still_gives_an_identity(tmp_path: Path) -> None:
    gone = tmp_path / "file"
    gone.write_text("a file where the folder should be")
    identity = own_identity(gone)
    assert identity_of(str(identity)) == identity


@pytest.mark.parametrize("header", ["", "a.b", "A" * 32 + "." + "0" * 16, "a" * 32 + ".0\n", "x"])
def test_anything_else_is_no_identity(header: str) -> None:
    assert identity_of(header) is None
