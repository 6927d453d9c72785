"""A station small enough to be backed up in milliseconds: settings, media, and its folder."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.desk import ADMIN, HOUR, NOW, a_channel, an_airing, some_media

from config.clock import SimulatedClock
from config.names import AssetKey
from config.settings import Settings
from media.store import MediaStore
from scheduler.actions import jobs, media
from scheduler.backup import second_store
from scheduler.backup.folder import BackupFolder, initialise
from scheduler.backup.manifest import stored_file
from scheduler.backup.run import BackupRun, run_backup
from scheduler.db.store import Database
from scheduler.db.tables.recordings import RestingRow


def say_nothing(_sentence: str) -> None:
    """Take a sentence."""


@dataclass
class BackedUp:
    """A server with a database, a media store and a backup folder beside it."""

    db: Database
    settings: Settings
    folder: BackupFolder
    clock: SimulatedClock
    planned: int = 0
    """Airings so far; each has an hour of its own."""

    def add_file(self, content: bytes, *, title: str = "Budget talk") -> str:
        """Put a file into the media store and the library, and plan it. Return its hash."""
        digest = hashlib.sha256(content).hexdigest()
        source = self.settings.data_dir / "coming.mp4"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(content)
        MediaStore(self.settings.media_root).add(source, key=AssetKey(digest))
        asset = media.register(self.db, ADMIN, NOW, f"{digest}.upload", f"{title}.mp4", title)
        job = jobs.claim(self.db, NOW)
        assert job is not None
        playable = replace(some_media(), key=AssetKey(digest), size=len(content))
        media.finish_job(self.db, NOW, job.id, media=playable, facts={}, summary="Ready for air.")
        an_airing(self.db, NOW + HOUR + self.planned * HOUR, title=title, asset=asset.id)
        self.planned += 1
        return digest

    def let_rest(self, digest: str, content: bytes) -> None:
        """Let the server's copy of a file go; the archive has it."""
        second = second_store.initialise(self.settings.data_dir.parent / "archive")
        home = second.path(AssetKey(digest), ".mp4")
        home.parent.mkdir()
        home.write_bytes(content)
        stored_file(self.settings.media_root, f"{digest}.mp4").unlink()
        with self.db.write() as session:
            row = RestingRow(key=digest, suffix=".mp4", size=len(content), since=NOW, wanted=None)
            session.add(row)
        self.settings = self.settings.model_copy(update={"archive_folder": second.root})

    def back_up(self) -> BackupRun:
        """Make a snapshot a minute later, and check it."""
        self.clock.wait(60)
        return run_backup(self.settings, self.folder.root, self.clock, say_nothing)


def a_server(db: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> BackedUp:
    """Return a server with one channel and no media, and an empty backup folder."""
    toml = folder / "etc" / "gavel.toml"
    toml.parent.mkdir()
    toml.write_text('station = "Test City"\nhost_key = "a secret"\n')
    monkeypatch.setenv("GAVEL_CONFIG", str(toml))
    a_channel(db)
    settings = Settings(data_dir=folder / "data", database_url=db.url)
    return BackedUp(db, settings, initialise(folder / "backups"), SimulatedClock(NOW))


@pytest.fixture
def backed_up(sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BackedUp:
    """Give a server on SQLite."""
    return a_server(sqlite_db, tmp_path, monkeypatch)
