"""The sound of the stream as AAC, which the web takes: MPEG layer II or AC-3 in, AAC-LC out.

Every sample keeps its time. A decoder gives samples, their place follows from the stamp of the unit
they came in, and the encoder is given 1024 of them at a time by that place. So nothing drifts,
whatever is lost on the way: a hole is filled with silence, and after a longer one the sound begins
again at its place.

Worked example, in samples of 48 kHz. A unit dated 0 with 1152 samples gives one frame of AAC, dated
-1024, because an encoder of AAC needs 1024 samples before it: a player decodes it and throws those
away, or plays them, and either way sample 0 is heard at 0. The 128 samples that are left wait. A
unit dated 2304 is then 1152 samples late: so many of silence come first.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from config.names import SAMPLE_RATE
from playout.engine.transport import STAMPS_A_SECOND

FRAME_SAMPLES = 1024
KBPS = 128
LONGEST_FILL = 2 * SAMPLE_RATE
"""Samples of a hole that silence fills; after a longer one the sound begins again."""
TOLERANCE = FRAME_SAMPLES // 2
"""Samples by which a stamp may differ from where the sound is, before it counts as a hole."""
_DECODERS = ((b"\x0b\x77", 0xFFFF, "ac3"), (b"\xff\xe0", 0xFFE0, "mp2float"))
"""First bytes of a frame, the bits of them that count, and the decoder."""

Samples = npt.NDArray[np.float32]


def sample_at(stamp: int) -> int:
    """Return the sample that is heard at a stamp of 90 kHz."""
    return round(Fraction(stamp * SAMPLE_RATE, STAMPS_A_SECOND))


def stamp_of(sample: int) -> int:
    """Return the stamp at which a sample is heard."""
    return round(Fraction(sample * STAMPS_A_SECOND, SAMPLE_RATE))


class AacSound:
    """Encodes the sound of one stretch of the stream."""

    def __init__(self) -> None:
        self._decoder: AudioCodecContext | None = None
        self._resampler = AudioResampler("fltp", "stereo", SAMPLE_RATE)
        self._encoder = _encoder()
        self._waiting: Samples = np.zeros((2, 0), dtype=np.float32)
        self._next: int | None = None
        """The sample that comes after those that wait; None before the first."""

    def take(self, stamp: int, unit: bytes) -> list[tuple[int, bytes]]:
        """Take a unit of coded sound. Return frames of AAC without headers, each with its stamp.

        Sound of an unknown coding, or too damaged to decode, gives nothing.
        """
        try:
            samples = self._decoded(unit)
        except av.FFmpegError:
            return []
        if not samples.shape[1]:
            return []
        self._place(sample_at(stamp), samples)
        return [*self._encoded()]

    def _decoded(self, unit: bytes) -> Samples:
        if self._decoder is None:
            name = _decoder_for(unit)
            if name is None:
                return self._silence(0)
            self._decoder = cast(AudioCodecContext, av.CodecContext.create(name, "r"))
        # A parser keeps the last frame back until it sees the next, so the unit is ended at once.
        packets = [*self._decoder.parse(unit), *self._decoder.parse(None)]
        frames = [
            again
            for packet in packets
            for frame in self._decoder.decode(packet)
            for again in self._resampler.resample(frame)
        ]
        return np.concatenate([self._silence(0), *(frame.to_ndarray() for frame in frames)], axis=1)

    def _place(self, at: int, samples: Samples) -> None:
        """Put samples behind those that wait, at their place."""
        late = 0 if self._next is None else at - self._next
        if self._next is None or not -TOLERANCE <= late <= LONGEST_FILL:
            self._waiting, self._next = self._silence(0), at
        elif late > TOLERANCE:
            self._waiting = np.concatenate([self._waiting, self._silence(late)], axis=1)
            self._next += late
        self._waiting = np.concatenate([self._waiting, samples], axis=1)
        self._next += samples.shape[1]

    def _encoded(self) -> Iterator[tuple[int, bytes]]:
        while self._next is not None and self._waiting.shape[1] >= FRAME_SAMPLES:
            first = self._next - self._waiting.shape[1]
            block = np.ascontiguousarray(self._waiting[:, :FRAME_SAMPLES])
            self._waiting = self._waiting[:, FRAME_SAMPLES:]
            frame = AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
            frame.pts = first
            for packet in self._encoder.encode(frame):
                if packet.pts is not None:
                    yield stamp_of(packet.pts), bytes(packet)

    @staticmethod
    def _silence(samples: int) -> Samples:
        return np.zeros((2, samples), dtype=np.float32)


def _encoder() -> AudioCodecContext:
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.format = SAMPLE_RATE, "fltp"
    encoder.layout = "stereo"
    encoder.bit_rate = KBPS * 1000
    encoder.time_base = Fraction(1, SAMPLE_RATE)
    return encoder


def _decoder_for(unit: bytes) -> str | None:
    head = int.from_bytes(unit[:2], "big")
    for mark, bits, name in _DECODERS:
        if head & bits == int.from_bytes(mark, "big"):
            return name
    return None
