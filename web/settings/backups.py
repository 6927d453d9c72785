"""The page of backups: the last one, the snapshots, and a button to make one now."""

from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from flask import Blueprint, Response, render_template, url_for

from config.clock import Clock, machine_zone
from scheduler.actions import backups as action
from scheduler.backup.last import OLD_AFTER, LastBackup, is_due, read_last
from scheduler.backup.seen import FolderSeen, see
from scheduler.backup.turn import is_running
from scheduler.queries import backups
from scheduler.refusals import Refused
from web.kit.bounded_look import BoundedLook
from web.kit.context import actor, database, done, now, services, station_zone

bp = Blueprint("backups", __name__, url_prefix="/settings/backup")
BEGINS_WITHIN = timedelta(minutes=1)
"""The scheduler looks every few seconds."""
MOST_SHOWN = 100
"""Snapshots on the page. The usual rule keeps at most 23."""


class Stage(Enum):
    """The state of the next backup."""

    IDLE = "none is asked for"
    ASKED = "the scheduler begins it within seconds"
    RUNNING = "it is being made"
    UNHEARD = "the scheduler does not begin it"


def folder_look(root: Path | None, clock: Clock) -> BoundedLook[FolderSeen]:
    """Return the look at the backup folder that all requests share; it never holds one up."""
    return BoundedLook(lambda: see(root) if root is not None else FolderSeen(), clock)


@bp.get("")
def home() -> str:
    """Show how the backups stand."""
    return render_template("settings/backup.html", **_standing())


@bp.get("/state")
def state() -> str:
    """Show the same without the frame, for a page that watches a running backup."""
    return render_template("settings/backup_state.html", **_standing())


@bp.post("")
def ask() -> Response:
    """Ask the scheduler for a backup now; it is no second one while one is asked for or runs."""
    settings = services().settings
    if settings.backup_folder is None:
        raise Refused(message="No backup folder is set. Name one in the settings file first.")
    last = read_last(settings.data_dir)
    running = is_running(settings.data_dir)
    new = not running and action.ask(database(), actor(), now(), last.tried if last else None)
    words = "A backup is asked for." if new else "A backup is already asked for or under way."
    return done(words, url_for("backups.home"))


def _standing() -> dict[str, object]:
    settings = services().settings
    last = read_last(settings.data_dir)
    seen = services().backups.result() if settings.backup_folder is not None else None
    return {
        "folder": settings.backup_folder,
        "at": settings.backup_at,
        "machine_zone": machine_zone(),
        "last": last,
        "is_old": last is not None and (last.good is None or now() - last.good > OLD_AFTER),
        "seen": seen,
        "most": MOST_SHOWN,
        "stage": _stage(last, now()).name if settings.backup_folder is not None else "IDLE",
        "zone": station_zone(),
    }


def _stage(last: LastBackup | None, at: datetime) -> Stage:
    """Return what becomes of the next backup, from what the scheduler itself goes by."""
    settings = services().settings
    if is_running(settings.data_dir):
        return Stage.RUNNING
    known = backups.asked(database(), at)
    if not is_due(at, last, settings.backup_at, machine_zone(), known.asked):
        return Stage.IDLE
    waits_long = known.asked is not None and at - known.asked > BEGINS_WITHIN
    asked_since = known.asked is not None and (last is None or known.asked > last.tried)
    if not known.scheduler_runs or (asked_since and waits_long):
        return Stage.UNHEARD
    return Stage.ASKED
