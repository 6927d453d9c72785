"""The commands for someone at the broadcast machine: every button, status and doctor."""

import getpass
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from config.clock import SystemClock, machine_zone
from config.settings import Settings, SettingsError, load_settings, settings_file
from config.times import stamped
from playout.cli import graphics
from playout.commands.limits import MOST_EXTENSION_MINUTES, MOST_MINUTES_BY_HAND

BY_HAND = click.IntRange(1, MOST_MINUTES_BY_HAND)
"""Minutes for which an override or a message stays on air."""


def register(group: click.Group) -> None:
    """Add the commands to `gavel-playout`."""
    for verb, words in _VERBS.items():
        group.add_command(_order(verb, words))
    for command in (_extend, _override, _emergency, _status, _doctor):
        group.add_command(command)
    for command in graphics.commands(_give):
        group.add_command(command)


_VERBS = {
    "take": "Put the next item of CHANNEL on air now; or another, named by --item.",
    "skip": "Skip the next item of CHANNEL.",
    "slate": "Show the slate on CHANNEL until rejoin.",
    "rejoin": "Go back to the schedule of CHANNEL, in progress.",
    "hold": "Keep the live program on CHANNEL on air until it is adjourned.",
    "adjourn": "End the live program on CHANNEL; with --item, one that is only being recorded.",
    "recess": "Show the slate over the live on CHANNEL; with --item, hold back the next live.",
    "resume": "End the recess; with --item, go back to a live that was adjourned.",
    "mark": "Start the replays of the meeting on CHANNEL from this moment.",
    "unmark": "Clear the replay start of the meeting on CHANNEL.",
    "go": "Start the late meeting on CHANNEL.",
    "clear": "Take the emergency message on CHANNEL down.",
    "hide-lower-third": "Take the lower third on CHANNEL down.",
    "stop-crawl": "Take the crawl on CHANNEL down.",
    "move": "Let the other machine of CHANNEL send it from now on.",
    "bug-on": "Put the bug of CHANNEL on again.",
    "bug-off": "Keep the bug of CHANNEL off until bug-on.",
}


def _order(verb: str, words: str) -> click.Command:
    @click.command(name=verb, help=words)
    @click.argument("channel")
    @click.option("--item", help="The id of the item.")
    def command(channel: str, item: str | None) -> None:
        _give(channel, verb=verb, item=item or "")

    return command


@click.command(name="extend", help="Give the item on CHANNEL this many MINUTES more.")
@click.argument("channel")
@click.argument("minutes", type=click.IntRange(1, MOST_EXTENSION_MINUTES))
def _extend(channel: str, minutes: int) -> None:
    _give(channel, verb="extend", minutes=minutes)


@click.command(name="override", help="Put SOURCE on CHANNEL now; it ends by itself.")
@click.argument("channel")
@click.argument("source")
@click.option("--minutes", type=BY_HAND, required=True, help="How long.")
@click.option("--title", default="", help="The title viewers see; the source's name if omitted.")
def _override(channel: str, source: str, minutes: int, title: str) -> None:
    _give(channel, verb="override", source=source, minutes=minutes, text=title)


@click.command(name="emergency", help="Show TEXT over everything on CHANNEL.")
@click.argument("channel")
@click.argument("text")
@click.option("--minutes", type=BY_HAND, default=30, show_default=True)
@click.option("--full", is_flag=True, help="Full screen without sound, not a strip.")
def _emergency(channel: str, text: str, minutes: int, full: bool) -> None:
    placement = "full" if full else "strip"
    _give(channel, verb="emergency", text=text, minutes=minutes, placement=placement)


def _give(channel: str, **asked: Any) -> None:
    """Give the command and print the answer; exit with 1 if it was refused."""
    refused = _ask(channel, actor=_who(), **asked).get("refused", "")
    if refused:
        click.echo(f"Refused: {refused}", err=True)
        sys.exit(1)
    click.echo("Done.")


@click.command(name="status", help="Print what is on air on CHANNEL.")
@click.argument("channel")
@click.option("--json", "as_json", is_flag=True, help="Print the whole status as JSON.")
def _status(channel: str, as_json: bool) -> None:
    status = _ask(channel, verb="status")
    if as_json:
        click.echo(json.dumps(status, indent=2))
        return
    if not status:
        click.echo("The agent has nothing to report yet.")
        return
    for line in _lines(status):
        click.echo(line)


def _lines(status: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the status, with instants in the machine's own zone."""
    yield f"{status['title'] or 'Slate'} on {status['layer']}, revision {status['revision']}"
    if status["ends"]:
        yield f"until {_at(status['ends'])}"
    if status["next"]:
        yield f"next: {status['next']['title']} at {_at(status['next']['start'])}"
    over, message = status["override"], status["message"]
    if over:
        yield f"put on air by {over['by']} until {_at(over['until'])}"
    if message:
        yield f"emergency message until {_at(message['until'])}: {message['text']}"
    if status.get("graphics"):
        yield f"over the picture: {', '.join(status['graphics'])}"
    for question in status["questions"]:
        answers = ", ".join(question["answers"])
        yield f"? {question['text']}{f' ({answers})' if answers else ''}"
    for problem in status["problems"]:
        yield f"! {problem}"


def _at(instant: str) -> str:
    return stamped(datetime.fromisoformat(instant), machine_zone())


@click.command(name="doctor", help="Report what is missing on this machine and how to fix it.")
def _doctor() -> None:
    from playout.cli.doctor import run_doctor

    findings = run_doctor(_settings(), SystemClock())
    for finding in findings:
        click.echo("\n".join(finding.lines()))
    sys.exit(1 if any(finding.grade == "wrong" for finding in findings) else 0)


def _ask(channel: str, **asked: Any) -> dict[str, Any]:
    from playout.host.control_socket import ControlError, ask_agent

    settings = _settings()
    if channel not in settings.channels:
        raise click.ClickException(no_such_channel(channel, settings))
    try:
        return ask_agent(settings.channel_dir(channel), **asked)
    except ControlError as error:
        raise click.ClickException(str(error)) from error


def no_such_channel(channel: str, settings: Settings) -> str:
    """Return an error that names the channels there are and the file they were read from.

    The wrong file is the usual cause.
    """
    origin = settings_file() or "No settings file was read: set GAVEL_CONFIG. The environment"
    there = ", ".join(settings.channels) or "none"
    return f"There is no channel {channel} on this machine. {origin} names: {there}."


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _who() -> str:
    """Return the person's login on this machine, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "on this machine"
