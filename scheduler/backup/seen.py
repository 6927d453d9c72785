"""The backup folder as a page shows it: its snapshots and its room, or what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.disk import free_bytes
from scheduler.backup.folder import BackupError, began_of, open_folder, told


@dataclass(frozen=True)
class Snapshot:
    """A whole snapshot."""

    name: str
    began: datetime
    """In UTC."""


@dataclass(frozen=True)
class FolderSeen:
    """The findings of one look."""

    snapshots: tuple[Snapshot, ...] = ()
    """The newest first."""
    free: int | None = None
    """Bytes free on its disk; None where the disk cannot be asked."""
    problem: str = ""
    """Why it is no backup folder, and what to do; empty for one that is."""


def see(root: Path) -> FolderSeen:
    """Look at the backup folder. Raises nothing: what is wrong is in the answer."""
    try:
        folder = open_folder(root)
        with told(root):
            names = folder.names()
    except BackupError as error:
        return FolderSeen(problem=str(error))
    found = (Snapshot(name, began) for name in reversed(names) if (began := _began(name)))
    return FolderSeen(tuple(found), free_bytes(root))


def _began(name: str) -> datetime | None:
    """Return the instant in a name; None for digits that are none, as somebody else may choose."""
    try:
        return began_of(name)
    except ValueError:
        return None
