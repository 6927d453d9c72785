"""Clips whose every picture carries its own number and whose sound bursts on each whole second."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image
from support.marks import Mark, draw_mark

BURST_SECONDS = 0.1
BURST_LEVEL = 0.5
BED_LEVEL = 0.01
"""Level of a quiet tone between bursts, so that a hole in the sound differs from its pauses."""

NTSC = Fraction(30000, 1001)
FILM = Fraction(24000, 1001)
DOUBLE_NTSC = Fraction(60000, 1001)


@dataclass(frozen=True)
class Sound:
    """The coding of a clip's sound."""

    codec: str = "aac"
    rate: int = 48000
    layout: str = "stereo"


STEREO = Sound()


@dataclass(frozen=True)
class Clip:
    """A finished clip, and the facts about it that tests rely on."""

    path: Path
    ident: int
    rate: Fraction | None
    frames: int
    seconds: Fraction
    has_picture: bool = True
    has_sound: bool = True


def burst_hz(ident: int) -> int:
    """Return the pitch of a clip's bursts. There are eight, so that a neighbour's sound is
    recognised.
    """
    return 600 + 200 * (ident % 8)


def flashes(frame: int, rate: Fraction) -> bool:
    """Return whether this frame's time on screen touches a burst."""
    begin, end = frame / rate, (frame + 1) / rate
    return begin % 1 < Fraction(BURST_SECONDS) or int(end) > int(begin)


def burst_sound(ident: int, sample_rate: int, samples: int) -> NDArray[np.float32]:
    """Return mono sound from media time 0: a burst at every whole second over a quiet tone."""
    at = np.arange(samples) / sample_rate
    phase = at % 1.0
    burst = BURST_LEVEL * np.sin(2 * np.pi * burst_hz(ident) * phase)
    bed = BED_LEVEL * np.sin(2 * np.pi * 220 * at)
    return np.where(phase < BURST_SECONDS, burst, bed).astype(np.float32)


@lru_cache(maxsize=4)
def _grain(width: int, height: int) -> NDArray[np.int16]:
    """Return soft noise of 14 levels up and down, as large as the picture and a margin."""
    coarse = np.random.default_rng(13).integers(-14, 15, (height // 4 + 64, width // 4 + 64))
    return coarse.astype(np.int16).repeat(4, axis=0).repeat(4, axis=1)


def _with_grain(luma: NDArray[np.uint8], place: int) -> NDArray[np.uint8]:
    """Return a picture with noise that moves from picture to picture. The middle of each cell of a
    mark keeps its mean.
    """
    height, width = luma.shape
    down, right = 3 * place % 250, 5 * place % 250
    moved = _grain(width, height)[down : down + height, right : right + width]
    return (luma + moved).clip(16, 235).astype(np.uint8)


def _picture(
    mark: Mark | None, size: tuple[int, int], hue: tuple[int, int], grain: int | None = None
) -> av.VideoFrame:
    width, height = size
    luma = np.full((height, width), 16, np.uint8)
    if mark is not None:
        luma = draw_mark(mark, width, height)
    if grain is not None:
        luma = _with_grain(luma, grain)
    chroma = np.empty((height // 2, width), np.uint8)
    flat = chroma.reshape(2, -1)
    flat[0], flat[1] = hue
    return av.VideoFrame.from_ndarray(np.vstack([luma, chroma]), format="yuv420p")


def _options(codec: str, interlaced: bool, bit_rate: int | None) -> dict[str, str]:
    if codec == "libx264":
        options = {"preset": "ultrafast", "g": "50"}
        if interlaced:
            options["x264-params"] = "interlaced=1"
        return options if bit_rate else options | {"crf": "23"}
    if codec == "libx265":
        return {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"}
    if interlaced:
        return {"flags": "+ilme+ildct", "top": "1", "g": "15"}
    return {"g": "15"}


def _add_picture(out: av.container.OutputContainer, recipe: "Recipe") -> VideoStream:
    options = _options(recipe.codec, recipe.interlaced, recipe.bit_rate)
    if recipe.between:
        options |= {"bf": str(recipe.between), "g": "45"}
    if recipe.key_every is not None:
        options |= {"g": str(recipe.key_every), "sc_threshold": "0"}
    stream = out.add_stream(recipe.codec, rate=recipe.rate, options=options)
    assert isinstance(stream, VideoStream) and recipe.size is not None
    stream.width, stream.height = recipe.size
    stream.pix_fmt = recipe.pixels
    stream.codec_context.thread_count = 1
    if recipe.codec == "mpeg2video":
        stream.bit_rate = recipe.bit_rate or 6_000_000
    elif recipe.bit_rate:
        stream.bit_rate = recipe.bit_rate
    if recipe.sar is not None:
        stream.codec_context.sample_aspect_ratio = recipe.sar
    if recipe.times is not None:
        stream.codec_context.time_base = Fraction(1, 90000)
    return stream


def _add_sound(out: av.container.OutputContainer, sound: Sound) -> AudioStream:
    stream = out.add_stream(sound.codec, rate=sound.rate, layout=sound.layout)
    assert isinstance(stream, AudioStream)
    stream.bit_rate = 96_000 if sound.layout == "mono" else 192_000
    return stream


def _pictures(
    stream: VideoStream, recipe: "Recipe", order: Sequence[int]
) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    ident, rate, times = recipe.ident, recipe.rate, recipe.times
    hue = (96 + ident * 37 % 64, 96 + ident * 53 % 64)
    for place, number in enumerate(order):
        mark = None if place in recipe.dark else Mark(ident, number, flashes(number, rate))
        grain = place if recipe.grain else None
        frame = _picture(mark, (stream.width, stream.height), hue, grain)
        at = times[place] if times is not None else place / rate
        frame.time_base = Fraction(1, 90000) if times is not None else 1 / rate
        frame.pts = round(at / frame.time_base)
        yield at, frame


def _sounds(
    stream: AudioStream, ident: int, seconds: Fraction, sound: Sound, delay: float
) -> Iterator[tuple[Fraction, av.AudioFrame]]:
    total = int(seconds * sound.rate)
    mono = burst_sound(ident, sound.rate, total)
    shift = round(delay * sound.rate)
    if shift:
        mono = np.concatenate([np.zeros(shift, np.float32), mono])[:total]
    channels = 1 if sound.layout == "mono" else 2
    packed = (np.repeat(mono, channels) * 32767).astype(np.int16)[None, :]
    for begin in range(0, total, 1024):
        piece = packed[:, begin * channels : (begin + 1024) * channels]
        frame = av.AudioFrame.from_ndarray(piece, format="s16", layout=sound.layout)
        frame.sample_rate = sound.rate
        frame.pts = begin
        frame.time_base = Fraction(1, sound.rate)
        yield Fraction(begin, sound.rate), frame


def _interleave(
    out: av.container.OutputContainer,
    pictures: tuple[VideoStream, Iterator[tuple[Fraction, av.VideoFrame]]] | None,
    sounds: tuple[AudioStream, Iterator[tuple[Fraction, av.AudioFrame]]] | None,
) -> None:
    """Encode both streams in the order of their times."""
    lanes = [lane for lane in (pictures, sounds) if lane is not None]
    waiting = {stream: next(feed, None) for stream, feed in lanes}
    while any(waiting.values()):
        stream, feed = min(
            (lane for lane in lanes if waiting[lane[0]]), key=lambda lane: waiting[lane[0]][0]
        )
        out.mux(stream.encode(waiting[stream][1]))
        waiting[stream] = next(feed, None)
    for stream, _ in lanes:
        out.mux(stream.encode(None))


@dataclass(frozen=True)
class Recipe:
    """The recipe of a numbered clip; `size=None` makes sound only, `audio=None` picture only."""

    codec: str = "libx264"
    size: tuple[int, int] | None = (640, 360)
    rate: Fraction = NTSC
    frames: int = 150
    container: str | None = None
    interlaced: bool = False
    audio: Sound | None = STEREO
    ident: int = 0
    sar: Fraction | None = None
    bit_rate: int | None = None
    between: int = 0
    """Pictures between two others that each of them may refer to: B-frames."""
    pixels: str = "yuv420p"
    faststart: bool = False
    muxing: Mapping[str, str] = field(default_factory=dict)
    """Options of the muxer."""
    numbers: Sequence[int] | None = None
    """Frame numbers, to plant faults: one left out or given twice."""
    times: Sequence[Fraction] | None = None
    """When each picture is shown, in seconds, for a variable rate."""
    dark: Sequence[int] = ()
    """Places of pictures that are black."""
    sound_delay: float = 0.0
    sound_seconds: float | None = None
    key_every: int | None = None
    """Pictures from one key picture to the next."""
    grain: bool = False
    """Whether noise moves over the picture, so that it costs what film costs."""

    def write(self, path: Path) -> Clip:
        """Make the clip and return the facts about it."""
        order = list(self.numbers) if self.numbers is not None else list(range(self.frames))
        seconds = len(order) / self.rate
        if self.times is not None:
            seconds = self.times[-1] + 1 / self.rate
        front = {"movflags": "+faststart"} if self.faststart else {}
        front |= self.muxing
        with av.open(str(path), "w", format=self.container, options=front) as out:
            pictures = sounds = None
            if self.size is not None:
                stream = _add_picture(out, self)
                pictures = (stream, _pictures(stream, self, order))
            if self.audio is not None:
                track = _add_sound(out, self.audio)
                heard = seconds if self.sound_seconds is None else Fraction(self.sound_seconds)
                sounds = (track, _sounds(track, self.ident, heard, self.audio, self.sound_delay))
            _interleave(out, pictures, sounds)
        picture, sound = self.size is not None, self.audio is not None
        rate = self.rate if picture else None
        return Clip(path, self.ident, rate, len(order), seconds, picture, sound)


def key_pictures(clip: Path) -> list[float]:
    """Return when each key picture is sent, in seconds after the file's first packet."""
    times: list[tuple[float, bool]] = []
    with av.open(str(clip)) as file:
        for packet in file.demux():
            if packet.dts is not None and packet.time_base is not None:
                is_key = packet.stream.type == "video" and packet.is_keyframe
                times.append((float(packet.dts * packet.time_base), is_key))
    begin = min(times)[0]
    return [at - begin for at, is_key in times if is_key]


def numbered_clip(path: Path, **recipe: Any) -> Clip:
    """Write a numbered clip from a Recipe of these fields."""
    return Recipe(**recipe).write(path)


def numbered_clips(recipes: Mapping[Path, Mapping[str, Any]]) -> dict[Path, "Future[Clip]"]:
    """Start to write numbered clips, two at a time, while the test does other work."""
    with_two = ThreadPoolExecutor(2)
    made = {
        path: with_two.submit(numbered_clip, path, **recipe) for path, recipe in recipes.items()
    }
    with_two.shutdown(wait=False)
    return made


def numbered_still(path: Path, *, size: tuple[int, int] = (1280, 720), ident: int = 0) -> Clip:
    """Write a PNG that carries a mark with frame number 0."""
    luma = draw_mark(Mark(ident, 0), *size).astype(np.int32)
    full = np.clip((luma - 16) * 255 // 219, 0, 255).astype(np.uint8)
    Image.fromarray(full).convert("RGB").save(path)
    return Clip(path, ident, None, 1, Fraction(0), has_sound=False)


def phone_times(frames: int, rate: Fraction = Fraction(30)) -> list[Fraction]:
    """Return picture times as a phone makes them: near `rate`, unsteady, with odd pauses."""
    times, at = [], Fraction(0)
    for place in range(frames):
        times.append(at)
        stretch = Fraction([100, 103, 97, 130, 100, 70, 200][place % 7], 100)
        at += stretch / rate
    return times


def mixed_clips(folder: Path, seconds: int = 4, first_ident: int = 1) -> list[Clip]:
    """Write a dozen clips of mixed kinds, `seconds` each, with idents counting up from
    `first_ident`.
    """

    def clip(name: str, rate: Fraction = NTSC, **more: Any) -> Clip:
        count = round(seconds * rate)
        ident = first_ident + len(made)
        return numbered_clip(folder / name, rate=rate, frames=count, ident=ident, **more)

    made: list[Clip] = []
    made.append(clip("h264_720.mp4", size=(1280, 720)))
    made.append(clip("h264_1080.mp4", size=(1920, 1080)))
    made.append(clip("h264_360_25.mp4", Fraction(25)))
    made.append(clip("hevc_720.mkv", codec="libx265", size=(1280, 720)))
    made.append(
        clip(
            "mpeg2_480i.ts", codec="mpeg2video", size=(720, 480), interlaced=True,
            sar=Fraction(8, 9), audio=Sound("mp2"),
        )
    )  # fmt: skip
    made.append(clip("film.mp4", FILM))
    made.append(clip("double.mp4", DOUBLE_NTSC))
    made.append(clip("portrait.mp4", size=(720, 1280)))
    made.append(clip("mono.mp4", audio=Sound(layout="mono")))
    made.append(clip("cd_sound.mp4", audio=Sound(rate=44100)))
    made.append(clip("no_sound.mp4", audio=None))
    made.append(clip("sound_only.m4a", size=None))
    made.append(numbered_still(folder / "still.png", ident=first_ident + len(made)))
    return made
