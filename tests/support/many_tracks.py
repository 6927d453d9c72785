"""Files with several pictures and several sound tracks, each sound with a tone of its own."""

from collections.abc import Iterator, Mapping, Sequence
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
PACKET = 188
FPS = Fraction(25)


def check_sum(data: bytes) -> int:
    """Return the CRC-32 of MPEG tables bit by bit (ISO/IEC 13818-1, Annex A): what the product's
    table of rows is compared with.
    """
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value


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
    """A picture track whose pictures carry `ident` and their number."""

    ident: int
    codec: str = "libx264"
    size: tuple[int, int] = (320, 180)
    on: bool = True
    pixels: str = "yuv420p"


def many_tracks(
    path: Path,
    films: Sequence[Film],
    tones: Sequence[Tone],
    seconds: float = 2.0,
    muxing: Mapping[str, str] | None = None,
) -> Path:
    """Write the file, with its tracks in this order, pictures first."""
    with av.open(str(path), "w", options=dict(muxing or {})) as out:
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


@dataclass(frozen=True)
class Program:
    """One program of a stream that carries several, on packet ids from `pids` on."""

    number: int
    pids: int
    films: Sequence[Film]
    tones: Sequence[Tone]


def many_programs(path: Path, programs: Sequence[Program], seconds: float = 2.0) -> Path:
    """Write a transport stream of several programs, whose maps come in this order."""
    parts = []
    for one in programs:
        ids = {
            "mpegts_service_id": one.number,
            "mpegts_pmt_start_pid": one.pids - 1,
            "mpegts_start_pid": one.pids,
        }
        alone = path.with_name(f"{path.stem}-{one.number}.ts")
        muxing = {name: str(value) for name, value in ids.items()}
        parts.append(many_tracks(alone, one.films, one.tones, seconds, muxing).read_bytes())
    listed = b"".join(
        one.number.to_bytes(2, "big") + (0xE000 | one.pids - 1).to_bytes(2, "big")
        for one in programs
    )
    body = bytes((0, 0xB0, 9 + len(listed), 0, 1, 0xC1, 0, 0)) + listed
    section = body + check_sum(body).to_bytes(4, "big")
    table = (bytes((0x47, 0x40, 0, 0x10, 0)) + section).ljust(PACKET, b"\xff")
    path.write_bytes(b"".join(_merged([_paced(part) for part in parts], table)))
    return path


def _paced(part: bytes) -> list[tuple[float, bytes]]:
    """Return packets with their place in the stream, from 0 to 1, and no tables but the program's
    map.
    """
    packets = [part[at : at + PACKET] for at in range(0, len(part), PACKET)]
    kept = enumerate(packets)
    return [(n / len(packets), p) for n, p in kept if p[1] & 0x1F or p[2] not in (0, 17)]


def _merged(parts: Sequence[list[tuple[float, bytes]]], table: bytes) -> Iterator[bytes]:
    """Return the maps in the order of the programs, then all packets by place, with the program
    table now and then.
    """
    yield from (table, *(part.pop(0)[1] for part in parts))
    for number, (_, packet) in enumerate(merge(*parts, key=lambda placed: placed[0])):
        if number % 50 == 0:
            count = number // 50 + 1 & 15
            yield table[:3] + bytes((0x10 | count,)) + table[4:]
        yield packet


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
    """Return the strongest pitch of samples at the house rate, in Hz; 0 for silence."""
    wave = np.asarray(sound, np.float64)
    if np.abs(wave).max(initial=0.0) < 1e-3:
        return 0.0
    strength = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.argmax(strength) * RATE / len(wave))
