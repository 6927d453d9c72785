"""Files with several pictures and several sound tracks, each sound with a tone of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream
from numpy.typing import NDArray
from support.marks import Mark, draw_mark

RATE = 48000
FPS = Fraction(25)


@dataclass(frozen=True)
class Tone:
    """A sound track: a sine of this pitch on its first two channels, silence on the others."""

    hertz: int
    level: float = 0.3
    codec: str = "aac"
    layout: str = "stereo"
    on: bool = True
    flags: Disposition = Disposition(0)
    title: str = ""


@dataclass(frozen=True)
class Film:
    """A picture track; its pictures carry `ident` and their number."""

    ident: int
    codec: str = "libx264"
    size: tuple[int, int] = (320, 180)
    on: bool = True
    pixels: str = "yuv420p"


def many_tracks(
    path: Path, films: Sequence[Film], tones: Sequence[Tone], seconds: float = 2.0
) -> Path:
    """Write the file; its tracks come in this order, pictures first."""
    with av.open(str(path), "w") as out:
        lanes: list[tuple[Any, Iterator[Any]]] = []
        for film in films:
            lanes.append(_film_lane(out, film, seconds))
        for tone in tones:
            lanes.append(_tone_lane(out, tone, seconds))
        for _, number, frame in merge(*(_dated(n, lane[1]) for n, lane in enumerate(lanes))):
            out.mux(lanes[number][0].encode(frame))
        for stream, _ in lanes:
            out.mux(stream.encode(None))
    return path


def _dated(number: int, frames: Iterator[Any]) -> Iterator[tuple[Fraction, int, Any]]:
    return ((frame.pts * frame.time_base, number, frame) for frame in frames)


def _film_lane(out: Any, film: Film, seconds: float) -> tuple[VideoStream, Iterator[Any]]:
    stream = out.add_stream(film.codec, rate=FPS)
    stream.width, stream.height = film.size
    stream.pix_fmt = film.pixels
    stream.disposition = Disposition.default if film.on else Disposition(0)
    return stream, _pictures(film, round(seconds * FPS))


def _pictures(film: Film, count: int) -> Iterator[av.VideoFrame]:
    for number in range(count):
        luma = draw_mark(Mark(film.ident, number), *film.size)
        grey = np.full((film.size[1] // 2, film.size[0]), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack([luma, grey]), format="yuv420p")
        frame = frame.reformat(format=film.pixels)
        frame.pts, frame.time_base = number, 1 / FPS
        yield frame


def _tone_lane(out: Any, tone: Tone, seconds: float) -> tuple[AudioStream, Iterator[Any]]:
    stream = out.add_stream(tone.codec, rate=RATE, layout=tone.layout)
    stream.disposition = tone.flags | (Disposition.default if tone.on else Disposition(0))
    if tone.title:
        stream.metadata["title"] = tone.title
    return stream, _sounds(tone, round(seconds * RATE))


def _sounds(tone: Tone, samples: int) -> Iterator[av.AudioFrame]:
    channels = av.AudioLayout(tone.layout).nb_channels
    wave = tone.level * np.sin(2 * np.pi * tone.hertz * np.arange(samples) / RATE)
    packed = np.zeros((samples, channels), np.int16)
    packed[:, :2] = np.round(wave * 32767).astype(np.int16)[:, None]
    for begin in range(0, samples, 1024):
        piece = np.ascontiguousarray(packed[begin : begin + 1024].reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(piece, format="s16", layout=tone.layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE, begin, Fraction(1, RATE)
        yield frame


def tone_of(sound: NDArray[Any]) -> float:
    """The strongest pitch of samples at the house's rate, Hz; 0 for silence."""
    wave = np.asarray(sound, np.float64)
    if np.abs(wave).max(initial=0.0) < 1e-3:
        return 0.0
    strength = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.argmax(strength) * RATE / len(wave))
