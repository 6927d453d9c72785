"""Uploads of files in pieces, appended in order, so that a broken one can resume."""

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from media.room import DISK_KEPT_FREE

LARGEST_PIECE = 16 * 1024 * 1024
"""Most bytes of one piece."""
LARGEST_FILE = 50 * 1000**3
"""Most bytes of one file."""
MOST_UNFINISHED = 6
"""Most unfinished uploads of one person. Beyond that the one idle longest is dropped for a new one,
if it has been idle for `GIVES_WAY_AFTER`."""
GIVES_WAY_AFTER = 3600.0
"""Seconds without a new piece."""
_ID = re.compile(r"[0-9a-f]{32}")
BLOCK_BYTES = 256 * 1024
"""Bytes read from the network at a time."""


class UploadError(Exception):
    """A piece or an upload was refused; the text says why and what to do."""


class BusyError(UploadError):
    """Another piece of the same file is being written; trying again in a moment helps."""


@dataclass(frozen=True)
class _UnfinishedUpload:
    """An unfinished upload: who sends it, its declared size, and how many bytes have arrived."""

    name: str
    by: str
    size: int
    here: int
    touched: float


@dataclass(frozen=True)
class Uploads:
    """The folder where uploads wait for ingest. Names of files in it are generated, never the
    user's.

    `NAME.part` holds the bytes that arrived, `NAME.json` next to it the declared size and sender.
    Whoever changes either holds a kernel lock on it, which works between threads and processes.
    """

    folder: Path

    def begin(self, size: int, free: int, by: str, now: datetime) -> str:
        """Begin an upload of exactly `size` bytes and return its id.

        Its room is reserved. Raises UploadError when `size` does not fit into `free` bytes together
        with all unfinished uploads and `DISK_KEPT_FREE`, or when `by` has too many unfinished
        uploads.
        """
        if not 0 < size <= LARGEST_FILE:
            raise UploadError("The file is empty or larger than 50 GB.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder / "begin.lock", "a+b"):
            known = self._make_room(list(self._unfinished()), by, now)
            promised = sum(max(0, one.size - one.here) for one in known)
            if free - promised - size < DISK_KEPT_FREE:
                raise UploadError(
                    "The server's disk is too full for this file. Ask an engineer for more room: "
                    "media cannot be deleted here yet."
                )
            name = secrets.token_hex(16)
            (self.folder / f"{name}.part").touch(mode=0o600)
            declared = json.dumps({"size": size, "by": by})
            (self.folder / f"{name}.json").write_text(declared)
        return name

    def offset(self, name: str) -> int:
        """Return the number of bytes that have arrived."""
        return self._part(name).stat().st_size

    def append(self, name: str, at: int, length: int, body: IO[bytes], free: int) -> int:
        """Append a piece of `length` bytes that starts at byte `at`; return the new length.

        Of several pieces for one place exactly one is written. Raises UploadError when `at` is not
        where the file ends, when more comes than was declared, or when the disk is too full;
        BusyError while another piece is being written.
        """
        part, size = self._part(name), self._size(name)
        with _locked(part) as file:
            here = os.fstat(file.fileno()).st_size
            if at != here:
                raise UploadError(f"This piece starts at {at}, the file here ends at {here}.")
            if not 0 < length <= min(LARGEST_PIECE, size - here):
                raise UploadError(f"This piece is larger than what is left of the {size} bytes.")
            if free - length < DISK_KEPT_FREE:
                raise UploadError("The server's disk is too full. Ask an engineer for more room.")
            file.seek(here)
            try:
                for block in _blocks(body, length):
                    file.write(block)
                file.flush()
            except OSError as error:
                file.truncate(here)
                raise UploadError(f"This piece could not be saved: {error.strerror}.") from error
            return os.fstat(file.fileno()).st_size

    def finish(self, name: str, size: int) -> Path:
        """Return the complete file, synced to disk. Raises UploadError while bytes are missing."""
        part = self._part(name)
        with _locked(part) as file:
            here = os.fstat(file.fileno()).st_size
            if not here == size == self._size(name):
                raise UploadError("Some of the file is missing; upload it again.")
            os.fsync(file.fileno())
            whole = part.with_suffix(".upload")
            part.replace(whole)
        part.with_suffix(".json").unlink(missing_ok=True)
        return whole

    def _part(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise UploadError("This upload does not exist.")
        part = self.folder / f"{name}.part"
        if not part.is_file():
            raise UploadError("This upload has ended or never started; start it again.")
        return part

    def _size(self, name: str) -> int:
        return int(_declared(self.folder / f"{name}.json").get("size", 0))

    def _unfinished(self) -> Iterator[_UnfinishedUpload]:
        for part in self.folder.glob("*.part"):
            declared = _declared(part.with_suffix(".json"))
            try:
                seen = part.stat()
            except FileNotFoundError:  # deleted or finished meanwhile
                continue
            size, by = int(declared.get("size", 0)), str(declared.get("by", ""))
            yield _UnfinishedUpload(part.stem, by, size, seen.st_size, seen.st_mtime)

    def _make_room(
        self, known: list[_UnfinishedUpload], by: str, now: datetime
    ) -> list[_UnfinishedUpload]:
        """Return the unfinished uploads, dropping this person's oldest idle one if they have too
        many.
        """
        own = sorted((one for one in known if one.by == by), key=lambda one: one.touched)
        if len(own) < MOST_UNFINISHED:
            return known
        first = own[0]
        if now.timestamp() - first.touched < GIVES_WAY_AFTER:
            raise UploadError(f"You have {len(own)} unfinished uploads. Finish one first.")
        for suffix in (".part", ".json"):
            (self.folder / f"{first.name}{suffix}").unlink(missing_ok=True)
        return [one for one in known if one is not first]


@contextmanager
def _locked(path: Path, mode: str = "r+b") -> Iterator[IO[bytes]]:
    """Open and lock the file; if it can be deleted, only while it still exists.

    Raises BusyError while another piece is being written, and UploadError if the file is gone.
    """
    waits = mode != "r+b"
    try:
        file: IO[bytes] = path.open(mode)
    except FileNotFoundError as error:
        raise UploadError("This upload has ended; start it again.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BusyError("Another piece of this file is being received.") from error
        if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise UploadError("This upload has ended; start it again.")
        yield file


def _declared(path: Path) -> dict[str, Any]:
    """Return what was declared; empty if unreadable, as for an upload of an older version."""
    try:
        declared = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return declared if isinstance(declared, dict) else {}


def _blocks(body: IO[bytes], limit: int) -> Iterator[bytes]:
    left = limit
    while left > 0 and (block := body.read(min(BLOCK_BYTES, left))):
        left -= len(block)
        yield block
