"""Fetching of the files that plans name, most needed first, as far as the disk has room."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from config.clock import Clock
from config.names import AssetKey
from media.store import MediaError, MediaStore
from playout.host.eviction import Evictor
from playout.host.pace import Pace
from playout.host.server_sync import fetch
from playout.model.plan import Media
from playout.timing.media_need import DiskShare, MediaNeed, Need

log = logging.getLogger(__name__)

FETCH_RETRY_NS = 60_000_000_000
"""Nanoseconds before a file that could not be fetched, or had no room, is tried again."""
SHARED_AGAIN_AFTER_NS = 30_000_000_000
"""Nanoseconds for which a division of the disk stands while the same files are missing."""


@dataclass
class Fetcher:
    """Fills a store that is a cache. A file that cannot come or has no room blocks no other."""

    client: httpx.Client
    store: MediaStore
    evictor: Evictor
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    lacking: tuple[MediaNeed, ...] = ()
    """Those of the files wanted last that do not fit, most needed first."""
    _again: dict[AssetKey, int] = field(default_factory=dict)
    """When to try such a file again, in nanoseconds of the monotonic clock."""
    _share: DiskShare | None = None
    _shared: tuple[int, Sequence[Media]] = (0, ())
    """When the disk was divided last, and for which files."""

    def turn(self, wanted: Sequence[Media], *, in_contact: bool = True) -> bool:
        """Fetch one of the files, the first in this order that can be. Return False if none can.

        Out of contact with the server, only say what will not fit.
        """
        now = self.clock.utc()
        share = self._divide(wanted, now)
        if share is None or not wanted:
            self.lacking = ()
            return False
        keys = {media.key for media in wanted}
        self.lacking = tuple(one for one in share.lacking if one.media.key in keys)
        due = (media for media in wanted if self._is_due(media, share)) if in_contact else ()
        need = next((need for media in due if (need := self._with_room(media, share, now))), None)
        if need is None:
            return False
        self.pace.hurries = need.need <= Need.NEXT_HOUR
        if failed := fetch(self.client, self.store, need.media, self.pace.after):
            self._again[need.media.key] = self.clock.monotonic() + FETCH_RETRY_NS
            log.info(failed)
        return True

    def _divide(self, wanted: Sequence[Media], now: datetime) -> DiskShare | None:
        """Divide the disk among all plans anew if other files are missing, or after a while."""
        at, before = self._shared
        age = self.clock.monotonic() - at
        if wanted and (self._share is None or wanted != before or age > SHARED_AGAIN_AFTER_NS):
            self._share = self.evictor.share(now)
            self._shared = self.clock.monotonic(), wanted
        return self._share

    def _is_due(self, media: Media, share: DiskShare) -> bool:
        again = self._again.get(media.key, 0)
        return media.key in share.needs and again <= self.clock.monotonic()

    def _with_room(self, media: Media, share: DiskShare, now: datetime) -> MediaNeed | None:
        """Return the need of a file if there is room for it, or can be made."""
        need = share.needs[media.key]
        try:
            if self.evictor.make_room_for(need, share, now):
                return need
        except (OSError, MediaError, ValueError) as error:
            log.warning("No room could be made in the media store: %s", error)
            if need.may_use_spare(now):
                return need
        self._again[media.key] = self.clock.monotonic() + FETCH_RETRY_NS
        return None
