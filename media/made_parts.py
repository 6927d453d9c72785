"""Folders of what is made of files of the store and can be made again, beside those files."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from config.names import AssetKey
from config.wholefile import sync_folder
from media.caption_files import MAKING_FOLDER
from media.store import MediaStore

SPARE_BYTES = 1 << 30
"""Bytes of the disk that stay free: what airs comes first."""


class MadeParts:
    """The folders of one kind of what is made, each under the key of what it was made from.

    A folder is in its place whole, or not at all.
    """

    def __init__(self, store: MediaStore, folder: str) -> None:
        self._store = store
        self._root = store.root / folder

    def home(self, key: AssetKey) -> Path:
        """Return the folder of a key. Raises ValueError for no key."""
        place = self._store.path(key, "")
        return self._root / place.parent.name / place.name

    def homes(self) -> Iterator[Path]:
        """Yield every folder that is in its place."""
        return self._root.glob("??/*")

    def lacking(self, needed: int) -> int:
        """Return how many bytes are missing for so many, besides those that stay free. Raises
        OSError.
        """
        self._store.root.mkdir(parents=True, exist_ok=True)
        return max(0, needed + SPARE_BYTES - shutil.disk_usage(self._store.root).free)

    def make(self, key: AssetKey, fill: Callable[[Path], None]) -> None:
        """Let `fill` write into an empty folder, and put that into its place. Raises OSError."""
        making = self._store.root / MAKING_FOLDER
        making.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=making) as made:
            folder = Path(made) / key
            folder.mkdir()
            fill(folder)
            self._put(folder, key)

    def sweep(self, is_needed: Callable[[Path], bool]) -> int:
        """Delete the folders that are not needed; return how many."""
        unneeded = [home for home in self.homes() if not is_needed(home)]
        for home in unneeded:
            shutil.rmtree(home, ignore_errors=True)
        return len(unneeded)

    def _put(self, folder: Path, key: AssetKey) -> None:
        home = self.home(key)
        home.parent.mkdir(parents=True, exist_ok=True)
        for one in folder.iterdir():
            with one.open("rb") as file:
                os.fsync(file.fileno())
        shutil.rmtree(home, ignore_errors=True)
        folder.replace(home)
        sync_folder(home.parent)
