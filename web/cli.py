"""The `gavel` command: everything a server runs, and the demo city."""

import os
import shutil
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

import click

import config
from config import targetgrammar
from config.child import die_with_parent
from config.clock import SystemClock
from config.logs import set_up_logs
from config.settings import Settings
from config.supervise import Child, Supervisor
from config.targetaddress import NotATarget, UdpTarget
from scheduler.actions import people, search_index
from scheduler.db.store import Database
from web import archive_commands, backup_commands
from web import doctor as server_doctor
from web import vendor as vendor_step
from web.machine_settings import Commands, settings_of, upgrade_database

CLOCK = SystemClock()
PAGES_NICENESS = 5
"""Niceness of pages and scheduler, so that a channel on the same machine gets the processor
first."""
WEB_STALE_AFTER, SCHEDULER_STALE_AFTER, CHANNEL_STALE_AFTER = 15.0, 30.0, 20.0
"""Seconds without a heartbeat after which each process is killed and restarted. The channel's is
longer than it need be: while only its supervisor hangs it keeps airing, and killing that takes it
off air for some seconds."""


@click.group(cls=Commands)
def main() -> None:
    """Gavel: scheduling and unattended playout for a government cable channel."""


main.add_command(archive_commands.archive)
main.add_command(backup_commands.backup)
main.add_command(backup_commands.restore)


@main.command()
@click.option("--open", "open_page", is_flag=True, help="Open the staff pages in a browser.")
def up(open_page: bool) -> None:
    """Run everything on this machine: pages, scheduler and each channel of the settings."""
    settings = settings_of("up")
    _needs_port(settings)
    _prepare(settings)
    link = _admin_link(settings)
    _announce(settings, link)
    if open_page and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(link or settings.base_url)
    Supervisor(single_box_children(settings), CLOCK).run()


@main.command()
def web() -> None:
    """Run the pages alone."""
    settings = settings_of("web")
    _needs_port(settings)
    _prepare(settings)
    os.execv(sys.executable, web_command())


@main.command()
def scheduler() -> None:
    """Run the scheduler alone: it publishes plans and takes media in."""
    from scheduler.process.service import run_scheduler  # noqa: PLC0415 - heavy, and needed here only

    die_with_parent()
    settings = settings_of("scheduler")
    run_scheduler(settings, CLOCK)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the shape this version needs."""
    settings = settings_of("db")
    upgrade_database(settings)
    click.echo("The database is up to date.")


@db.command("reindex")
def db_reindex() -> None:
    """Make the index of the library's search again. The scheduler does so by itself when it finds
    files missing from it.
    """
    settings = settings_of("db")
    upgrade_database(settings)
    made = search_index.rebuild(Database(settings.database))
    click.echo(f"{made} files can be searched again.")


@main.command("admin-link")
def admin_link() -> None:
    """Print a one-time link to create the administrator."""
    settings = settings_of("admin-link")
    upgrade_database(settings)
    link = _admin_link(settings)
    if link is None:
        raise click.ClickException("There is already an administrator; ask that person for a link.")
    click.echo(link)


@main.command()
def vendor() -> None:
    """Fetch the browser libraries the pages need, at the versions of the lock file."""
    try:
        fetched = vendor_step.fetch()
    except vendor_step.VendorError as error:
        raise click.ClickException(str(error)) from error
    click.echo("Browser libraries downloaded." if fetched else "Browser libraries are up to date.")


@main.command()
@click.option("--state", type=click.Path(path_type=Path), default=Path(".run"), show_default=True)
def demo(state: Path) -> None:
    """Make a demo city in a folder: two channels, a fortnight of programs, and its settings."""
    from web.demo.make import make_demo  # noqa: PLC0415 - brings the media libraries along

    set_up_logs(level="WARNING", process="demo")
    make_demo(state.resolve(), CLOCK, click.echo)


@main.command()
def doctor() -> None:
    """Say what this machine lacks, as a server and for each channel it airs, and how to mend it."""
    settings = settings_of("doctor")
    findings = server_doctor.look(settings)
    click.echo("\n".join(line for finding in findings for line in finding.lines()))
    wrong = any(finding.grade == "wrong" for finding in findings)
    if not settings.channels:
        click.echo("This machine airs no channel: nothing more was checked.")
    else:
        sys.stdout.flush()
        wrong |= subprocess.run([playout_command(), "doctor"], check=False).returncode != 0
    sys.exit(1 if wrong else 0)


def web_command() -> list[str]:
    """Return the command for the pages: one process, so that all requests share its memory."""
    place = Path(config.__file__).with_name("gunicorn.conf.py")
    options = ["-w", "1", "--no-control-socket", "-c", str(place)]
    return [sys.executable, "-P", "-m", "gunicorn", *options]


def playout_command() -> str:
    """Return the `gavel-playout` beside this Python, else the one on the path."""
    beside = Path(sys.executable).with_name("gavel-playout")
    return str(beside) if beside.exists() else shutil.which(beside.name) or beside.name


def single_box_children(settings: Settings) -> list[Child]:
    """Return the processes of a single box, in the order they start."""
    gavel = [sys.executable, "-P", "-m", "web.cli"]
    channels = [
        Child(
            name,
            [playout_command(), "run", name],
            stale_after=CHANNEL_STALE_AFTER,
            has_children=True,
        )
        for name in settings.channels
    ]
    return [
        *channels,
        Child("web", web_command(), stale_after=WEB_STALE_AFTER, nice=PAGES_NICENESS),
        Child(
            "scheduler",
            [*gavel, "scheduler"],
            stale_after=SCHEDULER_STALE_AFTER,
            nice=PAGES_NICENESS,
        ),
    ]


def _needs_port(settings: Settings) -> None:
    """Exit and say what to change if the pages' port is taken, instead of retrying for ever."""
    host, _, port = settings.bind.rpartition(":")
    if not port.isdigit() or host == "unix":
        return
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bare, int(port)))
        except OSError as error:
            where = os.environ.get("GAVEL_CONFIG", "gavel.toml")
            sentence = (
                f"The pages cannot be served at {settings.bind}: {error.strerror}. "
                f"Stop what uses that port, or write another port into bind, base_url and "
                f"server_url in {where}."
            )
            raise click.ClickException(sentence) from error


def _prepare(settings: Settings) -> None:
    upgrade_database(settings)
    if not vendor_step.is_current():
        click.echo("Downloading the browser libraries once.")
        try:
            vendor_step.fetch()
        except vendor_step.VendorError as error:
            raise click.ClickException(str(error)) from error


def _admin_link(settings: Settings) -> str | None:
    database = Database(settings.database)
    try:
        token = people.first_admin_link(database, CLOCK.utc())
    finally:
        database.close()
    return None if token is None else f"{settings.base_url}/welcome/{token}"


def _announce(settings: Settings, link: str | None) -> None:
    click.echo("")
    click.echo(f"  Gavel runs at {settings.base_url}")
    if link is not None:
        click.echo(f"  Create the administrator here (once, within a day): {link}")
    for channel, channel_settings in settings.channels.items():
        for line in ways_out(channel, channel_settings.outputs):
            click.echo(f"  {line}")
    click.echo("  Ctrl-C stops everything.")
    click.echo("")


def ways_out(channel: str, outputs: Sequence[str]) -> list[str]:
    """Return lines that say where a channel goes, without a secret of any output."""
    try:
        targets = [targetgrammar.read(output) for output in outputs]
    except NotATarget as error:
        return [f"{channel} cannot go out: {error}"]
    places = ", ".join(target.shown for target in targets) or "no output yet"
    watched = [target.port for target in targets if isinstance(target, UdpTarget)]
    lines = [f"  watch it: vlc udp://@:{port}" for port in watched]
    return [f"{channel} goes to {places}", *lines]


if __name__ == "__main__":
    main()
