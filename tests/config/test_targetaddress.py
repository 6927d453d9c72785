"""Targets as people write them: what each means, what is refused, and that no secret is shown."""

from pathlib import Path

import pytest

from config.targetaddress import (
    FileTarget,
    HlsTarget,
    NotATarget,
    RtmpTarget,
    RtpTarget,
    ScreenTarget,
    Secret,
    SrtTarget,
    Target,
    UdpTarget,
    secret_of,
)
from config.targetgrammar import read

SECRET = "correct-horse+9"
READ: dict[str, Target] = {
    "udp://127.0.0.1:5000": UdpTarget("127.0.0.1", 5000),
    "udp://[ff05::1]:5000?interface=eth1": UdpTarget("ff05::1", 5000, 1, "eth1"),
    "UDP://239.1.1.1:5000?ttl=4&interface=eth1.7": UdpTarget("239.1.1.1", 5000, 4, "eth1.7"),
    "rtp://headend.example:6000": RtpTarget("headend.example", 6000),
    "rtp://239.1.1.1:6000?fec=10x8&ttl=2": RtpTarget("239.1.1.1", 6000, 2, "", 10, 8),
    "srt://10.0.0.5:9000": SrtTarget("10.0.0.5", 9000),
    "srt://:9000": SrtTarget("", 9000, listens=True),
    f"srt://h:9000?latency=800&passphrase={SECRET}": SrtTarget(
        "h", 9000, latency=800, passphrase=Secret(SECRET)
    ),
    "srt://h:1?streamid=#!::r=hall,m=publish": SrtTarget(
        "h", 1, stream_id=Secret("#!::r=hall,m=publish")
    ),
    "srt://h:1?passphrase=ten%20letters%26": SrtTarget("h", 1, passphrase=Secret("ten letters&")),
    "srt://[::1]:1?mode=listener&passphrase_file=/etc/gavel/srt.key": SrtTarget(
        "::1", 1, listens=True, passphrase_file=Path("/etc/gavel/srt.key")
    ),
    "rtmp://a.example/live2/abc-def": RtmpTarget("a.example", 1935, "live2", Secret("abc-def")),
    "rtmps://a.example:444/rtmp/FB-1?s_bl=1&a=b/c": RtmpTarget(
        "a.example", 444, "rtmp", Secret("FB-1?s_bl=1&a=b/c"), is_secure=True
    ),
    "rtmps://a.example/live2?key_file=/etc/gavel/tube.key": RtmpTarget(
        "a.example", 443, "live2", key_file=Path("/etc/gavel/tube.key"), is_secure=True
    ),
    "hls:/srv/tv": HlsTarget(Path("/srv/tv")),
    "rtmps://a.example/live2/?key_file=/etc/a%26b.key": RtmpTarget(
        "a.example", 443, "live2", key_file=Path("/etc/a&b.key"), is_secure=True
    ),
    "hls:/srv/tv?seconds=4&keep=3600": HlsTarget(Path("/srv/tv"), 4, 3600),
    "/srv/a recording.ts": FileTarget(Path("/srv/a recording.ts")),
    "screen": ScreenTarget(),
}
REFUSED = {
    "": "write udp://HOST:PORT",
    "http://host/x": "write udp://HOST:PORT",
    "/a/b.mp4": "write udp://HOST:PORT",
    "/a/}.ts": "write udp://HOST:PORT",
    "/a'b.ts": "write udp://HOST:PORT",
    "#x": "write udp://HOST:PORT",
    "a\n.ts": "without line breaks",
    f"udp://h:1?ttl={'0' * 1000}1": "up to 1000 characters",
    "udp://host": "Write udp://HOST:PORT",
    "udp:host:1": "Write udp://HOST:PORT",
    "udp://:5000": "multicast group",
    "udp://h h:5000": "Write udp://HOST:PORT",
    "udp://host:99999": "1 to 65535",
    "udp://host:0": "1 to 65535",
    "udp://239.1.1.1:1?ttl=0": "ttl is from 1 to 255",
    "udp://239.1.1.1:1?ttl=²": "ttl is a whole number",
    "udp://239.1.1.1:1?ttl=1&ttl=2": "each option of a target once",
    "udp://239.1.1.1:1?fec=5x5": "ttl and interface, and no others",
    "udp://10.0.0.1:1?interface=eth1": "for multicast groups",
    "udp://239.1.1.1:1?interface=a/b": "like eth1",
    "rtp://h:1?fec=3x8": "from 4 to 20",
    "rtp://h:1?fec=20x20": "at most 100 packets",
    "rtp://h:65534?fec=4x4": "choose a lower one",
    "srt://h:1?mode=rendezvous": "mode is caller",
    "srt://:1?mode=caller": "machine that is called",
    "srt://h:1?passphrase=short": "10 to 79 characters",
    f"srt://h:1?passphrase={SECRET}&passphrase_file=/a": "not both",
    "srt://h:1?passphrase_file=a.key": "absolute path",
    f"srt://h:1?streamid={'x' * 513}": "up to 512",
    "srt://h:1?latency=1": "latency is from 20",
    "srt://h:1?latency": "each option of a target with a value",
    "srt://h:1?latency=20&%6catency=30": "each option of a target once",
    "rtmps://a.example/live2?key_file=/a&key_file=/b": "each option of a target once",
    "rtmps://a.example/live2?key_file=a": "absolute path",
    "rtmps://a.example/live2?key=a": "options of this target are key_file",
    "rtmp://host": "Write rtmp://HOST/APP/KEY",
    "rtmp://host/app": "stream key",
    "rtmp://host/app/": "stream key",
    "rtmp:///app/key": "Write rtmp://HOST/APP/KEY",
    f"rtmps://me:{SECRET}@host/app/key": "no user name",
    "hls:folder": "hls:/absolute/path",
    "hls:/": "hls:/absolute/path",
    "hls:/srv/../etc": "hls:/absolute/path",
    "hls:/srv/tv?seconds=11": "seconds is from 1 to 10",
    "hls:/srv/tv?seconds=10&keep=30": "four times seconds",
}


@pytest.mark.parametrize("text", READ)
def test_a_target_is_read_into_its_parts(text: str) -> None:
    assert read(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_a_target_that_cannot_be_used_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(NotATarget) as refusal:
        read(text)

    assert REFUSED[text] in str(refusal.value)
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("text", [*READ, "rtmp://[::1]:1936/app/k", f"rtmp://h/a/{SECRET}"])
def test_a_target_shows_itself_without_its_secrets(text: str) -> None:
    target = read(text)

    for secret in (SECRET, "hall", "ten letters", "abc-def", "FB-1"):
        assert secret not in target.shown
        assert secret not in repr(target)
        assert secret not in f"{target}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("udp://[ff05::1]:5000?ttl=3", "udp://[ff05::1]:5000"),
        ("srt://:9000", "srt://:9000?mode=listener"),
        ("rtmps://a.example:443/live2/abc", "rtmps://a.example/live2/…"),
        ("rtmp://[::1]:1936/app/k", "rtmp://[::1]:1936/app/…"),
        ("hls:/srv/tv?keep=120", "hls:/srv/tv"),
    ],
)
def test_a_target_is_shown_as_staff_know_it(text: str, shown: str) -> None:
    assert read(text).shown == shown


def test_a_file_path_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert read("out.ts") == FileTarget(tmp_path / "out.ts")


def test_a_secret_comes_from_its_file_when_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "srt.key"
    file.write_text(f"{SECRET}\n")

    assert secret_of(Secret(), file).reveal() == SECRET
    assert secret_of(Secret("written"), None).reveal() == "written"


@pytest.mark.parametrize("content", [b"", b"a\nb\n", b"\xff\xfe", b"x" * 600])
def test_a_file_that_holds_no_secret_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "srt.key"
    file.write_bytes(content)

    with pytest.raises(NotATarget, match=r"srt\.key"):
        secret_of(Secret(), file)


def test_a_missing_file_of_a_secret_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotATarget, match=r"gone\.key"):
        secret_of(Secret(), tmp_path / "gone.key")
