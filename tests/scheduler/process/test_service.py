"""The scheduler's loop and the check of uploads, one turn at a time."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import (
    CH13,
    HOUR,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    an_airing,
    an_asset,
    revision_of,
)

from config.clock import SimulatedClock
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of
from media.captions.track import CaptionTrack
from media.fake import FakeProber
from media.ingest import IngestError
from media.store import MediaStore
from scheduler.actions import captions, jobs, media, series
from scheduler.db.store import Database, DatabaseError
from scheduler.domain.model.asset import AssetState
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.process import service
from scheduler.process.alarms import Alarms, Wake
from scheduler.process.handlers import check_worker
from scheduler.process.jobs import JobWorker
from scheduler.queries import library

NOTHING: frozenset[Wake] = frozenset()


def test_a_change_is_published_in_the_next_turn(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    service.look(db, NOW, NOTHING)
    an_airing(db, asset=asset.id)
    service.look(db, NOW, NOTHING)
    assert revision_of(db, CH13) == 2


def test_the_nightly_alarm_extends_series_and_publishes(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    rule = Rule("UTC", NOW.time(), Weekly(frozenset(range(7))), NOW.date())
    series.add(db, PLANNER, NOW, SeriesDraft("Daily", rule, a_draft(asset=asset.id)))
    service.look(db, NOW, frozenset(Wake))
    later = NOW + timedelta(days=40)
    service.look(db, later, NOTHING)
    assert revision_of(db, CH13) == 1
    service.look(db, later, frozenset({Wake.MATERIALISE, Wake.PRUNE}))
    assert revision_of(db, CH13) == 2


def test_a_failing_database_is_retried(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a_channel(sqlite_db)

    def broken(*_: object) -> dict[str, int]:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(service, "publish_changed", broken)
        service.look(sqlite_db, NOW, NOTHING)
    assert "the disk is full" in caplog.text
    service.look(sqlite_db, NOW, NOTHING)
    assert revision_of(sqlite_db, CH13) == 1


def test_a_ring_is_kept_until_the_loop_asks() -> None:
    alarms = Alarms()
    alarms.ring(Wake.PUBLISH)
    alarms.ring(Wake.PUBLISH)
    assert alarms.rung() == {Wake.PUBLISH}
    assert alarms.rung() == NOTHING
    alarms.start()
    try:
        assert alarms.rung() == set(Wake)
    finally:
        alarms.stop()


@pytest.fixture
def worker(sqlite_db: Database, tmp_path: Path) -> JobWorker:
    (tmp_path / "uploads").mkdir()
    return check_worker(
        sqlite_db,
        MediaStore(tmp_path / "media"),
        FakeProber(),
        tmp_path / "uploads",
        SimulatedClock(NOW),
    )


def test_an_upload_becomes_a_file_that_may_air(
    sqlite_db: Database, worker: JobWorker, tmp_path: Path
) -> None:
    (tmp_path / "uploads" / "one").write_bytes(b"moving pictures")
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council_2026.mp4")
    assert asset.title == "council 2026"
    assert library.entry(sqlite_db, asset.id).job is not None
    assert worker.one()
    assert not worker.one()
    entry = library.entry(sqlite_db, asset.id)
    assert (entry.asset.state, entry.job) == (AssetState.READY, None)
    assert entry.asset.media is not None
    assert MediaStore(tmp_path / "media").has(entry.asset.media.key, entry.asset.media.suffix)
    assert not (tmp_path / "uploads" / "one").exists()


@pytest.mark.parametrize("where", ["gone", "../outside", "{folder}/outside", "link"])
def test_ingest_touches_only_the_uploads_folder(
    sqlite_db: Database, worker: JobWorker, where: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"not an upload")
    (tmp_path / "uploads" / "link").symlink_to(outside)
    upload = where.format(folder=tmp_path)
    asset = media.register(sqlite_db, PLANNER, NOW, upload, "council.mp4")
    assert worker.one()
    entry = library.entry(sqlite_db, asset.id)
    assert entry.asset.state is AssetState.REFUSED
    assert "upload it again" in entry.asset.summary
    assert outside.read_bytes() == b"not an upload"


def test_a_refused_upload_is_removed(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: JobWorker
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IngestError("Cannot go on air: there is no picture and no sound.")

    monkeypatch.setattr("scheduler.process.ingest.ingest", refuse)
    (tmp_path / "uploads" / "one").write_bytes(b"nonsense")
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    assert worker.one()
    assert library.entry(sqlite_db, asset.id).asset.summary.startswith("Cannot go on air")
    assert not (tmp_path / "uploads" / "one").exists()


def test_an_unfinished_job_runs_again_after_a_restart(
    sqlite_db: Database, worker: JobWorker, tmp_path: Path
) -> None:
    (tmp_path / "uploads" / "one").write_bytes(b"moving pictures")
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    assert jobs.claim(sqlite_db, NOW) is not None
    assert not worker.one()
    assert jobs.reclaim(sqlite_db, NOW) == 1
    assert worker.one()
    assert library.entry(sqlite_db, asset.id).asset.fit


def upload(folder: Path, name: str, data: bytes = b"bytes") -> str:
    (folder / "uploads" / name).write_bytes(data)
    return name


LATER = NOW + timedelta(seconds=1)
FOUND = encode(laid_out(1_000_000, 2_000_000, ["Hello."]))


def found(origin: CaptionOrigin) -> tuple[CaptionTrack, CaptionFacts]:
    facts = facts_of(FOUND, origin, HOUR)
    assert facts is not None
    return FOUND, facts


def test_a_caption_file_uploaded_with_a_video_airs_with_it(
    sqlite_db: Database, tmp_path: Path
) -> None:
    prober = FakeProber(found_captions=found(CaptionOrigin.SRT))
    worker = worker_with(sqlite_db, tmp_path, prober)
    asset = media.register(sqlite_db, PLANNER, NOW, upload(tmp_path, "one"), "council.mp4")
    captions.queue_file(sqlite_db, PLANNER, LATER, upload(tmp_path, "two"), "council.srt")
    assert worker.one() and worker.one() and not worker.one()
    entry = library.entry(sqlite_db, asset.id)

    assert (entry.caption_job, entry.asset.caption_entry.name) == (None, "council.srt")
    assert MediaStore(tmp_path / "media").has(entry.asset.caption_entry.key, ".cc")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_caption_file_that_cannot_be_read_says_why_and_changes_nothing(
    sqlite_db: Database, tmp_path: Path
) -> None:
    prober = FakeProber(refuse={"council.srt": "There are no captions in this file."})
    worker = worker_with(sqlite_db, tmp_path, prober)
    asset = media.register(sqlite_db, PLANNER, NOW, upload(tmp_path, "one"), "council.mp4")
    captions.queue_file(sqlite_db, PLANNER, LATER, upload(tmp_path, "two"), "council.srt")
    assert worker.one() and worker.one()
    entry = library.entry(sqlite_db, asset.id)

    assert entry.asset.state is AssetState.READY
    assert entry.asset.caption_entry is None
    assert (entry.caption_job.state, entry.caption_job.step) == (
        "failed",
        "There are no captions in this file.",
    )
    assert list((tmp_path / "uploads").iterdir()) == []


def test_captions_inside_a_file_are_read_again_after_they_were_removed(
    sqlite_db: Database, tmp_path: Path
) -> None:
    prober = FakeProber(found_captions=found(CaptionOrigin.EMBEDDED_608))
    worker = worker_with(sqlite_db, tmp_path, prober)
    asset = media.register(sqlite_db, PLANNER, NOW, upload(tmp_path, "one"), "council.mp4")
    assert worker.one()
    first = library.entry(sqlite_db, asset.id).asset
    captions.remove(sqlite_db, PLANNER, NOW, asset.id, first.version)
    captions.queue_inside(sqlite_db, PLANNER, NOW, asset.id)
    assert worker.one()
    again = library.entry(sqlite_db, asset.id).asset

    assert again.caption_entry.key == first.caption_entry.key
    assert again.caption_entry.by == PLANNER.name


def worker_with(db: Database, folder: Path, prober: FakeProber) -> JobWorker:
    (folder / "uploads").mkdir()
    store = MediaStore(folder / "media")
    return check_worker(db, store, prober, folder / "uploads", SimulatedClock(NOW))
