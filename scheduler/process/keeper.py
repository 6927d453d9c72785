"""The keeper: it removes what was deleted thirty days ago, and notes how full the disks are."""

import logging
import shutil
from datetime import datetime, timedelta

from config.archive_settings import ArchiveSettings
from config.clock import Clock
from config.names import AssetKey
from media.companion import Companions
from media.export import Exports
from media.store import MediaError, MediaStore
from scheduler.actions import archive as action
from scheduler.actions import disk_days, disposal
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.second_store import ArchiveError, SecondStore, open_store
from scheduler.db.store import Database
from scheduler.domain.library.pace import ARCHIVE_PLACE, SERVER_PLACE
from scheduler.domain.model.job import JobKind
from scheduler.process.job_loop import JobThread
from scheduler.queries import archive, companions, disks, exports, keeping, resting

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 600.0
"""Seconds between two looks at everything; a file that must stay is judged again."""
GLANCE_EVERY_SECONDS = 15.0
"""Seconds between two looks for what somebody let go to have its room."""
MOST_COPIES_QUEUED = 50
"""Copies to the second store that are queued at a time."""

MOST_RESTS_QUEUED = 20
"""Files that are queued at a time so that the server lets its copy go."""


class Keeper(JobThread):
    """A thread beside the scheduler's loop that lets go of what the rules allow."""

    def __init__(
        self, db: Database, store: MediaStore, clock: Clock, archive: ArchiveSettings | None = None
    ) -> None:
        super().__init__("keeper", clock, GLANCE_EVERY_SECONDS)
        self._db, self._store, self._archive = db, store, archive
        self._looked: int | None = None
        """When it looked at everything last, in nanoseconds of the monotonic clock."""
        self._tried = frozenset[int]()
        """Numbers of the bytes that were let go and had their turn."""

    def one(self) -> bool:
        """Look at everything where that is due, else for what was let go since. Return False."""
        now, since = self._clock.monotonic(), self._looked
        if since is None or now - since >= LOOK_EVERY_SECONDS * 1_000_000_000:
            self._looked = now
            self.look()
        elif set(keeping.let_go(self._db)) - self._tried:
            self._remove_let_go(self._clock.utc())
            self._clear_archive(self._clock.utc())
        return False

    def look(self) -> None:
        """Look once at the disks and through the trash."""
        now = self._clock.utc()
        disk_days.note(self._db, self._readings(now), now)
        self._let_go(now)
        self._use_archive(now)
        self._clear_archive(now)

    def _use_archive(self, now: datetime) -> None:
        """Queue copies to the second store, and what may rest there."""
        root = self._archive.archive_folder if self._archive is not None else None
        if self._archive is None or root is None:
            return
        after = timedelta(days=self._archive.archive_after_days)
        due = archive.due(self._db, now, after, MOST_COPIES_QUEUED)
        action.queue(self._db, JobKind.ARCHIVE, due, now)
        setting = timedelta(days=self._archive.archive_rest_days)
        rests = disks.rests_after(self._db, setting, now)
        unneeded = resting.due_to_rest(self._db, now, rests, MOST_RESTS_QUEUED)
        action.queue(self._db, JobKind.REST, unneeded, now)

    def _clear_archive(self, now: datetime) -> None:
        """Note the room of the second store, and remove from it what was let go."""
        root = self._archive.archive_folder if self._archive is not None else None
        if root is None:
            return
        try:
            second = open_store(root)
            disk_days.note(self._db, [_room_of(second)], now)
            for one in archive.released(self._db):
                second.remove(AssetKey(one.key), one.suffix)
                disposal.note_archive_cleared(self._db, now, one.key)
        except ArchiveError as error:
            log.warning("%s What was let go waits there.", error)

    def _sweep_made(self, now: datetime) -> None:
        """Delete what was made of files that are gone, before their bytes go and the certificate
        says so, and files of cuts that are old. Nobody else deletes any of it.
        """
        films = {film.key for film in companions.films(self._db)}
        made = Companions(self._store).sweep(films)
        made += Exports(self._store).sweep(now, exports.cuts_here(self._db).__contains__)
        if made:
            log.info("deleted what was made of %d files that are old or gone", made)

    def _readings(self, now: datetime) -> list[DiskReading]:
        """Return how full each disk is; one that cannot be asked is left out."""
        readings = [
            DiskReading(f"host:{name}"[:60], name, free)
            for name, free in disks.of_machines(self._db, now).items()
        ]
        try:
            usage = shutil.disk_usage(self._store.root)
        except OSError as error:
            log.warning("the disk of the media store cannot be asked: %s", error)
            return readings
        server = DiskReading(SERVER_PLACE, "Server", usage.free, usage.total)
        return [server, *readings]

    def _let_go(self, now: datetime) -> None:
        """Remove what the rules allow, one file at a time, until the process stops."""
        for asset in keeping.trash_over(self._db, now):
            if self._stop.is_set():
                return
            if not disposal.destroy(self._db, now, asset):
                log.info("the file %s is removed for good", asset)
        self._remove_let_go(now)

    def _remove_let_go(self, now: datetime) -> None:
        """Remove from the server what was let go, with all that was made of it."""
        self._sweep_made(now)
        numbers = keeping.let_go(self._db)
        self._tried = frozenset(numbers)
        for number in numbers:
            if self._stop.is_set():
                return
            try:
                disposal.remove_bytes(self._db, self._store, now, number)
            except MediaError as error:
                log.warning("%s It is tried again.", error)


def _room_of(second: SecondStore) -> DiskReading:
    """Return how full the archive's disk is. Raises ArchiveError where it went away meanwhile."""
    try:
        usage = shutil.disk_usage(second.root)
    except OSError as error:
        raise ArchiveError(f"The archive cannot be asked: {error.strerror}.") from error
    return DiskReading(ARCHIVE_PLACE, "Archive", usage.free, usage.total)
