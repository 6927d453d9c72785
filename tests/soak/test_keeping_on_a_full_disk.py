"""Disposal on a small real disk that is filled to the brim: nothing is lost, and all goes on."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from soak.evening import fill, small_disk
from support.desk import CH13, HOUR, NOW, PRODUCER, a_channel, an_airing, an_asset

from config.names import AssetKey
from media.store import MediaError, MediaStore, content_key
from scheduler.actions import disposal, homecoming, resting
from scheduler.backup.second_store import ArchiveError, initialise
from scheduler.changing import copies
from scheduler.db import migrate
from scheduler.db.store import Database, DatabaseError
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.copies import BACKUP, SECOND_STORE, SERVER
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.queries import archive, keeping, library
from scheduler.queries import resting as query
from scheduler.reading.keeping import StoredBytes

pytestmark = pytest.mark.soak
LATER = NOW + timedelta(days=31)
SIZE = 3 << 20


def a_file(db: Database, store: MediaStore, folder: Path, letter: str) -> Asset:
    """Add a file of three megabytes that was checked long ago."""
    source = folder / f"{letter}.mp4"
    source.write_bytes(letter.encode() * SIZE)
    key, home = store.add(source)
    os.utime(home, (NOW.timestamp() - 86_400,) * 2)
    asset = an_asset(db, f"Film {letter}", letter)
    with db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None and row.media is not None
        row.media, row.key = {**row.media, "key": key, "size": SIZE}, key
    return library.entry(db, asset.id).asset


def turn(db: Database, store: MediaStore) -> None:
    """Let the keeper look once; a database that refuses is tried again at the next look."""
    try:
        for asset in keeping.trash_over(db, LATER):
            disposal.destroy(db, LATER, asset)
        for number in keeping.let_go(db):
            disposal.remove_bytes(db, store, LATER, number)
    except DatabaseError:
        pass


def test_a_disk_filled_to_the_brim_during_a_disposal_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 24):
        store = MediaStore(disk / "media")
        db = Database(f"sqlite:///{disk / 'gavel.db'}")
        migrate.upgrade(db)
        a_channel(db)
        needed, deleted = (a_file(db, store, disk, letter) for letter in "ab")
        an_airing(db, NOW + HOUR, asset=needed.id, channel=CH13)
        disposal.delete(db, PRODUCER, NOW, deleted.id, deleted.version)
        homes = [store.path(one.media.key, ".mp4") for one in (needed, deleted) if one.media]
        fill(disk / "ballast")

        turn(db, store)
        state = library.entry(db, deleted.id).asset.state
        assert homes[0].stat().st_size == SIZE
        assert homes[1].exists() or state is AssetState.GONE, "bytes never go before the decision"

        (disk / "ballast").unlink()
        turn(db, store)
        turn(db, store)
        gone = library.entry(db, deleted.id).asset
        assert gone.state is AssetState.GONE and not homes[1].exists()
        assert homes[0].stat().st_size == SIZE
        assert needed.media is not None and store.verify(needed.media.key)
        assert keeping.let_go(db) == ()
        db.close()


def test_bytes_let_go_free_a_full_disk_although_the_row_is_refused(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 24):
        store = MediaStore(disk / "media")
        db = Database(f"sqlite:///{disk / 'gavel.db'}")
        migrate.upgrade(db)
        asset = a_file(db, store, disk, "a")
        disposal.delete(db, PRODUCER, NOW, asset.id, asset.version)
        assert disposal.destroy(db, LATER, asset.id) == ""
        fill(disk / "ballast")

        turn(db, store)
        assert asset.media is not None and not store.has(asset.media.key, ".mp4")
        assert store.free_bytes() >= SIZE - (1 << 20)
        turn(db, store)
        assert keeping.let_go(db) == ()
        db.close()


def test_an_archive_filled_to_the_brim_takes_nothing_by_halves(tmp_path: Path) -> None:
    disk = tmp_path / "archive"
    with small_disk(disk, 8):
        store = MediaStore(tmp_path / "media")
        source = tmp_path / "film.mp4"
        source.write_bytes(b"film" * (SIZE // 4))
        key, home = store.add(source)
        second = initialise(disk)
        (second.root / "objects" / key[:2]).mkdir()
        fill(disk / "ballast")
        with pytest.raises(ArchiveError, match="No space left"):
            second.copy_in(home, key, ".mp4")
        assert not second.has(key, ".mp4") and store.verify(key)
        (disk / "ballast").unlink()
        assert second.copy_in(home, key, ".mp4") == SIZE


def test_a_file_returns_to_a_server_disk_that_was_full(tmp_path: Path) -> None:
    second = initialise(tmp_path / "archive")
    source = tmp_path / "film.mp4"
    source.write_bytes(b"film" * (SIZE // 4))
    key = content_key(source)
    second.copy_in(source, key, ".mp4")
    disk = tmp_path / "disk"
    with small_disk(disk, 8):
        store = MediaStore(disk / "media")
        store.free_bytes()
        with (disk / "ballast").open("wb") as ballast:
            ballast.write(bytes(6 << 20))
        with pytest.raises(MediaError, match="refuses"):
            second.copy_out(store, key, ".mp4")
        assert not store.has(key, ".mp4") and second.is_sound(key, ".mp4")
        (disk / "ballast").unlink()
        assert second.copy_out(store, key, ".mp4") == SIZE
        assert store.verify(key)


def test_a_disk_filled_to_the_brim_while_a_file_begins_to_rest_loses_nothing(
    tmp_path: Path,
) -> None:
    disk, second = tmp_path / "disk", initialise(tmp_path / "archive")
    with small_disk(disk, 24):
        store = MediaStore(disk / "media")
        db = Database(f"sqlite:///{disk / 'gavel.db'}")
        migrate.upgrade(db)
        a_channel(db)
        asset = a_file(db, store, disk, "a")
        assert asset.media is not None
        key, one = asset.media.key, StoredBytes(asset.media.key, ".mp4")
        second.path(key, ".mp4").parent.mkdir()
        second.copy_in(store.path(key, ".mp4"), key, ".mp4")
        with db.write() as session:
            for place in (SERVER, SECOND_STORE, BACKUP):
                copies.note(session, key, place, SIZE, NOW, verified=NOW)
        fill(disk / "ballast")
        with suppress(DatabaseError):
            resting.let_rest(db, store, one, SIZE, LATER, timedelta(days=30))
        assert second.is_sound(key, ".mp4")
        (disk / "ballast").unlink(missing_ok=True)
        homecoming.compare_store(db, LATER, dict(store.oldest_first()) or {AssetKey("0" * 64): 1})
        if not store.has(key, ".mp4") and not query.resting_of(db, [key]):
            assert archive.due(db, LATER, timedelta(days=30), 9) == (asset.id,)
        why = resting.let_rest(db, store, one, SIZE, LATER, timedelta(days=30))
        assert (why == "") is (not store.has(key, ".mp4"))
        assert second.copy_out(store, key, ".mp4") == SIZE and store.verify(key)
        db.close()
