"""The built-in test source: a moving numbered picture and a tone, encoded for real."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from config.clock import Clock
from config.names import FRAME_RATES, SAMPLE_RATE
from playout.engine.format.ticks import NS
from playout.engine.gateway.encode import Encoder
from playout.engine.links.packets import CodedPacket, CodedTrack, StreamFormat

DEFAULT_SIZE, DEFAULT_RATE = (640, 360), Fraction(30000, 1001)
TONE_HZ, TONE_LEVEL = 440.0, 0.1
MOST_WIDTH = 1920
BAR_COLOURS = ((235, 128, 128), (168, 44, 136), (145, 147, 44), (63, 193, 204), (32, 240, 118))
"""Luma and chroma of the bars behind the frame number."""


def picture_size(text: str) -> tuple[int, int]:
    """Read `1280x720` as two numbers; return the default for anything else."""
    across, _, down = text.partition("x")
    if not (across.isdigit() and down.isdigit()):
        return DEFAULT_SIZE
    width, height = int(across) // 2 * 2, int(down) // 2 * 2
    return (width, height) if 64 <= width <= MOST_WIDTH and 36 <= height <= 1080 else DEFAULT_SIZE


def picture_rate(text: str) -> Fraction:
    """Read `30000/1001` as a fraction; return the default for a rate the house format does not
    have.
    """
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return DEFAULT_RATE
    return rate if rate in FRAME_RATES else DEFAULT_RATE


class TestPicture:
    """The picture of a frame number: bars, a moving line, and the number itself."""

    __test__ = False

    def __init__(self, size: tuple[int, int], name: str) -> None:
        self._width, self._height = size
        self._name = name
        self._font = ImageFont.load_default(max(10, self._height // 8))
        planes = np.empty((self._height * 3 // 2, self._width), np.uint8)
        self._luma = planes[: self._height]
        chroma = planes[self._height :].reshape(2, self._height // 2, self._width // 2)
        for place, (luma, blue, red) in enumerate(BAR_COLOURS):
            left, right = (self._width * edge // len(BAR_COLOURS) for edge in (place, place + 1))
            self._luma[:, left:right] = luma
            chroma[0][:, left // 2 : right // 2] = blue
            chroma[1][:, left // 2 : right // 2] = red
        self._planes = planes

    def draw(self, number: int, rate: Fraction) -> av.VideoFrame:
        """Draw the picture of frame `number`."""
        planes = self._planes.copy()
        luma = planes[: self._height]
        strip = Image.new("L", (self._width, self._height // 4), 16)
        seconds = int(number / rate)
        text = f"{self._name} {seconds // 60}:{seconds % 60:02} {number}"
        ImageDraw.Draw(strip).text((8, 4), text, fill=235, font=self._font)
        top = self._height * 3 // 8
        luma[top : top + strip.height] = np.asarray(strip)
        line = number * 4 % max(1, self._width - 8)
        luma[: self._height // 8, line : line + 8] = 235
        return av.VideoFrame.from_ndarray(planes, format="yuv420p")


class TestSource:
    """The packets of a test picture, each at its time, without end."""

    __test__ = False

    def __init__(self, query: dict[str, str], clock: Clock) -> None:
        self._clock = clock
        self._rate = picture_rate(query.get("rate", ""))
        size = picture_size(query.get("size", ""))
        self._picture = TestPicture(size, query.get("name", "TEST")[:20])
        self._silent = "silent" in query
        self._video = Encoder.picture(0, size, self._rate, kbps=2000)
        self._audio = Encoder.sound(1)

    @property
    def format(self) -> StreamFormat:
        """The tracks of its packets."""
        tracks: tuple[CodedTrack, ...] = (self._video.track, self._audio.track)
        return StreamFormat(tracks)

    def packs(self) -> Iterator[CodedPacket]:
        """Yield packets without end, each when it is due."""
        begin, number, heard = self._clock.monotonic(), 0, 0
        while True:
            due = begin + round(number / self._rate * NS)
            self._clock.wait(max(0, due - self._clock.monotonic()) / NS)
            frame = self._picture.draw(number, self._rate)
            frame.pts, frame.time_base = number, 1 / self._rate
            yield from self._video.encode(frame, self._clock.monotonic())
            number += 1
            until = int(number / self._rate * SAMPLE_RATE)
            yield from self._audio.encode(self._tone(heard, until), self._clock.monotonic())
            heard = until

    def _tone(self, first: int, until: int) -> av.AudioFrame:
        at = np.arange(first, until) / SAMPLE_RATE
        level = 0.0 if self._silent else TONE_LEVEL * np.where(at % 1.0 < 0.5, 1.0, 0.5)
        wave = (level * np.sin(2 * np.pi * TONE_HZ * at) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None, :], "s16", "stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, first
        frame.time_base = Fraction(1, SAMPLE_RATE)
        return frame

    def close(self) -> None:
        """Do nothing: a test picture holds nothing to give back."""
