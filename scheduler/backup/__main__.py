"""The nightly backup as a process of its own, at the lowest priority."""

import logging
import os
import sys

from config.clock import SystemClock
from config.logs import set_up_logs
from config.private import keep_private
from config.settings import load_settings
from scheduler.backup.folder import BackupError
from scheduler.backup.run import run_in_turn
from scheduler.db.store import DatabaseError

log = logging.getLogger(__name__)


def main() -> int:
    """Back up into backup_folder; return 0 for a good snapshot. The result is kept in data_dir."""
    os.nice(19)
    settings = load_settings()
    set_up_logs(as_json=settings.log_json, level=settings.log_level, process="backup")
    keep_private(settings.data_dir)
    if settings.backup_folder is None:
        return 2
    try:
        run = run_in_turn(settings, settings.backup_folder, SystemClock(), log.debug)
    except (BackupError, DatabaseError) as error:
        log.error("no backup was made: %s", error)
        return 1
    if run is None:
        log.info("another process made a good backup while this one waited")
        return 0
    for problem in run.problems:
        log.error("the backup is not good: %s", problem)
    log.info("backed up as snapshot %s", run.made.name)
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main())
