"""Options that make libVLC read a file as it was probed, and air the tracks that were measured.

Left alone it guesses a demultiplexer by content and name, so that a file with two faces could pass
ingest as one thing and air as another; and it chooses sound by flags of its own.
"""

from pathlib import Path

from media.formats import FAMILIES, HEAD_BYTES, Family
from playout.engine.vlc.tracks import FileTracks

AVFORMAT = ":demux=avformat"
"""libav's demultiplexer. libVLC's own for MPEG streams never hands out their last picture."""
_OWN = {
    "mp4": "mp4", "matroska": "mkv", "avi": "avi", "wav": "wav", "flac": "flac", "ogg": "ogg",
    "mp3": "mp3", "aac": "aac", "png": "image", "jpeg": "image",
}  # fmt: skip
"""libVLC's own demultiplexers, by our name of the family. All other families use libav's."""
JOIN_DEMUXERS = {"mpegts": ":demux=ts"}
"""Another demultiplexer for joining in progress: libav's joins a transport stream between key
frames, with broken pictures."""


def family_of(path: str) -> Family | None:
    """Return the family of a file by its first bytes; None for one that Gavel does not know."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return None
    return next((family for family in FAMILIES if family.starts(head)), None)


def demux_options(family: Family) -> tuple[str, ...]:
    """Return the options that fix the demultiplexer of a family, whatever the file looks like."""
    own = _OWN.get(family.name)
    if own is not None:
        return (f":demux={own}",)
    return AVFORMAT, f":avformat-format={family.demuxer}"


def track_options(tracks: FileTracks) -> tuple[str, ...]:
    """Return options that choose the tracks to air. libVLC numbers them as libav does.

    It cannot be told which picture track to play: a file with several has a house copy of the one
    that airs.
    """
    options = []
    if tracks.sound_place is not None:
        options.append(f":audio-track={tracks.sound_place}")
    if tracks.has_sound and not tracks.has_picture:
        options.append(":no-video")
    return tuple(options)
