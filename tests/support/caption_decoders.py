"""Decoders of captions that are not ours: libavcodec's, and VLC's, which draws them."""

import ctypes
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import vlc
from support.caption_code import drawn_caption
from support.capture import luma_of
from support.marks import Mark, read_mark

from media.captions.track import triplets_of
from media.captions.user_data import in_h264

SIZE = (640, 360)
"""Size in which VLC draws."""
OPTIONS = (
    "--quiet", "--ignore-config", "--no-audio", "--sub-track=0", "--no-osd", "--avcodec-hw=none",
    "--no-video-title-show", "--no-drop-late-frames", "--no-skip-frames", "--no-lua",
    "--no-metadata-network-access", "--no-sub-autodetect-file",
    "--freetype-monofont=DejaVu Sans Mono",
)  # fmt: skip


@dataclass(frozen=True)
class CaptionedPicture:
    """One picture of a capture: its mark, and the triplets in its coded picture that say
    something.
    """

    mark: Mark | None
    triplets: tuple[bytes, ...] = ()
    pts: float = 0.0
    side_data: bytes = b""
    """All triplets of the picture as libav reads them."""


def captioned_pictures(capture: Path) -> Iterator[CaptionedPicture]:
    """Decode a capture: marks by libav, triplets by our reading of each access unit."""
    carried: dict[int, bytes] = {}
    with av.open(str(capture), format="mpegts") as source:
        stream = source.streams.video[0]
        stream.thread_type = "SLICE"
        for packet in source.demux(stream):
            if packet.pts is not None:
                carried[packet.pts] = in_h264(bytes(packet), 0)
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if frame.pts is None:
                    continue
                said = tuple(triplets_of(carried.pop(frame.pts, b"")))
                mark = read_mark(luma_of(frame))
                at = float(frame.pts * frame.time_base)
                data = b"".join(bytes(one) for one in frame.side_data if one.type.name == "A53_CC")
                yield CaptionedPicture(mark, said, at, data)


def libav_texts(seen: Iterable[CaptionedPicture], field: str = "first") -> Iterator[str]:
    """Yield what libavcodec's decoder of line 21 shows over each picture, in one line."""
    decoder: Any = av.CodecContext.create("cc_dec", "r")
    decoder.options = {"real_time": "1", "data_field": field}
    shown = ""
    for one in seen:
        packet = av.Packet(one.side_data)
        packet.pts = round(one.pts * 1_000_000)
        for event in decoder.decode2(packet) or ():
            shown = event.dialogue.decode().rpartition("}")[2].strip().replace("\\N", " ")
        yield shown


@dataclass(frozen=True)
class DrawnPicture:
    """One picture as VLC drew it: its mark, and clip and number of the caption over it."""

    mark: Mark | None
    caption: tuple[int, int] | None


def vlc_pictures(capture: Path, rate: float = 1.0, patience: float = 900) -> list[DrawnPicture]:
    """Play a capture with libVLC, its first caption channel on, and read what it draws.

    `rate` is how many times faster than life it plays. Raises TimeoutError.
    """
    width, height = SIZE
    area, seen = width * height, list[DrawnPicture]()
    memory = (ctypes.c_ubyte * (area * 2 + 65536))()

    def lock(_opaque: object, planes: Any) -> None:
        base = ctypes.addressof(memory)
        planes[0], planes[1], planes[2] = base, base + area, base + area * 3 // 2

    def display(_opaque: object, _picture: object) -> None:
        luma = np.frombuffer(memory, np.uint8)[:area].reshape(height, width)
        seen.append(DrawnPicture(read_mark(luma), drawn_caption(luma)))

    hooks = (
        vlc.CallbackDecorators.VideoLockCb(lock),
        vlc.CallbackDecorators.VideoUnlockCb(lambda *_: None),
        vlc.CallbackDecorators.VideoDisplayCb(display),
    )
    instance = vlc.Instance(list(OPTIONS))
    player = instance.media_player_new()
    player.set_media(instance.media_new(str(capture)))
    player.video_set_callbacks(*hooks, None)
    player.video_set_format("I420", width, height, width)
    player.play()
    player.set_rate(rate)
    end = time.monotonic() + patience
    while player.get_state() not in (vlc.State.Ended, vlc.State.Error):
        if time.monotonic() > end:
            raise TimeoutError(f"VLC did not reach the end of {capture}")
        time.sleep(0.05)
    player.stop()
    player.release()
    instance.release()
    return seen
