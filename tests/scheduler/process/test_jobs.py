"""Jobs: lanes, tries, restarts, cancelling and trying again, with handlers that obey the test."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.desk import NOW, PLANNER, VIEWER

from config.clock import SimulatedClock
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of
from media.confine import SlowError
from media.fake import FakeProber
from media.probe import ProbeError
from media.store import MediaError, MediaStore
from scheduler.actions import captions, jobs, media
from scheduler.changing.jobs import queue_job, queue_once
from scheduler.db import find, load
from scheduler.db.store import Database, DatabaseError
from scheduler.db.tables.plan import JobRow
from scheduler.domain.model.asset import AssetState
from scheduler.domain.model.ids import JobId
from scheduler.domain.model.job import (
    HISTORY_KEPT_FOR,
    KILLED,
    LANES,
    MOST_TRIES,
    Job,
    JobKind,
    JobState,
    Lane,
    is_turn_of_asked,
    pause_after,
)
from scheduler.process.handlers import check_worker
from scheduler.process.jobs import UNEXPECTED, JobFailed, JobWorker, Progress
from scheduler.queries import library
from scheduler.refusals import Forbidden, Refused
from web.library.job_words import KIND_WORDS

KIND = JobKind.CAPTION_DRAFT


class Scripted:
    """A handler whose tries go as the test says; the last line is repeated."""

    def __init__(self, *lines: Callable[[Job, Progress], None]) -> None:
        self.lines, self.seen = list(lines), []

    def do(self, job: Job, progress: Progress) -> None:
        self.seen.append(job)
        line = self.lines[min(len(self.seen), len(self.lines)) - 1]
        line(job, progress)


def well(job: Job, progress: Progress) -> None:
    progress(0.5, "Half way")


def away(job: Job, progress: Progress) -> None:
    raise JobFailed("The archive is not mounted.", retry=True)


def hopeless(job: Job, progress: Progress) -> None:
    raise JobFailed("The file is no longer there.", retry=False)


def broken(job: Job, progress: Progress) -> None:
    raise ZeroDivisionError


class Bench:
    """A database with one lane's worker and a clock that the test turns."""

    def __init__(self, db: Database, *lines: Callable[[Job, Progress], None]) -> None:
        self.db, self.clock = db, SimulatedClock(NOW)
        self.handler = Scripted(*lines)
        self.worker = JobWorker(LANES[KIND], {KIND: self.handler}, db, self.clock)

    def queue(self, **more: object) -> JobId:
        with self.db.write() as session:
            return queue_job(session, KIND, self.clock.utc(), **more)  # type: ignore[arg-type]

    def job(self, id: JobId) -> Job:
        with self.db.read() as session:
            row = session.get(JobRow, id)
            assert row is not None
            return load.plan.job(row)

    def turn(self, minutes: float = 0) -> bool:
        self.clock.wait(60 * minutes)
        return self.worker.one()


def test_each_kind_has_a_lane_and_words() -> None:
    assert set(LANES) == set(KIND_WORDS) == set(JobKind)
    assert all(len(kind.value) <= 32 for kind in JobKind)


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 4), (3, 16), (4, 64), (5, 256), (6, 360), (999, 360)]
)
def test_pauses_grow_up_to_six_hours(tries: int, minutes: int) -> None:
    assert pause_after(tries) == timedelta(minutes=minutes)


def test_a_job_without_a_file_is_done_with_what_it_was_told(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, well)
    id = bench.queue(name="Second store", what={"place": "nas"})
    assert bench.turn() and not bench.turn()
    job = bench.job(id)

    assert (job.state, job.tries, job.note) == (JobState.DONE, 1, "")
    assert (bench.handler.seen[0].what, job.asset) == ({"place": "nas"}, None)
    assert job.original_name == "Second store"


def test_a_passing_failure_is_tried_again_later(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, away, well)
    id = bench.queue()
    assert bench.turn()
    job = bench.job(id)
    assert (job.state, job.note) == (JobState.WAITING, "The archive is not mounted.")
    assert job.not_before == NOW + timedelta(minutes=1)
    assert not bench.turn(0.9)
    assert bench.turn(0.1)
    assert (bench.job(id).state, bench.job(id).tries) == (JobState.DONE, 2)


def test_tries_are_bounded_and_the_reason_is_kept(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, away)
    id = bench.queue()
    turns = sum(bench.turn(360) for _ in range(20))
    job = bench.job(id)

    assert (turns, job.state, job.tries) == (MOST_TRIES, JobState.FAILED, MOST_TRIES)
    assert job.step == "The archive is not mounted."


def test_a_lasting_failure_is_not_repeated(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, hopeless)
    id = bench.queue()
    assert bench.turn() and not bench.turn(999)
    assert (bench.job(id).state, bench.job(id).tries) == (JobState.FAILED, 1)


def test_a_crash_of_the_handler_is_a_failure_that_may_pass(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, broken, well)
    id = bench.queue()
    bench.turn()
    assert bench.job(id).note == UNEXPECTED
    bench.turn(1)
    assert bench.job(id).state == JobState.DONE


def test_a_database_that_is_away_leaves_no_job_behind(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(sqlite_db, well)
    id = bench.queue()
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise DatabaseError("the disk is full")

        patch.setattr(jobs, "finish", refuse)
        with pytest.raises(DatabaseError):
            bench.turn()
    assert bench.turn()
    assert (bench.job(id).state, bench.job(id).tries) == (JobState.DONE, 1)


def test_a_job_that_kills_the_process_three_times_is_given_up(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, well)
    id = bench.queue()
    for kills in (1, 2, 3):
        assert jobs.claim(sqlite_db, NOW, {KIND}) is not None
        assert jobs.reclaim(sqlite_db, NOW) == 1
        assert bench.job(id).state == (JobState.FAILED if kills == 3 else JobState.WAITING)
    assert bench.job(id).step == KILLED
    assert not bench.turn(999)


def test_a_restart_by_the_book_counts_nothing(sqlite_db: Database) -> None:
    def stopped(job: Job, progress: Progress) -> None:
        bench.worker.stop()
        progress(0.5, "never stored")

    bench = Bench(sqlite_db, stopped)
    id = bench.queue()
    bench.turn()
    assert (bench.job(id).state, bench.job(id).tries) == (JobState.WAITING, 0)
    assert jobs.reclaim(sqlite_db, NOW) == 0


def test_what_a_worker_says_of_a_job_it_lost_is_ignored(sqlite_db: Database) -> None:
    id = Bench(sqlite_db, well).queue()
    lost = jobs.claim(sqlite_db, NOW, {KIND})
    jobs.reclaim(sqlite_db, NOW)
    present = jobs.claim(sqlite_db, NOW, {KIND})
    assert lost is not None and present is not None
    jobs.finish(sqlite_db, NOW, lost)
    jobs.fail(sqlite_db, NOW, lost, "Too late.", retry=False)
    jobs.put_back(sqlite_db, NOW, lost)

    assert not jobs.progress(sqlite_db, lost, 0.9, "Still at it")
    assert jobs.progress(sqlite_db, present, 0.1, "At it")
    assert Bench(sqlite_db, well).job(id).state == JobState.WORKING


def test_staff_cancel_a_job_while_it_waits_or_works(sqlite_db: Database) -> None:
    def cancelled(job: Job, progress: Progress) -> None:
        jobs.cancel(sqlite_db, PLANNER, NOW, job.id)
        bench.clock.wait(2)
        progress(0.5, "Half way")
        raise AssertionError("it went on")

    bench = Bench(sqlite_db, cancelled)
    waiting, working = bench.queue(), bench.queue()
    jobs.cancel(sqlite_db, PLANNER, NOW, waiting)
    bench.turn()

    for id in (waiting, working):
        assert bench.job(id).state == JobState.CANCELLED
        assert bench.job(id).step == f"Canceled by {PLANNER.name}."
        with pytest.raises(Refused, match="over already"):
            jobs.cancel(sqlite_db, PLANNER, NOW, id)
    with pytest.raises(Forbidden):
        jobs.try_again(sqlite_db, VIEWER, NOW, waiting)


def test_staff_try_a_failed_job_again_with_all_its_tries(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, hopeless, well)
    id = bench.queue()
    bench.turn()
    jobs.try_again(sqlite_db, PLANNER, NOW, id)
    assert (bench.job(id).state, bench.job(id).tries, bench.job(id).note) == ("waiting", 0, "")
    bench.turn()
    assert bench.job(id).state == JobState.DONE
    with pytest.raises(Refused, match="done"):
        jobs.try_again(sqlite_db, PLANNER, NOW, id)


def test_staff_need_not_wait_for_the_next_try(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, away, well)
    id = bench.queue()
    bench.turn()
    jobs.try_again(sqlite_db, PLANNER, NOW, id)
    assert bench.turn() and bench.job(id).state == JobState.DONE


def test_a_lane_takes_only_its_own_jobs(sqlite_db: Database) -> None:
    bench = Bench(sqlite_db, well)
    upload = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    assert not bench.turn()
    taken = jobs.claim(sqlite_db, NOW)
    assert taken is not None and taken.asset == upload.id


@pytest.mark.parametrize(
    ("last", "turn"), [("", True), ("aa", True), ("aaa", False), ("aab", True), ("baaa", True)]
)
def test_after_three_that_people_asked_for_one_of_the_others_has_its_turn(
    last: str, turn: bool
) -> None:
    assert is_turn_of_asked([one == "a" for one in last]) is turn


def test_what_people_asked_for_comes_first_and_starves_nothing(db: Database) -> None:
    bench = Bench(db, well)
    for number in range(3):
        bench.clock.advance(timedelta(minutes=1))
        bench.queue(name=f"companion {number}")
    for number in range(5):
        bench.clock.advance(timedelta(minutes=1))
        bench.queue(name=f"export {number}", by=PLANNER.name)
    for _ in range(8):
        bench.clock.advance(timedelta(minutes=1))
        assert bench.worker.one()
    order = [job.original_name for job in bench.handler.seen]
    asked = [f"export {number}" for number in range(5)]
    others = [f"companion {number}" for number in range(3)]
    assert order == [*asked[:3], others[0], *asked[3:], *others[1:]]


def test_the_same_work_is_queued_once(sqlite_db: Database) -> None:
    with sqlite_db.write() as session:
        first = queue_once(session, KIND, NOW)
        assert queue_once(session, KIND, NOW) == first
    Bench(sqlite_db, well).turn()
    with sqlite_db.write() as session:
        assert queue_once(session, KIND, NOW) != first


def test_the_history_is_swept_but_not_the_mark_of_a_draft(sqlite_db: Database) -> None:
    with sqlite_db.write() as session:
        for kind in (JobKind.CAPTIONS_INSIDE, JobKind.CAPTION_DRAFT):
            queue_job(session, kind, NOW)
    for lane in (Lane.CHECK, Lane.SPEECH):
        kinds = {kind: Scripted(well) for kind, its in LANES.items() if its is lane}
        assert JobWorker(lane, kinds, sqlite_db, SimulatedClock(NOW)).one()
    assert jobs.forget_old(sqlite_db, NOW + HISTORY_KEPT_FOR) == 0
    assert jobs.forget_old(sqlite_db, NOW + HISTORY_KEPT_FOR + timedelta(seconds=1)) == 1
    with sqlite_db.read() as session:
        (kept,) = find.jobs.jobs(session, [JobState.DONE])
        assert kept.kind == JobKind.CAPTION_DRAFT.value


@pytest.fixture
def checks(sqlite_db: Database, tmp_path: Path) -> JobWorker:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "one").write_bytes(b"moving pictures")
    store = MediaStore(tmp_path / "media")
    clock = SimulatedClock(NOW)
    return check_worker(sqlite_db, store, FakeProber(), tmp_path / "uploads", clock)


def test_a_full_disk_refuses_no_upload(
    sqlite_db: Database, tmp_path: Path, checks: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise MediaError("The media disk is full; remove something first.")

        patch.setattr(MediaStore, "add", full)
        assert checks.one()
    entry = library.entry(sqlite_db, asset.id)
    assert entry.asset.state is AssetState.WAITING
    assert entry.asset.summary.startswith("The media disk is full")
    assert (tmp_path / "uploads" / "one").exists()
    assert entry.job is not None
    jobs.try_again(sqlite_db, PLANNER, NOW, entry.job.id)
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.fit


def read_captions(patch: pytest.MonkeyPatch) -> None:
    """Let every caption file say the same."""
    track = encode(laid_out(1_000_000, 2_000_000, ["Hello."]))

    def read(_: FakeProber, path: Path, length: timedelta, to: Path, **__: object) -> CaptionFacts:
        del path
        to.write_bytes(track.to_bytes())
        facts = facts_of(track, CaptionOrigin.SRT, length)
        assert facts is not None
        return facts

    patch.setattr(FakeProber, "sidecar", read)


def slow(*_: object, **__: object) -> None:
    try:
        raise SlowError
    except SlowError as error:
        raise ProbeError(str(error)) from error


def test_a_reading_that_took_too_long_may_be_tried_again(
    sqlite_db: Database, tmp_path: Path, checks: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    read_captions(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(FakeProber, "probe", slow)
        assert checks.one()
    entry = library.entry(sqlite_db, asset.id)
    assert entry.asset.state is AssetState.REFUSED and "took too long" in entry.asset.summary
    assert entry.job is not None and entry.job.repeatable
    jobs.try_again(sqlite_db, PLANNER, NOW, entry.job.id)
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.fit

    (tmp_path / "uploads" / "two").write_bytes(b"captions")
    captions.queue_file(sqlite_db, PLANNER, NOW, "two", "council.srt")
    with monkeypatch.context() as patch:
        patch.setattr(FakeProber, "sidecar", slow)
        assert checks.one()
    failed = library.entry(sqlite_db, asset.id).caption_job
    assert failed is not None and failed.repeatable and "took too long" in failed.step
    jobs.try_again(sqlite_db, PLANNER, NOW, failed.id)
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.caption_entry is not None
    assert not (tmp_path / "uploads" / "two").exists()


def test_a_full_disk_refuses_no_captions(
    sqlite_db: Database, tmp_path: Path, checks: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    assert checks.one()
    read_captions(monkeypatch)
    (tmp_path / "uploads" / "two").write_bytes(b"captions")
    captions.queue_file(sqlite_db, PLANNER, NOW, "two", "council.srt")
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise MediaError("The media disk is full; remove something first.")

        patch.setattr(MediaStore, "add", full)
        assert checks.one()
    waiting = library.entry(sqlite_db, asset.id).caption_job
    assert waiting is not None and waiting.state is JobState.WAITING
    jobs.try_again(sqlite_db, PLANNER, NOW, waiting.id)
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.caption_entry is not None


def test_a_crash_before_the_result_is_stored_loses_no_upload(
    sqlite_db: Database, tmp_path: Path, checks: JobWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for the end of the process."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    with monkeypatch.context() as patch:
        patch.setattr(media, "finish_job", killed)
        with pytest.raises(Killed):
            checks.one()
    assert jobs.reclaim(sqlite_db, NOW) == 1
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.fit
    assert not (tmp_path / "uploads" / "one").exists()


def test_a_cancelled_check_leaves_a_refused_file_that_may_be_tried_again(
    sqlite_db: Database, checks: JobWorker
) -> None:
    asset = media.register(sqlite_db, PLANNER, NOW, "one", "council.mp4")
    with sqlite_db.read() as session:
        job = JobId(find.jobs.jobs_of_assets(session, [asset.id])[asset.id].id)
    jobs.cancel(sqlite_db, PLANNER, NOW, job)
    assert not checks.one()
    assert library.entry(sqlite_db, asset.id).asset.state is AssetState.REFUSED
    assert jobs.uploads_needed(sqlite_db) == {"one"}
    jobs.try_again(sqlite_db, PLANNER, NOW, job)
    assert checks.one() and library.entry(sqlite_db, asset.id).asset.fit
