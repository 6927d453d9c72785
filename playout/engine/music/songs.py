"""The songs of a folder: in order of their names, each as loud as a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import av
import numpy as np

from media.formats import AUDIO_CODECS, FormatError
from media.headers import family_of
from media.local import open_local
from media.loudness import LoudnessMeter
from media.resample import Resampler
from media.tracks import streams_of
from playout.engine.format.sound import Gain
from playout.engine.links.ring import Sound

MUSIC_LKFS = -24.0
"""Loudness of every song, that of programs (ATSC A/85)."""
MOST_GAIN_DB = 20.0
MOST_SONGS = 2000
"""Songs of a folder that are played; the first ones by name."""


@dataclass(frozen=True)
class Song:
    """A file of the folder, as its name, size and time of writing tell it from another."""

    path: Path
    size: int
    written: int

    @property
    def key(self) -> str:
        """The name under which its loudness is kept."""
        return f"{self.path.name}:{self.size}:{self.written}"


def songs_of(folder: Path) -> list[Song]:
    """Return the files of a folder that may be music, by name; none where it cannot be read."""
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        found = ((path, path.stat()) for path in islice(paths, MOST_SONGS) if path.is_file())
        return [Song(path, stat.st_size, stat.st_mtime_ns) for path, stat in found]
    except OSError:
        return []


def frames_of(path: Path) -> Iterator[av.AudioFrame]:
    """Yield the decoded sound of a file of a kind that Gavel takes.

    Raises FormatError for another kind, av.FFmpegError for one that cannot be read.
    """
    family = family_of(path, path.name)
    with open_local(path, family) as source:
        track = streams_of(source).sound
        if track is None or track.codec_context.name not in AUDIO_CODECS:
            raise FormatError(f"{path.name} holds no sound that can be played.")
        track.codec_context.thread_count = 1
        yield from source.decode(track)


def is_playable(path: Path) -> bool:
    """Return whether a file has sound that can be decoded."""
    try:
        return next(frames_of(path), None) is not None
    except (FormatError, av.FFmpegError, OSError, ValueError):
        return False


def measuring(path: Path) -> Iterator[float | None]:
    """Decode a song to its end, one step at a time. The last value is its loudness, LKFS; None
    before, and where it is silent or cannot be read.
    """
    meter = LoudnessMeter()
    try:
        for frame in frames_of(path):
            meter.hear(frame)
            yield None
    except (FormatError, av.FFmpegError, OSError, ValueError):
        yield None
        return
    yield meter.integrated()


def played(path: Path, loudness: float) -> Iterator[Sound]:
    """Yield the sound of a song at MUSIC_LKFS. A song that breaks off ends there."""
    gain = Gain(min(MOST_GAIN_DB, MUSIC_LKFS - loudness))
    stereo = Resampler("s16")
    try:
        for frame in frames_of(path):
            for ready in stereo.take(frame):
                block = np.asarray(ready.to_ndarray(), dtype=np.int16)
                yield gain.apply(block.reshape(-1, 2))
    except (FormatError, av.FFmpegError, OSError, ValueError):
        return
