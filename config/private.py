"""What is ours alone: state holds addresses, hashes, passphrases and keys, whoever starts us."""

import os
import stat
from pathlib import Path

OTHERS_ACCESS = stat.S_IRWXO


def keep_private(folder: Path) -> None:
    """From now on nothing that this process makes can be read by others, and nothing in `folder`.

    A unit that gives its group some of it, as ours do, has already said so in its umask, and keeps
    it. A folder of somebody else's is left as it is. Raises OSError where it cannot be made.
    """
    before = os.umask(0o077)
    if before & OTHERS_ACCESS == OTHERS_ACCESS:
        os.umask(before)
    folder.mkdir(parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & OTHERS_ACCESS:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS_ACCESS)
