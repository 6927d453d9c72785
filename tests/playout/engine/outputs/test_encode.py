"""The encode of a channel as libVLC is asked for it."""

from fractions import Fraction

import pytest

from config.names import HouseFormat
from playout.engine.outputs.encode import Encode, stream_output

HOUSE = HouseFormat.parse("640x360@30000/1001")


def test_one_encode_goes_into_the_pipe_of_the_relay() -> None:
    text = stream_output(7, HOUSE, Encode(video_kbps=900))

    assert text.count("transcode") == text.count("std{") == 1
    assert "access=fd" in text
    assert text.endswith("dst=7}")
    assert ",vb=900000," in text


def test_the_stream_names_the_colours_of_the_house() -> None:
    text = stream_output(7, HOUSE, Encode())

    assert "options={colorprim=bt709,transfer=bt709,colormatrix=bt709" in text


@pytest.mark.parametrize(
    ("house", "encode", "alone"),
    [
        ("640x360@30000/1001", Encode(), True),
        ("1280x720@60000/1001", Encode(), True),
        ("1920x1080@25", Encode(), True),
        ("1920x1080@30000/1001", Encode(), False),
        ("1920x1080@60000/1001", Encode(scan="interlaced"), False),
        ("848x480@60000/1001", Encode(scan="interlaced", width=704), True),
        ("1280x720@30", Encode(video="mpeg2"), False),
    ],
)
def test_one_thread_encodes_a_picture_that_one_has_time_for(
    house: str, encode: Encode, alone: bool
) -> None:
    text = stream_output(7, HouseFormat.parse(house), encode)

    assert ("threads=1" in text) == alone


@pytest.mark.parametrize(
    ("rate", "scan", "woven", "frames"),
    [
        ("60000/1001", "progressive", False, Fraction(60000, 1001)),
        ("60000/1001", "interlaced", True, Fraction(30000, 1001)),
        ("50", "interlaced", True, Fraction(25)),
        ("30000/1001", "interlaced", False, Fraction(30000, 1001)),
    ],
)
def test_a_fast_house_is_woven_and_a_slow_one_sends_each_picture_in_two_fields(
    rate: str, scan: str, woven: bool, frames: Fraction
) -> None:
    house, encode = HouseFormat.parse(f"640x360@{rate}"), Encode(scan=scan)

    assert encode.is_woven(house) == woven
    assert encode.frame_rate(house) == frames
    assert ("tff=1" in stream_output(7, house, encode)) == (scan == "interlaced")


def test_mpeg2_has_a_constant_rate_its_frame_rate_and_the_colours_of_the_house() -> None:
    text = stream_output(7, HOUSE, Encode(video="mpeg2", video_kbps=3000))

    assert "vcodec=mp2v" in text
    assert "minrate=3000000,maxrate=3000000,bufsize=900000" in text
    assert "color_primaries=bt709,color_trc=bt709,colorspace=bt709" in text
    assert "fps=30000/1001" in text
    assert "interlace" not in text


def test_ac3_says_the_loudness_of_the_house() -> None:
    text = stream_output(7, HOUSE, Encode(audio="ac3"))

    assert "acodec=a52,aenc=avcodec{options={dialnorm=-24}},ab=192" in text


@pytest.mark.parametrize("video", ["h264", "mpeg2"])
def test_a_high_rate_is_named_in_bits_which_libvlc_would_else_take_it_for(video: str) -> None:
    """From 16,000 on libVLC takes a rate for bits a second."""
    assert ",vb=20000000," in stream_output(7, HOUSE, Encode(video=video, video_kbps=20_000))
