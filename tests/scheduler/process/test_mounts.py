"""A drive that is not mounted is told from an empty folder by where its disk was mounted."""

from pathlib import Path

import pytest

from scheduler.process.mounts import is_unmounted, mount_point


@pytest.mark.parametrize(
    ("before", "now", "away"),
    [
        ("/mnt/cameras", "/", True),
        ("/mnt/nas/incoming", "/mnt/nas", True),
        ("/mnt/nas", "/mnt/nas", False),
        ("/", "/srv", False),
        ("/mnt/a", "/mnt/b", False),
        (None, "/", False),
    ],
)
def test_a_disk_above_the_known_one_means_that_the_drive_is_away(
    before: str | None, now: str, away: bool
) -> None:
    assert is_unmounted(Path(before) if before else None, Path(now)) is away


def test_a_folder_is_on_the_disk_of_the_nearest_mount(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(below)
    assert mount_point(below) == mount_point(tmp_path) == mount_point(link)
    assert mount_point(Path("/proc/self")) == Path("/proc")
    with pytest.raises(FileNotFoundError):
        mount_point(tmp_path / "gone")
