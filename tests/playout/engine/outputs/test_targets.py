"""Outputs as people write them."""

import pytest

from config.names import HouseFormat
from playout.engine.outputs.targets import Encode, TargetError, checked_target, stream_output

HOUSE = HouseFormat.parse("640x360@30000/1001")


@pytest.mark.parametrize("good", ["udp://127.0.0.1:5000", "udp://[::1]:5000", "/a/b.ts", "screen"])
def test_a_valid_target_is_used_as_written(good: str) -> None:
    assert checked_target(good) == good


@pytest.mark.parametrize(
    "bad",
    ["http://host/x", "udp://host", "udp://host:99999", "/a/b.mp4", "/a/}.ts", "/a'b.ts", "", "#x"],
)
def test_an_ambiguous_target_is_refused_with_an_example(bad: str) -> None:
    with pytest.raises(TargetError, match="udp://HOST:PORT"):
        checked_target(bad)


def test_one_encode_feeds_every_target() -> None:
    text = stream_output(["udp://h:1", "/x.ts"], HOUSE, Encode(video_kbps=900))
    assert text.count("transcode") == 1
    assert "dst=h:1" in text
    assert "access=file" in text
    assert "vb=900" in text


def test_the_stream_names_the_colours_of_the_house() -> None:
    text = stream_output(["udp://h:1"], HOUSE, Encode())

    assert "options={colorprim=bt709,transfer=bt709,colormatrix=bt709}" in text
