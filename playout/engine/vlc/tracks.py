"""Tracks of a file as libav sees them. libVLC reports rate and interlacing only while it plays."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av

from media.colour import HOUSE_MATRIX, matrix_of
from media.formats import Family
from media.local import open_local
from media.tracks import Streams, streams_of

SOUND_OUTLASTS = 0.05
"""Seconds from which sound after the last picture is more than padding of its coding."""


@dataclass(frozen=True)
class FileTracks:
    """Facts of a file known before it plays. A width of 0 and a rate of None mean unknown."""

    width: int = 0
    height: int = 0
    sar: Fraction = Fraction(1)
    rate: Fraction | None = None
    has_picture: bool = False
    has_sound: bool = False
    interlaced: bool = False
    seconds: float | None = None
    picture_seconds: float | None = None
    """Length of the picture alone, where the container states it."""
    matrix: int = HOUSE_MATRIX
    """Colour matrix of its pictures, by the numbers of H.273."""
    picture_ends: float | None = None
    """End of the last picture, in seconds of the file, where the sound goes on after it."""
    sound_place: int | None = None
    """Number of the sound track that airs, from 0, where there are several."""


def read_tracks(path: str, family: Family) -> FileTracks:
    """Return the tracks of a file that air, as libav sees them; empty ones where it cannot read
    them.
    """
    try:
        with open_local(Path(path), family) as container:
            streams = streams_of(container)
            seconds = container.duration / av.time_base if container.duration else None
            sound = streams.sound is not None
            place = streams.place if streams.sounds > 1 else None
            video = streams.picture
            if video is None:
                return FileTracks(has_sound=sound, seconds=seconds, sound_place=place)
            context = video.codec_context
            pictures = None
            if video.duration and video.time_base:
                seconds = pictures = float(video.duration * video.time_base)
            sar = video.sample_aspect_ratio or context.sample_aspect_ratio or Fraction(1)
            rate = video.guessed_rate or video.average_rate
            if not video.duration and seconds and rate:
                seconds = float(int(seconds * rate) / rate)
            frame = next(container.decode(video))
            woven = bool(frame.interlaced_frame)
            matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)
            return FileTracks(
                context.width, context.height, sar, rate, True, sound, woven, seconds, pictures,
                matrix,
                _picture_ends(streams),
                place,
            )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError, StopIteration):
        return FileTracks()


def _picture_ends(streams: Streams) -> float | None:
    picture = streams.picture
    ends = [
        float(((one.start_time or 0) + one.duration) * one.time_base)
        for one in (picture, streams.sound)
        if one is not None and one.duration and one.time_base
    ]
    if picture is None or not picture.duration or max(ends) - ends[0] < SOUND_OUTLASTS:
        return None
    return ends[0]


def merge_tracks(first: FileTracks, second: FileTracks) -> FileTracks:
    """Return what libVLC reported, completed by what libav saw. Width, height and pixel shape are
    libVLC's.

    Which tracks there are is libav's to say where it can read the file, because they are chosen by
    libav's order.
    """
    if second.has_picture or second.has_sound:
        first = replace(
            first,
            has_picture=second.has_picture,
            has_sound=second.has_sound,
            sound_place=second.sound_place,
        )
    if not first.has_picture:
        return first
    if not first.width:
        first = replace(first, width=second.width, height=second.height, sar=second.sar)
    return replace(
        first,
        rate=second.rate or first.rate,
        interlaced=second.interlaced,
        picture_seconds=second.picture_seconds,
        matrix=second.matrix,
        picture_ends=second.picture_ends,
    )
