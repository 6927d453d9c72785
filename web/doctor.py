"""Checks of a server: what is missing, and how to fix each thing."""

from collections.abc import Callable
from functools import partial

from config.clock import SystemClock
from config.disk import disk_finding
from config.finding import CHECK_FAILED, MachineFinding
from config.settings import Settings, settings_file
from media.speech.finding import speech_findings
from playout.notify.finding import alert_findings
from scheduler.backup.archive_finding import archive_findings
from scheduler.backup.finding import backup_finding
from scheduler.db import migrate
from scheduler.db.store import Database, DatabaseError
from scheduler.domain.series.patterns import joined
from scheduler.process.folder_finding import folder_findings, return_findings
from scheduler.process.pace_finding import pace_findings
from scheduler.process.pair_finding import pair_findings
from scheduler.queries import sources
from web import vendor
from web.doctor_contacts import contact_findings
from web.machine_settings import NO_POSTGRES, NO_SQLITE

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def look(settings: Settings) -> list[MachineFinding]:
    """Check everything the pages and the scheduler need; never raises, and changes nothing."""
    checks: list[Callable[[Settings], MachineFinding]] = [
        _told,
        _data,
        _database,
        _assets,
        _address,
        _ids,
        _backup,
    ]
    several: list[Callable[[Settings], list[MachineFinding]]] = [
        lambda one: speech_findings(one.speech_model),
        alert_findings,
        contact_findings,
        lambda one: folder_findings(one, SystemClock().utc()),
        return_findings,
        archive_findings,
        lambda one: pace_findings(one, SystemClock().utc()),
        lambda one: pair_findings(one, SystemClock().utc()),
        *(partial(_one, check) for check in checks),
    ]
    findings: list[MachineFinding] = []
    for look_at in several:
        try:
            findings += look_at(settings)
        except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
            findings.append(MachineFinding("note", f"A check failed: {error}", CHECK_FAILED))
    return findings


def _one(check: Callable[[Settings], MachineFinding], settings: Settings) -> list[MachineFinding]:
    return [check(settings)]


def _told(_settings: Settings) -> MachineFinding:
    """Name the settings file in use, for a machine may have several."""
    file = settings_file()
    if file is None:
        text = "No settings file was read, only the defaults and GAVEL_ variables."
        return MachineFinding(
            "note", text, "Name one: GAVEL_CONFIG=/etc/gavel/gavel.toml gavel doctor"
        )
    return MachineFinding("good", f"Settings are read from {file}.")


def _data(settings: Settings) -> MachineFinding:
    return disk_finding("data", settings.data_dir)


def _database(settings: Settings) -> MachineFinding:
    if not settings.database_url and not (settings.data_dir / "gavel.db").exists():
        return MachineFinding("note", "There is no database yet.", "Create it: gavel db upgrade")
    database = Database(settings.database)
    try:
        current, newest = migrate.stands_on(database), migrate.newest()
        doubled = sources.doubled(database) if current == newest else ()
    except DatabaseError as error:
        text = f"The database does not respond: {error}"
        if settings.database_url:
            return MachineFinding("wrong", text, NO_POSTGRES)
        return MachineFinding("wrong", text, NO_SQLITE)
    finally:
        database.close()
    if doubled:
        text = f"In the address of {joined(list(doubled))} an option is written twice."
        mend = "Its last value counts. Enter the address again in Settings, with each option once."
        return MachineFinding("wrong", text, mend)
    if current == newest:
        return MachineFinding("good", "The database responds and matches this version.")
    text = "The database belongs to another version."
    return MachineFinding("wrong", text, "Stop the services, make a backup, then: gavel db upgrade")


def _assets(_settings: Settings) -> MachineFinding:
    if vendor.is_current():
        return MachineFinding("good", "The browser libraries are installed.")
    return MachineFinding(
        "wrong", "The browser libraries are missing.", "Download them: gavel vendor"
    )


def _address(settings: Settings) -> MachineFinding:
    host = settings.base_url.partition("://")[2].rsplit(":", 1)[0].split("/")[0]
    if host in LOCAL_HOSTS:
        text = f"Links and calendars name {settings.base_url}, which only this machine reaches."
        return MachineFinding(
            "note", text, "Set base_url to the address browsers and calendar apps use."
        )
    return MachineFinding("good", f"Links and calendars name {settings.base_url}.")


def _ids(settings: Settings) -> MachineFinding:
    if settings.domain == "gavel.invalid":
        mend = "Set domain before anyone subscribes to a calendar; it can never change afterward."
        return MachineFinding("wrong", "Calendar ids do not use your domain.", mend)
    return MachineFinding("good", f"Calendar ids end in @{settings.domain}.")


def _backup(settings: Settings) -> MachineFinding:
    return backup_finding(settings, SystemClock().utc())
