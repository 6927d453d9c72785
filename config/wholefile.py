"""Files as whole values, written beside, synced and renamed: a reader never sees half of one."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes, *, keep_previous: bool = False) -> None:
    """Replace `path` by `content` so that it survives a power cut at any moment.

    Only its owner can read it. With `keep_previous` the old file stays beside it as
    `NAME.previous`. Raises OSError when the disk refuses; the old file is then untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        with open(os.open(beside, flags, 0o600), "wb") as file:  # noqa: PTH123 - its mode at birth
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if keep_previous and path.exists():
            path.replace(path.with_name(path.name + ".previous"))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file whole, without a sync: it is only worth a second.

    A full disk has no room for a second file. Then this one is written over where it is, padded
    with spaces: what a machine says of itself must not stand still while its disk is full. A reader
    may see half of it then, and reads again. A disk that refuses this too raises nothing; the next
    second writes it again.
    """
    temporary = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with suppress(OSError), path.open("r+b") as file:
            file.write(content.ljust(os.fstat(file.fileno()).st_size))


def publish_file(path: Path, content: bytes) -> None:
    """Replace a file that any user of the machine may read, as a web server does; no sync.

    Raises OSError when the disk refuses; the old file is then untouched.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        beside.chmod(0o644)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def safe(airing: str) -> str:
    """Return an airing's id as the name of a folder."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in airing)
