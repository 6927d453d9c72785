"""The votes of this server on which of a channel's two machines may send.

Votes are in memory, and a voter that has just begun promises nothing for as long as a promise of
the one before it may last. Two processes cannot both vote, because the vote needs the lock of a
file, which ends with its process.
"""

import fcntl
import logging
import os
import threading
from pathlib import Path

from config.clock import Clock
from config.names import ChannelId
from config.settings import Settings
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.lease.voter import Voter
from scheduler.db.store import Database, DatabaseError
from scheduler.queries.host_api import DoorKeys, door_keys
from web.kit.bounded_look import BoundedLook

log = logging.getLogger(__name__)
KEYS_KEPT = 5.0
"""Seconds for which a key is known before the rows are read again."""
KEYS_PATIENCE = 0.03
"""Seconds to wait for them; then those of the reading before are used."""
LOCK = "witness.lock"


def votes(settings: Settings) -> bool:
    """Tell whether a server of these settings votes; unsaid, only one that must be alone does."""
    return settings.witness if settings.witness is not None else not settings.database_url


class Witness:
    """The votes of this process, and the keys of machines that may ask for them."""

    def __init__(self, lock: Path, keys: BoundedLook[DoorKeys], clock: Clock) -> None:
        self._path, self._keys, self._clock = lock, keys, clock
        self._known: DoorKeys | None = None
        self._lock = threading.Lock()
        self._file: int | None = None
        self._voters: dict[ChannelId, Voter] = {}

    def keys(self) -> DoorKeys | None:
        """Return the keys, from a moment ago while the database does not answer; None before they
        were read once.
        """
        try:
            self._known = self._keys.result() or self._known
        except DatabaseError:
            log.debug("The witness goes on with the keys that it knows.")
        return self._known

    def answer(self, channel: ChannelId, wish: VoteRequest) -> VoteAnswer | None:
        """Vote; None while another process of this server has the vote."""
        with self._lock:
            if not self._may_vote():
                return None
            now = self._clock.monotonic()
            voter = self._voters.setdefault(channel, Voter(now))
            return voter.answer(wish, now)

    def close(self) -> None:
        """Give the vote up, as the end of the process does."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            self._voters.clear()

    def _may_vote(self) -> bool:
        """Return whether this process has the lock, which it keeps to its end."""
        if self._file is not None:
            return True
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            log.warning("The witness cannot vote: %s", error)
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True


def make_witness(folder: Path, db: Database, clock: Clock) -> Witness:
    """Return the witness of this process; `folder` is where all processes of the server meet."""
    look = BoundedLook(lambda: door_keys(db), clock, kept=KEYS_KEPT, patience=KEYS_PATIENCE)
    return Witness(folder / LOCK, look, clock)
