"""Mounts of folders, and whether a drive that was there is gone.

A drive that is not mounted leaves an empty folder, which looks like one that waits for files. What
gives it away is the place where its disk is mounted:

folder                 mounted before    mounted now    the drive
/mnt/cameras           /mnt/cameras      /              is away
/mnt/nas/incoming      /mnt/nas          /mnt/nas       is here
/srv/incoming          /                 /srv           was mounted since
"""

from pathlib import Path


def mount_point(folder: Path) -> Path:
    """Return the folder at or above this one where its disk is mounted. Raises OSError."""
    folder = folder.resolve(strict=True)
    return next((one for one in (folder, *folder.parents) if one.is_mount()), Path("/"))


def is_unmounted(before: Path | None, now: Path) -> bool:
    """Return whether a folder that was on the disk mounted at `before` is now on one above it."""
    return before is not None and now in before.parents
