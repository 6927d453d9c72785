"""The backup folder: its marker, its objects by hash, and its snapshots by instant."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.disk import free_bytes
from config.readjson import read_bounded, read_json
from config.sizes import bytes_words
from config.wholefile import sync_folder, write_whole
from scheduler.backup import manifest as manifests
from scheduler.backup.manifest import Manifest

MARKER = "gavel-backup.json"
MANIFEST = "manifest.json"
_OURS = {"lost+found"}
"""What a fresh disk holds."""
_SNAPSHOT = re.compile(r"\d{8}T\d{6}Z")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupError(Exception):
    """A backup or restore that cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class BackupFolder:
    """A folder that `initialise` made and `open_folder` found."""

    root: Path
    device: int
    """The disk it was on when it was opened. When its mount goes away, this changes."""

    @property
    def objects(self) -> Path:
        """The folder of files by hash, which all snapshots share."""
        return self.root / "objects"

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots."""
        return self.root / "snapshots"

    def object(self, name: str) -> Path:
        """Return where this file of the media store is, or would be."""
        return self.objects / name[:2] / name

    def names(self) -> list[str]:
        """Return the names of all whole snapshots, the oldest first."""
        found = [one.name for one in self.snapshots.iterdir() if (one / MANIFEST).is_file()]
        return sorted(name for name in found if _SNAPSHOT.fullmatch(name))

    def manifest(self, name: str) -> Manifest:
        """Read the manifest of one snapshot. Raises BackupError."""
        path = self.snapshots / name / MANIFEST
        try:
            return manifests.read(read_bounded(path, manifests.LARGEST_BYTES))
        except (OSError, ValueError) as error:
            raise BackupError(f"Snapshot {name} cannot be used: {_short(error)}.") from error

    def require_same_disk(self) -> None:
        """Raise BackupError when the folder's disk was unmounted since it was opened."""
        if open_folder(self.root).device != self.device:
            raise BackupError(_not_there(self.root))


def initialise(root: Path) -> BackupFolder:
    """Make an empty folder a backup folder; do nothing to one that is. Raises BackupError."""
    with told(root):
        root.mkdir(mode=0o700, exist_ok=True)
        if not (root / MARKER).exists():
            others = sorted(one.name for one in root.iterdir() if one.name not in _OURS)
            if set(others) - {"objects", "snapshots"}:
                raise BackupError(
                    f"{root} holds {others[0]}. Choose an empty folder, or make one in it."
                )
            (root / "objects").mkdir(mode=0o700, exist_ok=True)
            (root / "snapshots").mkdir(mode=0o700, exist_ok=True)
            write_whole(root / MARKER, b'{"gavel_backup": 1}\n')
    return open_folder(root)


def open_folder(root: Path) -> BackupFolder:
    """Return a folder with our marker. Raises BackupError for any other, so that nothing is written
    where a disk should be mounted and is not.
    """
    try:
        marker = read_json(root / MARKER)
        device = root.stat().st_dev
    except FileNotFoundError:
        raise BackupError(_not_there(root)) from None
    except (OSError, ValueError) as error:
        raise BackupError(f"{root / MARKER} cannot be read: {_short(error)}.") from error
    if not isinstance(marker, dict) or marker.get("gavel_backup") != 1:
        raise BackupError(f"{root} was made by a newer Gavel. Install that version first.")
    return BackupFolder(root, device)


def snapshot_name(at: datetime) -> str:
    """Return the name of a snapshot begun at this instant: `20261130T083000Z`."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def began_of(name: str) -> datetime:
    """Return the instant at which the snapshot of this name began."""
    return datetime.strptime(name, "%Y%m%dT%H%M%S%z")


def remove_unfinished(folder: BackupFolder) -> list[str]:
    """Remove what an interrupted backup left: snapshots without a manifest, and halves of files.

    Returns the names of the snapshots. Only call it while no other backup runs.
    """
    with told(folder.root):
        whole = set(folder.names())
        halves = [one for one in folder.snapshots.iterdir() if one.name not in whole]
        for half in halves:
            shutil.rmtree(half)
        for half in folder.objects.glob("??/.*.new"):
            half.unlink(missing_ok=True)
    return [half.name for half in halves]


def remove_snapshot(folder: BackupFolder, name: str) -> None:
    """Remove one snapshot: first its manifest, so that no half of it is ever taken for a whole."""
    place = folder.snapshots / name
    with told(folder.root):
        (place / MANIFEST).unlink(missing_ok=True)
        sync_folder(place)
        shutil.rmtree(place)


def remove_unneeded_objects(folder: BackupFolder) -> int:
    """Remove the objects that no snapshot names; return how many.

    Raises BackupError when a manifest cannot be read: what that snapshot needs is then unknown, and
    nothing is removed.
    """
    needed = {one.name for name in folder.names() for one in folder.manifest(name).objects}
    removed = 0
    with told(folder.root):
        for path in folder.objects.glob("??/*"):
            if path.name not in needed:
                path.unlink()
                removed += 1
    return removed


@contextmanager
def told(root: Path) -> Iterator[None]:
    """Turn the errors of the backup disk into words. Raises BackupError."""
    try:
        yield
    except OSError as error:
        raise BackupError(_in_words(error, root)) from error


def _in_words(error: OSError, root: Path) -> str:
    kept = "The snapshots made before are untouched."
    if error.errno in _FULL:
        free = free_bytes(root)
        left = f" ({bytes_words(free)} free)" if free is not None else ""
        return f"The disk of {root} is full{left}. Use a larger one or keep fewer. {kept}"
    with suppress(BackupError):
        open_folder(root)
        return f"{root} cannot be written: {_short(error)}. {kept}"
    return f"{_not_there(root)} {kept}"


def _not_there(root: Path) -> str:
    return (
        f"{root} is no backup folder. If a disk belongs there, mount it. "
        f"For a new folder: gavel backup --init {root}"
    )


def _short(error: Exception) -> str:
    text = (isinstance(error, OSError) and error.strerror) or str(error)
    return text.rstrip(".")
