"""The second store, with real files in both: copied, read back, replaced, brought back, let go."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import ADMIN, NOW
from support.resting_stores import a_stored_film

from config.archive_settings import ArchiveSettings
from config.clock import SimulatedClock
from media.store import MediaStore
from playout.model.holdings import HeldFile
from scheduler.actions import disk_days, disposal, homecoming, keeping
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.second_store import MARKER, ArchiveError, SecondStore, initialise, open_store
from scheduler.changing import copies
from scheduler.db.store import Database
from scheduler.db.tables.plan import JobRow
from scheduler.domain.library.archiving import archive_due, pause_after
from scheduler.domain.library.copies import SECOND_STORE
from scheduler.domain.library.keeping import STANDARD_CLASSES
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import HostId
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process.archiving import ArchiveCopies
from scheduler.process.jobs import JobWorker
from scheduler.process.keeper import Keeper
from scheduler.queries import archive, disks, library
from scheduler.queries import keeping as query

DAY = timedelta(days=1)
FOREVER, THREE_YEARS, *_ = STANDARD_CLASSES


@pytest.mark.parametrize(
    ("kept", "needed", "verified", "due"),
    [
        (FOREVER, 1, None, True),
        (THREE_YEARS, 11, None, False),
        (THREE_YEARS, 61, None, True),
        (THREE_YEARS, 61, 11, False),
        (THREE_YEARS, 61, 122, True),
        (None, 61, None, True),
    ],
)
def test_the_rule_of_the_second_store(
    kept: object, needed: int, verified: int | None, due: bool
) -> None:
    read = NOW - verified * DAY if verified is not None else None
    assert archive_due(kept, NOW - needed * DAY, read, NOW, 30 * DAY) is due  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("damaged_days", "hours"), [(None, 6), (0, 6), (1.9, 6), (2, 7 * 24), (60, 7 * 24)]
)
def test_a_damaged_copy_is_tried_less_often_after_two_days(
    damaged_days: float | None, hours: int
) -> None:
    since = NOW - damaged_days * DAY if damaged_days is not None else None
    assert pause_after(since, NOW) == timedelta(hours=hours)


@dataclass
class Stores:
    """A server with one film, and a second store."""

    db: Database
    store: MediaStore
    second: SecondStore
    clock: SimulatedClock
    asset: Asset

    @property
    def here(self) -> Path:
        assert self.asset.media is not None
        return self.store.path(self.asset.media.key, ".mp4")

    @property
    def there(self) -> Path:
        assert self.asset.media is not None
        return self.second.path(self.asset.media.key, ".mp4")

    def turn(self) -> None:
        """Let the scheduler look once, and do the copies that are queued."""
        homecoming.compare_store(self.db, self.clock.utc(), dict(self.store.oldest_first()))
        settings = ArchiveSettings(archive_folder=self.second.root, archive_after_days=30)
        Keeper(self.db, self.store, self.clock, settings).one()
        handler = ArchiveCopies(self.db, self.store, self.second.root, self.clock)
        worker = JobWorker(Lane.COPY, {JobKind.ARCHIVE: handler}, self.db, self.clock)
        while worker.one():
            pass

    def archived(self) -> bool:
        assert self.asset.media is not None
        with self.db.read() as session:
            found = copies.copies_of(session, [self.asset.media.key])
        known = found.get(self.asset.media.key, ())
        return any(one.place == SECOND_STORE and one.leaving is None for one in known)


@pytest.fixture
def stores(sqlite_db: Database, tmp_path: Path) -> Stores:
    store = MediaStore(tmp_path / "media")
    film = a_stored_film(sqlite_db, store, tmp_path)
    return Stores(sqlite_db, store, initialise(tmp_path / "archive"), SimulatedClock(NOW), film)


def test_what_did_not_air_for_a_month_is_copied_and_read_back(stores: Stores) -> None:
    stores.turn()
    assert not stores.there.exists()
    stores.clock.advance(31 * DAY)
    stores.turn()
    assert stores.there.read_bytes() == b"film" * 1000 and stores.archived()
    assert stores.here.exists()


def test_a_damaged_copy_is_found_when_it_is_read_again_and_replaced(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    stores.there.chmod(0o600)
    stores.there.write_bytes(b"rust")
    stores.turn()
    assert stores.there.read_bytes() == b"rust", "it is read again after ninety days"
    stores.clock.advance(91 * DAY)
    stores.turn()
    assert stores.there.read_bytes() == b"film" * 1000


def test_what_the_server_lost_comes_back_by_itself(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    stores.here.unlink()
    stores.clock.advance(DAY)
    stores.turn()
    assert stores.here.read_bytes() == b"film" * 1000


@pytest.mark.parametrize("how", ["lost", "damaged"])
def test_a_copy_that_the_archive_no_longer_has_sound_counts_no_more(
    stores: Stores, how: str
) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    assert stores.archived()
    stores.here.unlink()
    if how == "lost":
        stores.there.unlink()
    else:
        stores.there.chmod(0o600)
        stores.there.write_bytes(b"rust")
    stores.clock.advance(DAY)
    stores.turn()
    assert not stores.archived(), "a machine that holds it would never be asked to send it"
    source = stores.here.with_name("brought.mp4")
    source.write_bytes(b"film" * 1000)
    stores.store.add(source)
    stores.clock.advance(DAY)
    stores.turn()
    assert stores.archived() and stores.there.read_bytes() == b"film" * 1000


def test_a_copy_that_stays_damaged_is_tried_seldom_and_told(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    stores.here.unlink()
    stores.there.chmod(0o600)
    stores.there.write_bytes(b"rust")
    begin, told = stores.clock.utc(), dict[int, str]()
    for hour in range(0, 21 * 24, 6):
        stores.clock.advance(timedelta(hours=6))
        stores.turn()
        told[hour] = disks.damaged(stores.db, stores.clock.utc())
    with stores.db.read() as session:
        tries = [row for row in session.query(JobRow) if row.created >= begin]
    assert len(tries) <= 12, "each try reads the whole file"
    assert told[36] == ""
    assert told[60] == "Damaged in the archive, and not on the server: Film."
    (fault,) = disks.faults(stores.db, True, stores.clock.utc()).holding
    assert fault.condition == "archive damaged"
    source = stores.here.with_name("brought.mp4")
    source.write_bytes(b"film" * 1000)
    stores.store.add(source)
    stores.clock.advance(8 * DAY)
    stores.turn()
    assert stores.archived() and disks.damaged(stores.db, stores.clock.utc()) == ""


def test_a_share_that_is_away_changes_nothing_and_is_tried_again(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    aside = stores.second.root.with_name("aside")
    stores.second.root.rename(aside)
    stores.second.root.mkdir()
    stores.turn()
    assert list(stores.second.root.iterdir()) == [] and not stores.archived()
    stores.second.root.rmdir()
    aside.rename(stores.second.root)
    stores.clock.advance(DAY)
    stores.turn()
    assert stores.there.exists() and stores.archived()
    stores.second.root.rename(aside)
    stores.clock.advance(91 * DAY)
    stores.turn()
    assert stores.archived(), "an archive that is away is never taken for an empty one"


def test_what_is_let_go_leaves_the_archive_too_once_it_is_there(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    asset = library.entry(stores.db, stores.asset.id).asset
    keeping.set_class(stores.db, ADMIN, NOW, asset.id, "30-days", asset.version)
    signed = disposal.sign(stores.db, ADMIN, stores.clock.utc(), [asset.id], "LGS-1")
    aside = stores.second.root.with_name("aside")
    stores.second.root.rename(aside)
    stores.clock.advance(31 * DAY)
    stores.turn()
    assert not stores.here.exists()
    (item,) = query.disposal(stores.db, signed).items
    assert item.destroyed is None, "its bytes are still in the archive"
    aside.rename(stores.second.root)
    stores.turn()
    assert not stores.there.exists() and not stores.archived()
    (item,) = query.disposal(stores.db, signed).items
    assert item.destroyed == stores.clock.utc()
    assert archive.released(stores.db) == ()


def test_what_is_let_go_before_its_time_frees_every_disk_within_a_minute(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    asset = library.entry(stores.db, stores.asset.id).asset
    assert asset.media is not None and stores.there.exists()
    rack = Host(HostId("rack"), "Rack 2", NOW, revoked=False)
    held = [HeldFile(asset.media.key, asset.media.size)]
    homecoming.hold(stores.db, rack, held, stores.clock.utc())
    settings = ArchiveSettings(archive_folder=stores.second.root)
    keeper = Keeper(stores.db, stores.store, stores.clock, settings)
    keeper.one()
    disposal.delete(stores.db, ADMIN, stores.clock.utc(), asset.id, asset.version)
    disposal.release(stores.db, ADMIN, stores.clock.utc(), asset.id)
    stores.clock.advance(timedelta(seconds=15))
    keeper.one()
    assert not stores.here.exists() and not stores.there.exists()
    told = homecoming.hold(stores.db, rack, None, stores.clock.utc())
    assert told.released == (asset.media.key,)


def test_an_archive_that_is_away_for_half_an_hour_is_told_until_it_is_back(stores: Stores) -> None:
    def told() -> list[str]:
        found = disks.faults(stores.db, True, stores.clock.utc()).holding
        return [f"{one.condition}: {one.detail}" for one in found]

    never = ["archive away: The archive was never found."]
    assert told() == never
    assert disks.faults(stores.db, False, NOW).holding == (), "the settings name no archive"
    stores.turn()
    room = disks.archive(stores.db, stores.clock.utc()).room
    assert room is not None and room.free > 0 and told() == []
    aside = stores.second.root.with_name("aside")
    stores.second.root.rename(aside)
    stores.second.root.mkdir()
    for minutes, words in ((30, []), (10, ["archive away: The archive is away."])):
        stores.clock.advance(timedelta(minutes=minutes))
        stores.turn()
        assert told() == words
    assert [one.place for one in disks.disks(stores.db, stores.clock.utc())] == ["server"]
    stores.second.root.rmdir()
    aside.rename(stores.second.root)
    stores.turn()
    assert told() == []


def test_an_archive_that_fills_up_is_told_as_any_disk(stores: Stores) -> None:
    for day, free in ((0, 100), (10, 70)):
        reading = DiskReading("archive", "Archive", free * 10**9, 10**12)
        disk_days.note(stores.db, [reading], NOW + (day - 10) * DAY)
    (fault,) = disks.faults(stores.db, True, NOW).holding
    assert fault.detail == "Archive: Full in 23 days at this pace."


def test_only_a_folder_with_the_marker_is_an_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="mount it"):
        open_store(tmp_path)
    (tmp_path / "photos").mkdir()
    with pytest.raises(ArchiveError, match="holds photos"):
        initialise(tmp_path)
    (tmp_path / "photos").rmdir()
    assert initialise(tmp_path) == initialise(tmp_path)
    (tmp_path / MARKER).write_text('{"gavel_archive": 2}')
    with pytest.raises(ArchiveError, match="newer"):
        open_store(tmp_path)
