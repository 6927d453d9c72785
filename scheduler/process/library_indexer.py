"""The upkeep of the library's search: the words of captions, and an index that was lost."""

import logging
from datetime import timedelta

from config.clock import Clock
from config.names import AssetKey
from media.caption_files import load_track
from media.captions.facts import readable
from media.captions.track import LONGEST_MICROSECONDS, CaptionError
from media.store import MediaStore
from scheduler.actions import search_index as action
from scheduler.db.store import Database
from scheduler.domain.library.spoken import stored_text
from scheduler.process.job_loop import JobThread

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0
WHOLE_EVERY_NS = 60 * 1_000_000_000
"""Time between two checks that every file is in the index."""
AT_ONCE = 20


class LibraryIndexer(JobThread):
    """A thread beside the scheduler's loop.

    Captions lie in files, and no transaction waits for a file. So their words follow a moment
    after the captions themselves; everything else is in the index at once.
    """

    def __init__(self, db: Database, store: MediaStore, clock: Clock) -> None:
        super().__init__("the library's index", clock, LOOK_EVERY_SECONDS)
        self._db, self._store = db, store
        self._whole_at = -WHOLE_EVERY_NS
        self._unread: set[str] = set()
        """Tracks that cannot be read; tried again at the next start."""

    def one(self) -> bool:
        """Read the words of some caption tracks; return False when there are none left."""
        if self._clock.monotonic() - self._whole_at >= WHOLE_EVERY_NS:
            made = action.repair(self._db)
            if made:
                log.info("the search of the library was made again: %d files", made)
            self._whole_at = self._clock.monotonic()
        keys = action.captions_to_read(self._db, AT_ONCE + len(self._unread))
        new = [key for key in keys if key not in self._unread][:AT_ONCE]
        for key in new:
            self._read(AssetKey(key))
        return bool(new)

    def _read(self, key: AssetKey) -> None:
        try:
            cues = readable(load_track(self._store, key), _LONGEST)
        except CaptionError as error:
            log.warning("captions %s are not searched: %s", key[:12], error)
            self._unread.add(key)
            return
        folded, lines = stored_text((cue.begin // 1000, cue.text) for cue in cues)
        action.store_captions(self._db, key, folded, lines)


_LONGEST = timedelta(microseconds=LONGEST_MICROSECONDS)
