"""The source addresses that are opened; a device name is never passed on as a language."""

import pytest

from config.sourceaddress import NotASource, is_metadata, read

GOOD = [
    "v4l2:/dev/video0",
    "v4l2:/dev/video12?audio=hw:1",
    "v4l2:/dev/video0?audio=plughw:1,0&size=1280x720&rate=30000/1001",
    "udp://@:5000",
    "udp://@239.1.1.1:1234",
    "rtsp://user:k%40y@[fd00::1]:8554/stream?transport=udp",
    "srt://:9000?mode=listener&latency=500",
    "RTSP://cam.example/1",
    "test:?size=320x180&name=Hall",
    "srt://10.0.0.5:9000?passphrase=&latency=200",
    "https://cam.example/live.m3u8?part=1&part=2&sig",
]
BAD = [
    "v4l2:/dev/video0?audio=file:'|touch /tmp/x',raw",
    "v4l2:/dev/video0?audio=hw:1,0,0",
    "v4l2:/dev/video0?audio=hw:CARD=x",
    "v4l2:/dev/video0?audio=default",
    "v4l2:/dev/video0?audio=hw%3A1%0A",
    "v4l2:/dev/video0?audio=hw:1%27",
    "v4l2:/dev/video0?audio=plug:{SLAVE=x}",
    "v4l2:/dev/video0?input_format=x",
    "v4l2:/dev/video0?size=1x1;rm",
    "v4l2:/dev/../etc/passwd",
    "v4l2:/dev/video0/../../etc/passwd",
    "v4l2:/dev/sda",
    "v4l2:///dev/video0x",
    "v4l2://host/dev/video0",
    "v4l2:/dev/video٣",
    "file:///etc/passwd",
    "concat:/etc/passwd",
    "concat:udp://@:1|file:/etc/passwd",
    "subfile,,start,0,end,9,,:/etc/passwd",
    "crypto:http://10.0.0.1/x",
    "pipe:0",
    "data:text/plain,x",
    "srt://10.0.0.5:9000?latency=x",
    "srt://10.0.0.5:9000?mode=caller&mode=listener",
    "srt://:9000?mode=listener&%6Dode=caller",
    "srt://10.0.0.5:9000?passphrase=&passphrase=tea",
    "rtsp://10.0.0.5/1?transport=udp&transport=tcp",
    "v4l2:/dev/video0?audio=hw:1&audio=hw:2",
    "test:?size=320x180&size=640x360",
    "rtsp://10.0.0.5:99999/x",
    "http://[bad",
    "http://10.0.0.5/a b",
    "http://10.0.0.5/\x00",
    "http://10.0.0.5/" + "x" * 900,
    "",
]


@pytest.mark.parametrize("address", GOOD)
def test_a_source_address_is_split_into_its_parts(address: str) -> None:
    parts = read(address)
    assert parts.text == address and address not in repr(parts)


@pytest.mark.parametrize("address", BAD)
def test_anything_else_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(NotASource) as refused:
        read(address)
    assert not address or address not in str(refused.value)


def test_a_checked_address_takes_the_place_of_the_name() -> None:
    assert (
        read("rtsp://u:k@cam.example:8554/1?x=2").at("10.0.0.9") == "rtsp://u:k@10.0.0.9:8554/1?x=2"
    )
    assert read("http://cam.example/1").at("fd00::9") == "http://[fd00::9]/1"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("169.254.169.254", True),
        ("::ffff:169.254.169.254", True),
        ("169.254.0.7", True),
        ("fd00:ec2::254", True),
        ("fd20:ce::254", True),
        ("100.100.100.200", True),
        ("10.0.0.1", False),
        ("fd00::1", False),
        ("fe80::1%2", False),
    ],
)
def test_cloud_metadata_addresses_are_recognised(address: str, is_one: bool) -> None:
    assert is_metadata(address) is is_one


def test_a_plus_in_a_passphrase_stays_a_plus() -> None:
    written = read("srt://10.0.0.5:9000?passphrase=tea+and+milk%20%2B1&latency=200")

    assert written.query == {"passphrase": "tea+and+milk +1", "latency": "200"}
