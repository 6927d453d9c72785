"""Room on the disk that what comes in may use."""

import shutil
from pathlib import Path

from media.store import MediaStore

DISK_KEPT_FREE = 2 * 1000**3
"""Bytes of disk that uploads leave free for the database and the air logs."""


def free_room(store: MediaStore, uploads: Path) -> int:
    """Return the free bytes where both the upload and its stored copy must fit."""
    uploads.mkdir(parents=True, exist_ok=True)
    return min(store.free_bytes(), shutil.disk_usage(uploads).free)
