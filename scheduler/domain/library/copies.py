"""The places where a file is, and when a broadcast machine may let its own copy go.

where the recording is                       the machine asks      answer
machine A                                    A: may it go?         no: it is the only one
server, machine A                            A                     no: one would be left
server, machine A, backup                    A                     yes: two are left
server, machine A, machine B                 A                     yes; A is leaving from now on
server, machine A leaving, machine B         B                     no: one would be left
archive, backup, machine A                   A                     yes: it rests in the archive
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import AssetKey

LEAST_COPIES = 2
"""Copies of a recording that stay when a machine lets its own go."""
SERVER = "server"
"""The server's media store."""
SECOND_STORE = "second store"
"""The station's archive, on another disk or machine."""
BACKUP = "backup"
"""The backup folder, as the last good backup left it."""
_MACHINE = "machine:"
LEAVES_WITHIN = timedelta(minutes=30)
"""A machine that was told that it may let a file go, and still has it after so long, keeps it."""


@dataclass(frozen=True)
class Copy:
    """One place where a file is."""

    key: AssetKey
    place: str
    """SERVER, SECOND_STORE, BACKUP, or a machine as `machine_place` names it."""
    size: int
    """Bytes."""
    since: datetime
    """When it was first known there, UTC."""
    verified: datetime | None = None
    """When its bytes were last hashed there, UTC; None for never."""
    leaving: datetime | None = None
    """When the place was told that it may let it go, or the archive's copy was found damaged, UTC;
    it does not count from then on."""


def machine_place(host: str) -> str:
    """Return the place that is the disk of a broadcast machine, by the id of its key."""
    return f"{_MACHINE}{host}"


def host_of(place: str) -> str | None:
    """Return the id of the key of the machine that this place is; None for any other place."""
    return place.removeprefix(_MACHINE) if place.startswith(_MACHINE) else None


def may_let_go(
    copies: Iterable[Copy],
    place: str,
    *,
    is_recording: bool,
    is_released: bool = False,
    rests: bool = False,
) -> bool:
    """Return whether the machine at `place` may delete its copy of a file.

    Of a recording LEAST_COPIES stay elsewhere, one of them at the server. An upload came from the
    server, so a machine's copy of it is a cache and the server's copy is enough. Of a file that
    `rests` in the archive LEAST_COPIES stay elsewhere, one of them there. What was let go by rule
    (`is_released`) may go everywhere.
    """
    if is_released:
        return True
    elsewhere = {one.place for one in copies if one.place != place and one.leaving is None}
    if (SECOND_STORE if rests else SERVER) not in elsewhere:
        return False
    return len(elsewhere) >= LEAST_COPIES or not (is_recording or rests)
