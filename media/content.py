"""The bytes of a file: the hash that names them, and the error of a store that cannot give them."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from config.names import AssetKey

READ_BYTES = 1 << 20


class MediaError(Exception):
    """A file of the store that is missing, damaged or cannot be written; the sentence says
    which."""


def content_key(
    path: Path, progress: Callable[[float], None] | None = None, *, drop_pages: bool = False
) -> AssetKey:
    """Return the key of a file's bytes; `progress` gets fractions from 0 to 1. Raises MediaError.

    With `drop_pages` the file does not stay in the memory of the system: a library that is read
    whole would push out what airs. Ingest reads its file again at once, and keeps it there.
    """
    digest, done = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            total = max(1, os.fstat(file.fileno()).st_size)
            while piece := file.read(READ_BYTES):
                digest.update(piece)
                done += len(piece)
                if progress is not None:
                    progress(min(1.0, done / total))
            if drop_pages:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read: {error.strerror}.") from error
    return AssetKey(digest.hexdigest())
