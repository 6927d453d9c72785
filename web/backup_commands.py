"""`gavel backup` and `gavel restore`."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from config.clock import SystemClock
from config.settings import CONFIG_FILE, Settings
from config.wholefile import write_whole
from scheduler.backup import restoring
from scheduler.backup.checking import Checked, check_snapshot
from scheduler.backup.folder import BackupError, BackupFolder, initialise, open_folder
from scheduler.backup.manifest import Manifest, SettingsRecord
from scheduler.backup.run import BackupRun, run_noted
from scheduler.backup.turn import Work, only_backup
from scheduler.db.store import DatabaseError
from web.machine_settings import make_private, settings_of

CLOCK = SystemClock()
FOLDER = click.Path(path_type=Path)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (BackupError, DatabaseError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.option("--folder", type=FOLDER, help="The backup folder, in place of backup_folder.")
@click.option("--init", is_flag=True, help="Make the folder a backup folder, and do no more.")
@click.option("--list", "listing", is_flag=True, help="List the snapshots.")
@click.option("--check", "name", metavar="SNAPSHOT", help="Read all of one snapshot, and judge it.")
def backup(folder: Path | None, init: bool, listing: bool, name: str | None) -> None:
    """Back up database, settings and media, while Gavel runs, and check the copy."""
    settings = settings_of("backup")
    root = folder or settings.backup_folder
    if root is None:
        raise click.UsageError("Name the folder: --folder FOLDER, or backup_folder in the settings")
    make_private(settings)
    with _in_words():
        if init:
            initialise(root)
            click.echo(f"{root} is a backup folder.")
        elif listing:
            _list(open_folder(root))
        elif name:
            _check(settings, open_folder(root), name)
        else:
            _tell(run_noted(settings, root, CLOCK, click.echo))


def _list(folder: BackupFolder) -> None:
    for name in folder.names():
        manifest = folder.manifest(name)
        click.echo(f"{name}  {len(manifest.objects)} media files, Gavel {manifest.gavel}")


def _check(settings: Settings, folder: BackupFolder, name: str) -> None:
    with only_backup(settings.data_dir, Work.CHECK, CLOCK) as scratch:
        checked = check_snapshot(folder, name, scratch, CLOCK.utc(), every=True)
    _judge(name, checked, checked.problems)


def _tell(run: BackupRun) -> None:
    held = len(run.made.manifest.objects)
    click.echo(f"Snapshot {run.made.name}: {held} media files, {run.made.copied} of them new.")
    if lacking := run.made.manifest.lacking:
        click.echo(f"The library names {len(lacking)} files that are not on this server.")
    _judge(run.made.name, run.checked, run.problems)
    if run.removed:
        click.echo(f"Removed by the rule for what is kept: {', '.join(run.removed)}.")


def _judge(name: str, checked: Checked, problems: tuple[str, ...]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"Snapshot {name} is not good.")
    click.echo(
        f"Opened and checked: the database is sound, a day of {checked.cues} cues was settled "
        f"from it, {checked.files_read} media files were read again."
    )


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--snapshot", default="", help="Its name, as `gavel backup --list` shows it.")
@click.option(
    "--database-only",
    is_flag=True,
    help="Fill the empty database of database_url, and take media and settings as they are here.",
)
def restore(folder: Path, snapshot: str, database_only: bool) -> None:
    """Restore a backup into a machine without data. Then start Gavel as usual.

    Where GAVEL_CONFIG names a file that does not exist, the settings of the backup are put there
    first. With --database-only a server moves from SQLite to PostgreSQL, or back.
    """
    with _in_words():
        opened = open_folder(folder)
        name, manifest = restoring.choose(opened, snapshot)
        placed = [] if database_only else _place_settings(opened, name, manifest)
        settings = settings_of("restore")
        make_private(settings)
        with only_backup(settings.data_dir, Work.RESTORE, CLOCK):
            put_back = restoring.restore_database if database_only else restoring.restore
            done = put_back(settings, opened, name, CLOCK.utc(), click.echo)
    for path in placed:
        click.echo(f"Put the settings of the backup into {path}.")
    for loss in done.lost:
        click.echo(loss, err=True)
    if done.lost:
        click.echo(f"{len(done.lost)} media files are lost. All else is restored.", err=True)
    where = "the database of database_url" if database_only else settings.data_dir
    click.echo(
        f"Restored snapshot {name} into {where}. Everyone must sign in again. "
        "Broadcast machines send what aired since."
    )
    if done.lost:
        raise SystemExit(1)


def _place_settings(folder: BackupFolder, name: str, manifest: Manifest) -> list[Path]:
    """Put the settings files where they were, unless a file is there. Return their paths."""
    named = os.environ.get(CONFIG_FILE)
    placed = []
    for record in manifest.settings:
        main = record.file.name == "gavel.toml"
        target = Path(named) if main and named else Path(record.was)
        if (main and not named) or target.exists():
            continue
        placed.append(_placed(folder.snapshots / name, record, target))
    return placed


def _placed(snapshot: Path, record: SettingsRecord, target: Path) -> Path:
    source = snapshot / record.file.name
    try:
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() != record.file.sha256:
            raise BackupError(f"{source} is damaged: its bytes do not match its hash.")
        write_whole(target, content)
    except OSError as error:
        raise BackupError(
            f"{target} cannot be written: {error.strerror}. Copy {source} there yourself, "
            "readable by Gavel alone, and restore again."
        ) from error
    return target
