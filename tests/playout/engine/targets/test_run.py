"""The process of a target, as the supervisor starts it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from config.child import PARENT
from config.clock import SystemClock
from config.settings import ChannelSettings
from config.targetaddress import HlsTarget, RtmpTarget, Secret
from playout.engine.links.target_state import read_state, state_file
from playout.engine.targets.flv import metadata
from playout.engine.targets.hls import HlsSender
from playout.engine.targets.rtmp import RtmpSender
from playout.engine.targets.run import sender_for
from playout.engine.targets.sender import CHUNK_BYTES
from playout.processes.child import channel_child

CLOCK = SystemClock()


def chunk(number: int) -> bytes:
    return (b"\x47" + number.to_bytes(4, "big") + bytes(183)) * 7


def until(reached: Callable[[], bool]) -> bool:
    for _ in range(500):
        if reached():
            return True
        CLOCK.wait(0.02)
    return False


class TargetProcess:
    """A target's process that reads from a pipe of the test."""

    def __init__(self, folder: Path, output: str) -> None:
        self.folder, self.output = folder, output
        self.reading, self.writing = os.pipe()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        child = channel_child(
            "output 1", "target", (self.reading,), handle=self.reading, channel="ch13", number=0,
            folder=str(self.folder),
        )  # fmt: skip
        channels = json.dumps({"ch13": {"outputs": [self.output]}})
        env = {**(child.env or {}), "GAVEL_CHANNELS": channels, PARENT: str(os.getpid())}
        self.process = subprocess.Popen(child.argv, pass_fds=child.pass_fds, env=env)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def test_a_file_goes_on_where_a_process_that_was_killed_left_it(tmp_path: Path) -> None:
    path = tmp_path / "out.ts"
    path.write_bytes(b"of an earlier run")
    target = TargetProcess(tmp_path, str(path))
    target.start()
    state = state_file(tmp_path, 0)
    os.write(target.writing, chunk(1))
    assert until(lambda: path.stat().st_size == CHUNK_BYTES and read_state(state) is not None)
    target.kill()

    os.write(target.writing, chunk(2))
    target.start()
    assert until(lambda: path.stat().st_size == 2 * CHUNK_BYTES)
    target.kill()

    assert path.read_bytes() == chunk(1) + chunk(2)


def test_an_address_with_a_secret_is_in_no_command_line_and_no_state(tmp_path: Path) -> None:
    secret = "correct-horse"
    target = TargetProcess(tmp_path, f"srt://127.0.0.1:9?passphrase={secret}&latency=20")
    target.start()
    path = state_file(tmp_path, 0)
    os.write(target.writing, chunk(1))
    assert until(lambda: (state := read_state(path)) is not None and state.problem != "")
    assert target.process is not None
    seen = Path(f"/proc/{target.process.pid}/cmdline").read_text()
    target.kill()

    assert secret not in seen
    assert secret not in path.read_text()
    assert "srt://127.0.0.1:9" in path.read_text()


@pytest.mark.parametrize(
    ("house", "coded", "displayed", "columns"),
    [
        ("640x480@60000/1001", 704, 640, 704),
        ("848x480@60000/1001", 720, 853, 720),
        ("848x480@60000/1001", 0, 848, 848),
        ("1280x720@30000/1001", 0, 1280, 1280),
    ],
)
def test_a_web_target_names_the_columns_displayed_and_a_platform_those_coded(
    tmp_path: Path, house: str, coded: int, displayed: int, columns: int
) -> None:
    settings = ChannelSettings(format=house, coded_width=coded, outputs=(f"hls:{tmp_path}",))
    hls = sender_for(HlsTarget(tmp_path), settings, CLOCK, resumes=False)
    rtmp = sender_for(RtmpTarget("127.0.0.1", 1935, "a", Secret("k")), settings, CLOCK, False)

    assert isinstance(hls, HlsSender) and isinstance(rtmp, RtmpSender)
    assert hls.displayed_width == displayed
    assert rtmp.metadata == metadata(
        columns, settings.house.height, float(settings.house.rate), settings.video_kbps
    )
