"""The state of a disk in words: for `doctor` on every machine, and for a running channel.

Three limits, from the first to bite: below LOW_BELOW `doctor` asks for a larger disk, below
RECORDING_STOPS_BELOW nothing is recorded any more, below FULL_BELOW nothing new is sure to be
written.
"""

import os
import shutil
from pathlib import Path

from config.finding import MachineFinding
from config.sizes import GIGABYTE, bytes_words

LOW_BELOW = 5 * GIGABYTE
"""Bytes. An hour of council in HD takes two to four gigabytes."""
RECORDING_STOPS_BELOW = 512 * 2**20
"""Bytes. Recording stops here, so that air and the as-run record keep the rest."""
FULL_BELOW = 1 << 20
"""Bytes. A small write may still fit into the last block of a file, so a disk counts as full before
it refuses its first write."""
MAKE_ROOM = "Remove files or add a disk."


def existing_folder(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def disk_finding(name: str, folder: Path) -> MachineFinding:
    """Judge the disk of one folder for `doctor`; `name` says what the folder is for.

    Raises OSError where the disk cannot be asked.
    """
    place = existing_folder(folder)
    usage = shutil.disk_usage(place)
    free = f"{bytes_words(usage.free)} free for {name} in {folder}"
    if not os.access(place, os.W_OK) or not usage.total:
        mend = f"Give the service's user the folder: chown -R gavel {folder}"
        return MachineFinding("wrong", f"{folder} cannot be written.", mend)
    if usage.free < FULL_BELOW:
        return MachineFinding("wrong", f"The disk for {name} in {folder} is full.", MAKE_ROOM)
    if usage.free < LOW_BELOW or usage.free < usage.total // 20:
        return MachineFinding("wrong", f"Only {free}.", MAKE_ROOM)
    return MachineFinding("good", f"{free}.")


def free_bytes(folder: Path) -> int | None:
    """Return the bytes free on the disk of this folder; None where the disk cannot be asked."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def shortage(folder: Path) -> str:
    """Say for a channel's status that its disk is full, or too full to record.

    Empty while there is room, and where the disk cannot be asked.
    """
    free = free_bytes(folder)
    if free is None or free >= RECORDING_STOPS_BELOW:
        return ""
    if free < FULL_BELOW:
        return (
            f"The disk with {folder} is full. The schedule airs, but what is written down of it "
            f"waits in memory and is lost if this machine stops. {MAKE_ROOM}"
        )
    left = bytes_words(free)
    return f"Only {left} are free on the disk with {folder}: nothing is recorded. {MAKE_ROOM}"
