"""Eviction from a media store that is a cache: files no plan needs go, if the server has them.

Recordings lie in the same store until the server has them, so nothing is ever removed on a guess.
"""

import logging
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import httpx

from config.names import AssetKey
from media.store import MediaStore
from playout.host.answers import ask
from playout.host.library import AIRS_SOON_WITHIN, Library, needed
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown

log = logging.getLogger(__name__)

MOST_SPARE_BYTES = 10_000_000_000
"""Bytes kept free; a tenth of the disk if that is less."""

ServerHas = Callable[[AssetKey], bool]
"""A function that tells whether the server has a file."""


@dataclass(frozen=True)
class Evictor:
    """Makes room in the store that all channels of a machine share."""

    store: MediaStore
    libraries: tuple[tuple[str, Library], ...]
    """Every channel of this machine, by name."""
    server_has: ServerHas
    spare: int | None = None
    """Bytes to keep free; None for the amount that suits the disk."""

    def make_room(self, coming: int = 0, for_soon: datetime | None = None) -> list[AssetKey]:
        """Remove the oldest files until `coming` bytes and the spare are free. Return them.

        Nothing is removed while the plan of any channel is unknown.

        `for_soon`, if given, is the present instant and means that the coming file airs soon. Then
        files that plans name only later than two days from now go as well, the last needed first.
        """
        goal = coming + self.spare_bytes()
        if self.store.free_bytes() >= goal:
            return []
        keep = self._needed()
        if keep is None:
            return []
        gone = self._remove((k for k, _ in self.store.oldest_first() if k not in keep), goal)
        if for_soon is not None:
            gone += self._remove(self._needed_last(for_soon), goal)
        if gone:
            log.info("Made room: %s files that are no longer needed were removed.", len(gone))
        return gone

    def _remove(self, keys: Iterable[AssetKey], goal: int) -> list[AssetKey]:
        """Remove files in this order, if the server has them, until `goal` bytes are free."""
        gone = list[AssetKey]()
        for key in keys:
            if self.store.free_bytes() >= goal:
                break
            if self.server_has(key):
                self.store.evict([key])
                gone.append(key)
        return gone

    def _needed_last(self, now: datetime) -> list[AssetKey]:
        """Return files here that air only later than two days from `now`, the last needed first."""
        near, starts = set[AssetKey](), dict[AssetKey, datetime]()
        for name, library in self.libraries:
            plan, rundown = library.plan(name), library.rundown()
            if plan is None:
                return []
            near |= {media.key for media in needed(plan, now, AIRS_SOON_WITHIN)} | _of_rundown(
                rundown
            )
            for item in plan.items:
                for media in (item.media, item.substitute):
                    for key in _keys(media) if item.start >= now + AIRS_SOON_WITHIN else ():
                        starts[key] = min(item.start, starts.get(key, item.start))
        here = self.store.keys() & starts.keys() - near
        return sorted(here, key=starts.__getitem__, reverse=True)

    def spare_bytes(self) -> int:
        """Return how many bytes to keep free."""
        if self.spare is not None:
            return self.spare
        self.store.free_bytes()
        return min(MOST_SPARE_BYTES, shutil.disk_usage(self.store.root).total // 10)

    def _needed(self) -> set[AssetKey] | None:
        """Return the files that any plan or rundown names; None if a plan is unknown."""
        keys: set[AssetKey] = set()
        for name, library in self.libraries:
            plan, rundown = library.plan(name), library.rundown()
            if plan is None:
                return None
            keys |= _of_plan(plan)
            keys |= _of_rundown(rundown)
        return keys


def _of_plan(plan: Plan) -> set[AssetKey]:
    items = [media for item in plan.items for media in (item.media, item.substitute)]
    every = (*plan.clips, *plan.drawn_from, *plan.pictures, *items)
    return {key for media in every for key in _keys(media)}


def _of_rundown(rundown: Rundown | None) -> set[AssetKey]:
    cues = rundown.cues if rundown is not None else ()
    return {key for cue in cues for key in _keys(cue.media)}


def _keys(media: Media | None) -> tuple[AssetKey, ...]:
    """Return the keys of a file and of its captions."""
    if media is None:
        return ()
    return (media.key,) if media.captions is None else (media.key, media.captions.key)


def on_server(client: httpx.Client) -> ServerHas:
    """Return a function that asks the server for a file; a server that does not answer has none."""

    def asked(key: AssetKey) -> bool:
        try:
            return ask(client, "HEAD", f"media/{key}").status == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return asked
