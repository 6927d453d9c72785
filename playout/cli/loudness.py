"""The command that prints the loudness of a day by hour and by cue."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from config.clock import SystemClock, machine_zone
from config.settings import SettingsError, load_settings
from config.times import stamped
from playout.cli.operator import no_such_channel

if TYPE_CHECKING:
    from playout.engine.loudness.book import KeptDay, Summed


@click.command(name="loudness", help="Print the loudness of CHANNEL on a day, by hour and by cue.")
@click.argument("channel")
@click.option("--day", help="The day, as 2026-11-30; today if omitted.")
def loudness(channel: str, day: str | None) -> None:
    """Print the loudness of each hour and each cue of a day."""
    from playout.engine.loudness.book import read_kept_day

    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if channel not in settings.channels:
        raise click.ClickException(no_such_channel(channel, settings))
    zone = machine_zone()
    try:
        at = datetime.fromisoformat(day) if day else SystemClock().utc().astimezone(zone)
    except ValueError:
        raise click.ClickException(f"{day} is not a day; write it like 2026-11-30") from None
    try:
        kept = read_kept_day(settings.channel_dir(channel), at.date())
    except (OSError, ValueError):
        raise click.ClickException(f"Nothing was measured on {at.date()}.") from None
    for line in lines(kept, zone):
        click.echo(line)


def lines(kept: "KeptDay", zone: ZoneInfo) -> Iterator[str]:
    """Yield a line for each hour and each cue."""
    from playout.engine.loudness.book import summed

    for hour, tally in kept.hours.items():
        yield f"{stamped(hour, zone)}: {_words(summed(tally))}"
    for cue, figures in kept.all_cues().items():
        yield f"{cue}: {_words(figures)}"


def _words(figures: "Summed") -> str:
    value, peak, seconds = figures
    loud = f"{value:.1f} LKFS" if value is not None else "silent"
    high = f", highest peak {peak:.1f} dBTP" if peak is not None else ""
    return f"{loud}{high}, {seconds:.0f} s"
