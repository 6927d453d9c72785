"""Handlers of what rests in the archive: the server's copy goes, and comes back. What the server
lost comes back in the same lane.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from config.clock import Clock
from config.names import AssetKey
from config.settings import Settings
from config.sizes import bytes_words
from media.companion import Companions
from media.room import DISK_KEPT_FREE
from media.store import MediaError, MediaStore
from scheduler.actions import archive, companions, resting
from scheduler.backup.folder import BackupError, open_folder
from scheduler.backup.second_store import ArchiveError, SecondStore, copy_into, open_store
from scheduler.db.store import Database
from scheduler.domain.library.copies import BACKUP, SECOND_STORE
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobKind
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import disks, library
from scheduler.queries import resting as query
from scheduler.queries.resting import RestingFile
from scheduler.reading.keeping import StoredBytes

LOOK_EVERY_NS = 15 * 1_000_000_000
"""Nanoseconds between two looks at what must come back."""
MOST_QUEUED = 3
"""Returns that wait for their turn at a time."""
MEASURED_FROM = 50_000_000
"""Bytes from which on a copy tells at what pace the archive is read."""
FROM_BACKUP = "Coming back from the backup"
BACKUP_FAILS = "The server lost this file, and the backup's copy cannot be read or stored."
NOWHERE = (
    "The archive's copy is damaged or gone, and no backup has another. "
    "A machine that recorded it is asked for it."
)


@dataclass(frozen=True)
class Places:
    """The folders between which a file goes."""

    store: MediaStore
    archive: Path | None
    backup: Path | None

    @classmethod
    def of(cls, settings: Settings, store: MediaStore) -> "Places | None":
        """Return the folders of a server; None where it has neither an archive nor a backup."""
        if settings.archive_folder is None and settings.backup_folder is None:
            return None
        return cls(store, settings.archive_folder, settings.backup_folder)

    def open_archive(self) -> SecondStore:
        """Open the archive. Raises ArchiveError where it is away, or where there is none."""
        if self.archive is None:
            raise ArchiveError("No archive is set.")
        return open_store(self.archive)


class Rests:
    """The handler that lets the server's copy of a file go, after it has read the archive's."""

    def __init__(
        self,
        db: Database,
        places: Places,
        clock: Clock,
        after: timedelta,
        companions: Companions | None = None,
    ) -> None:
        """With `companions` a film gets a small copy first, by which it is seen while it rests."""
        self._db, self._places, self._clock, self._after = db, places, clock, after
        self._companions = companions

    def do(self, job: Job, progress: Progress) -> None:
        """Let the files of a library entry rest that may. Raises JobFailed.

        One that has no small copy yet gets it first, and is judged again a day later.
        """
        after = disks.rests_after(self._db, self._after, self._clock.utc())
        films = [
            one
            for one in query.films_of(self._db, asset_of(job))
            if not query.why_it_stays(self._db, one.key, self._clock.utc(), after)
        ]
        if not films or self._is_unseen(asset_of(job)):
            return
        try:
            second = self._places.open_archive()
            for one in films:
                progress(0.0, "Reading the archive's copy")
                self._rest(second, one, after)
        except (ArchiveError, MediaError) as error:
            raise JobFailed(str(error), retry=True) from error

    def _is_unseen(self, asset: AssetId) -> bool:
        """Return whether a film waits for its small copy, and queue that if nobody did."""
        media, now = library.entry(self._db, asset).asset.media, self._clock.utc()
        if self._companions is None or media is None or not media.length:
            return False
        strips = self._companions.strips(media.key)
        if strips is not None and strips.has_small_copy:
            return False
        return companions.queue_copied(self._db, now, asset)

    def _rest(self, second: SecondStore, one: StoredBytes, after: timedelta) -> None:
        key, now = AssetKey(one.key), self._clock.utc()
        if not second.is_sound(key, one.suffix):
            open_store(second.root)  # A share that went away meanwhile proves nothing.
            archive.distrust_copy(self._db, key, SECOND_STORE, now)
            raise JobFailed("The archive's copy is damaged. It is copied again.", retry=False)
        size = second.path(key, one.suffix).stat().st_size
        now = self._clock.utc()
        resting.let_rest(self._db, self._places.store, one, size, now, after)


class Returns:
    """The handler that brings back what rests, from the archive, else from the backup; and what the
    server lost, from the backup.
    """

    def __init__(self, db: Database, places: Places, clock: Clock) -> None:
        self._db, self._places, self._clock = db, places, clock
        self._looked: int | None = None

    def queue_due(self) -> None:
        """Queue the return of what is needed soon, or asked for, at most once in LOOK_EVERY_NS."""
        at = self._looked
        if at is not None and self._clock.monotonic() - at < LOOK_EVERY_NS:
            return
        self._looked, now = self._clock.monotonic(), self._clock.utc()
        due = query.next_to_return(self._db, now, MOST_QUEUED)
        if due:
            archive.queue(self._db, JobKind.RETURN, due, now)
            self._looked = None  # The one after them may be due as soon as they are back.

    def do(self, job: Job, progress: Progress) -> None:
        """Bring the files of a library entry back. Raises JobFailed."""
        films = query.films_of(self._db, asset_of(job))
        for one in query.resting_of(self._db, [film.key for film in films]):
            progress(0.0, "Coming back from the archive")
            self._bring_back(
                job, one, lambda share: progress(share, "Coming back from the archive")
            )
        for one in query.lost_of(self._db, asset_of(job), self._clock.utc()):
            progress(0.0, FROM_BACKUP)
            self._restore(one, lambda share: progress(share, FROM_BACKUP))

    def _restore(self, one: RestingFile, said: Callable[[float], None]) -> None:
        """Bring back a file that the server lost. Raises JobFailed."""
        key, suffix, store = AssetKey(one.bytes.key), one.bytes.suffix, self._places.store
        if not store.has(key, suffix):
            self._require_room(one)
            if not self._from_backup(one, said):
                raise self._not_restored(one)
        resting.came_back(self._db, key, one.size, self._clock.utc())

    def _not_restored(self, one: RestingFile) -> JobFailed:
        """Return why the backup did not give a file. One that it lacks is no more counted there."""
        key, name = AssetKey(one.bytes.key), f"{one.bytes.key}{one.bytes.suffix}"
        try:
            assert self._places.backup is not None
            is_there = open_folder(self._places.backup).object(name).is_file()
        except BackupError as error:
            return JobFailed(str(error), retry=True)
        if is_there:
            return JobFailed(BACKUP_FAILS, retry=True)
        archive.forget_copy(self._db, key, BACKUP)
        return JobFailed("The backup does not have it any more. Upload it again.", retry=False)

    def _bring_back(self, job: Job, one: RestingFile, said: Callable[[float], None]) -> None:
        key, store = AssetKey(one.bytes.key), self._places.store
        if not store.has(key, one.bytes.suffix):
            self._require_room(one)
            lacked = one.size - store.partials().get(key, 0)
            began = self._clock.monotonic()
            self._copy(one, said)
            spent = (self._clock.monotonic() - began) / 1_000_000_000
            if lacked >= MEASURED_FROM and spent > 0:
                resting.note_pace(self._db, job.id, int(lacked / spent))
        resting.came_back(self._db, key, one.size, self._clock.utc())

    def _require_room(self, one: RestingFile) -> None:
        store = self._places.store
        coming = one.size - store.partials().get(AssetKey(one.bytes.key), 0)
        lacks = coming + DISK_KEPT_FREE - store.free_bytes()
        if lacks > 0:
            raise JobFailed(
                f"The server's disk is full: {bytes_words(lacks)} too few. Delete what is not "
                "needed, or use a larger disk.",
                retry=True,
            )

    def _copy(self, one: RestingFile, said: Callable[[float], None]) -> None:
        """Copy the bytes from where they are whole. Raises JobFailed."""
        key, suffix = AssetKey(one.bytes.key), one.bytes.suffix
        try:
            second = self._places.open_archive()
        except ArchiveError as error:
            if not self._from_backup(one, said):
                raise JobFailed(str(error), retry=True) from error
            return
        try:
            second.copy_out(self._places.store, key, suffix, said)
        except (ArchiveError, MediaError) as error:
            self._copy_otherwise(second, one, said, error)

    def _copy_otherwise(
        self, second: SecondStore, one: RestingFile, said: Callable[[float], None], why: Exception
    ) -> None:
        """Copy the bytes from the backup, where the archive did not give them. Raises JobFailed."""
        key, suffix = AssetKey(one.bytes.key), one.bytes.suffix
        is_sound = second.is_sound(key, suffix)
        if isinstance(why, MediaError) and is_sound:
            raise JobFailed(str(why), retry=True) from why  # The server's own disk is to blame.
        if self._from_backup(one, said):
            return
        if is_sound or not _is_here(second):
            # A disk that fails may work later, and a share that went away proves nothing.
            raise JobFailed(str(why), retry=True) from why
        resting.is_damaged(self._db, key, self._clock.utc())
        raise JobFailed(NOWHERE, retry=False) from why

    def _from_backup(self, one: RestingFile, said: Callable[[float], None]) -> bool:
        """Copy the bytes from the backup; return whether it has them whole."""
        key, suffix = AssetKey(one.bytes.key), one.bytes.suffix
        if self._places.backup is None:
            return False
        try:
            source = open_folder(self._places.backup).object(f"{key}{suffix}")
            self._places.store.drop_partial(key)
            copy_into(self._places.store, source, key, suffix, said)
        except (BackupError, OSError, MediaError):
            return False
        return True


def _is_here(second: SecondStore) -> bool:
    try:
        open_store(second.root)
    except ArchiveError:
        return False
    return True
