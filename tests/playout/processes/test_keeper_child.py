"""The keeper of recordings runs where there may be something to keep, and nowhere else."""

from pathlib import Path

from playout.engine.recording.pieces import RECORDINGS_FOLDER
from playout.processes.channel import keeper_child


def test_it_starts_with_the_first_recording(tmp_path: Path) -> None:
    wanted = keeper_child(tmp_path, tmp_path / "media", None, is_cache=True).is_wanted
    assert wanted is not None
    assert not wanted()
    (tmp_path / RECORDINGS_FOLDER).mkdir()
    assert not wanted()
    (tmp_path / RECORDINGS_FOLDER / "airing").mkdir()
    assert wanted()


def test_it_starts_where_the_disk_does_not_say(tmp_path: Path) -> None:
    (tmp_path / RECORDINGS_FOLDER).write_text("not a folder")
    wanted = keeper_child(tmp_path, tmp_path / "media", None, is_cache=True).is_wanted
    assert wanted is not None and wanted()


def test_a_second_folder_may_hold_a_recording_alone(tmp_path: Path) -> None:
    child = keeper_child(tmp_path, tmp_path / "media", tmp_path / "copy", is_cache=True)
    assert child.is_wanted is None
