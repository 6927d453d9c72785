"""Abandoned uploads, swept from the disk that the database uses too."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)
UPLOAD_KEPT_FOR = timedelta(hours=24)
"""An upload may be resumed for this long after its last byte."""
UPLOAD_SUFFIXES = (".part", ".json", ".upload")


def sweep(uploads: Path, awaited: Collection[str], now: datetime) -> int:
    """Remove uploads untouched for a day that no check waits for; return how many files.

    `awaited` are the names that a waiting or running check will read. A file that cannot be removed
    is logged, and tried again the next night.
    """
    swept = 0
    for path in uploads.glob("*"):
        if path.suffix not in UPLOAD_SUFFIXES or path.name in awaited:
            continue
        try:
            if now.timestamp() - path.stat().st_mtime < UPLOAD_KEPT_FOR.total_seconds():
                continue
            # The .json keeps the state of its .part, so it goes only after that.
            if path.suffix == ".json" and path.with_suffix(".part").exists():
                continue
            path.unlink()
        except FileNotFoundError:  # finished, or checked, meanwhile
            continue
        except OSError as error:
            log.warning("an abandoned upload stays: %s", error)
            continue
        swept += 1
    if swept:
        log.info("removed %d files of abandoned uploads", swept)
    return swept
