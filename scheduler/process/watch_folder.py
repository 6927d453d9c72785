"""The work on one watch folder: look, take what has come whole, and settle what was taken."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.clock import Clock
from config.intake_settings import WatchFolder
from config.sizes import bytes_words
from media.room import DISK_KEPT_FREE, free_room
from media.store import MediaStore, content_key
from scheduler.actions import arrivals
from scheduler.actions.arrivals import Arrival, Fate, Verdict
from scheduler.db.store import Database
from scheduler.domain.library.arriving import Arrivals, Seen, shown
from scheduler.domain.library.names import captioned_stems, is_caption_file, stem
from scheduler.process.folder_scan import scan
from scheduler.process.mounts import is_unmounted, mount_point
from scheduler.process.taking import LOST_NOTE, Taken, TakingFolder

MOST_CHECKS = 4
"""Uploads that may wait for their check before a folder gives no more: what people upload by hand
must not wait behind a thousand files."""
EMPTY_WAITS = timedelta(minutes=10)
"""How long an empty file may be the beginning of one."""
CAPTIONS_WAIT = timedelta(minutes=30)
"""How long captions wait for a video of their name."""
BLOCK = 1 << 20
SYNC_EVERY = 64 << 20
"""Bytes after which a copy is synced, so that the disk is never busy with gigabytes at once."""
LINK = "It is a link to another place, which is not followed. Put the file itself here."
EMPTY = "The file is empty."
UNMOUNTED = (
    "Its drive is not mounted. Mount it again, or, where the folder is to lie on this disk, take "
    "it out of watch_folders, restart the scheduler, and put it back."
)


class Stopped(Exception):
    """The end of the process in the middle of a copy, which begins anew at the next start."""


@dataclass(frozen=True)
class FolderState:
    """The state of a watch folder, for the page of jobs."""

    waiting: int = 0
    """Files that have not come whole, or wait to be taken."""
    checking: int = 0
    """Files that are taken and not yet in the library."""
    words: str = ""
    """What keeps it from taking files; empty for nothing."""


class FolderIntake:
    """One watch folder. Every method may raise OSError where its disk, or ours, refuses."""

    def __init__(
        self,
        folder: WatchFolder,
        db: Database,
        store: MediaStore,
        uploads: Path,
        clock: Clock,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.folder = folder
        self._db, self._store, self._uploads, self._clock = db, store, uploads, clock
        self._stopping = stopping
        self._taking = TakingFolder(folder.path)
        self._arrivals = Arrivals()
        self.mount: Path | None = None
        """Where the disk of the folder was mounted when it was last there; None for unknown."""

    def look(self) -> FolderState:
        """Do one turn: settle what was taken, and take what has come whole."""
        now = self._clock.utc()
        files = scan(self.folder.path)
        here = mount_point(self.folder.path)
        if is_unmounted(self.mount, here):
            return FolderState(words=UNMOUNTED)
        self.mount = here
        if not os.access(self.folder.path, os.W_OK):
            words = "Gavel may not move its files. Give the service's user the right to write here."
            return FolderState(len(files), 0, words)
        self._arrivals = self._arrivals.look(files, now)
        for taken in self._taking.entries():
            self._advance(taken)
        words = self._take_whole(files, now)
        entries = self._taking.entries()
        return FolderState(len(scan(self.folder.path)), len(entries), words)

    def _take_whole(self, files: dict[str, Seen], now: datetime) -> str:
        """Take files while there is room; return why it stopped, or an empty text."""
        steady = timedelta(seconds=self.folder.steady_seconds)
        for name, seen in self._arrivals.whole(now, steady):
            if self._stopping():
                return ""
            if arrivals.checks_waiting(self._db) >= MOST_CHECKS:
                return ""
            if seen.size > self._room() and not seen.link and not self._linkable(name):
                need = bytes_words(seen.size)
                return f"The server's disk has no room for {shown(name)} ({need}). It waits."
            if self._due(name, seen, files, now):
                self._take(name, seen)
        return ""

    def _take(self, name: str, seen: Seen) -> None:
        asset = ""
        if is_caption_file(name) and (owner := arrivals.owner(self._db, shown(name))):
            asset = owner[0]
        taken = self._taking.begin(name, seen, asset)
        if taken is not None:
            self._advance(taken)

    def _due(self, name: str, seen: Seen, files: dict[str, Seen], now: datetime) -> bool:
        """Return whether a file that has come whole is to be taken now."""
        age = now - self._arrivals.since[name][1]
        if seen.size == 0 and not seen.link:
            return age >= EMPTY_WAITS
        if not is_caption_file(name):
            return True
        wanted = captioned_stems(name)
        coming = [*files, *(one.name for one in self._taking.entries())]
        if any(stem(one) in wanted and not is_caption_file(one) for one in coming):
            return False
        owner = arrivals.owner(self._db, shown(name))
        if owner is None:
            return age >= CAPTIONS_WAIT
        return owner[1].fate is not Fate.PENDING

    def _advance(self, taken: Taken) -> None:
        """Bring one taken file a step on, as far as that is possible now."""
        if taken.words or taken.refused_as:
            self._taking.refuse(taken, taken.words or LOST_NOTE)
            return
        verdict = self._fate(taken)
        if verdict.fate is Fate.UNKNOWN:
            self._give(taken)
        elif verdict.fate is Fate.TAKEN:
            self._taking.done(taken)
        elif verdict.fate is Fate.REFUSED:
            self._taking.refuse(taken, verdict.words)

    def _fate(self, taken: Taken) -> Verdict:
        captions = is_caption_file(taken.name)
        fate = arrivals.fate_of_captions if captions else arrivals.fate_of_file
        return fate(self._db, taken.id)

    def _give(self, taken: Taken) -> None:
        """Give a file to the library, or refuse it at once."""
        refusal = self._refusal(taken)
        if refusal:
            self._taking.refuse(taken, refusal)
            return
        upload = self._uploads / f"{taken.id}.upload"
        content = self._bring(taken, upload)
        if not self._taking.unchanged(taken):
            upload.unlink(missing_ok=True)
            self._taking.put_back(taken)
            return
        name, now, folder = shown(taken.last_name), self._clock.utc(), self.folder.title
        if is_caption_file(taken.name):
            arrivals.take_in_captions(
                self._db, now, folder, taken.id, upload.name, name, taken.asset
            )
            return
        same = arrivals.same_content(self._db, content, taken.id)
        if same:
            upload.unlink(missing_ok=True)
            self._taking.refuse(taken, same)
            return
        file = Arrival(taken.id, upload.name, name, content, self.folder.tags, self.folder.program)
        arrivals.take_in(self._db, now, folder, file)

    def _refusal(self, taken: Taken) -> str:
        """Return why a file is refused before anything of it is read; empty where it is not."""
        if self._taking.file(taken).is_symlink():
            return LINK
        if taken.size == 0:
            return EMPTY
        if not is_caption_file(taken.name):
            return ""
        if not taken.asset:
            return f"No video is called {stem(shown(taken.name))}. Put it here, or upload it first."
        verdict = arrivals.fate_of_file(self._db, taken.asset)
        return "" if verdict.fate is Fate.TAKEN else f"Its video was not taken: {verdict.words}"

    def _bring(self, taken: Taken, upload: Path) -> str:
        """Put the bytes where uploads wait, as a link where that is possible; return their hash."""
        self._uploads.mkdir(parents=True, exist_ok=True)
        source = self._taking.file(taken)
        if self._is_ours(source):
            key = content_key(source, drop_pages=True)
            upload.unlink(missing_ok=True)
            os.link(source, upload)
            return key
        partial = self._uploads / f"{taken.id}.taking.part"
        content = self._copied(source, partial)
        partial.replace(upload)
        return content

    def _copied(self, source: Path, to: Path) -> str:
        """Copy a file, synced, and return its hash. Raises Stopped at the end of the process."""
        digest, unsynced = hashlib.sha256(), 0
        with source.open("rb") as reading, to.open("wb") as writing:
            while block := reading.read(BLOCK):
                if self._stopping():
                    raise Stopped
                digest.update(block)
                writing.write(block)
                unsynced += len(block)
                if unsynced >= SYNC_EVERY:
                    self._settle(reading.fileno(), writing.fileno())
                    unsynced = 0
            writing.flush()
            self._settle(reading.fileno(), writing.fileno())
        return digest.hexdigest()

    def _settle(self, reading: int, writing: int) -> None:
        """Write to disk what was copied, and keep it from pushing what airs out of memory."""
        os.fdatasync(writing)
        for handle in (reading, writing):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)

    def _room(self) -> int:
        """Return how many bytes may still come."""
        return free_room(self._store, self._uploads) - DISK_KEPT_FREE

    def _linkable(self, name: str) -> bool:
        return self._is_ours(self.folder.path / name)

    def _is_ours(self, path: Path) -> bool:
        """Return whether a link into the uploads folder would do: the same disk, and our own file,
        which the store can make read-only.
        """
        self._uploads.mkdir(parents=True, exist_ok=True)
        status = os.lstat(path)
        same = status.st_dev == self._uploads.stat().st_dev
        return same and status.st_uid == os.geteuid() and status.st_nlink == 1
