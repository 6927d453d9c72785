"""Tells libVLC to read a file as what it was probed as, and to air the tracks that were measured.

Left to itself it guesses a demultiplexer by content and by name, so that a file with two faces
could pass ingest as one thing and air as another, and chooses sound by flags of its own.
"""

from pathlib import Path

from media.formats import FAMILIES, HEAD_BYTES, Family
from playout.engine.vlc.tracks import FileTracks

AVFORMAT = ":demux=avformat"
"""libav's demultiplexer. libVLC's own of MPEG streams never hands out their last picture."""
_OWN = {
    "mp4": "mp4", "matroska": "mkv", "avi": "avi", "wav": "wav", "flac": "flac", "ogg": "ogg",
    "mp3": "mp3", "aac": "aac", "png": "image", "jpeg": "image",
}  # fmt: skip
"""libVLC's own demultiplexers, by media's name of the family. All others are libav's."""
JOIN_DEMUXERS = {"mpegts": ":demux=ts"}
"""libav's joins a transport stream between key frames, with broken pictures: not in progress."""


def family_of(path: str) -> Family | None:
    """The family of a file by its first bytes; None for one the house does not know."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return None
    return next((family for family in FAMILIES if family.starts(head)), None)


def demux_options(family: Family) -> tuple[str, ...]:
    """Have the file read by the one demultiplexer of its family, whatever else it looks like."""
    own = _OWN.get(family.name)
    if own is not None:
        return (f":demux={own}",)
    return AVFORMAT, f":avformat-format={family.demuxer}"


def track_options(tracks: FileTracks) -> tuple[str, ...]:
    """Have the chosen tracks aired, which libVLC counts as libav does.

    It takes no order for pictures: a file with several has a house copy of the one that airs.
    """
    options = []
    if tracks.sound_place is not None:
        options.append(f":audio-track={tracks.sound_place}")
    if tracks.has_sound and not tracks.has_picture:
        options.append(":no-video")
    return tuple(options)
