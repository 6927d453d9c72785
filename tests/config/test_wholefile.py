"""Files that are worth a second are renewed on a full disk too."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config.wholefile import replace_file


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, with a status in it and no byte free."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "gavel-test", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        replace_file(disk / "health.json", json.dumps({"black": False, "note": "x" * 100}).encode())
        with (disk / "ballast").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_status_is_renewed_on_a_full_disk(full_disk: Path) -> None:
    health = full_disk / "health.json"
    for black in (True, False, True):
        replace_file(health, json.dumps({"black": black}).encode())
        assert json.loads(health.read_text()) == {"black": black}


def test_a_disk_that_has_room_again_gets_whole_files_again(full_disk: Path) -> None:
    health = full_disk / "health.json"
    replace_file(health, b"{}")
    (full_disk / "ballast").unlink()
    replace_file(health, b"[1, 2]")
    assert health.read_bytes() == b"[1, 2]"
    assert [one.name for one in full_disk.iterdir()] == ["health.json"]
