"""Eviction from a media store that is a cache: what is needed least goes, if the server allows it.

Recordings lie in the same store. The server counts the copies of each file and knows which of two
machines asked first, so nothing is ever removed on a guess.
"""

import logging
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from config.names import AssetKey
from media.store import MediaStore
from playout.host.answers import ask
from playout.host.library import Library
from playout.model.holdings import READS_HOLDINGS
from playout.model.wire import READS_HEADER
from playout.model.wire_before import reads_of
from playout.timing.media_need import DiskShare, MediaNeed, merged, needs, share_disk

log = logging.getLogger(__name__)

MOST_SPARE_BYTES = 10_000_000_000
"""Bytes kept free; a tenth of the disk if that is less."""
LEAST_FREE_BYTES = 1 << 30
"""Bytes that also a file of the next two days leaves free, so that recording goes on; half of the
spare if that is less."""
ASKED_AGAIN_AFTER = timedelta(minutes=5)
"""Time before the server is asked again for a file that it did not have."""

ServerHas = Callable[[AssetKey], bool]
"""A function that tells whether a file may go: the server has it, and enough copies stay."""
_NO = (404, 405, 409)


@dataclass(frozen=True)
class Evictor:
    """Makes room in the store that all channels of a machine share."""

    store: MediaStore
    libraries: tuple[tuple[str, Library], ...]
    """Every channel of this machine, by name."""
    server_has: ServerHas
    spare: int | None = None
    """Bytes to keep free; None for the amount that suits the disk."""
    _only_here: dict[AssetKey, datetime] = field(default_factory=dict)
    """Files that the server did not have, and when it was asked."""

    def make_room(self, now: datetime) -> list[AssetKey]:
        """Remove files that no plan needs, the oldest first, until the spare is free.

        Return what was removed: nothing while the plan of any channel is unknown.
        """
        share = self.share(now) if self.store.free_bytes() < self.spare_bytes() else None
        if share is None:
            return []
        gone = self._remove(self._unneeded(share.named), self.spare_bytes(), now)
        if gone:
            log.info("Made room: %s files that are no longer needed were removed.", len(gone))
        return gone

    def make_room_for(self, coming: MediaNeed, share: DiskShare, now: datetime) -> bool:
        """Remove what is needed less than a file that fits. Return whether there is room now."""
        media = coming.media
        here = self.store.writer(media.key, media.suffix, media.size).offset()
        free = self._least_free() if coming.may_use_spare(now) else self.spare_bytes()
        goal = media.size - here + free
        if self.store.free_bytes() < goal:
            later = [one.media.key for one in reversed(share.lacking)]
            gone = self._remove([*self._unneeded(share.named), *later], goal, now)
            log.info("Made room for %s: %s files were removed.", media.key[:12], len(gone))
        return self.store.free_bytes() >= goal

    def drop(self, released: Collection[AssetKey], now: datetime) -> list[AssetKey]:
        """Remove files that were deleted for good, as far as no plan names them; return which.

        Nothing goes while the plan of any channel is unknown.
        """
        share = self.share(now) if released else None
        gone = [key for key in released if share is not None and key not in share.named]
        for key in gone:
            log.info("%s was deleted from the library, and goes here too.", key[:12])
        self.store.evict(gone)
        return gone

    def share(self, now: datetime) -> DiskShare | None:
        """Return which files of all channels fit; None while the plan of one is unknown."""
        order: list[MediaNeed] = []
        for name, library in self.libraries:
            plan = library.plan(name)
            if plan is None:
                return None
            order += needs(plan, now, library.rundown())
        own = self._kept_for_the_server(now)
        here = {key: size for key, size in self.store.oldest_first() if key not in own}
        held = sum(here.values()) + sum(self.store.partials().values())
        room = self.store.free_bytes() + held
        needed = [one for one in merged(order) if one.media.key not in own]
        return share_disk(needed, room, self.spare_bytes(), self._least_free(), now)

    def spare_bytes(self) -> int:
        """Return how many bytes to keep free."""
        if self.spare is not None:
            return self.spare
        self.store.free_bytes()
        return min(MOST_SPARE_BYTES, shutil.disk_usage(self.store.root).total // 10)

    def _least_free(self) -> int:
        return min(LEAST_FREE_BYTES, self.spare_bytes() // 2)

    def _unneeded(self, needed: Collection[AssetKey]) -> list[AssetKey]:
        """Return the files that no plan needs: those that came in part, then the oldest first."""
        came = [key for key in self.store.partials() if key not in needed]
        return [*came, *(key for key, _ in self.store.oldest_first() if key not in needed)]

    def _remove(self, keys: Iterable[AssetKey], goal: int, now: datetime) -> list[AssetKey]:
        """Remove files in this order until `goal` bytes are free, if the server has them."""
        here, own = self.store.keys(), self._kept_for_the_server(now)
        gone = list[AssetKey]()
        for key in keys:
            if self.store.free_bytes() >= goal:
                break
            self.store.drop_partial(key)
            if key not in here or key in own:
                continue
            if self.server_has(key):
                self.store.evict([key])
                gone.append(key)
            else:
                self._only_here[key] = now
        return gone

    def _kept_for_the_server(self, now: datetime) -> frozenset[AssetKey]:
        """Return the files that the server lacked when it was asked a short while ago."""
        return frozenset(key for key, at in self._only_here.items() if now - at < ASKED_AGAIN_AFTER)


def on_server(client: httpx.Client) -> ServerHas:
    """Return a function that asks the server whether a file may go.

    A server that does not answer says no. One of a version before 16 is asked whether it has it.
    """

    def asked(key: AssetKey) -> bool:
        try:
            answer = ask(client, "POST", f"let-go/{key}", takes=_NO)
            if reads_of(answer.headers.get(READS_HEADER, "")) >= READS_HOLDINGS:
                return answer.status == httpx.codes.NO_CONTENT
            return ask(client, "HEAD", f"media/{key}").status == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return asked
