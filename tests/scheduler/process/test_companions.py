"""Companions are made of every film that is here, once, and again where they were lost."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.desk import NOW, an_asset

from config.clock import SimulatedClock
from media.companion import VERSION, CompanionError, Companions, FilmOrder, Strips
from media.store import MediaStore
from scheduler.actions import companions as action
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import JobId
from scheduler.domain.model.job import Job, JobKind, JobState, Lane
from scheduler.process import resting
from scheduler.process.companions import COMPARE_EVERY_NS, LOOK_EVERY_NS, CompanionMaker
from scheduler.process.jobs import JobFailed, JobWorker
from scheduler.process.keeper import Keeper
from scheduler.queries import companions as query


class Made:
    """A maker that writes nothing but strips, or refuses."""

    def __init__(self) -> None:
        self.orders: list[FilmOrder] = []
        self.refuses, self.copies, self.whole = "", False, False

    def __call__(self, order: FilmOrder, folder: Path, progress: Any) -> Strips:
        self.orders.append(order)
        if self.refuses:
            raise CompanionError(self.refuses)
        return Strips(VERSION, self.copies, (), (), whole=self.whole)


class Plant:
    """A worker of the lane over a store with one film."""

    def __init__(self, db: Database, root: Path) -> None:
        self.clock, self.made = SimulatedClock(NOW), Made()
        self.store = MediaStore(root)
        self.kept = Companions(self.store)
        maker = CompanionMaker(db, self.store, self.clock, self.made)
        handlers = {JobKind.COMPANION: maker}
        self.worker = JobWorker(Lane.MAKE, handlers, db, self.clock, before=maker.queue_missing)

    def turn(self) -> bool:
        """Let time for a look pass, and do what then waits."""
        self.clock.advance(timedelta(microseconds=LOOK_EVERY_NS // 1000))
        return self.worker.one()


@pytest.fixture
def plant(sqlite_db: Database, tmp_path: Path) -> Plant:
    return Plant(sqlite_db, tmp_path)


def put_here(plant: Plant, file: Asset) -> None:
    assert file.media is not None
    home = plant.store.path(file.media.key, file.media.suffix)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_bytes(b"film")


def test_each_film_gets_its_companion_once(sqlite_db: Database, plant: Plant) -> None:
    file = an_asset(sqlite_db)
    put_here(plant, file)
    an_asset(sqlite_db, "elsewhere", "b")
    assert plant.turn()
    assert not plant.turn()
    assert file.media is not None

    assert plant.kept.keys() == {file.media.key}
    assert [order.rate for order in plant.made.orders] == [file.media.rate]
    assert query.open_job(sqlite_db, file.id) is None


def test_a_lost_companion_is_made_again(sqlite_db: Database, plant: Plant) -> None:
    file = an_asset(sqlite_db)
    put_here(plant, file)
    plant.turn()
    plant.turn()
    shutil.rmtree(plant.store.root / ".companions")

    assert not plant.turn()
    plant.clock.advance(timedelta(microseconds=COMPARE_EVERY_NS // 1000))
    assert plant.turn()
    assert len(plant.kept.keys()) == 1


def test_a_film_that_cannot_be_read_is_tried_once_and_says_why(
    sqlite_db: Database, plant: Plant
) -> None:
    file = an_asset(sqlite_db)
    put_here(plant, file)
    plant.made.refuses = "The file cannot be read to its end."
    assert plant.turn()
    assert not plant.turn()
    job = query.open_job(sqlite_db, file.id)

    assert job is not None
    assert (job.state, job.step) == (JobState.FAILED, plant.made.refuses)


def test_what_belongs_to_no_file_is_swept(sqlite_db: Database, plant: Plant) -> None:
    stray = plant.store.root / ".companions" / "cc" / ("c" * 64)
    stray.mkdir(parents=True)
    plant.turn()
    assert stray.exists(), "the maker deletes nothing"
    Keeper(sqlite_db, plant.store, plant.clock).one()
    assert not stray.exists()


def test_a_film_that_is_to_rest_gets_a_small_copy_although_browsers_play_it(
    sqlite_db: Database, plant: Plant
) -> None:
    file = an_asset(sqlite_db)
    put_here(plant, file)
    plant.turn()
    assert action.queue_copied(sqlite_db, NOW, file.id)
    assert action.queue_copied(sqlite_db, NOW, file.id), "it waits already"
    plant.turn()
    assert [order.copied for order in plant.made.orders] == [False, True]

    plant.made.refuses = "It cannot be read."
    assert action.queue_copied(sqlite_db, NOW, file.id)
    plant.turn()
    assert not action.queue_copied(sqlite_db, NOW, file.id), "it rests without a small copy"


def test_no_film_rests_before_it_has_a_small_copy(
    sqlite_db: Database, plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = an_asset(sqlite_db)
    put_here(plant, file)
    plant.turn()
    plant.clock.advance(timedelta(days=1))
    asked = list[str]()

    def why_it_stays(_: Database, key: str, *__: object) -> str:
        asked.append(key)
        return ""

    monkeypatch.setattr(resting.query, "why_it_stays", why_it_stays)
    away = resting.Places(plant.store, tmp_path / "away", None)
    rests = resting.Rests(sqlite_db, away, plant.clock, timedelta(days=180), plant.kept)
    job = Job(JobId("j"), file.id, "", "", JobState.WORKING, 0.0, "", kind=JobKind.REST)

    def begins() -> bool:
        """Return whether the archive was looked at, which is away here."""
        try:
            rests.do(job, lambda *_: None)
        except JobFailed:
            return True
        return False

    assert not begins() and query.open_job(sqlite_db, file.id) is not None
    plant.made.copies = plant.made.whole = True
    plant.turn()
    assert not begins(), "a copy at full size frees no room"
    plant.made.whole = False
    plant.turn()
    assert begins(), "it has one now"
    plant.made.refuses = "It cannot be read."
    shutil.rmtree(plant.store.root / ".companions")
    assert not begins()
    plant.turn()
    asked.clear()
    assert begins(), "where none can be made it rests without"
    assert file.media is not None and asked == [file.media.key], "it is judged once"
