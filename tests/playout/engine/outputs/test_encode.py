"""The encode of a channel as libVLC is asked for it."""

from config.names import HouseFormat
from playout.engine.outputs.encode import Encode, stream_output

HOUSE = HouseFormat.parse("640x360@30000/1001")


def test_one_encode_goes_into_the_pipe_of_the_relay() -> None:
    text = stream_output(7, HOUSE, Encode(video_kbps=900))

    assert text.count("transcode") == text.count("std{") == 1
    assert "access=fd" in text
    assert text.endswith("dst=7}")
    assert "vb=900" in text


def test_the_stream_names_the_colours_of_the_house() -> None:
    text = stream_output(7, HOUSE, Encode())

    assert "options={colorprim=bt709,transfer=bt709,colormatrix=bt709}" in text
