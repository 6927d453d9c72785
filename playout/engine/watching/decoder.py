"""The decoders of the watcher: libav, one thread, key pictures alone and all of the sound."""

from collections.abc import Sequence

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from playout.engine.watching.packets import CodedUnit
from playout.engine.watching.power import mean_square
from playout.engine.watching.seen import Level, Look
from playout.engine.watching.signature import Luma, signature

CODECS = {"h264": "h264", "mpeg2": "mpeg2video", "mp2": "mp2", "ac3": "ac3"}
"""libav's name of each codec that a channel's settings know."""
LOOK_EVERY_NS = 800_000_000
"""Nanoseconds from one decoded picture to the next. MPEG-2 has two key pictures a second. A second
whose keys all come sooner has one looked at all the same: an encoder that starts again moves its
key picture, and that second would be compared with nothing."""
av.logging.set_level(None)


class StreamDecoder:
    """Decodes what `PacketWatch` has put together. What is damaged is counted, never raised."""

    def __init__(self, video: str, audio: str) -> None:
        """Make decoders for these codecs of a channel's settings."""
        self._video_name, self._audio_name = CODECS[video], CODECS[audio]
        self._video: VideoCodecContext | None = None
        self._audio: AudioCodecContext | None = None
        self._looked = -LOOK_EVERY_NS
        self.undecoded = 0
        """Key pictures that were refused since the start."""

    def looks(self, keys: Sequence[CodedUnit]) -> tuple[Look, ...]:
        """Return the key pictures of about a second that are due to be looked at, decoded."""
        looks = []
        for unit in self.due(keys):
            luma = self._picture(unit.data)
            if luma is None:
                self.undecoded += 1
            else:
                looks.append(Look(unit.instant, signature(luma)))
        return tuple(looks)

    def due(self, keys: Sequence[CodedUnit]) -> list[CodedUnit]:
        """Return the key pictures that are LOOK_EVERY_NS apart; the last one where none is."""
        due: list[CodedUnit] = []
        looked = self._looked
        for unit in keys:
            if not 0 <= unit.instant - looked < LOOK_EVERY_NS:
                looked = unit.instant
                due.append(unit)
        due = due or [*keys[-1:]]
        if due:
            self._looked = due[-1].instant
        return due

    def levels(self, frames: Sequence[CodedUnit]) -> tuple[Level, ...]:
        """Return the level of each frame of sound that can be decoded."""
        if self._audio is None:
            made = CodecContext.create(self._audio_name, "r")
            assert isinstance(made, AudioCodecContext)
            self._audio = made
        levels = []
        for unit in frames:
            try:
                decoded = self._audio.decode(Packet(unit.data))
            except FFmpegError:
                self._audio = None
                break
            levels += [Level(unit.instant, mean_square(frame.to_ndarray())) for frame in decoded]
        return tuple(levels)

    def _picture(self, data: bytes) -> Luma | None:
        """Return the luma of a key picture, decoded on its own."""
        if self._video is None:
            made = CodecContext.create(self._video_name, "r")
            assert isinstance(made, VideoCodecContext)
            made.thread_count, self._video = 1, made
        try:
            frames = [*self._video.decode(Packet(data)), *self._video.decode(None)]
            self._video.flush_buffers()
        except FFmpegError:
            self._video = None
            return None
        return _luma(frames[-1]) if frames else None


def _luma(frame: av.VideoFrame) -> Luma:
    plane = frame.planes[0]
    rows: Luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: frame.height, : frame.width]
