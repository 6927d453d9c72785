"""The making of what pages show of films: small copies for browsers, picture and sound strips."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from config.clock import Clock
from config.names import AssetKey
from media.asset import FACTS
from media.companion import CompanionError, Companions, FilmOrder, Make, make_companion
from media.store import MediaStore
from scheduler.actions import companions as action
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import companions as query
from scheduler.queries import library

log = logging.getLogger(__name__)
LOOK_EVERY_NS = 20_000_000_000
"""Nanoseconds between two looks for films without them."""
MOST_AT_ONCE = 50
"""Most jobs queued by one look."""
MAKING = "Making the strips, and a small copy if the browser needs one"


class CompanionMaker:
    """The handler of companions: of uploads and recordings alike, as soon as their bytes are here.

    What was lost from the disk is made again, and what belongs to no file is deleted.
    """

    def __init__(
        self, db: Database, store: MediaStore, clock: Clock, make: Make = make_companion
    ) -> None:
        self._db, self._store, self._clock, self._make = db, store, clock, make
        self._companions = Companions(store)
        self._looked = clock.monotonic() - LOOK_EVERY_NS

    def queue_missing(self) -> None:
        """Queue the films that have none, at most once in `LOOK_EVERY_NS`, and sweep."""
        if self._clock.monotonic() - self._looked < LOOK_EVERY_NS:
            return
        self._looked = self._clock.monotonic()
        films, made = query.films(self._db), self._companions.keys()
        missing = [
            film.id
            for film in films
            if film.key not in made and self._store.has(film.key, film.suffix)
        ]
        action.queue(self._db, self._clock.utc(), missing, MOST_AT_ONCE)
        swept = self._companions.sweep({film.key for film in films})
        if swept:
            log.info("deleted the companions of %d files that are gone", swept)

    def do(self, job: Job, progress: Progress) -> None:
        """Make them of one file. Raises JobFailed."""
        asset = library.entry(self._db, asset_of(job)).asset
        order = self._order(asset)
        try:
            self._companions.keep(
                order[0], order[1], self._make, lambda share: progress(share, MAKING)
            )
        except CompanionError as error:
            raise JobFailed(str(error), retry=error.passing) from error

    def _order(self, asset: Asset) -> tuple[AssetKey, FilmOrder]:
        """Return the film to read. Raises JobFailed where it is not here."""
        media = asset.media
        if media is None or not media.length:
            raise JobFailed("There is no film in it.", retry=False)
        if not self._store.has(media.key, media.suffix):
            raise JobFailed("The file is not on this server.", retry=True)
        own = asset.facts if asset.facts.get("key") == media.key else {}
        path = self._store.path(media.key, media.suffix)
        interlaced = bool(own.get("interlaced"))
        begin = _begin(own)
        return media.key, FilmOrder(path, media.suffix, media.length, media.rate, begin, interlaced)


def _begin(facts: Mapping[str, Any]) -> timedelta:
    """Return where the file begins by its own clock; a copy for air begins at zero."""
    return FACTS.validate_python(dict(facts)).begin if facts else timedelta(0)
