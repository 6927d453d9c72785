"""The settings of a command, and the database they name."""

from typing import Any

import click

from config.logs import set_up_logs_by
from config.private import keep_private
from config.settings import Settings, SettingsError, load_settings
from scheduler.backup.restoring import unfinished
from scheduler.db.migrate import DatabaseInUse, upgrade
from scheduler.db.store import Database, DatabaseError, NewerDatabase

NO_POSTGRES = "Start the database server: systemctl start postgresql. Or correct database_url."
NO_SQLITE = (
    "Check its disk. If the file is damaged, stop the services, move gavel.db* to another folder, "
    "then: gavel restore FOLDER --database-only"
)
"""What to do where a database does not respond."""


class Commands(click.Group):
    """Commands that end with a sentence, and no traceback, where the database cannot be used."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command. Raises ClickException in place of DatabaseError."""
        try:
            return super().invoke(context)
        except (NewerDatabase, DatabaseInUse) as error:
            raise click.ClickException(str(error)) from error
        except DatabaseError as error:
            mend = NO_POSTGRES if load_settings().database_url else NO_SQLITE
            sentence = f"The database does not respond: {error}. {mend}"
            raise click.ClickException(sentence) from error


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

    Raises DatabaseError, and ClickException while a restore is half done: an empty database made
    now would take the place of the one that is coming.
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
