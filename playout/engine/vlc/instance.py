"""A libVLC instance with the options of this house, and how it fails."""

from collections.abc import Sequence
from typing import Any

import vlc

OPTIONS = (
    "--quiet", "--ignore-config", "--no-video-title-show", "--no-drop-late-frames",
    "--no-skip-frames", "--no-audio-time-stretch", "--no-sub-autodetect-file", "--no-osd",
    "--no-spu", "--no-lua", "--no-metadata-network-access",
)  # fmt: skip


RESAMPLER = "--audio-resampler=speex_resampler"
"""The one taken else makes 44.1 kHz 30 ms a minute too short."""


class VlcError(Exception):
    """libVLC is missing or refused what it was asked; the text says which."""


def new_instance(options: Sequence[str]) -> Any:
    """One libVLC. Raises VlcError when the library or its plugins are not installed."""
    try:
        instance = vlc.Instance([*OPTIONS, *options])
    except (NameError, AttributeError, OSError) as error:
        raise VlcError("libVLC is not installed (package libvlc5)") from error
    if instance is None:
        raise VlcError("libVLC would not start; is vlc-plugin-base installed?")
    return instance


def has_stopped(player: Any) -> bool:
    """A player that came to an end, well or badly."""
    return player.get_state() in (vlc.State.Ended, vlc.State.Error, vlc.State.Stopped)
