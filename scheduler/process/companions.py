"""The making of what pages show of films: small copies for browsers, picture and sound strips."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from config.clock import Clock
from config.names import AssetKey
from media.asset import FACTS
from media.companion import CompanionError, Companions, FilmOrder, Make, make_companion
from media.store import MediaStore
from scheduler.actions import companions as action
from scheduler.actions.companions import COPIED
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job
from scheduler.process.jobs import JobFailed, Progress, asset_of
from scheduler.queries import companions as query
from scheduler.queries import library
from scheduler.queries.companions import Film

LOOK_EVERY_NS = 20_000_000_000
"""Nanoseconds between two looks for films without them."""
COMPARE_EVERY_NS = 600 * 1_000_000_000
"""Nanoseconds between two looks through the whole folder, which has one for each film."""
MOST_AT_ONCE = 50
"""Most jobs queued by one look."""
MAKING = "Making the strips, and a small copy if the browser needs one"


class CompanionMaker:
    """The handler of companions: of uploads and recordings alike, as soon as their bytes are here.

    What was lost from the disk is made again; the keeper deletes what belongs to no file.
    """

    def __init__(
        self, db: Database, store: MediaStore, clock: Clock, make: Make = make_companion
    ) -> None:
        self._db, self._store, self._clock, self._make = db, store, clock, make
        self._companions = Companions(store)
        self._looked = clock.monotonic() - LOOK_EVERY_NS
        self._made: set[AssetKey] = set()
        """The files of which they were made, when this was last looked at."""
        self._compared: int | None = None

    def queue_missing(self) -> None:
        """Queue the films that have none, at most once in `LOOK_EVERY_NS`."""
        now = self._clock.monotonic()
        if now - self._looked < LOOK_EVERY_NS:
            return
        self._looked = now
        films = query.films(self._db)
        if self._compared is None or now - self._compared >= COMPARE_EVERY_NS:
            self._compared = now
            self._made = self._companions.keys()
        missing = [film for film in films if film.key not in self._made]
        if missing:
            self._queue(missing)

    def _queue(self, missing: Sequence[Film]) -> None:
        """Queue the first of these films that are here and of which nothing is made yet."""
        left = action.left_alone(self._db)
        wanted = [film for film in missing if film.id not in left]
        here = list[AssetId]()
        for at in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[at : at + MOST_AT_ONCE]
            suffixes = query.suffixes(self._db, some)
            for film in some:
                if self._companions.are_made(film.key):
                    self._made.add(film.key)
                elif film.id in suffixes and self._store.has(film.key, suffixes[film.id]):
                    here.append(film.id)
            if len(here) >= MOST_AT_ONCE:
                break
        action.queue(self._db, self._clock.utc(), here, MOST_AT_ONCE)

    def do(self, job: Job, progress: Progress) -> None:
        """Make them of one file. Raises JobFailed."""
        asset = library.entry(self._db, asset_of(job)).asset
        order = self._order(asset, copied=bool(job.what.get(COPIED)))
        try:
            self._companions.keep(
                order[0], order[1], self._make, lambda share: progress(share, MAKING)
            )
        except CompanionError as error:
            raise JobFailed(str(error), retry=error.passing) from error

    def _order(self, asset: Asset, *, copied: bool) -> tuple[AssetKey, FilmOrder]:
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
        return media.key, FilmOrder(
            path, media.suffix, media.length, media.rate, begin, interlaced, copied
        )


def _begin(facts: Mapping[str, Any]) -> timedelta:
    """Return where the file begins by its own clock; a copy for air begins at zero."""
    return FACTS.validate_python(dict(facts)).begin if facts else timedelta(0)
