"""The writing of draft captions: a speech model hears files that have none."""

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
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import Job
from scheduler.process.jobs import Progress, asset_of
from scheduler.queries import library, station

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 20.0
"""Seconds between two looks for a file without captions."""
HEARING = "Hearing the file"
NO_SPEECH = "No speech was heard in it."


class CaptionDrafts:
    """The handler of draft captions: a speech model hears files, in a confined child at the lowest
    priority.

    What it writes is a draft: nothing airs until a person says so.
    """

    def __init__(
        self, db: Database, store: MediaStore, hearer: Hearer, clock: Clock, language: str = "en"
    ) -> None:
        self._db, self._store, self._hearer = db, store, hearer
        self._clock, self._language = clock, language

    def queue_missing(self) -> None:
        """Queue the files without captions."""
        action.queue_missing_drafts(self._db, self._clock.utc())

    def do(self, job: Job, progress: Progress) -> None:
        """Hear a file and store its draft, or the sentence that says why there is none."""
        asset = library.entry(self._db, asset_of(job)).asset
        draft, sentence = None, ""
        try:
            draft = None if asset.caption_entry is not None else self._draft(asset, progress)
        except (SpeechError, CaptionError) as error:
            log.info("no draft captions of %s: %s", asset.title, error)
            sentence = str(error)
        action.finish_draft(self._db, self._clock.utc(), job.id, draft, sentence)

    def _draft(self, asset: Asset, progress: Progress) -> StoredCaptions:
        """Hear a file and store its captions. Raises SpeechError and CaptionError."""
        media = asset.media
        if media is None or not self._store.has(media.key, media.suffix):
            raise SpeechError("The file is not on this disk.")
        path, name = self._store.path(media.key, media.suffix), f"file{media.suffix}"
        words = self._hearer.words(
            path, media.length, name=name, progress=lambda share: progress(share, HEARING)
        )
        track = draft_track(words, names_of(station.caption_names(self._db)))
        facts = facts_of(track, CaptionOrigin.AUTOMATIC, media.length, self._language)
        if facts is None:
            raise SpeechError(NO_SPEECH)
        return keep_track(track, facts, self._store)
