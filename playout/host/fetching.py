"""Fetching of the files that plans name, most needed first, as far as the disk has room."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import httpx

from config.clock import Clock
from config.names import AssetKey
from media.store import MediaError, MediaStore
from playout.host.eviction import Evictor
from playout.host.server_sync import fetch
from playout.model.plan import Media

log = logging.getLogger(__name__)

FETCH_RETRY_NS = 60_000_000_000
"""Nanoseconds before a file that could not be fetched, or had no room, is tried again."""
GIGABYTE = 1_000_000_000


@dataclass
class Fetcher:
    """Fills a store that is a cache. A file that cannot come or has no room blocks no other."""

    client: httpx.Client
    store: MediaStore
    evictor: Evictor
    clock: Clock
    short: str = ""
    """What there is no room for, in words; empty if everything fits."""
    _again: dict[AssetKey, int] = field(default_factory=dict)
    """When to try such a file again, in nanoseconds of the monotonic clock."""
    _lacking: set[AssetKey] = field(default_factory=set)

    def turn(self, wanted: Sequence[Media], soon: Collection[AssetKey]) -> bool:
        """Fetch one of the files, the first in this order that can be. Return False if none can.

        Files that air `soon` may use the spare room, and the room of files that air later.
        """
        now = self.clock.monotonic()
        due = [media for media in wanted if self._again.get(media.key, 0) <= now]
        fits = next((media for media in due if self._fits(media, urgent=media.key in soon)), None)
        if fits is not None and (failed := fetch(self.client, self.store, fits)):
            self._again[fits.key] = now + FETCH_RETRY_NS
            log.info(failed)
        self.short = _in_words([media for media in wanted if media.key in self._lacking])
        return fits is not None

    def _fits(self, media: Media, *, urgent: bool) -> bool:
        """Return whether there is room for a file, or can be made.

        A file that is not urgent leaves the spare room free.
        """
        try:
            coming = media.size - self.store.writer(media.key, media.suffix, media.size).offset()
            self.evictor.make_room(coming, self.clock.utc() if urgent else None)
            spare = 0 if urgent else self.evictor.spare_bytes()
            fits = self.store.free_bytes() >= coming + spare
        except (OSError, MediaError, ValueError) as error:
            log.warning("No room could be made in the media store: %s", error)
            fits = urgent
        self._lacking.discard(media.key)
        if not fits:
            self._lacking.add(media.key)
            self._again[media.key] = self.clock.monotonic() + FETCH_RETRY_NS
        return fits


def _in_words(lacking: Sequence[Media]) -> str:
    if not lacking:
        return ""
    size = sum(media.size for media in lacking) / GIGABYTE
    files = "1 file" if len(lacking) == 1 else f"{len(lacking)} files"
    return f"The disk has no room for {files} of the plan ({size:.1f} GB)."
