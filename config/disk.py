"""How much room a disk has for what Gavel keeps there, as `doctor` says it on every machine."""

import os
import shutil
from pathlib import Path

from config.finding import Finding
from config.sizes import GIGABYTE, size

FULL = 1 << 20
"""Bytes: with less, nothing new can be counted on to be written."""
LITTLE = 5 * GIGABYTE
"""Bytes: an hour of council in HD takes two to four gigabytes."""
MEND = "Remove files or add a disk."


def place_of(folder: Path) -> Path:
    """Return the folder, or the one above it that is made already."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def judged(name: str, folder: Path) -> Finding:
    """Judge the disk of one folder, `name` what it is for. Raises OSError where it says nothing."""
    place = place_of(folder)
    usage = shutil.disk_usage(place)
    free = f"{size(usage.free)} free for {name} in {folder}"
    if not os.access(place, os.W_OK) or not usage.total:
        mend = f"Give the service's user the folder: chown -R gavel {folder}"
        return Finding("wrong", f"{folder} cannot be written.", mend)
    if usage.free < FULL:
        return Finding("wrong", f"The disk for {name} in {folder} is full.", MEND)
    if usage.free < LITTLE or usage.free < usage.total // 20:
        return Finding("wrong", f"Only {free}.", MEND)
    return Finding("good", f"{free}.")
