"""The second store: media by the hash of their bytes in a folder on another disk or a share.

A share that is not mounted shows an empty folder. So nothing is read from a folder, written into
one or concluded from one that does not hold our marker.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.archive_settings import ArchiveSettings
from config.names import AssetKey
from config.readjson import read_json
from config.wholefile import sync_folder, write_whole
from media.store import MediaError, MediaStore, content_key
from scheduler.backup.copying import DamagedSource, copy_file

MARKER = "gavel-archive.json"
_OURS = {"lost+found", "objects"}
PIECE_BYTES = 1 << 20


Share = Callable[[float], None]
"""Takes the share of a copy that is done, 0 to 1."""


class ArchiveError(Exception):
    """A second store that cannot be used now; the text says why and what to do."""


@dataclass(frozen=True)
class SecondStore:
    """A folder that `initialise` made and `open_store` found."""

    root: Path

    def path(self, key: AssetKey, suffix: str) -> Path:
        """Return where this file is, or would be."""
        name = MediaStore(self.root / "objects").path(key, suffix).name
        return self.root / "objects" / key[:2] / name

    def has(self, key: AssetKey, suffix: str) -> bool:
        """Return whether the file is here. Only whole files ever get their name."""
        return self.path(key, suffix).is_file()

    def is_sound(self, key: AssetKey, suffix: str) -> bool:
        """Read the file back, and return whether its bytes hash to its name."""
        try:
            return content_key(self.path(key, suffix), drop_pages=True) == key
        except MediaError:
            return False

    def copy_in(self, source: Path, key: AssetKey, suffix: str) -> int:
        """Copy a file here, read it back, and return its bytes. A damaged one is replaced.

        Raises ArchiveError, also for a source that is damaged.
        """
        target = self.path(key, suffix)
        try:
            # The folder above is not made: it is missing where the share went away meanwhile.
            target.parent.mkdir(mode=0o700, exist_ok=True)
            size = copy_file(source, target, key).size
        except DamagedSource as error:
            raise ArchiveError(str(error)) from error
        except OSError as error:
            raise ArchiveError(f"The archive refuses to be written: {error.strerror}.") from error
        if not self.is_sound(key, suffix):
            target.unlink(missing_ok=True)
            raise ArchiveError("The archive gives back other bytes than were written: check it.")
        return size

    def copy_out(
        self, store: MediaStore, key: AssetKey, suffix: str, said: Share = lambda share: None
    ) -> int:
        """Bring a file back into the server's store, and return its bytes.

        Raises ArchiveError and MediaError, and whatever `said` raises to leave it.
        """
        try:
            return copy_into(store, self.path(key, suffix), key, suffix, said)
        except OSError as error:
            raise ArchiveError(f"The archive cannot be read: {error.strerror}.") from error

    def remove(self, key: AssetKey, suffix: str) -> None:
        """Remove a file. Raises ArchiveError where the disk refuses."""
        target = self.path(key, suffix)
        try:
            target.unlink(missing_ok=True)
            if target.parent.is_dir():
                sync_folder(target.parent)
        except OSError as error:
            raise ArchiveError(f"The archive refuses: {error.strerror}.") from error


def copy_into(
    store: MediaStore, source: Path, key: AssetKey, suffix: str, said: Share = lambda share: None
) -> int:
    """Copy a file into the server's store, and return its bytes.

    It goes on where an earlier try stopped, and gets its name only when its hash is right. Raises
    OSError where the source cannot be read, and MediaError.
    """
    with source.open("rb") as file:
        size = source.stat().st_size
        coming = store.writer(key, suffix, size)
        have = coming.offset()
        file.seek(have)
        while piece := file.read(PIECE_BYTES):
            coming.write(piece)
            have += len(piece)
            said(have / max(1, size))
    coming.commit()
    return size


def initialise(root: Path) -> SecondStore:
    """Make an empty folder a second store; do nothing to one that is. Raises ArchiveError."""
    try:
        root.mkdir(mode=0o700, exist_ok=True)
        if not (root / MARKER).exists():
            others = sorted(one.name for one in root.iterdir() if one.name not in _OURS)
            if others:
                raise ArchiveError(f"{root} holds {others[0]}. Choose an empty folder.")
            (root / "objects").mkdir(mode=0o700, exist_ok=True)
            write_whole(root / MARKER, b'{"gavel_archive": 1}\n')
    except OSError as error:
        raise ArchiveError(f"{root} cannot be written: {error.strerror}.") from error
    return open_store(root)


def open_store(root: Path) -> SecondStore:
    """Return a folder with our marker. Raises ArchiveError for any other."""
    try:
        marker = read_json(root / MARKER)
    except FileNotFoundError:
        raise ArchiveError(
            f"{root} is no archive. If a disk or share belongs there, mount it. "
            f"For a new folder: gavel archive --init"
        ) from None
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{root / MARKER} cannot be read.") from error
    if not isinstance(marker, dict) or marker.get("gavel_archive") != 1:
        raise ArchiveError(f"{root} was made by a newer Gavel. Install that version first.")
    return SecondStore(root)


def archive_of(settings: ArchiveSettings) -> SecondStore | None:
    """Return the second store of a server; None where it has none, and while it is away."""
    if settings.archive_folder is None:
        return None
    with suppress(ArchiveError):
        return open_store(settings.archive_folder)
    return None
