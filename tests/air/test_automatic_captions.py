"""Automatic captions of a live: spoken into a source, read out of the stream that leaves."""

import re
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.capture import Capture
from support.clips import numbered_clip
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.speech import MODEL, spoken

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from playout.engine.captioner.writer import NOTICE
from playout.engine.client import EngineClient
from playout.engine.outputs.encode import Encode
from playout.model.engine import Desired, Intake, Shot
from playout.model.layer import Layer
from playout.model.source import Source
from playout.processes.channel import make_processes

pytestmark = pytest.mark.air
HOUSE = HouseFormat.parse("640x360@30000/1001")
SAID = (
    "The City Council will now come to order. The clerk will call the roll. "
    "All in favor say aye. The motion carries, and the meeting is adjourned."
)
SECONDS = 34


def meeting(folder: Path) -> Path:
    """A meeting in which somebody speaks after four seconds, as a transport stream."""
    picture = numbered_clip(folder / "picture.mp4", frames=SECONDS * 30, ident=7).path
    voice, clip = spoken(folder / "voice.wav", SAID, silence=4.0), folder / "meeting.ts"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(picture), "-i", str(voice), "-map", "0:v", "-map",
         "1:a", "-c:v", "copy", "-c:a", "aac", "-ar", "48000", "-ac", "2", "-af", "apad",
         "-t", str(SECONDS), str(clip)],
        check=True,
    )  # fmt: skip
    return clip


def shown(capture: Path) -> list[str]:
    """Each screen of captions that ffmpeg's decoder of line 21 shows, in order."""
    made = capture.with_suffix(".srt")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"movie={capture}[out0+subcc]", "-map",
         "0:s", str(made)],
        check=True,
    )  # fmt: skip
    blocks = made.read_text().split("\n\n")
    return [" ".join(re.sub(r"<.*?>|\{.*?\}", "", b).splitlines()[2:]) for b in blocks if b.strip()]


def test_a_live_without_captions_leaves_with_what_is_said_in_it(tmp_path: Path) -> None:
    clip, port = meeting(tmp_path), free_udp_port()
    address, clock = f"udp://127.0.0.1:{free_udp_port()}", SystemClock()
    rig = make_processes(
        HOUSE, [f"udp://127.0.0.1:{port}"], Encode(), tmp_path / "air", clock, slots=1,
        speech_model=MODEL,
    )  # fmt: skip
    supervisor = Supervisor(rig.children, clock)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    try:
        with Capture(port, tmp_path / "air.ts") as capture:
            air(engine, clip, address)
            captured = capture.stop()
    finally:
        supervisor.stop()
        thread.join()
        engine.close()
    screens = shown(captured)
    text = " ".join(screens).lower()

    assert screens[0] == NOTICE
    assert "come to order" in text and "the meeting is adjourned" in text


def air(engine: EngineClient, clip: Path, address: str) -> None:
    """Take the live at once, and stay with it for its length."""
    begin = datetime.now(UTC)
    far = begin + timedelta(hours=1)
    intake = Intake(Source("chamber", "Chamber", address), begin, far)
    live = Shot(
        CueId("live"), Layer.DECK, begin, far, source="chamber", beneath=Layer.SLATE,
        automatic_captions=True,
    )  # fmt: skip
    desired = Desired(1, live, intakes=(intake,))
    time.sleep(2.0)
    with EncoderProcess(clip, address):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            engine.show(desired)
            engine.observe()
            time.sleep(0.25)
