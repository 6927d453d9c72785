"""The settings of a command, and the database they name."""

import click

from config.logs import set_up_logs_by
from config.private import keep_private
from config.settings import Settings, SettingsError, load_settings
from scheduler.backup.restoring import unfinished
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database


def settings_of(process: str) -> Settings:
    """Load the settings and set up the log. Raises ClickException that names each wrong key."""
    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    set_up_logs_by(settings, process=process)
    return settings


def make_private(settings: Settings) -> None:
    """Make data_dir, and all that this process writes, unreadable to others. Raises
    ClickException."""
    try:
        keep_private(settings.data_dir)
    except OSError as error:
        sentence = f"cannot write to data_dir {settings.data_dir}: {error}"
        raise click.ClickException(sentence) from error


def upgrade_database(settings: Settings) -> None:
    """Bring the database to the shape of this version.

    Raises ClickException while a restore is half done: an empty database made now would take the
    place of the one that is coming.
    """
    make_private(settings)
    if name := unfinished(settings.data_dir):
        raise click.ClickException(
            f"A restore of snapshot {name} has not ended. Continue it: gavel restore FOLDER "
            f"--snapshot {name}"
        )
    database = Database(settings.database)
    try:
        upgrade(database)
    finally:
        database.close()
