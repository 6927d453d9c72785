"""Return from the archive to a small real disk that is filled to the brim, before and during it."""

from pathlib import Path

import pytest
from soak.evening import fill, small_disk
from support.desk import CH13, HOUR, an_airing
from support.resting_stores import FILM, resting_stores, some_stores

from media.partial import PartialFile
from scheduler.backup import second_store
from scheduler.db.store import Database
from scheduler.domain.air.readiness import Light
from scheduler.domain.model.job import JobKind
from scheduler.process import resting as process
from scheduler.queries import grid

pytestmark = pytest.mark.soak


def test_a_full_disk_is_said_in_the_light_and_the_file_comes_once_there_is_room(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 1 << 20)
    with small_disk(tmp_path / "disk", 8):
        stores = resting_stores(some_stores(sqlite_db, tmp_path, tmp_path / "disk"))
        start = stores.clock.utc() + 6 * HOUR
        airing = an_airing(stores.db, start, source=None, asset=stores.asset.id, channel=CH13)
        fill(tmp_path / "disk" / "ballast")
        stores.turn()
        assert stores.rests() and not stores.here.exists()
        view = grid.airing(stores.db, airing.id, stores.clock.utc())
        assert view.readiness is Light.RED and "The server's disk is full" in view.why
        (tmp_path / "disk" / "ballast").unlink()
        stores.clock.advance(HOUR)
        stores.turn()
        assert stores.here.read_bytes() == FILM and not stores.rests()


def test_a_disk_that_fills_as_a_file_comes_is_tried_again(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "DISK_KEPT_FREE", 0)
    monkeypatch.setattr(second_store, "PIECE_BYTES", 1000)
    with small_disk(tmp_path / "disk", 8):
        stores = resting_stores(some_stores(sqlite_db, tmp_path, tmp_path / "disk"))
        stores.in_backup.unlink()
        start = stores.clock.utc() + 6 * HOUR
        an_airing(stores.db, start, source=None, asset=stores.asset.id, channel=CH13)
        write, ballast = PartialFile.write, tmp_path / "disk" / "ballast"

        def filled(coming: PartialFile, chunk: bytes) -> None:
            fill(ballast)
            write(coming, chunk)

        with monkeypatch.context() as filling:
            filling.setattr(PartialFile, "write", filled)
            stores.turn()
        assert stores.rests() and not stores.here.exists() and stores.there.exists()
        assert "refuses to be written" in stores.notes(JobKind.RETURN)[-1]
        ballast.unlink()
        stores.clock.advance(HOUR)
        stores.turn()
        assert stores.here.read_bytes() == FILM and not stores.rests()
