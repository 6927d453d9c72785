"""Pictures of cuts: each shows its own beginning, and not that of the file it was cut from."""

from datetime import timedelta

from config.clock import Clock
from media.probe import ProbeError, Prober
from media.store import MediaStore
from playout.model.pieces import span_of
from scheduler.actions import cuts as action
from scheduler.db.store import Database
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import library


class CutPictures:
    """The handler of pictures of cuts. A cut whose file is elsewhere keeps the picture of that."""

    def __init__(self, db: Database, store: MediaStore, prober: Prober, clock: Clock) -> None:
        self._db, self._store, self._prober, self._clock = db, store, prober, clock

    def do(self, job: Job, progress: Progress) -> None:
        """Take the picture of a cut as it is marked now. Raises JobFailed."""
        cut = library.entry(self._db, asset_of(job)).asset
        media = cut.media
        if media is None or not media.pieces or not media.has_picture:
            return
        if not self._store.has(media.key, media.suffix):
            return
        progress(0.0, "Taking the picture")
        first: timedelta = span_of(media.pieces[0][0], media.rate)
        path = self._store.path(media.key, media.suffix)
        try:
            picture = self._prober.thumbnail(path, first=first)
        except ProbeError as error:
            raise JobFailed(str(error), retry=False) from error
        if picture is not None:
            action.keep_picture(self._db, cut.id, picture)
