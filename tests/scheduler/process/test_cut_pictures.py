"""A cut gets a picture of its own, and another one when it begins elsewhere."""

from pathlib import Path

import pytest
from support.desk import NOW, PLANNER, an_asset

from config.clock import SimulatedClock
from media.fake import FakeProber
from media.store import MediaStore
from scheduler.actions import cuts
from scheduler.db.store import Database
from scheduler.domain.library.cuts import CutDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import JobKind, Lane
from scheduler.process.cut_pictures import CutPictures
from scheduler.process.jobs import JobWorker
from scheduler.queries import library

TEN_SECONDS, TWENTY_SECONDS = 300, 600


class Plant:
    """A worker over a store with a film."""

    def __init__(self, db: Database, root: Path) -> None:
        self.db, self.prober = db, FakeProber()
        self.store, clock = MediaStore(root), SimulatedClock(NOW)
        pictures = CutPictures(db, self.store, self.prober, clock)
        self.worker = JobWorker(Lane.CHECK, {JobKind.CUT_PICTURE: pictures}, db, clock)
        self.whole = an_asset(db)

    def put_here(self) -> None:
        assert self.whole.media is not None
        home = self.store.path(self.whole.media.key, self.whole.media.suffix)
        home.parent.mkdir(parents=True, exist_ok=True)
        home.write_bytes(b"film")

    def cut(self, first: int) -> Asset:
        draft = CutDraft("Part", ((first, first + 900),))
        return cuts.add(self.db, PLANNER, NOW, self.whole.id, draft)

    def picture(self, asset: Asset) -> bytes | None:
        return library.thumbnail(self.db, asset.id)


@pytest.fixture
def plant(sqlite_db: Database, tmp_path: Path) -> Plant:
    return Plant(sqlite_db, tmp_path)


def test_a_cut_shows_its_own_beginning_and_follows_it(plant: Plant) -> None:
    plant.put_here()
    cut = plant.cut(TEN_SECONDS)
    assert plant.worker.one()
    assert (plant.picture(cut) or b"").endswith(b"picture at 10.01")
    assert plant.picture(plant.whole) is None
    cut = library.entry(plant.db, cut.id).asset
    assert cut.has_thumbnail
    longer = CutDraft("Part", ((TEN_SECONDS, 1500),))
    cut = cuts.edit(plant.db, PLANNER, NOW, cut.id, longer, cut.version)
    assert not plant.worker.one()
    later = CutDraft("Part", ((TWENTY_SECONDS, 1500),))
    cuts.edit(plant.db, PLANNER, NOW, cut.id, later, cut.version)

    assert plant.worker.one()
    assert (plant.picture(cut) or b"").endswith(b"picture at 20.02")


def test_the_second_half_of_a_split_gets_its_own(plant: Plant) -> None:
    plant.put_here()
    cut = plant.cut(TEN_SECONDS)
    plant.worker.one()
    _, other = cuts.split_in_two(
        plant.db, PLANNER, NOW, cut.id, TWENTY_SECONDS, "Second", cut.version
    )
    assert plant.worker.one() and not plant.worker.one()

    assert (plant.picture(other) or b"").endswith(b"picture at 20.02")


def test_a_cut_whose_file_is_elsewhere_keeps_the_picture_of_that(plant: Plant) -> None:
    cut = plant.cut(TEN_SECONDS)

    assert plant.worker.one() and not plant.worker.one()
    assert plant.picture(cut) is None
