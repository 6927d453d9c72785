"""RTMP to a real server (ffmpeg), and to servers that refuse, hang, or say strange things."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from support.rtmp_server import RtmpServer, ffmpeg_server
from support.web_input import CAPTION, captioned, captions_in, chunks, pictures, sound, web_input

from config.clock import SystemClock
from config.names import HouseFormat
from config.targetaddress import RtmpTarget, Secret
from playout.engine.targets import rtmp_link
from playout.engine.targets.rtmp import RtmpSender
from playout.engine.targets.rtmp_chunks import Kind, Message
from playout.engine.targets.rtmp_chunks import chunks as in_chunks
from playout.engine.targets.sender import SendError
from playout.engine.targets.target_run import STEADY_AFTER

KEY = "abcd-secret-key"
HOUSE = HouseFormat.parse("320x180@30000/1001")
CLOCK = SystemClock()
SENDERS: list[RtmpSender] = []


def sender_to(port: int, **more: object) -> RtmpSender:
    target = RtmpTarget("127.0.0.1", port, "live", Secret(KEY), **more)  # type: ignore[arg-type]
    SENDERS.append(RtmpSender(target, HOUSE, 3000, CLOCK))
    return SENDERS[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close every sender of a test."""
    yield
    while SENDERS:
        SENDERS.pop().close()


def opened(sender: RtmpSender) -> RtmpSender:
    """Open it as soon as the other side listens."""
    for _ in range(200):
        try:
            sender.open()
        except SendError as error:
            if "refuses the connection" not in str(error):
                raise
            CLOCK.wait(0.05)
        else:
            return sender
    raise AssertionError("no server came up")


@pytest.fixture
def server() -> Iterator[RtmpServer]:
    made = RtmpServer()
    yield made
    made.close()


def test_a_real_server_gets_every_picture_its_captions_and_aac(tmp_path: Path) -> None:
    path, sent = tmp_path / "got.flv", captioned(pictures(6))
    with ffmpeg_server(path, KEY) as (port, process):
        sender = opened(sender_to(port))
        for chunk in chunks([*sent, *sound(6)]):
            sender.send(chunk)
        sender.close()
        process.wait(timeout=20)

    with av.open(str(path)) as got:
        video, audio = got.streams.video[0], got.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (audio.codec_context.sample_rate, audio.codec_context.channels) == (48_000, 2)
        kinds = [packet.stream.type for packet in got.demux() if packet.size]
    seen, heard = kinds.count("video"), kinds.count("audio")
    assert seen > 150
    assert abs(heard - seen / 29.97 * 48_000 / 1024) < 10
    assert captions_in(path)["CC1"] == [CAPTION]


def test_picture_and_sound_keep_their_distance(tmp_path: Path) -> None:
    path = tmp_path / "got.flv"
    with ffmpeg_server(path, KEY) as (port, process):
        sender = opened(sender_to(port))
        for chunk in web_input(5):
            sender.send(chunk)
        sender.close()
        process.wait(timeout=20)
    with av.open(str(path)) as got:
        bright = [f.time for f in got.decode(video=0) if f.to_ndarray()[:180].mean() > 200]
    with av.open(str(path)) as got:
        loud = [f.time for f in got.decode(audio=0) if abs(f.to_ndarray()).max() > 0.2]

    for second in bright[1:4]:
        assert min(abs(second - one) for one in loud) < 0.045


def test_a_key_that_is_refused_is_said_in_words_without_it(server: RtmpServer) -> None:
    about = {"level": "error", "code": "NetStream.Publish.BadName", "description": f"{KEY} in use"}
    server.answers["publish"] = ["onStatus", 0.0, None, about]  # type: ignore[list-item]

    with pytest.raises(SendError, match="does not take this stream key") as refusal:
        sender_to(server.port).open()

    assert KEY not in str(refusal.value)


def test_an_unknown_refusal_names_its_code_and_no_words_of_the_server(server: RtmpServer) -> None:
    about = {"level": "error", "code": "Some.Thing.Else", "description": KEY}
    server.answers["connect"] = ["_error", 1.0, None, about]  # type: ignore[list-item]

    with pytest.raises(SendError, match=r"refuses the stream \(Some\.Thing\.Else\)"):
        sender_to(server.port).open()


def test_a_code_that_is_no_code_is_not_shown(server: RtmpServer) -> None:
    about = {"level": "error", "code": f"see {KEY}"}
    server.answers["connect"] = ["_error", 1.0, None, about]  # type: ignore[list-item]

    with pytest.raises(SendError, match="^the platform refuses the stream$"):
        sender_to(server.port).open()


def test_a_port_that_accepts_and_never_reads_is_given_up(
    server: RtmpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtmp_link, "GIVEN_UP_AFTER", 0.3)
    server.reads = False
    target = RtmpTarget("127.0.0.1", server.port, "live", Secret(KEY))
    link = rtmp_link.RtmpLink(target, KEY, CLOCK)

    with pytest.raises(SendError, match="takes nothing any more"):
        for _ in range(100):
            link.send([(6, Message(Kind.PICTURE, bytes(1 << 20)))])

    link.close()
    server.reads = True


def test_a_platform_that_reads_nothing_is_noticed_before_it_counts_as_steady(
    server: RtmpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this machine keeps for the platform must not take as long as STEADY_AFTER to fill, or
    a platform that hangs would be called well between two tries.
    """
    monkeypatch.setattr(rtmp_link, "GIVEN_UP_AFTER", 0.3)
    server.reads = False
    target = RtmpTarget("127.0.0.1", server.port, "live", Secret(KEY))
    link, sent = rtmp_link.RtmpLink(target, KEY, CLOCK), 0
    slow = 1_000_000 / 8

    with pytest.raises(SendError, match="takes nothing any more"):
        while sent < slow * STEADY_AFTER:
            link.send([(6, Message(Kind.PICTURE, bytes(10_000)))])
            sent += 10_000

    link.close()
    server.reads = True


def test_a_port_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtmp_link, "GIVEN_UP_AFTER", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = sender_to(silent.getsockname()[1])

        with pytest.raises(SendError, match="does not answer"):
            sender.open()


def test_a_server_that_answers_pings_gets_pongs(server: RtmpServer) -> None:
    ping = Message(Kind.CONTROL, b"\x00\x06" + (1234).to_bytes(4, "big"))
    server.after = in_chunks(ping, 2, 128)
    sender = sender_to(server.port)
    sender.open()
    for chunk in web_input(2):
        sender.send(chunk)

    for _ in range(200):
        if Kind.CONTROL in server.kinds:
            break
        sender.send(b"")
        CLOCK.wait(0.01)
    assert Kind.CONTROL in server.kinds


def test_a_server_that_sends_nonsense_is_left(server: RtmpServer) -> None:
    server.after = b"\x03" + bytes(3) + b"\xff\xff\xff" + bytes(2000)
    sender = sender_to(server.port)
    sender.open()

    with pytest.raises(SendError, match="cannot be read"):
        for _ in range(200):
            sender.send(b"")
            CLOCK.wait(0.01)


def test_what_speaks_no_rtmp_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtmp_link, "GIVEN_UP_AFTER", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        sender = sender_to(other.getsockname()[1])
        other.settimeout(5)

        def answer() -> None:
            guest, _ = other.accept()
            with guest:
                guest.sendall(b"HTTP/1.1 400 Bad Request\r\n" * 200)

        threading.Thread(target=answer, daemon=True).start()

        with pytest.raises(SendError, match="does not speak RTMP"):
            sender.open()
