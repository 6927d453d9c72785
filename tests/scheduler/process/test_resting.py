"""Files that rest in the archive, with real files: gone from the server, and back when needed."""

import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from support.desk import CH13, NOW, an_airing, an_asset
from support.resting_stores import DAY, FILM, HALF_A_YEAR, Stores, resting_stores, some_stores

from config.names import AssetKey
from media import store as module_store
from media.store import MediaError, MediaStore
from scheduler.actions import archive, disk_days, homecoming, resting
from scheduler.actions.disk_days import DiskReading
from scheduler.backup.second_store import MARKER
from scheduler.changing import copies
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow, FillerRow, JobRow
from scheduler.domain.library.copies import BACKUP, SECOND_STORE, SERVER
from scheduler.domain.library.resting import NEVER
from scheduler.domain.model.job import JobKind
from scheduler.process import resting as process
from scheduler.process.archiving import BROUGHT_BACK
from scheduler.queries import disks
from scheduler.queries import resting as query
from scheduler.reading.keeping import StoredBytes


@pytest.fixture
def stores(sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    return some_stores(sqlite_db, tmp_path)


def test_what_nothing_needed_for_half_a_year_rests_and_stays_away(stores: Stores) -> None:
    resting_stores(stores)
    for _ in range(3):
        stores.later(40)
        assert stores.rests() and not stores.here.exists(), "and no look brings it back"
    assert stores.there.read_bytes() == FILM
    with stores.db.read() as session:
        places = {one.place for one in copies.copies_of(session, [stores.key])[stores.key]}
    assert SERVER not in places and len(places) == 2


def test_what_has_no_second_copy_stays(stores: Stores) -> None:
    homecoming.count_backup(stores.db, NOW, {})
    stores.later(31)
    stores.later(300)
    assert stores.here.exists() and not stores.rests()


def test_what_airs_soon_stays_and_what_is_planned_later_comes_back_in_time(stores: Stores) -> None:
    stores.clock.advance(31 * DAY)
    stores.turn()
    start = NOW + (31 + 180 + 59) * DAY
    an_airing(stores.db, start, asset=stores.asset.id)
    stores.later(180)
    assert stores.here.exists() and not stores.rests(), "it would be back in 45 days"


def test_a_resting_film_comes_back_two_weeks_before_it_airs(stores: Stores) -> None:
    resting_stores(stores)
    airs = stores.clock.utc() + 20 * DAY
    an_airing(stores.db, airs, asset=stores.asset.id)
    stores.later(5)
    assert stores.rests()
    stores.later(2)
    assert not stores.rests() and stores.here.read_bytes() == FILM
    stores.later(10)
    assert stores.here.exists(), "nothing lets it go again before it airs"


def test_what_somebody_asked_for_comes_back_and_stays_a_while(stores: Stores) -> None:
    resting_stores(stores)
    assert resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert stores.here.read_bytes() == FILM and not stores.rests()
    stores.later(90)
    assert stores.here.exists()
    stores.later(95)
    assert stores.rests() and not stores.here.exists()
    assert not resting.want(stores.db, AssetKey("e" * 64), stores.clock.utc())


def test_a_damaged_archive_lets_nothing_go(stores: Stores) -> None:
    stores.later(31)
    stores.later(100)
    stores.there.chmod(0o600)
    stores.there.write_bytes(b"rust")
    stores.later(80)
    assert stores.here.read_bytes() == FILM and not stores.rests()


def test_what_the_archive_damaged_comes_back_from_the_backup(stores: Stores) -> None:
    resting_stores(stores)
    stores.there.chmod(0o600)
    stores.there.write_bytes(b"rust" * 1000)
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert stores.here.read_bytes() == FILM and not stores.rests()


def test_what_is_damaged_everywhere_is_said_and_asked_of_machines(stores: Stores) -> None:
    resting_stores(stores)
    for path in (stores.there, stores.in_backup):
        path.chmod(0o600)
        path.write_bytes(b"rust" * 1000)
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert not stores.here.exists() and not stores.rests()
    assert process.NOWHERE in stores.notes(JobKind.RETURN)


def test_an_archive_that_is_away_is_tried_again(stores: Stores) -> None:
    resting_stores(stores)
    stores.in_backup.unlink()
    (stores.second.root / MARKER).rename(stores.second.root / "away")
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert stores.rests() and "is no archive" in stores.notes(JobKind.RETURN)[-1]
    (stores.second.root / "away").rename(stores.second.root / MARKER)
    stores.later(1)
    assert stores.here.read_bytes() == FILM


def test_a_full_disk_is_said_and_what_came_waits(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting_stores(stores)
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 10**18)
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert stores.rests() and stores.notes(JobKind.RETURN)[-1].startswith("The server's disk is")
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    stores.later(1)
    assert stores.here.read_bytes() == FILM


def test_a_kill_between_bytes_and_row_loses_nothing(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are gone, and the row was never stored: the file counts as lost, or rests later."""
    stores.later(31)
    discard, gone = MediaStore.discard, list[bool]()

    def killed(store: MediaStore, key: AssetKey, *, before: datetime) -> bool:
        discard(store, key, before=before)
        gone.append(not store.has(key, ".mp4"))
        raise MediaError("killed here")

    monkeypatch.setattr(MediaStore, "discard", killed)
    stores.later(180)
    assert gone and all(gone) and not stores.rests()
    monkeypatch.setattr(MediaStore, "discard", discard)
    stores.later(1)
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.later(1)
    assert stores.here.read_bytes() == FILM


def test_a_return_goes_on_where_a_kill_stopped_it(stores: Stores) -> None:
    resting_stores(stores)
    coming = stores.store.writer(stores.key, ".mp4", len(FILM))
    coming.write(FILM[:1234])
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.turn()
    assert stores.here.read_bytes() == FILM


def test_what_a_restore_brought_rests_no_more(stores: Stores) -> None:
    resting_stores(stores)
    shutil.copy(stores.in_backup, stores.here)
    stores.turn()
    assert not stores.rests() and stores.here.exists()


def test_a_machine_that_asks_brings_it_back_and_may_let_its_own_go(stores: Stores) -> None:
    resting_stores(stores)
    with stores.db.read() as session:
        assert copies.let_go(session, stores.key, "machine:m1", stores.clock.utc())


def test_a_damaged_copy_that_is_found_when_read_again_sends_the_file_home(stores: Stores) -> None:
    resting_stores(stores)
    stores.there.chmod(0o600)
    stores.there.write_bytes(b"rust" * 1000)
    stores.later(91)
    assert stores.notes(JobKind.ARCHIVE)[-1] == BROUGHT_BACK
    stores.later(1)
    assert stores.here.read_bytes() == FILM and not stores.rests()
    stores.later(1)
    assert stores.there.read_bytes() == FILM, "and the archive has a sound copy again"


def test_a_disk_that_fills_lets_files_rest_earlier(stores: Stores) -> None:
    for day, free in ((0, 100), (10, 75)):
        reading = DiskReading("server", "Server", free * 10**9, 10**12)
        disk_days.note(stores.db, [reading], NOW + day * DAY)
    assert disks.rests_after(stores.db, HALF_A_YEAR, NOW + 10 * DAY) == 30 * DAY
    assert disks.rests_after(stores.db, NEVER, NOW + 10 * DAY) == NEVER


def test_what_must_stay_keeps_no_other_file_from_its_turn(stores: Stores) -> None:
    stores.later(31)
    fills = an_asset(stores.db, "Ident", "e")
    with stores.db.write() as session:
        for place in (SECOND_STORE, SERVER, BACKUP):
            key = AssetKey("e" * 64)
            copies.note(session, key, place, 1, NOW - 900 * DAY, verified=NOW)
        row = session.get(AssetRow, fills.id)
        assert row is not None
        row.key, row.uploaded = "e" * 64, NOW - 900 * DAY
        session.add(FillerRow(channel_id=CH13, asset_id=fills.id, used=True))
    later = stores.clock.utc() + 180 * DAY
    assert query.due_to_rest(stores.db, later, HALF_A_YEAR, 1) == (stores.asset.id,)
    archive.queue(stores.db, JobKind.REST, [stores.asset.id], later)
    with stores.db.write() as session:
        row = session.query(JobRow).filter_by(kind="rest").one()
        row.state, row.finished = "done", later
    assert query.due_to_rest(stores.db, later + DAY / 2, HALF_A_YEAR, 1) == ()
    assert query.due_to_rest(stores.db, later + DAY, HALF_A_YEAR, 1) == (stores.asset.id,)


def killed_at(step: str) -> None:
    """Make this process end at a step of letting a file rest, as a kill would."""
    discard = MediaStore.discard

    def dies(*_: object, **__: object) -> None:
        os._exit(9)

    def dies_after(store: MediaStore, key: AssetKey, *, before: datetime) -> bool:
        discard(store, key, before=before)
        os._exit(9)

    if step == "before the bytes go":
        MediaStore.discard = dies  # type: ignore[assignment,method-assign]
    elif step == "while they go":
        module_store.sync_folder = dies
    else:
        MediaStore.discard = dies_after  # type: ignore[method-assign]


@pytest.mark.parametrize("step", ["before the bytes go", "while they go", "before the row"])
def test_a_process_killed_while_it_lets_a_file_rest_loses_nothing(
    stores: Stores, step: str
) -> None:
    stores.later(31)
    stores.clock.advance(181 * DAY)
    now, url, one = stores.clock.utc(), stores.db.url, StoredBytes(stores.key, ".mp4")
    child = os.fork()
    if child == 0:
        try:
            killed_at(step)
            resting.let_rest(Database(url), stores.store, one, len(FILM), now, HALF_A_YEAR)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, "it came to the step"
    assert stores.here.exists() is (step == "before the bytes go") and not stores.rests()
    assert stores.there.read_bytes() == FILM
    stores.turn()
    resting.want(stores.db, stores.key, stores.clock.utc())
    stores.later(1)
    assert stores.here.read_bytes() == FILM and not stores.rests()
