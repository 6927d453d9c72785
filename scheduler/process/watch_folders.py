"""The thread that looks at the watch folders: one after another, every few seconds.

Network drives tell nobody of a new file, so folders are looked at. A drive that hangs holds up only
this thread.
"""

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

from config.clock import Clock
from config.settings import Settings
from media.store import MediaError, MediaStore
from scheduler.db import passing
from scheduler.db.store import Database, DatabaseError
from scheduler.process.job_loop import JobThread
from scheduler.process.jobs import LOWEST_PRIORITY
from scheduler.process.watch_folder import FolderIntake, FolderState, Stopped

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 5.0
TELL_EVERY_SECONDS = 30.0


class FolderWatcher(JobThread):
    """A thread that takes files from the watch folders of the settings."""

    def __init__(self, db: Database, settings: Settings, clock: Clock) -> None:
        super().__init__("watching folders", clock, LOOK_EVERY_SECONDS)
        self._db = db
        store = MediaStore(settings.media_root)
        self._intakes = [
            FolderIntake(one, db, store, settings.uploads, clock, self._stopping)
            for one in settings.watch_folders
        ]
        self._told: dict[Path, tuple[FolderState, float]] = {}
        self._looking: FolderIntake | None = None

    def start(self) -> None:
        """Start the thread, where the settings name a folder. Forget folders of old settings."""
        passing.keep_folders(self._db, [str(one.folder.path) for one in self._intakes])
        known = {one.path: one.mount for one in passing.folders(self._db) if one.mount}
        for intake in self._intakes:
            mount = known.get(str(intake.folder.path)[: passing.LONGEST_PATH])
            intake.mount = Path(mount) if mount else None
        if self._intakes:
            super().start()

    def one(self) -> bool:
        """Look at each folder once. Return False."""
        for intake in self._intakes:
            if self._stop.is_set():
                break
            self._tell(intake, self._look(intake))
        return False

    def _look(self, intake: FolderIntake) -> FolderState:
        """Do one turn of a folder. One that is away keeps the others from nothing."""
        self._looking = intake
        try:
            return intake.look()
        except Stopped:
            return FolderState()
        except (OSError, MediaError) as error:
            return FolderState(words=_in_words(error, intake.folder.path))
        finally:
            self._looking = None

    def _stopping(self) -> bool:
        """Return whether to stop, asked with each block of a copy. A long copy is told as life, so
        that nobody takes it for a drive that hangs.
        """
        if (intake := self._looking) is not None:
            state, _ = self._told.get(intake.folder.path, (FolderState(), 0.0))
            with suppress(DatabaseError):
                self._tell(intake, state)
        return self._stop.is_set()

    def _tell(self, intake: FolderIntake, state: FolderState) -> None:
        """Store how a folder stands, when that changes and now and then; log a new problem."""
        path, seconds = intake.folder.path, self._clock.monotonic() / 1e9
        before, at = self._told.get(path, (FolderState(), -TELL_EVERY_SECONDS))
        if state == before and seconds - at < TELL_EVERY_SECONDS:
            return
        if state.words and state.words != before.words:
            log.warning("watch folder %s: %s", path, state.words)
        self._told[path] = (state, seconds)
        passing.put_folder(
            self._db,
            str(path),
            passing.WatchedFolder(
                intake.folder.title,
                state.waiting,
                state.checking,
                state.words,
                self._clock.utc(),
                mount=str(intake.mount or ""),
            ),  # fmt: skip
        )

    def _work(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        super()._work()


def _in_words(error: Exception, path: Path) -> str:
    """Return what is wrong with a folder, and what to do."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)) and not path.is_dir():
        return "The folder is away. Mount the drive again, or correct watch_folders in gavel.toml."
    if isinstance(error, PermissionError):
        return "Gavel may not read or move its files. Give the service's user the rights."
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"The folder cannot be used: {reason or error}."
