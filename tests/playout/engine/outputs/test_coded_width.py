"""Coded pictures whose columns are not square: libVLC makes them, and ffprobe says what left."""

import json
import os
import subprocess
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from config.names import HouseFormat, broadcast_shape
from playout.engine.outputs.encode import Encode, column_shape, stream_output
from playout.engine.outputs.feed import FeedTick
from playout.engine.outputs.vlc_feed import VlcFeed

ENOUGH_BYTES = 200_000


class Lines:
    """A feed that never waits: dark even lines, bright odd ones."""

    def __init__(self, house: HouseFormat, rate: Fraction) -> None:
        self.rate, self._sound = rate, np.zeros((1600, 2), np.int16)
        self._picture = np.full(house.picture_bytes, 128, np.uint8)
        luma = self._picture[: house.width * house.height].reshape(house.height, house.width)
        luma[::2], luma[1::2] = 60, 190

    def at(self, number: int) -> FeedTick:
        return FeedTick(number, self._picture, self._sound)

    def forget_picture(self, number: int) -> None:
        pass

    def microseconds(self, number: int) -> int:
        return 1_000_000 + round(number * 1_000_000 / self.rate)


def left(path: Path, house: HouseFormat, encode: Encode) -> Path:
    """Let libVLC encode some pictures into a file."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    feed = Lines(house, encode.frame_rate(house))
    player = VlcFeed(feed, house, sout=stream_output(handle, house, encode))
    player.start()
    for _ in range(600):
        if path.stat().st_size > ENOUGH_BYTES:
            break
        time.sleep(0.05)
    player._player.stop()
    os.close(handle)
    return path


def shape_of(path: Path) -> tuple[int, int, str, str]:
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_streams", "-of", "json"]
    ran = subprocess.run([*command, str(path)], capture_output=True, check=True, timeout=30)
    one = json.loads(ran.stdout)["streams"][0]
    shapes = one["sample_aspect_ratio"], one["display_aspect_ratio"]
    return one["width"], one["height"], *shapes


def first_picture(path: Path) -> np.ndarray:
    """Return the first picture that can be decoded: a file cut off anywhere has others."""
    with av.open(str(path)) as source:
        for packet in source.demux(video=0):
            with suppress(av.FFmpegError):
                for frame in packet.decode():
                    return frame.to_ndarray()
    raise AssertionError("nothing can be decoded")


@pytest.mark.parametrize(
    ("video", "size", "width", "column", "shape"),
    [
        ("h264", "640x480", 704, "10:11", "4:3"),
        ("mpeg2", "640x480", 720, "8:9", "4:3"),
        ("mpeg2", "848x480", 704, "40:33", "16:9"),
        ("h264", "848x480", 720, "32:27", "16:9"),
    ],
)
def test_what_leaves_names_the_shape_of_the_house(
    tmp_path: Path, video: str, size: str, width: int, column: str, shape: str
) -> None:
    house = HouseFormat.parse(f"{size}@30000/1001")
    encode = Encode(1500, preset="ultrafast", video=video, scan="interlaced", width=width)
    path = left(tmp_path / "left.ts", house, encode)

    assert shape_of(path) == (width, 480, column, shape)
    rows = first_picture(path)[:480, 100:600].mean(axis=1)
    # The fields stay apart: widening mixes no line with its neighbours.
    assert rows[::2].max() < 90
    assert rows[1::2].min() > 160


@pytest.mark.parametrize(
    ("size", "width", "column"),
    [
        ("640x480", 704, "10/11"),
        ("640x480", 720, "8/9"),
        ("848x480", 704, "40/33"),
        ("768x576", 704, "12/11"),
        ("1024x576", 720, "64/45"),
        ("848x480", 720, "32/27"),
        ("640x480", 0, "None"),
        ("1280x720", 0, "None"),
    ],
)
def test_a_column_is_as_wide_as_its_shape_asks_for(size: str, width: int, column: str) -> None:
    house = HouseFormat.parse(f"{size}@30000/1001")

    assert str(column_shape(house, Encode(width=width))) == column


@pytest.mark.parametrize("size", ["720x480", "704x480", "1280x720", "640x360"])
def test_a_house_of_another_shape_has_no_coded_width(size: str) -> None:
    with pytest.raises(ValueError, match="640x480@60000/1001"):
        broadcast_shape(HouseFormat.parse(f"{size}@30000/1001"))
