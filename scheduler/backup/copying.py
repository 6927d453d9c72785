"""Copies whose bytes are hashed on the way, synced, and named only when they are right."""

import hashlib
import os
from pathlib import Path

from config.wholefile import sync_folder
from scheduler.backup.manifest import FileRecord

PIECE_BYTES = 1 << 20


class DamagedSource(Exception):
    """A file whose bytes do not match its hash, or that cannot be read; the text says which."""


def copy_file(source: Path, target: Path, expected: str | None = None) -> FileRecord:
    """Copy a file to a name that appears only once every byte is on the disk and matches.

    The folder of `target` must exist: it is never made here, so nothing is written below a mount
    that went away. Raises DamagedSource for a source that cannot be read or does not hash to
    `expected`, and OSError when the disk of `target` refuses.
    """
    beside = target.with_name(f".{target.name}.new")
    try:
        digest, size = _stream(source, beside)
        if expected is not None and digest != expected:
            raise DamagedSource(f"{source.name} is damaged: its bytes do not match its hash.")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(target.parent)
    return FileRecord(target.name, size, digest)


def _stream(source: Path, beside: Path) -> tuple[str, int]:
    try:
        reading = source.open("rb")
    except OSError as error:
        raise DamagedSource(f"{source.name} cannot be read: {error.strerror}.") from error
    digest, size = hashlib.sha256(), 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with reading, open(os.open(beside, flags, 0o600), "wb") as writing:  # noqa: PTH123 - its mode
        while piece := _read(reading.fileno(), source):
            digest.update(piece)
            writing.write(piece)
            size += len(piece)
        writing.flush()
        os.fsync(writing.fileno())
        # What airs keeps its place in memory: a library read whole would push it out.
        for handle in (reading.fileno(), writing.fileno()):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    return digest.hexdigest(), size


def _read(handle: int, source: Path) -> bytes:
    try:
        return os.read(handle, PIECE_BYTES)
    except OSError as error:
        raise DamagedSource(f"{source.name} cannot be read: {error.strerror}.") from error
