"""The process of a target, as the supervisor starts it."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.child import PARENT
from config.clock import SystemClock
from playout.engine.links.target_state import read_state, state_file
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
