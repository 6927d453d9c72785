"""The media store: files named by the hash of their bytes, so a name can never lie."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from config.names import AssetKey
from config.wholefile import sync_folder
from media.content import MediaError as MediaError
from media.content import content_key as content_key
from media.partial import PartialFile as PartialFile

PARTIAL_FOLDER = ".partial"
TURN_FILE = ".turn"


def _checked(key: AssetKey, suffix: str) -> str:
    """Return a file name that cannot point elsewhere. Raises ValueError for anything else than a
    key and a suffix.
    """
    if len(key) != 64 or not all(letter in "0123456789abcdef" for letter in key):
        raise ValueError(f"{key!r} is not an asset key")
    if suffix and not (suffix[0] == "." and suffix[1:].isalnum() and len(suffix) <= 8):
        raise ValueError(f"{suffix!r} is not a file name ending")
    return key + suffix


class MediaStore:
    """Content-addressed files under one root. A server's store holds the only copies and never
    evicts: only `discard` deletes from it, one asset at a time. A broadcast machine's own store is
    a cache (`cache=True`) and may evict.
    """

    def __init__(self, root: Path, *, cache: bool = False) -> None:
        self.root = root
        self._cache = cache

    def path(self, key: AssetKey, suffix: str) -> Path:
        """Return where this asset is, or would be."""
        return self.root / key[:2] / _checked(key, suffix)

    def has(self, key: AssetKey, suffix: str) -> bool:
        """Return whether the asset is here. Only whole files ever get their name."""
        return self.path(key, suffix).is_file()

    def add(
        self,
        source: Path,
        *,
        key: AssetKey | None = None,
        suffix: str = "",
        keep: bool = False,
        leave: bool = False,
    ) -> tuple[AssetKey, Path]:
        """Move `source` into the store and make it read-only.

        `keep` copies it instead. `leave` stores it as a move does, without a second copy where that
        is possible, but leaves its name to the caller, who deletes it later and never writes to it
        again. `key` saves hashing where the caller has just done so. Raises MediaError, and
        `source` then stays where it was.
        """
        key = key or content_key(source)
        home = self.path(key, suffix or source.suffix.lower())
        if self._touched(home):
            if not (keep or leave):
                source.unlink()
            return key, home
        beside = self._beside(home)
        try:
            # A process of the same number may have been killed here, as in a container.
            beside.unlink(missing_ok=True)
            if keep or not _moved(source, beside):
                shutil.copyfile(source, beside)
            self._settle(beside, home)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise MediaError(f"{source.name} cannot be stored: {error.strerror}.") from error
        if not (keep or leave):
            source.unlink(missing_ok=True)
        return key, home

    def home(self, key: AssetKey) -> Path | None:
        """Return where an asset is, whatever its suffix; None if it is not here whole."""
        return next((home for home in self._homes(key) if home.is_file()), None)

    def verify(self, key: AssetKey) -> bool:
        """Return whether the stored bytes still hash to their name; False when there are none."""
        homes = list(self._homes(key))
        return bool(homes) and all(content_key(home) == key for home in homes)

    def unfinished(self) -> Iterator[Path]:
        """Return the files that a killed process left half stored, under no name of an asset."""
        return self.root.glob("??/.*.new")

    def free_bytes(self) -> int:
        """Return the bytes free on the store's disk."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def writer(self, key: AssetKey, suffix: str, size: int) -> PartialFile:
        """Begin or resume fetching an asset of `size` bytes from elsewhere."""
        partial = self.root / PARTIAL_FOLDER / _checked(key, suffix)
        partial.parent.mkdir(parents=True, exist_ok=True)
        return PartialFile(self._settle, self.path(key, suffix), key, size, partial)

    def keys(self) -> set[AssetKey]:
        """Return every asset that is here whole."""
        return {AssetKey(home.name[:64]) for home in self.root.glob("??/*") if len(home.stem) == 64}

    def oldest_first(self) -> list[tuple[AssetKey, int]]:
        """Return every asset that is here whole, with its size in bytes, the oldest first."""
        assets = []
        for home in self.root.glob("??/*"):
            if len(home.stem) == 64:
                status = home.stat()
                assets.append((status.st_mtime, AssetKey(home.stem), status.st_size))
        return [(key, size) for _, key, size in sorted(assets)]

    def partials(self) -> dict[AssetKey, int]:
        """Return the bytes here of each file that has not come whole yet."""
        coming = (self.root / PARTIAL_FOLDER).glob("*")
        return {AssetKey(one.name[:64]): one.stat().st_size for one in coming}

    def drop_partial(self, key: AssetKey) -> None:
        """Delete what has come of a file. It begins anew when it is fetched again."""
        _checked(key, "")
        for one in (self.root / PARTIAL_FOLDER).glob(f"{key}*"):
            one.unlink(missing_ok=True)

    def evict(self, keys: Iterable[AssetKey]) -> None:
        """Delete these assets. Raises MediaError unless this store is a cache."""
        if not self._cache:
            raise MediaError("This store holds the only copies; nothing in it may be evicted.")
        for key in keys:
            for home in self._homes(key):
                home.unlink(missing_ok=True)

    def discard(self, key: AssetKey, *, before: datetime) -> bool:
        """Delete one asset that nothing names any more, from this store of only copies.

        Return False, and delete nothing, where it was added again after `before` (UTC): whoever did
        so may be about to name it. The caller has made sure that nothing else needs it. Raises
        MediaError where the disk refuses.
        """
        try:
            with self._turn():
                homes = list(self._homes(key))
                if any(home.stat().st_mtime > before.timestamp() for home in homes):
                    return False
                for home in homes:
                    home.unlink(missing_ok=True)
                    sync_folder(home.parent)
        except OSError as error:
            raise MediaError(f"{key[:12]} cannot be removed: {error.strerror}.") from error
        return True

    def _touched(self, home: Path) -> bool:
        """Return whether the asset is here already, and mark it as added just now.

        The mark and `discard` take turns, so that nobody finds a file that is about to be deleted.
        """
        if not home.is_file():
            return False
        try:
            with self._turn():
                os.utime(home)
        except OSError:
            # Deleted in between, or of another user: it is stored again.
            return False
        return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for the turn of this process among all that add to the store or delete from it."""
        with (self.root / TURN_FILE).open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _homes(self, key: AssetKey) -> Iterator[Path]:
        _checked(key, "")
        return (self.root / key[:2]).glob(f"{key}*")

    def _beside(self, home: Path) -> Path:
        home.parent.mkdir(parents=True, exist_ok=True)
        return home.with_name(f".{home.name}.{os.getpid()}.new")

    def _settle(self, beside: Path, home: Path) -> None:
        """Sync, protect and rename a finished file into its place."""
        home.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.chmod(0o444)
        beside.replace(home)
        sync_folder(home.parent)


def _moved(source: Path, beside: Path) -> bool:
    """Hard-link the file into the store, without copying; return False where that is another
    disk."""
    try:
        os.link(source, beside)
    except OSError:
        return False
    return True
