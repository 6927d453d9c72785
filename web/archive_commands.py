"""`gavel archive`."""

from pathlib import Path

import click

from scheduler.backup.second_store import ArchiveError, initialise, open_store
from web.machine_settings import settings_of


@click.command()
@click.option("--init", is_flag=True, help="Make the folder an archive, and do no more.")
@click.option("--folder", type=click.Path(path_type=Path), help="In place of archive_folder.")
def archive(folder: Path | None, init: bool) -> None:
    """Make or look at the archive: the second store, to which the scheduler copies by itself."""
    root = folder or settings_of("archive").archive_folder
    if root is None:
        raise click.UsageError(
            "Name the folder: --folder FOLDER, or archive_folder in the settings"
        )
    try:
        (initialise if init else open_store)(root)
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{root} is an archive.")
