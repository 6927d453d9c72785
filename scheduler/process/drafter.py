"""The worker that writes draft captions: it hears files without captions, one at a time."""

import logging

from config.clock import Clock
from media.caption_files import StoredCaptions, keep_track
from media.captions.facts import CaptionOrigin, facts_of
from media.captions.track import CaptionError
from media.speech.draft import draft_track
from media.speech.hearing import Hearer
from media.speech.names import names_of
from media.speech.words import SpeechError
from media.store import MediaStore
from scheduler.actions import captions as action
from scheduler.actions import media as jobs
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset, Job
from scheduler.process.job_loop import JobThread
from scheduler.queries import library, station

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 20.0
"""Seconds between two looks for a file without captions."""
PROGRESS_EVERY_NS = 5_000_000_000
NO_SPEECH = "No speech was heard in it."


class CaptionDrafter(JobThread):
    """A thread that lets a speech model hear files, in a confined child at the lowest priority.

    What it writes is a draft: nothing airs until a person says so.
    """

    def __init__(
        self, db: Database, store: MediaStore, hearer: Hearer, clock: Clock, language: str = "en"
    ) -> None:
        super().__init__("writing draft captions", clock, LOOK_EVERY_SECONDS)
        self._db, self._store, self._hearer = db, store, hearer
        self._language = language

    def one(self) -> bool:
        """Hear the next file that waits; return False where there is none."""
        action.queue_missing_drafts(self._db, self._clock.utc())
        job = jobs.claim_job(self._db, self._clock.utc(), drafts=True)
        if job is None:
            return False
        asset = library.entry(self._db, job.asset).asset
        draft, sentence = None, ""
        try:
            draft = None if asset.caption_entry is not None else self._draft(job, asset)
        except (SpeechError, CaptionError) as error:
            log.info("no draft captions of %s: %s", asset.title, error)
            sentence = str(error)
        action.finish_draft(self._db, self._clock.utc(), job.id, draft, sentence)
        return True

    def _draft(self, job: Job, asset: Asset) -> StoredCaptions:
        """Hear a file and store its captions. Raises SpeechError and CaptionError."""
        media = asset.media
        if media is None or not self._store.has(media.key, media.suffix):
            raise SpeechError("The file is not on this disk.")
        path, updated = self._store.path(media.key, media.suffix), 0

        def progress(share: float) -> None:
            nonlocal updated
            if self._clock.monotonic() - updated >= PROGRESS_EVERY_NS:
                updated = self._clock.monotonic()
                jobs.job_progress(self._db, job.id, share, "Hearing the file")

        name = f"file{media.suffix}"
        words = self._hearer.words(path, media.length, name=name, progress=progress)
        track = draft_track(words, names_of(station.caption_names(self._db)))
        facts = facts_of(track, CaptionOrigin.AUTOMATIC, media.length, self._language)
        if facts is None:
            raise SpeechError(NO_SPEECH)
        return keep_track(track, facts, self._store)
