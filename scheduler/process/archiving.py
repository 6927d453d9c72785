"""Copies in the second store: made, read back, verified again, and brought back where the server
lost its own.
"""

from pathlib import Path

from config.clock import Clock
from config.names import AssetKey
from media.store import MediaError, MediaStore
from scheduler.actions import archive as action
from scheduler.actions import resting
from scheduler.backup.second_store import ArchiveError, SecondStore, open_store
from scheduler.db.store import Database
from scheduler.domain.library.copies import SECOND_STORE, SERVER
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import archive as query
from scheduler.queries import resting as query_resting
from scheduler.reading.keeping import StoredBytes

DAMAGED = "The archive's copy is damaged, and the server has none to replace it."
BROUGHT_BACK = "The archive's copy is damaged. The server brings the file back from a backup."


class ArchiveCopies:
    """The handler that brings one file of the library in line in both stores."""

    def __init__(self, db: Database, store: MediaStore, root: Path, clock: Clock) -> None:
        self._db, self._store, self._root, self._clock = db, store, root, clock

    def do(self, job: Job, progress: Progress) -> None:
        """Copy what one of both stores lacks, and read back what the archive has.

        Raises JobFailed; an archive that is away, or a full disk, is tried again.
        """
        files = query.stored_files(self._db, asset_of(job))
        try:
            second = open_store(self._root)
            for number, one in enumerate(files):
                progress(number / len(files), "Copying to the archive and reading back")
                self._bring_in_line(second, one)
        except (ArchiveError, MediaError) as error:
            raise JobFailed(str(error), retry=True) from error

    def _bring_in_line(self, second: SecondStore, one: StoredBytes) -> None:
        key, suffix = AssetKey(one.key), one.suffix
        here, there = self._store.has(key, suffix), second.has(key, suffix)
        if there and not second.is_sound(key, suffix):
            open_store(second.root)  # A share that went away meanwhile proves nothing.
            # The copy must not count, or no machine that still holds the file is asked for it.
            action.distrust_copy(self._db, key, SECOND_STORE, self._clock.utc())
            if not here and resting.want(self._db, key, self._clock.utc()):
                raise JobFailed(BROUGHT_BACK, retry=False)
            if not here:
                raise JobFailed(DAMAGED, retry=False)
            there = False
        if not here and not there:
            open_store(second.root)
            # Gone from both, or still on a broadcast machine, which is asked for it from now on.
            action.forget_copy(self._db, key, SECOND_STORE)
            resting.forget(self._db, key)
            return
        if not there:
            second.copy_in(self._store.path(key, suffix), key, suffix)
        size = second.path(key, suffix).stat().st_size
        now = self._clock.utc()
        action.note_copy(self._db, key, SECOND_STORE, size, now)
        if not here and not query_resting.resting_of(self._db, [key]):
            second.copy_out(self._store, key, suffix)
            action.note_copy(self._db, key, SERVER, size, now)
