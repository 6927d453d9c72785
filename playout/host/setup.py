"""Setup of this machine for a channel, as the server is told of it."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from config.settings import ChannelSettings
from playout.model.engine import Observation
from playout.model.machine_setup import LONGEST_TARGET, MOST_TARGETS, MachineSetup, TargetReached


def stream_words(channel: ChannelSettings) -> str:
    """Return house format and coding in one line, the same on two machines that send alike."""
    width = f" in {channel.coded_width} columns" if channel.coded_width else ""
    rate = f", {channel.stream_kbps} kbit/s in all" if channel.stream_kbps else ""
    return (
        f"{channel.format} {channel.scan}{width}, {channel.video} {channel.video_kbps} kbit/s, "
        f"{channel.audio} {channel.audio_kbps} kbit/s{rate}"
    )


def machine_setup(stream: str, seen: Observation | None) -> MachineSetup:
    """Return the setup of this machine. `stream` is from `stream_words`; without an engine that
    responds no target is named.
    """
    targets = seen.numbers.targets if seen is not None else {}
    reached = [
        TargetReached(shown[:LONGEST_TARGET], up) for shown, (_, _, up) in sorted(targets.items())
    ]
    return MachineSetup(_version(), stream, tuple(reached[:MOST_TARGETS]))


@cache
def _version() -> str:
    try:
        return version("gavel")
    except PackageNotFoundError:
        return ""
