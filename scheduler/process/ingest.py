"""The ingest worker: it checks uploads one at a time, beside the scheduler's own work."""

import logging
from pathlib import Path

from config.clock import Clock
from config.names import AssetKey
from media.asset import FACTS, AssetFacts, verdict
from media.ingest import Ingested, IngestError, clear_left_over, ingest
from media.probe import Prober
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.actions import media as action
from scheduler.db.store import Database
from scheduler.domain.model.asset import Job, JobKind
from scheduler.process.caption_reader import CaptionReader
from scheduler.process.job_loop import JobThread

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 1.0
"""Seconds between two looks for a job."""
PROGRESS_EVERY_NS = 1_000_000_000
"""Nanoseconds between two updates of a job's progress."""


def media_of(facts: AssetFacts) -> Media:
    """Return the file as a plan describes it."""
    return Media(
        key=AssetKey(facts.key),
        suffix=facts.suffix,
        size=facts.size,
        length=facts.length,
        rate=facts.rate,
        gain_db=facts.gain_db,
        has_picture=facts.has_picture,
        has_sound=facts.has_sound,
    )


class IngestWorker(JobThread):
    """A thread that checks uploads. Heavy work runs in the prober's confined child processes."""

    def __init__(
        self, db: Database, store: MediaStore, prober: Prober, uploads: Path, clock: Clock
    ) -> None:
        super().__init__("ingest", clock, LOOK_EVERY_SECONDS)
        self._db = db
        self._store = store
        self._prober = prober
        self._uploads = uploads
        self._captions = CaptionReader(db, store, prober, clock)

    def start(self) -> None:
        """Start the thread. Jobs that an earlier process left unfinished run again."""
        action.reclaim_jobs(self._db)
        clear_left_over(self._store, self._clock.utc())
        super().start()

    def one(self) -> bool:
        """Do the oldest waiting job to its end; return False when there is none."""
        job = action.claim_job(self._db, self._clock.utc())
        if job is None:
            return False
        if job.kind is not JobKind.FILE:
            self._captions.do(job, self._upload(job) if job.upload else None)
            return True
        try:
            done = self._ingest(job)
        except IngestError as error:
            self._refuse(job, str(error), error.facts)
        except (OSError, ValueError) as error:
            log.warning("ingest of %s failed: %s", job.original_name, error)
            self._refuse(job, "It could not be read from the disk; upload it again.", None)
        else:
            self._keep(job, done)
        return True

    def _ingest(self, job: Job) -> Ingested:
        upload = self._upload(job)
        if upload is None:
            raise IngestError("The upload is gone; upload it again.")
        updated = self._clock.monotonic() - PROGRESS_EVERY_NS

        def progress(share: float, words: str) -> None:
            nonlocal updated
            if self._clock.monotonic() - updated >= PROGRESS_EVERY_NS:
                updated = self._clock.monotonic()
                action.job_progress(self._db, job.id, share, words)

        return ingest(upload, job.original_name, self._store, self._prober, progress=progress)

    def _keep(self, job: Job, done: Ingested) -> None:
        judged = verdict(done.facts)
        action.finish_job(
            self._db,
            self._clock.utc(),
            job.id,
            media=media_of(done.on_air),
            facts=FACTS.dump_python(done.facts, mode="json"),
            summary=judged.summary,
            problems=[problem.text for problem in judged.problems],
            captions=done.captions,
            thumbnail=done.thumbnail,
        )

    def _refuse(self, job: Job, sentence: str, facts: AssetFacts | None) -> None:
        action.finish_job(
            self._db,
            self._clock.utc(),
            job.id,
            media=None,
            facts=FACTS.dump_python(facts, mode="json") if facts else {},
            summary=sentence,
            problems=[problem.text for problem in facts.problems] if facts else (),
        )
        upload = self._upload(job)
        if upload is not None:
            upload.unlink(missing_ok=True)

    def _upload(self, job: Job) -> Path | None:
        """Return the uploaded file; None when it is gone or outside the uploads folder.

        Whatever the row says, nothing outside that folder is ever read or removed.
        """
        path = (self._uploads / job.upload).resolve()
        inside = path.is_relative_to(self._uploads.resolve())
        return path if inside and path.is_file() else None
