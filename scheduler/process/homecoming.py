"""Recordings that come home: what has arrived at the server's store is checked and counted."""

import logging
from pathlib import Path

from config.clock import Clock
from media.asset import FACTS, AssetFacts
from media.caption_files import StoredCaptions, read_captions
from media.captions.track import CaptionError
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore
from playout.model.plan import Media
from scheduler.actions import homecoming as action
from scheduler.actions import resting
from scheduler.db.store import Database
from scheduler.domain.model.job import Job
from scheduler.process.job_loop import JobThread
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import library

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0
COMPARED_EVERY_NS = 3600 * 1_000_000_000
"""Nanoseconds between two comparisons of the table of copies with the store."""


class Arrivals(JobThread):
    """A thread that looks which recordings have arrived, by itself and not by being told.

    So it does not matter who brought the bytes (the machine, a disk shared with it, or a restore),
    or at which moment a process was killed.
    """

    def __init__(self, db: Database, store: MediaStore, clock: Clock) -> None:
        super().__init__("arrivals of recordings", clock, LOOK_EVERY_SECONDS)
        self._db, self._store = db, store
        self._compared: int | None = None

    def one(self) -> bool:
        """Look once. Return False, for there is no next job to hurry to."""
        now = self._clock.utc()
        if self._is_due():
            here = dict(self._store.oldest_first())
            resting.wake(self._db, here)
            if lost := action.compare_store(self._db, now, here):
                log.warning("%s recordings are gone from the media store.", lost)
            self._compared = self._clock.monotonic()
        for awaited in action.awaited(self._db):
            if has_come(self._store, awaited.media):
                action.queue_check(self._db, now, awaited.asset)
        return False

    def _is_due(self) -> bool:
        at = self._compared
        return at is None or self._clock.monotonic() - at >= COMPARED_EVERY_NS


def has_come(store: MediaStore, media: Media) -> bool:
    """Return whether all bytes of a file are here, checked or not."""
    if store.has(media.key, media.suffix):
        return True
    return store.partials().get(media.key) == media.size


class RecordingChecks:
    """The handler of recordings that have come: hash, facts, captions and picture."""

    def __init__(self, db: Database, store: MediaStore, prober: Prober, clock: Clock) -> None:
        self._db, self._store, self._prober, self._clock = db, store, prober, clock

    def do(self, job: Job, progress: Progress) -> None:
        """Take the recording into the store, and add what is read from its file.

        Raises JobFailed where it came damaged: the machine then sends it anew.
        """
        media = library.entry(self._db, asset_of(job)).asset.media
        if media is None:
            raise JobFailed("Nothing is known of this recording's file.", retry=False)
        progress(0.0, "Checking that it came whole")
        path = self._taken_in(media)
        try:
            facts = self._measured(path, media, progress)
            thumbnail = self._prober.thumbnail(path)
        except ProbeError as error:
            raise JobFailed(str(error), retry=True) from error
        progress(0.95, "Reading captions")
        action.looked_at(
            self._db,
            self._clock.utc(),
            job.id,
            facts=FACTS.dump_python(facts, mode="json"),
            captions=self._captions(path, facts),
            thumbnail=thumbnail,
        )

    def _taken_in(self, media: Media) -> Path:
        """Return the path of the file in the store. It is at the server from then on."""
        was_here = self._store.has(media.key, media.suffix)
        if not was_here:
            try:
                self._store.writer(media.key, media.suffix, media.size).commit()
            except MediaError as error:
                # What came damaged is gone and is sent anew; else the disk is to blame.
                raise JobFailed(str(error), retry=has_come(self._store, media)) from error
        action.came_home(self._db, self._clock.utc(), media, verified=not was_here)
        return self._store.path(media.key, media.suffix)

    def _measured(self, path: Path, media: Media, progress: Progress) -> AssetFacts:
        facts = self._prober.probe(path, key=media.key)
        return self._prober.measure(
            path,
            facts,
            progress=lambda share: progress(0.1 + 0.8 * share, "Checking picture and sound"),
        )

    def _captions(self, path: Path, facts: AssetFacts) -> StoredCaptions | None:
        """Return the captions inside it; None where there are none, or they cannot be read."""
        if not facts.has_picture or facts.still:
            return None
        try:
            return read_captions(path, facts, self._store, self._prober)
        except CaptionError as error:
            log.warning("the captions of %s were not read: %s", path.name[:12], error)
            return None
