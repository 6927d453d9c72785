"""The way back: a snapshot becomes the data of a machine that has none."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.disk import free_bytes
from config.names import AssetKey
from config.settings import Settings
from config.sizes import bytes_words
from config.wholefile import sync_folder, write_whole
from scheduler.backup import database
from scheduler.backup.copying import DamagedSource, copy_file
from scheduler.backup.folder import BackupError, BackupFolder
from scheduler.backup.making import Say, settings_files
from scheduler.backup.manifest import Manifest, ObjectRecord, stored_file
from scheduler.backup.second_store import archive_of
from scheduler.db import copies, migrate

RESTORING = "restoring"
"""A file of data_dir that names the snapshot while its restore has not ended."""
MAY_BE_THERE = {RESTORING, "backup-work", "backup.lock", "media", "scheduler.lock", "lost+found"}


@dataclass(frozen=True)
class Restored:
    """The result of a restore."""

    name: str
    manifest: Manifest
    lost: tuple[str, ...]
    """A sentence for each media file that could not be restored."""


def unfinished(data_dir: Path) -> str:
    """Return the snapshot whose restore into this folder was interrupted; empty for none."""
    with suppress(FileNotFoundError):
        return (data_dir / RESTORING).read_text().strip()
    return ""


def choose(folder: BackupFolder, name: str = "") -> tuple[str, Manifest]:
    """Return the named snapshot, or the newest. Raises BackupError where this Gavel cannot use
    it.
    """
    names = folder.names()
    if not names:
        raise BackupError(f"There is no snapshot in {folder.root}.")
    if name and name not in names:
        raise BackupError(f"There is no snapshot {name}. There are: {', '.join(names)}.")
    chosen = name or names[-1]
    manifest = folder.manifest(chosen)
    if manifest.database.step not in migrate.steps():
        raise BackupError(
            f"Snapshot {chosen} was made by Gavel {manifest.gavel}, which is newer. "
            "Install that version first."
        )
    return chosen, manifest


def require_empty(settings: Settings, name: str) -> None:
    """Raise BackupError unless this machine is empty, or holds the beginning of this same restore.

    Raises DatabaseError where its database does not answer.
    """
    begun = unfinished(settings.data_dir)
    if begun and begun != name:
        raise BackupError(
            f"A restore of snapshot {begun} was interrupted here. Continue it with "
            f"--snapshot {begun}, or empty {settings.data_dir} first."
        )
    database.require_empty(settings, name, continued=bool(begun))
    folders = (settings.data_dir, settings.media_root)
    # The settings may lie in data_dir, and this restore may have put them there.
    own = {one.absolute() for one in settings_files(settings).values() if one is not None}
    found = [one for folder in folders if folder.is_dir() for one in folder.iterdir()]
    found = [one for one in found if one.absolute() not in own]
    others = sorted(str(one) for one in found if one.name not in MAY_BE_THERE)
    if others and not begun:
        raise BackupError(
            f"There is data here already: {others[0]}. A restore needs an empty machine, so that "
            f"nothing is overwritten. Stop Gavel, and move {settings.data_dir} away first."
        )


def restore(
    settings: Settings, folder: BackupFolder, chosen: str, now: datetime, say: Say
) -> Restored:
    """Restore a snapshot: media first, the database last. Raises BackupError and DatabaseError.

    Interrupted anywhere, it is continued by the same call, and Gavel does not start meanwhile.
    """
    name, manifest = choose(folder, chosen)
    require_empty(settings, name)
    with _told(settings):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        write_whole(settings.data_dir / RESTORING, f"{name}\n".encode())
        coming = _coming(settings, folder, name, manifest)
        lost = _media(settings.media_root, folder, coming, say)
        say("Restoring the database.")
        database.restore(settings, folder, name, manifest, now)
        (settings.data_dir / RESTORING).unlink()
        sync_folder(settings.data_dir)
    return Restored(name, manifest, lost)


def restore_database(
    settings: Settings, folder: BackupFolder, chosen: str, now: datetime, say: Say
) -> Restored:
    """Restore the database alone into an empty one, on a machine that has its media.

    It is how a server moves from SQLite to PostgreSQL, or back. Whole or not at all. Raises
    BackupError and DatabaseError.
    """
    name, manifest = choose(folder, chosen)
    if begun := unfinished(settings.data_dir):
        raise BackupError(f"A restore of snapshot {begun} was interrupted here. Finish it first.")
    database.require_empty(settings, name, continued=False)
    say("Restoring the database.")
    with _told(settings):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database.restore(settings, folder, name, manifest, now)
    store = settings.media_root
    expected = _coming(settings, folder, name, manifest)
    away = [one.name for one in expected if not stored_file(store, one.name).is_file()]
    return Restored(name, manifest, tuple(f"{one} is not in {store}." for one in away))


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or settings.data_dir
        raise BackupError(
            f"{place} cannot be written: {error.strerror}. Fix that and restore again: "
            "what was restored is kept."
        ) from error


def _coming(
    settings: Settings, folder: BackupFolder, name: str, manifest: Manifest
) -> tuple[ObjectRecord, ...]:
    """Return the media files that the server had on its own disk, or that the archive lacks.

    What rests in the archive goes on resting there: the server's disk may be too small for all that
    the station ever let rest. The mark is a row of the database, so it comes back with that.
    """
    second = archive_of(settings)
    if second is None:
        return manifest.objects
    resting = copies.resting_in(folder.snapshots / name / manifest.database.file.name)
    there = {one for one in resting if second.has(AssetKey(one[:64]), one[64:])}
    return tuple(one for one in manifest.objects if one.name not in there)


def _media(
    store: Path, folder: BackupFolder, coming: tuple[ObjectRecord, ...], say: Say
) -> tuple[str, ...]:
    """Copy each media file back by its hash; one that cannot be does not keep the others away."""
    lacking = [one for one in coming if not stored_file(store, one.name).is_file()]
    store.mkdir(parents=True, exist_ok=True)
    _require_room(store, sum(one.size for one in lacking))
    lost = []
    for number, one in enumerate(lacking, 1):
        say(f"Restoring media file {number} of {len(lacking)}, {bytes_words(one.size)}.")
        target = stored_file(store, one.name)
        target.parent.mkdir(exist_ok=True)
        try:
            copy_file(folder.object(one.name), target, expected=one.name[:64])
            target.chmod(0o444)
        except DamagedSource as error:
            lost.append(str(error))
    return tuple(lost)


def _require_room(store: Path, needed: int) -> None:
    free = free_bytes(store)
    if free is not None and free < needed:
        raise BackupError(
            f"The media need {bytes_words(needed)} in {store}, and {bytes_words(free)} are free."
        )
