"""What a file holds, where libVLC sees it only while playing: rate, shape, interlacing."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av

from media.colour import HOUSE, matrix_of

PROGRAM_STREAM = b"\0\0\1\xba"
PACKETS = ((0, 188), (4, 192))
"""Where the first packet's mark stands, and how far on the next: plain, and with time codes."""

OUTLASTS = 0.05
"""Seconds from which sound after the last picture is more than the padding of its coding."""


@dataclass(frozen=True)
class Tracks:
    """What is in a file before it plays; a width of 0 and a rate of None mean not known."""

    width: int = 0
    height: int = 0
    sar: Fraction = Fraction(1)
    rate: Fraction | None = None
    has_picture: bool = False
    has_sound: bool = False
    interlaced: bool = False
    seconds: float | None = None
    picture_seconds: float | None = None
    """Length of the picture alone, where the container says."""
    matrix: int = HOUSE
    """That of its pictures, by H.273."""
    picture_ends: float | None = None
    """Where the sound goes on after the last picture: when that ends, in seconds of the file."""


def look(path: str) -> Tracks:
    """Tracks of a file as libav sees them; empty ones when it cannot say."""
    try:
        with av.open(path) as container:
            seconds = container.duration / av.time_base if container.duration else None
            sound = bool(container.streams.audio)
            if not container.streams.video:
                return Tracks(has_sound=sound, seconds=seconds)
            video = container.streams.video[0]
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
            return Tracks(
                context.width, context.height, sar, rate, True, sound, woven, seconds, pictures,
                matrix,
                _picture_ends(container),
            )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError, StopIteration):
        return Tracks()


def _picture_ends(container: av.container.InputContainer) -> float | None:
    ends = [
        float(((one.start_time or 0) + one.duration) * one.time_base)
        for one in (container.streams.video[0], *container.streams.audio)
        if one.duration and one.time_base
    ]
    if not container.streams.video[0].duration or max(ends) - ends[0] < OUTLASTS:
        return None
    return ends[0]


def merged(first: Tracks, second: Tracks) -> Tracks:
    """What the player said, completed by what libav saw; shape and sides are the player's."""
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


def mpeg_kind(path: str) -> tuple[bool, bool]:
    """Is it a transport stream, is it a program stream: judged by what is in it."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(400)
    except OSError:
        return False, False
    packets = any(head[at : at + 1] == head[at + gap : at + gap + 1] == b"G" for at, gap in PACKETS)
    return packets, head[:4] == PROGRAM_STREAM
