"""Files on their way in: pieces of any size appended in order, so a broken upload can go on."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from media.store import MediaStore

PIECE_LIMIT = 16 * 1024 * 1024
LARGEST = 50 * 1000**3
SPARE = 2 * 1000**3
"""Bytes of disk an upload may never take: the database and the air logs need room."""
_ID = re.compile(r"[0-9a-f]{32}")
BLOCK = 256 * 1024


class UploadError(Exception):
    """The piece was not taken; the text says why and what to do."""


@dataclass(frozen=True)
class Uploads:
    """The folder where uploads wait for ingest. A file's name there is ours, never the user's."""

    folder: Path

    def begin(self, size: int, free: int) -> str:
        """A new, empty upload; returns its id. Raises UploadError when it would not fit."""
        if not 0 < size <= LARGEST:
            raise UploadError("The file is empty or larger than 50 GB.")
        if free - size < SPARE:
            raise UploadError(
                "The server's disk is too full for this file. Ask an engineer for more room: "
                "media cannot be deleted here yet."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        (self.folder / f"{name}.part").touch(mode=0o600)
        return name

    def offset(self, name: str) -> int:
        """Bytes already here."""
        return self._part(name).stat().st_size

    def append(self, name: str, at: int, body: IO[bytes]) -> int:
        """Add a piece that starts at byte `at`; returns the new length.

        Raises UploadError when `at` is not where the file ends, so no piece is taken twice.
        """
        part = self._part(name)
        here = part.stat().st_size
        if at != here:
            raise UploadError(f"This piece starts at {at}, the file here ends at {here}.")
        with part.open("ab") as file:
            for block in _blocks(body, min(PIECE_LIMIT, LARGEST - here)):
                file.write(block)
        return part.stat().st_size

    def finish(self, name: str, size: int) -> Path:
        """The whole file, synced. Raises UploadError while bytes are missing."""
        part = self._part(name)
        if part.stat().st_size != size:
            raise UploadError("Some of the file is missing; upload it again.")
        whole = part.with_suffix(".upload")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(whole)
        return whole

    def _part(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise UploadError("There is no such upload.")
        part = self.folder / f"{name}.part"
        if not part.is_file():
            raise UploadError("This upload is over or was never begun; start it again.")
        return part


def _blocks(body: IO[bytes], limit: int) -> Iterator[bytes]:
    left = limit
    while left > 0 and (block := body.read(min(BLOCK, left))):
        left -= len(block)
        yield block


def room(store: MediaStore, uploads: Path) -> int:
    """Free bytes where both the upload and its stored copy must fit."""
    uploads.mkdir(parents=True, exist_ok=True)
    disk = os.statvfs(uploads)
    return min(store.free_bytes(), disk.f_bavail * disk.f_frsize)
