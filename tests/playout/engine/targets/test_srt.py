"""SRT to a real receiver (ffmpeg), also one that a signal has stopped."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from support.ports import free_udp_port
from support.web_input import web_input

from config.clock import SystemClock
from config.targetaddress import Secret, SrtTarget
from playout.engine.targets.sender import CHUNK_BYTES, SendError
from playout.engine.targets.srt import SrtCaller

SECRET = "correct-horse"
CLOCK = SystemClock()


class Receiver:
    """ffmpeg, which listens and writes what it gets into a file."""

    def __init__(self, folder: Path) -> None:
        self.port = free_udp_port()
        self.path = folder / "got.ts"
        address = f"srt://127.0.0.1:{self.port}?mode=listener&passphrase={SECRET}"
        command = ["ffmpeg", "-v", "error", "-y", "-f", "mpegts", "-i", address]
        command += ["-c", "copy", "-f", "mpegts", str(self.path)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def called(self) -> SrtCaller:
        """Return a sender that has called it."""
        target = SrtTarget("127.0.0.1", self.port, latency=120, passphrase=Secret(SECRET))
        for _ in range(20):
            sender = SrtCaller(target)
            try:
                sender.open()
            except SendError:
                CLOCK.wait(0.1)
            else:
                return sender
        raise AssertionError("ffmpeg does not listen")


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def test_a_real_receiver_gets_pictures_and_sound_encrypted(receiver: Receiver) -> None:
    sender = receiver.called()
    for chunk in web_input(3):
        sender.send(chunk)
        CLOCK.wait(0.001)
    CLOCK.wait(0.5)
    sender.close()
    receiver.process.wait(timeout=20)

    with av.open(str(receiver.path)) as got:
        assert [stream.codec_context.name for stream in got.streams] == ["h264", "mp2"]
        assert sum(1 for packet in got.demux(video=0) if packet.size) > 60


def test_a_receiver_that_is_stopped_is_noticed_and_left(receiver: Receiver) -> None:
    sender = receiver.called()
    os.kill(receiver.process.pid, signal.SIGSTOP)

    with pytest.raises(SendError, match="broke off"):
        for _ in range(10_000):
            sender.send(b"\x47" + bytes(CHUNK_BYTES - 1))
            CLOCK.wait(0.002)

    sender.close()
