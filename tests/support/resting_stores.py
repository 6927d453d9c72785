"""A server with one film, its archive and its backup, all with real files."""

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from support.desk import NOW, a_channel, an_asset

from config.archive_settings import ArchiveSettings
from config.clock import SimulatedClock
from config.names import AssetKey
from media.store import MediaStore
from scheduler.actions import homecoming, resting
from scheduler.backup import folder as backups
from scheduler.backup.second_store import SecondStore, initialise
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, JobRow
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process.archiving import ArchiveCopies
from scheduler.process.jobs import JobWorker
from scheduler.process.keeper import Keeper
from scheduler.process.resting import Places, Rests, Returns
from scheduler.queries import library
from scheduler.queries import resting as query

DAY = timedelta(days=1)
HALF_A_YEAR = 180 * DAY
FILM = b"film" * 1000


@dataclass
class Stores:
    """A server with one film, its archive and its backup."""

    db: Database
    store: MediaStore
    second: SecondStore
    backup: Path
    clock: SimulatedClock
    asset: Asset

    @property
    def key(self) -> AssetKey:
        assert self.asset.media is not None
        return self.asset.media.key

    @property
    def here(self) -> Path:
        return self.store.path(self.key, ".mp4")

    @property
    def there(self) -> Path:
        return self.second.path(self.key, ".mp4")

    @property
    def in_backup(self) -> Path:
        return backups.open_folder(self.backup).object(f"{self.key}.mp4")

    def keeper_looks(self) -> None:
        """Let the keeper look once: it queues copies, and notes that the archive is here."""
        settings = ArchiveSettings(archive_folder=self.second.root, archive_after_days=30)
        Keeper(self.db, self.store, self.clock, settings).one()

    def turn(self) -> None:
        """Let the scheduler look once, and do what is queued."""
        now, here = self.clock.utc(), dict(self.store.oldest_first())
        resting.wake(self.db, here)
        homecoming.compare_store(self.db, now, here)
        self.keeper_looks()
        places = Places(self.store, self.second.root, self.backup)
        returns = Returns(self.db, places, self.clock)
        returns.queue_due()
        handlers = {
            JobKind.ARCHIVE: ArchiveCopies(self.db, self.store, self.second.root, self.clock),
            JobKind.REST: Rests(self.db, places, self.clock, HALF_A_YEAR),
            JobKind.RETURN: returns,
        }
        worker = JobWorker(Lane.COPY, handlers, self.db, self.clock)
        while worker.one():
            pass

    def later(self, days: int) -> None:
        """Go on some days, and let the scheduler look."""
        self.clock.advance(days * DAY)
        self.turn()

    def rests(self) -> bool:
        return bool(query.resting_of(self.db, [self.key]))

    def notes(self, kind: JobKind) -> list[str]:
        """Return what the newest job of a kind says, waiting or over."""
        with self.db.read() as session:
            rows = [row for row in session.query(JobRow) if row.kind == kind.value]
            return [row.note or row.step for row in sorted(rows, key=lambda row: row.created)]


def a_stored_film(db: Database, store: MediaStore, folder: Path) -> Asset:
    """Put a film and another file into a store, as of yesterday; return the film."""
    for name in ("other", "film"):
        source = folder / f"{name}.mp4"
        source.write_bytes(name.encode() * 1000)
        key, home = store.add(source)
        os.utime(home, (NOW.timestamp() - 86_400,) * 2)
    asset = an_asset(db, "Film", "f")
    with db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None and row.media is not None
        row.media, row.key = {**row.media, "key": key, "size": 4000}, key
    return library.entry(db, asset.id).asset


def some_stores(db: Database, root: Path, disk: Path | None = None) -> Stores:
    """Make them below `root`, the server's store on a disk of its own where one is given."""
    a_channel(db)
    store = MediaStore((disk or root) / "media")
    film = a_stored_film(db, store, root)
    backup = backups.initialise(root / "backup")
    found = Stores(
        db, store, initialise(root / "archive"), backup.root, SimulatedClock(NOW), film
    )  # fmt: skip
    found.in_backup.parent.mkdir(parents=True)
    shutil.copy(found.here, found.in_backup)
    homecoming.count_backup(db, NOW, {found.key: 4000})
    return found


def resting_stores(stores: Stores) -> Stores:
    """Let half a year pass, after which the film rests in the archive."""
    stores.later(31)
    assert stores.there.exists() and stores.here.exists()
    stores.later(180)
    assert stores.rests() and not stores.here.exists()
    return stores
