"""The command line of a broadcast machine: play files, run a channel, give commands."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from config.clock import SystemClock, machine_zone
from config.names import HouseFormat
from config.times import usual_hours, write_in
from playout.cli.loudness import loudness
from playout.cli.operator import no_such_channel, register
from playout.model.pieces import Piece


@click.group()
def main() -> None:
    """Put a channel on air."""
    write_in(usual_hours(machine_zone().key))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output",
    "outputs",
    multiple=True,
    required=True,
    help="udp://HOST:PORT, FILE.ts, screen",
)
@click.option("--each", type=float, help="Seconds for each file; the slate fills what is left.")
@click.option("--frames", help="Air only these frames of each file: 0-299,900-1199.")
@click.option("--start", type=click.STRING, help="ISO 8601 instant of the first; default: soon.")
@click.option("--format", "house", default="1280x720@30000/1001", show_default=True)
@click.option("--video-kbps", default=4000, show_default=True)
@click.option("--preset", default="superfast", show_default=True)
def play(
    files: tuple[Path, ...],
    outputs: tuple[str, ...],
    each: float | None,
    frames: str | None,
    start: str | None,
    house: str,
    video_kbps: int,
    preset: str,
) -> None:
    """Air FILES back to back in real time and print what aired, one JSON line each."""
    from config.targetaddress import NotATarget
    from playout.cli.play import play_files
    from playout.engine.outputs.encode import Encode

    try:
        form = HouseFormat.parse(house)
        at, pieces = _instant(start), _pieces(frames or "")
        encode = Encode(video_kbps=video_kbps, preset=preset)
        good = play_files([*files], [*outputs], form, SystemClock(), each, at, encode, pieces)
    except (ValueError, NotATarget) as error:
        raise click.UsageError(str(error)) from error
    sys.exit(0 if good else 1)


def _pieces(text: str) -> tuple[Piece, ...]:
    """Return the pieces that `0-299,900-1199` names by their first and last frames."""
    pieces = []
    for words in filter(None, text.split(",")):
        first, dash, last = words.strip().partition("-")
        if not (dash and first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            raise ValueError(f"{words} is not FIRST-LAST, two numbers of frames")
        pieces.append((int(first), int(last) + 1))
    return tuple(pieces)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} has no zone; write it like 2026-03-03T10:00:00-05:00")
    return instant.astimezone(UTC)


@main.command()
@click.argument("channel")
def run(channel: str) -> None:
    """Keep CHANNEL on air until told to stop."""
    from config.logs import set_up_logs_for_children
    from config.settings import SettingsError, load_settings
    from config.targetaddress import NotATarget
    from playout.processes.channel import run_channel
    from playout.processes.stream import StreamError

    try:
        settings = load_settings()
        set_up_logs_for_children(settings, process="playout", channel=channel)
        if channel not in settings.channels:
            raise click.UsageError(no_such_channel(channel, settings))
        run_channel(settings, channel, SystemClock())
    except (SettingsError, NotATarget, StreamError) as error:
        raise click.UsageError(str(error)) from error


@main.command("look-at-stream")
@click.argument("address")
@click.option("--seconds", default=20.0, show_default=True, help="How long to receive.")
def look_at(address: str, seconds: float) -> None:
    """Receive the stream at ADDRESS (udp://, rtp:// or a .ts file) and say what a headend sees.

    Exits with 1 where a headend would mind something.
    """
    from config.targetaddress import NotATarget
    from playout.cli.look_at_stream import look_at_stream, words

    try:
        report = look_at_stream(address, seconds, SystemClock())
    except NotATarget as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"Nothing can be received from {address}: {error}") from error
    click.echo("\n".join(words(report)))
    sys.exit(1 if report.faults() or not report.seconds else 0)


register(main)
main.add_command(loudness)

if __name__ == "__main__":
    main()
