"""One look at a watch folder: its files with their subfolders, bounded, and no link followed."""

import os
import stat
from pathlib import Path

from scheduler.domain.library.arriving import Seen, is_ignored

MOST_FILES = 10_000
"""Files of one look; the others wait for a later one."""
DEEPEST = 8
"""Subfolders in one another."""


def scan(root: Path) -> dict[str, Seen]:
    """Return the files below a folder, by their path below it. Raises OSError.

    A link is one of the files, whatever it leads to. Pipes, sockets and devices are left out.
    """
    files: dict[str, Seen] = {}
    folders = [("", 0)]
    while folders and len(files) < MOST_FILES:
        inside, depth = folders.pop(0)
        with os.scandir(root / inside) as entries:
            for entry in entries:
                if is_ignored(entry.name):
                    continue
                path = f"{inside}/{entry.name}" if inside else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if depth < DEEPEST:
                        folders.append((path, depth + 1))
                elif (seen := _seen(entry)) is not None:
                    files[path] = seen
    return files


def _seen(entry: os.DirEntry[str]) -> Seen | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # taken away since
        return None
    link = stat.S_ISLNK(status.st_mode)
    if not (link or stat.S_ISREG(status.st_mode)):
        return None
    return Seen(status.st_size, status.st_mtime_ns, status.st_ino, link)
