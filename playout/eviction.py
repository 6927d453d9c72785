"""Keeps room in a store that is a cache: what nobody will need goes, and only if the server has it.

Recordings lie in the same store until the server has them: nothing is removed on a guess.
"""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from config.names import AssetKey
from media.store import MediaStore
from playout.library import Library
from playout.rundown import Plan

log = logging.getLogger(__name__)

MOST_SPARE = 10_000_000_000
"""Bytes to be kept free at most; a tenth of a smaller disk."""

Asked = Callable[[AssetKey], bool]
"""Whether the server has this file."""


@dataclass(frozen=True)
class Evictor:
    """Makes room in the store that the channels of a machine share."""

    store: MediaStore
    libraries: tuple[tuple[str, Library], ...]
    """Every channel of this machine, by name."""
    server_has: Asked
    spare: int | None = None
    """Bytes to be kept free; None for what suits the disk."""

    def make_room(self, coming: int = 0) -> list[AssetKey]:
        """Remove what has been here longest until `coming` bytes and the spare are free; says
        which went. Nothing goes while the plan of any channel is not known."""
        wanted = coming + self._spare()
        if self.store.free_bytes() >= wanted:
            return []
        keep, gone = self._needed(), list[AssetKey]()
        if keep is None:
            return gone
        for key, _ in self.store.oldest_first():
            if self.store.free_bytes() >= wanted:
                break
            if key in keep or not self.server_has(key):
                continue
            self.store.evict([key])
            gone.append(key)
        if gone:
            log.info("Made room: %s files that nobody needs now were removed.", len(gone))
        return gone

    def _spare(self) -> int:
        if self.spare is not None:
            return self.spare
        self.store.free_bytes()
        return min(MOST_SPARE, shutil.disk_usage(self.store.root).total // 10)

    def _needed(self) -> set[AssetKey] | None:
        """What any channel's plan or rundown names; None where a plan is not known."""
        keys: set[AssetKey] = set()
        for name, library in self.libraries:
            plan, rundown = library.plan(name), library.rundown()
            if plan is None:
                return None
            keys |= _of_plan(plan)
            if rundown is not None:
                keys |= {cue.media.key for cue in rundown.cues if cue.media is not None}
        return keys


def _of_plan(plan: Plan) -> set[AssetKey]:
    items = [media for item in plan.items for media in (item.media, item.substitute)]
    return {media.key for media in (*plan.clips, *items) if media is not None}


def on_server(client: httpx.Client) -> Asked:
    """Asks the server; one that is not heard has nothing."""

    def asked(key: AssetKey) -> bool:
        try:
            return client.head(f"media/{key}").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return asked
