"""What someone at the broadcast machine can type: take, skip, slate, rejoin, status, doctor."""

import getpass
import json
import sys
from typing import Any

import click

from config.clock import SystemClock
from config.settings import Settings, SettingsError, load_settings


def register(group: click.Group) -> None:
    """Add the commands to `gavel-playout`."""
    for verb, words in _VERBS.items():
        group.add_command(_order(verb, words))
    group.add_command(_status)
    group.add_command(_doctor)


_VERBS = {
    "take": "Put the next item of CHANNEL on air now.",
    "skip": "Drop the next item of CHANNEL.",
    "slate": "Show the slate on CHANNEL until rejoin.",
    "rejoin": "Go back to the schedule of CHANNEL, in progress.",
}


def _order(verb: str, words: str) -> click.Command:
    @click.command(name=verb, help=words)
    @click.argument("channel")
    def command(channel: str) -> None:
        refused = _ask(channel, verb=verb, actor=_who()).get("refused", "")
        if refused:
            click.echo(f"Refused: {refused}", err=True)
            sys.exit(1)
        click.echo("Done.")

    return command


@click.command(name="status", help="Say what is on air on CHANNEL.")
@click.argument("channel")
@click.option("--json", "as_json", is_flag=True, help="The whole status as JSON.")
def _status(channel: str, as_json: bool) -> None:
    status = _ask(channel, verb="status")
    if as_json:
        click.echo(json.dumps(status, indent=2))
        return
    if not status:
        click.echo("The agent has not looked around yet.")
        return
    click.echo(f"{status['title'] or 'Slate'} on {status['layer']}, revision {status['revision']}")
    if status["ends"]:
        click.echo(f"until {status['ends']}")
    if status["next"]:
        click.echo(f"next: {status['next']['title']} at {status['next']['start']}")
    for problem in status["problems"]:
        click.echo(f"! {problem}")


@click.command(name="doctor", help="Say what is missing on this machine and how to mend it.")
def _doctor() -> None:
    from playout.doctor import run_doctor

    findings = run_doctor(_settings(), SystemClock())
    for finding in findings:
        click.echo(f"{_MARKS[finding.grade]} {finding.text}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    sys.exit(1 if any(finding.grade == "wrong" for finding in findings) else 0)


_MARKS = {"good": "  ok ", "note": "note ", "wrong": "MEND "}


def _ask(channel: str, **asked: str) -> dict[str, Any]:
    from playout.control import ControlError, ask

    try:
        return ask(_settings().channel_dir(channel), **asked)
    except ControlError as error:
        raise click.ClickException(str(error)) from error


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def _who() -> str:
    """The person's login on this machine, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "on this machine"
