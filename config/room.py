"""How much room the disk of a channel's folder has left, in words for staff."""

import shutil
from pathlib import Path

from config.disk import FULL, MEND
from config.sizes import size

LEAST_FREE = 512 * 2**20
"""Bytes: with less, no source is recorded, so that air and its record have the rest."""


def free_in(folder: Path) -> int | None:
    """Return the bytes that the disk of this folder has left; None where it does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def short_of_room(folder: Path) -> str:
    """Say that the disk of this folder is full, or so full that nothing is recorded any more.

    Empty while there is room. A small write may still fit into the last block of a file, so a full
    disk is told by its own word rather than by the first write that it refuses.
    """
    free = free_in(folder)
    if free is None or free >= LEAST_FREE:
        return ""
    if free < FULL:
        return (
            f"The disk with {folder} is full. The schedule airs, but what is written down of it "
            f"waits in memory and is lost if this machine stops. {MEND}"
        )
    return f"Only {size(free)} are free on the disk with {folder}: nothing is recorded. {MEND}"
