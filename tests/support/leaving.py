"""A stream as it leaves, made faster than real time: libav encodes, and the real relay sends.

The encoder has the settings of the channel's own. What the relay sent and what was placed come
back as the watcher of the output reads them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

import av
import numpy as np
from support.coded_stream import EncoderStream
from support.meeting import RATE as SAMPLES
from support.meeting import Meeting

from config.clock import SimulatedClock
from playout.engine.links.packets import packet_pair
from playout.engine.links.placed import Placed
from playout.engine.relay.demux import run_mark
from playout.engine.relay.memory import RelayMemory, make_memory
from playout.engine.relay.rate import stream_rate
from playout.engine.relay.run import Relay, RelayParts
from playout.engine.relay.senders import Burst
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService
from playout.engine.watching.signature import signature

AUDIO_KBPS = 192
Alter = Callable[[np.ndarray, np.ndarray, float], tuple[np.ndarray, np.ndarray]]
ENCODED_AFTER = 0.15
"""Seconds from a tick until its coded picture reaches the relay."""
PICTURE_PID, SOUND_PID = 256, 257


@dataclass
class Leaving:
    """What left, and what was placed."""

    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    placed: Placed = field(default_factory=Placed)
    ends: int = 0
    """Instant until which it is watched, where the stream stops before."""


class _Keeper:
    """A target that keeps each chunk with the instant at which it was sent."""

    number, dropped = 0, 0

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self.chunks: list[tuple[int, bytes]] = []

    def send(self, burst: Burst) -> None:
        now = self._clock.monotonic()
        self.chunks += [(now, chunk) for chunk in burst.chunks]


@dataclass(frozen=True)
class Coding:
    """How a stream is coded."""

    rate: Fraction = Fraction(30)
    kbps: int = 1500


USUAL_CODING = Coding()


def leaving(
    meeting: Meeting, seconds: float, begins: float = 0.0, alter: Alter | None = None,
    coding: Coding = USUAL_CODING,
) -> Leaving:  # fmt: skip
    """Return the stream of so many seconds of this program, from `begins` on. The encoder gets what
    `alter` makes of picture and sound at a time; noted is what was placed.
    """
    clock = SimulatedClock(datetime(2026, 3, 3, tzinfo=UTC))
    epoch = clock.monotonic()
    reading, writing = os.pipe()
    fed = packet_pair()
    os.set_blocking(reading, False)
    keeper = _Keeper(clock)
    rate = stream_rate(coding.rate, coding.kbps, AUDIO_KBPS, "mp2")
    parts = RelayParts(
        SlotClock(epoch, rate), StreamService("Gavel"), reading, fed[1],
        RelayMemory(make_memory()), coding.rate, senders=[keeper],
    )  # fmt: skip
    relay, notes = Relay(parts, clock), list[tuple[int, float, np.ndarray]]()
    os.write(writing, run_mark(1))
    for due, data in _coded(meeting, seconds, begins, epoch, notes, alter, coding):
        while clock.monotonic() < due:
            clock.wait(max(0.0005, relay.turn()))
        os.write(writing, data)
    return Leaving(keeper.chunks, placed_of(notes))


def placed_of(notes: list[tuple[int, float, np.ndarray]]) -> Placed:
    """Return notes of ticks as the watcher reads them."""
    return Placed(
        np.array([at for at, _, _ in notes], np.int64),
        np.array([power for _, power, _ in notes], np.float32),
        np.array([blocks for _, _, blocks in notes], np.uint8),
    )


def _coded(
    meeting: Meeting, seconds: float, begins: float, epoch: int,
    notes: list[tuple[int, float, np.ndarray]], alter: Alter | None,
    coding: Coding,
) -> Iterator[tuple[int, bytes]]:  # fmt: skip
    """Yield the packets of each tick, with the instant at which the encoder hands them over."""
    stream, video, audio = EncoderStream(), _video(meeting, coding), _audio()
    size = SAMPLES // int(coding.rate)
    left, sound_stamp = np.zeros(0, np.float32), 36_000
    for tick in range(round(seconds * coding.rate)):
        t = begins + tick / coding.rate
        luma, sound = meeting.luma(float(t)), meeting.sound(float(t), size)
        due = epoch + round(tick / coding.rate * 1_000_000_000)
        notes.append((due, float(np.square(sound).mean()), signature(luma)))
        if alter is not None:
            luma, sound = alter(luma, sound, float(t))
        left, data = np.concatenate((left, sound)), b""
        for packet in video.encode(_frame(luma, tick, coding)):
            data += stream.unit(
                PICTURE_PID, 36_000 + round((packet.pts or 0) * 90_000 / coding.rate), bytes(packet)
            )
        while len(left) >= 1152:
            block, left = left[:1152], left[1152:]
            for packet in audio.encode(_sound_frame(block)):
                data += stream.unit(SOUND_PID, sound_stamp, bytes(packet))
                sound_stamp += 1152 * 90_000 // SAMPLES
        yield due + round(ENCODED_AFTER * 1e9), data


def _video(meeting: Meeting, coding: Coding) -> av.VideoCodecContext:
    video = av.CodecContext.create("libx264", "w")
    assert isinstance(video, av.VideoCodecContext)
    video.width, video.height, video.pix_fmt = meeting.width, meeting.height, "yuv420p"
    video.time_base, video.framerate = 1 / coding.rate, coding.rate
    video.bit_rate, video.thread_count = coding.kbps * 1000, 1
    buffer, second = round(coding.kbps * 0.3), round(coding.rate)
    video.options = {
        "preset": "ultrafast", "tune": "zerolatency",
        "x264-params": f"keyint={second}:min-keyint={second}:scenecut=0:bframes=0:ref=1:"
        f"nal-hrd=cbr:vbv-maxrate={coding.kbps}:vbv-bufsize={buffer}:repeat-headers=1:aud=1",
    }  # fmt: skip
    return video


def _audio() -> av.AudioCodecContext:
    audio = av.CodecContext.create("mp2", "w")
    assert isinstance(audio, av.AudioCodecContext)
    audio.sample_rate, audio.layout, audio.format = SAMPLES, "stereo", "s16"
    audio.bit_rate = AUDIO_KBPS * 1000
    return audio


def _frame(luma: np.ndarray, tick: int, coding: Coding) -> av.VideoFrame:
    height, width = luma.shape
    whole = np.full((height * 3 // 2, width), 128, np.uint8)
    whole[:height] = luma
    frame = av.VideoFrame.from_ndarray(whole, format="yuv420p")
    frame.pts, frame.time_base = tick, 1 / coding.rate
    return frame


def _sound_frame(block: np.ndarray) -> av.AudioFrame:
    samples = (block.clip(-1, 1) * 32767).astype(np.int16)
    both = np.repeat(samples, 2).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
    frame.sample_rate = SAMPLES
    return frame
