"""The reading of captions: caption files, and captions inside files."""

import logging
from pathlib import Path

from pydantic import ValidationError

from config.clock import Clock
from media.asset import FACTS
from media.caption_files import StoredCaptions, read_captions, read_sidecar
from media.captions.track import CaptionError
from media.confine import LackError, SlowError, is_due_to
from media.probe import Prober
from media.store import MediaError, MediaStore
from scheduler.actions import captions as action
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import Job, JobKind
from scheduler.process.ingest import GONE, upload_of
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import library

log = logging.getLogger(__name__)
NONE_INSIDE = "There are no captions inside this file."


class CaptionReader:
    """The handler of jobs that read captions."""

    def __init__(
        self, db: Database, store: MediaStore, prober: Prober, uploads: Path, clock: Clock
    ) -> None:
        self._db, self._store, self._prober = db, store, prober
        self._uploads, self._clock = uploads, clock

    def do(self, job: Job, progress: Progress) -> None:
        """Read the captions of a job and store them, or the sentence that says why not.

        The upload is removed. Raises JobFailed where the machine is, or may be, to blame, and the
        upload then stays.
        """
        del progress  # it takes seconds
        asset = library.entry(self._db, asset_of(job)).asset
        upload = upload_of(job, self._uploads)
        sentence, captions = "", None
        try:
            captions = self._read(job, asset, upload)
            if captions is None:
                sentence = NONE_INSIDE
        except CaptionError as error:
            passing = is_due_to(error, LackError, MediaError, OSError)
            if passing or is_due_to(error, SlowError):
                raise JobFailed(str(error), retry=passing) from error
            log.info("captions of %s were not taken: %s", asset.title, error)
            sentence = str(error)
        action.finish_reading(self._db, self._clock.utc(), job.id, captions, sentence)
        if upload is not None:
            upload.unlink(missing_ok=True)

    def _read(self, job: Job, asset: Asset, upload: Path | None) -> StoredCaptions | None:
        """Return the captions of a job; None where there are none. Raises CaptionError."""
        if asset.media is None or not asset.media.length:
            raise CaptionError(f"{asset.title} cannot air with captions.")
        if job.kind is JobKind.CAPTIONS_INSIDE:
            return self._inside(asset)
        if upload is None:
            raise CaptionError(GONE)
        name, length = job.original_name, asset.media.length
        return read_sidecar(upload, name, length, self._store, self._prober)

    def _inside(self, asset: Asset) -> StoredCaptions | None:
        """Read the file as it came, which is in the store beside its house copy."""
        try:
            facts = FACTS.validate_python(asset.facts)
        except ValidationError as error:
            raise CaptionError("Nothing is known of this file; upload it again.") from error
        path = self._store.path(facts.key, facts.suffix)
        if not path.is_file():
            raise CaptionError("The file is not on this disk; upload it again.")
        name = f"file{facts.suffix}"
        return read_captions(path, facts, self._store, self._prober, name=name)
