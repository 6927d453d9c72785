"""The agent's identity: one for its journal, made once, and one for each start."""

import logging
import re
import secrets
from pathlib import Path

from config.wholefile import write_whole
from playout.model.identity import MachineIdentity

log = logging.getLogger(__name__)
FILE = "machine"
_MACHINE = re.compile(r"[0-9a-f]{32}")


def own_identity(folder: Path) -> MachineIdentity:
    """Return the identity of a channel's agent that starts now; `folder` holds its journal.

    What the file says is kept, so that the server knows the journal again after a restart. A disk
    that takes no file gives another identity at the next start, and air does not wait for that.
    """
    path = folder / FILE
    try:
        machine = path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    if not _MACHINE.fullmatch(machine):
        machine = secrets.token_hex(16)
        try:
            write_whole(path, machine.encode())
        except OSError as error:
            log.warning("The identity of this machine cannot be kept: %s", error)
    return MachineIdentity(machine, secrets.token_hex(8))
