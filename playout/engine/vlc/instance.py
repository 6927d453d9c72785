"""A libVLC instance with the options Gavel needs, and the error it raises."""

from collections.abc import Sequence
from typing import Any

import vlc

# The text renderer of every other player reads the machine's fonts for each file, 14 ms of a deck.
OPTIONS = (
    "--quiet", "--ignore-config", "--no-video-title-show", "--no-drop-late-frames",
    "--no-skip-frames", "--no-audio-time-stretch", "--no-sub-autodetect-file", "--no-osd",
    "--no-spu", "--no-lua", "--no-metadata-network-access", "--text-renderer=tdummy", "--no-stats",
)  # fmt: skip


RESAMPLER = "--audio-resampler=speex_resampler"
"""libVLC's default resampler makes 44.1 kHz sound 30 ms a minute too short."""


class VlcError(Exception):
    """libVLC is missing or refused a request; the text says which."""


def new_instance(options: Sequence[str]) -> Any:
    """Return a new libVLC instance. Raises VlcError when the library or its plugins are not
    installed.
    """
    try:
        instance = vlc.Instance([*OPTIONS, *options])
    except (NameError, AttributeError, OSError) as error:
        raise VlcError("libVLC is not installed (package libvlc5)") from error
    if instance is None:
        raise VlcError("libVLC would not start; is vlc-plugin-base installed?")
    return instance


def has_stopped(player: Any) -> bool:
    """Return whether a player came to an end, well or badly."""
    return player.get_state() in (vlc.State.Ended, vlc.State.Error, vlc.State.Stopped)
