"""Privacy of state on disk: it holds addresses, hashes, passphrases and keys, whoever starts the
process.
"""

import os
import stat
from pathlib import Path

OTHERS_ACCESS = stat.S_IRWXO


def keep_private(folder: Path) -> None:
    """Make everything this process creates, and `folder`, unreadable to other users.

    A systemd unit that grants its group access has said so in its umask, and that umask is kept. A
    folder that belongs to another user is left as it is. Raises OSError where the folder cannot be
    made.
    """
    before = os.umask(0o077)
    if before & OTHERS_ACCESS == OTHERS_ACCESS:
        os.umask(before)
    folder.mkdir(parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid == os.geteuid() and found.st_mode & OTHERS_ACCESS:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS_ACCESS)
