"""The check of uploads: what passes goes into the store and may air."""

from pathlib import Path

from config.clock import Clock
from config.names import AssetKey
from media.asset import FACTS, AssetFacts, verdict
from media.ingest import Ingested, IngestError, ingest
from media.probe import Prober
from media.store import MediaStore
from playout.model.plan import Media
from scheduler.actions import media as action
from scheduler.db.store import Database
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress

UNREADABLE = "It could not be read from the disk."
GONE = "The upload is gone; upload it again."


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


class FileChecks:
    """The handler of uploads. Heavy work runs in the prober's confined child processes."""

    def __init__(
        self, db: Database, store: MediaStore, prober: Prober, uploads: Path, clock: Clock
    ) -> None:
        self._db, self._store, self._prober = db, store, prober
        self._uploads, self._clock = uploads, clock

    def do(self, job: Job, progress: Progress) -> None:
        """Check an upload and keep it, or refuse it with a sentence.

        The upload is removed once its result is stored. Raises JobFailed where the machine is, or
        may be, to blame, and the upload then stays.
        """
        upload = upload_of(job, self._uploads)
        try:
            if upload is None:
                raise IngestError(GONE)
            done = ingest(upload, job.original_name, self._store, self._prober, progress=progress)
        except IngestError as error:
            if error.passing or error.slow:
                raise JobFailed(str(error), retry=error.passing) from error
            self._refuse(job, str(error), error.facts)
        except (OSError, ValueError) as error:
            raise JobFailed(UNREADABLE, retry=True) from error
        else:
            self._keep(job, done)
        if upload is not None:
            upload.unlink(missing_ok=True)

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


def upload_of(job: Job, uploads: Path) -> Path | None:
    """Return the uploaded file; None when it is gone or outside the uploads folder.

    Whatever the row says, nothing outside that folder is ever read or removed.
    """
    if not job.upload:
        return None
    path = (uploads / job.upload).resolve()
    inside = path.is_relative_to(uploads.resolve())
    return path if inside and path.is_file() else None
