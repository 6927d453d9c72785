"""The making of a snapshot: database, settings, then media that the folder lacks, then manifest."""

import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from config.clock import Clock
from config.disk import free_bytes
from config.names import AssetKey
from config.settings import Settings, settings_file
from config.sizes import MEGABYTE, bytes_words
from config.wholefile import write_whole
from media.store import MediaError, content_key
from scheduler.backup import folder as folders
from scheduler.backup import manifest as manifests
from scheduler.backup.copying import DamagedSource, copy_file
from scheduler.backup.folder import MANIFEST, BackupError, BackupFolder, told
from scheduler.backup.manifest import (
    DATABASE_FILE,
    DatabaseRecord,
    Manifest,
    ObjectRecord,
    SettingsRecord,
)
from scheduler.backup.second_store import archive_of
from scheduler.db import copies, migrate, moving
from scheduler.db.store import Database

STORED = re.compile(manifests.OBJECT_NAME)
SPARE_BYTES = 64 * MEGABYTE
"""Room that a snapshot leaves on the backup disk, for its own files."""

Say = Callable[[str], None]
"""Takes a sentence about what is going on."""


@dataclass(frozen=True)
class Made:
    """A finished snapshot and what it took."""

    name: str
    manifest: Manifest
    copied: int
    """Media files copied now; all others were there."""


def make_snapshot(
    settings: Settings, folder: BackupFolder, scratch: Path, clock: Clock, say: Say
) -> Made:
    """Make one snapshot of this server. Raises BackupError and DatabaseError.

    The manifest comes last. So a backup that is interrupted anywhere leaves no snapshot, and the
    next one goes on with the media that were copied.
    """
    began = clock.utc()
    name = folders.snapshot_name(began)
    folders.remove_unfinished(folder)
    place = folder.snapshots / name
    with told(folder.root):
        if place.exists():
            raise BackupError("A backup was made within this second. Try again.")
        place.mkdir(mode=0o700)
        try:
            database, named, resting = _copy_database(settings, place, scratch)
            kept = _copy_settings(settings, place)
            _require_store(settings.media_root, named - {name[:64] for name in resting})
            sources = _sources(settings, resting, folder)
            objects, damaged, copied = _copy_media(sources, folder, say)
            folder.require_same_disk()
            manifest = Manifest(
                format=manifests.FORMAT,
                gavel=version("gavel"),
                began=began,
                ended=clock.utc(),
                database=database,
                settings=kept,
                objects=objects,
                damaged=damaged,
                lacking=tuple(sorted(named - {one.name[:64] for one in objects})),
            )
            write_whole(place / MANIFEST, manifests.write(manifest))
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    return Made(name, manifest, copied)


def _copy_database(
    settings: Settings, place: Path, scratch: Path
) -> tuple[DatabaseRecord, frozenset[str], dict[str, int]]:
    """Copy the database into an SQLite file; return its record, the hashes of all media that its
    rows name, and the sizes of those that rest in the archive, by name.

    It comes before the media, because a file is in the store before a row names it.
    """
    local, is_sqlite = scratch / DATABASE_FILE, settings.database.startswith("sqlite")
    copy = copies.copy_sqlite if is_sqlite else moving.save
    copy(settings.database, local)
    try:
        file = copy_file(local, place / DATABASE_FILE)
    except DamagedSource as error:
        raise BackupError(str(error)) from error
    opened = Database(f"sqlite:///{local}")
    try:
        step, rows = migrate.stands_on(opened), copies.row_counts(opened)
        where, named = copies.places(opened), copies.named_files(opened)
        resting = copies.resting_files(opened)
    finally:
        opened.close()
    kind: Literal["sqlite", "postgresql"] = "sqlite" if is_sqlite else "postgresql"
    return DatabaseRecord(kind, file, step, rows, manifests.histories(where)), named, resting


def settings_files(settings: Settings) -> dict[str, Path | None]:
    """Return the settings file and the key files that it names, by their names in a snapshot."""
    return {
        "gavel.toml": settings_file(),
        "host-key": settings.host_key_file,
        "mail-password": settings.alerts.mail.password_file,
    }


def _require_store(store: Path, named: frozenset[str]) -> None:
    if named and not any(True for _ in _stored(store)):
        raise BackupError(
            f"{store} holds no media, and the library names {len(named)} files. "
            "Is its disk mounted?"
        )


def _copy_settings(settings: Settings, place: Path) -> tuple[SettingsRecord, ...]:
    """Copy the settings file and the key files that it names. Who reads them reads every key."""
    records = []
    for name, source in settings_files(settings).items():
        if source is None:
            continue
        try:
            records.append(SettingsRecord(copy_file(source, place / name), str(source.absolute())))
        except DamagedSource as error:
            raise BackupError(f"Settings cannot be backed up: {error}") from error
    return tuple(records)


@dataclass(frozen=True)
class _Source:
    """A file to be in the snapshot, and where its bytes are."""

    path: Path
    size: int


def _sources(
    settings: Settings, resting: Mapping[str, int], folder: BackupFolder
) -> dict[str, _Source]:
    """Return every whole file of the media store, and what rests in the archive, by name.

    While the archive is away, what the folder has of it stays in the snapshot; the rest is lacking
    and no fault of the backup, for the archive has an alert of its own.
    """
    found = {one.name: _Source(one, one.stat().st_size) for one in _stored(settings.media_root)}
    second = archive_of(settings)
    for name, size in resting.items():
        if second is not None:
            found.setdefault(name, _Source(second.path(AssetKey(name[:64]), name[64:]), size))
        elif _has(folder, name, size):
            found.setdefault(name, _Source(folder.object(name), size))
    return found


def _copy_media(
    sources: Mapping[str, _Source], folder: BackupFolder, say: Say
) -> tuple[tuple[ObjectRecord, ...], tuple[str, ...], int]:
    """Copy each media file that the folder lacks; return all files, damaged ones, and how many."""
    sizes = {name: one.size for name, one in sources.items()}
    lacking = [name for name, size in sizes.items() if not _has(folder, name, size)]
    _require_room(folder, sum(sizes[name] for name in lacking))
    damaged = []
    for number, name in enumerate(lacking, 1):
        say(f"Copying media file {number} of {len(lacking)}, {bytes_words(sizes[name])}.")
        target = folder.object(name)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            copy_file(sources[name].path, target, expected=name[:64])
        except DamagedSource as error:
            damaged.append(str(error))
            _keep_what_is_good(folder, name, sizes)
    records = tuple(ObjectRecord(name, size) for name, size in sorted(sizes.items()))
    return records, tuple(damaged), len(lacking) - len(damaged)


def _keep_what_is_good(folder: BackupFolder, name: str, sizes: dict[str, int]) -> None:
    """Keep a good copy from an earlier backup in place of a file that was damaged since."""
    target = folder.object(name)
    with suppress(MediaError):
        if content_key(target, drop_pages=True) == name[:64]:
            sizes[name] = target.stat().st_size
            return
    del sizes[name]


def _stored(store: Path) -> list[Path]:
    """Return every whole file of the media store."""
    return [one for one in store.glob("??/*") if STORED.fullmatch(one.name)]


def _has(folder: BackupFolder, name: str, size: int) -> bool:
    try:
        return folder.object(name).stat().st_size == size
    except FileNotFoundError:
        return False


def _require_room(folder: BackupFolder, needed: int) -> None:
    free = free_bytes(folder.root)
    if free is not None and free < needed + SPARE_BYTES:
        raise BackupError(
            f"The backup needs {bytes_words(needed + SPARE_BYTES)} on the disk of {folder.root}, "
            f"and {bytes_words(free)} are free. Use a larger disk or keep fewer snapshots. "
            "The snapshots made before are untouched."
        )
