"""The making of files of cuts."""

from collections.abc import Sequence
from datetime import timedelta

from config.clock import Clock
from media.caption_files import load_track
from media.captions.cue import CaptionCue
from media.captions.facts import readable
from media.captions.in_pieces import in_pieces
from media.captions.track import CaptionError
from media.export import Export, ExportError, Exports, Make, make_export
from media.store import MediaStore
from scheduler.actions import resting
from scheduler.db.store import Database
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import exports as query

MAKING = "Making the file"
NOT_HERE = (
    "The file that it is cut from is not on this server. It is tried again when that has come back."
)


class ExportMaker:
    """The handler of files that staff want of a cut."""

    def __init__(
        self, db: Database, store: MediaStore, clock: Clock, make: Make = make_export
    ) -> None:
        self._db, self._store, self._clock, self._make = db, store, clock, make
        self._exports = Exports(store)

    def do(self, job: Job, progress: Progress) -> None:
        """Make the file as the cut is now, unless it is made. Raises JobFailed."""
        asset = asset_of(job)
        wanted = query.file_of(self._db, asset, int(job.what.get("piece", 0)))
        if wanted is None:
            raise JobFailed("The cut has no such piece any more.", retry=False)
        export = wanted.export
        if self._exports.facts(export.content) is not None:
            return
        if resting.want(self._db, export.key, self._clock.utc()):
            raise JobFailed("The file is coming back from the archive.", retry=True)
        if not self._store.has(export.key, export.suffix):
            raise JobFailed(NOT_HERE, retry=True)
        progress(0.0, MAKING)
        try:
            self._exports.keep(
                export, asset, self._cues(export), self._clock.utc(), self._make,
                lambda share: progress(share, MAKING),
            )  # fmt: skip
        except (ExportError, CaptionError) as error:
            passing = isinstance(error, CaptionError) or error.passing
            raise JobFailed(str(error), retry=passing) from error

    def _cues(self, export: Export) -> Sequence[CaptionCue]:
        """Return the captions of the pieces. Raises CaptionError."""
        if export.captions is None:
            return ()
        track = load_track(self._store, export.captions)
        last = max((end for _, end in export.spans), default=0)
        return in_pieces(readable(track, timedelta(microseconds=last)), export.spans)
