"""A live that changes its coding without a pause, on the real engine and in real time."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import pytest
from support.capture import Capture, CapturedPicture, read_ts
from support.clips import Sound, numbered_clips
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port

from config.clock import SystemClock
from config.names import AiringId, CueId, HouseFormat
from config.supervise import Supervisor
from media.store import MediaStore
from playout.engine.client import EngineClient
from playout.engine.links.air_log import read_facts
from playout.engine.outputs.encode import Encode
from playout.engine.recording.keeper import Keeper
from playout.engine.recording.pieces import RECORDINGS_FOLDER, pieces_of, read_closed
from playout.model.engine import AirFact, Desired, Intake, Shot
from playout.model.layer import Layer
from playout.model.recording import RecordingState
from playout.model.source import Source
from playout.processes.channel import make_processes

pytestmark = pytest.mark.air
HOUSE = HouseFormat.parse("640x360@30000/1001")
AIRING, RATE = AiringId("meeting-1"), 30000 / 1001
EACH, TAKE = 5, 2.0
"""Seconds of each coding, and of the sender at which the live is taken."""
BACK = 3.0
"""Seconds within which the picture is back after a change."""
CODED = {1: "h264", 2: "hevc", 3: "mpeg2video"}


@dataclass
class Evening:
    """What was sent, seen and recorded; times are UTC seconds."""

    folder: Path
    started: float = 0.0
    seen: list[CapturedPicture] = field(default_factory=list)
    facts: list[AirFact] = field(default_factory=list)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("changes")
    recipes: tuple[dict[str, Any], ...]
    recipes = ({}, {"codec": "libx265"}, {"codec": "mpeg2video", "audio": Sound("mp2")})
    making = numbered_clips(
        {
            folder / f"{ident}.ts": {"frames": EACH * 30, "ident": ident} | recipe
            for ident, recipe in enumerate(recipes, 1)
        }
    )
    clips = [one.result().path for one in making.values()]
    port, source, clock = free_udp_port(), free_udp_port(), SystemClock()
    rig = make_processes(
        HOUSE, [f"udp://127.0.0.1:{port}"], Encode(), folder / "air", clock, slots=1
    )
    supervisor = Supervisor(rig.children, clock)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    evening = Evening(folder / "air")
    try:
        with Capture(port, folder / "air.ts") as capture:
            show(evening, engine, clips, f"udp://127.0.0.1:{source}")
            time.sleep(1.5)
            captured = capture.stop()
        evening.seen = read_ts(captured)
        evening.facts = [*read_facts(rig.air_log, 0)[0]]
        yield evening
    finally:
        supervisor.stop()
        thread.join()
        engine.close()


def wait_for_gateway(to: str) -> None:
    """Wait until the slot's processes, which start with its first source, listen for it."""
    port = f":{urlsplit(to).port:04X} "
    for _ in range(200):
        if port in Path("/proc/net/udp").read_text():
            return
        time.sleep(0.1)
    raise AssertionError("no gateway listens")


def show(evening: Evening, engine: EngineClient, clips: list[Path], to: str) -> None:
    """Air the slate, then the live, recorded from before its start to its end."""
    for _ in range(200):
        if engine.observe() is not None:
            break
        time.sleep(0.1)
    source, begin = Source("chamber", "Chamber", to), datetime.now(UTC)
    far = begin + timedelta(hours=1)
    slate = Shot(CueId("before"), Layer.SLATE, begin, far)
    intake = Intake(source, begin, far, AIRING)
    engine.show(Desired(1, slate, intakes=(intake,)))
    wait_for_gateway(to)
    with EncoderProcess(clips[0], to, then=tuple(clips[1:])) as sending:
        evening.started = sending.started
        at = datetime.fromtimestamp(sending.started + TAKE, UTC)
        live = Shot(CueId("live"), Layer.DECK, at, far, source="chamber", beneath=Layer.SLATE)
        while time.time() < sending.started + len(clips) * EACH - 0.5:
            engine.show(Desired(2, slate, live, intakes=(intake,)))
            engine.observe()
            time.sleep(0.25)
        engine.show(Desired(3, live))
        time.sleep(1.0)


def test_the_picture_is_back_within_three_seconds_of_a_change(evening: Evening) -> None:
    for ident in (2, 3):
        frames = [one.frame for one in evening.seen if one.ident == ident]
        lost = frames[0] / RATE
        print(f"{CODED[ident]}: first picture {frames[0]}, {len(frames)} of {EACH * 30} seen")
        assert lost < BACK
        steady = [frame for frame in frames if 2 * 30 <= frame < (EACH - 1) * 30]
        assert steady == list(range(2 * 30, (EACH - 1) * 30))


def test_as_run_matches_what_was_seen_of_a_change(evening: Evening) -> None:
    """In the engine's own facts all but the change itself is the live's own picture."""
    begin = evening.started + TAKE
    end = evening.started + 3 * EACH - 1
    facts = [f for f in evening.facts if f.cue == "live" and f.end.timestamp() > begin]
    facts = [f for f in facts if f.start.timestamp() < end]
    still = sum(f.held for f in facts) / RATE
    slate = sum(f.ticks for f in facts if f.layer is Layer.SLATE) / RATE
    print(f"held {still:.2f} s, slate {slate:.2f} s over two changes")
    assert still + slate < 2 * BACK
    shown = sum(f.ticks for f in facts if f.layer is Layer.DECK) / RATE
    assert shown > end - begin - 2 * BACK


def test_the_recording_is_in_pieces_of_their_true_coding_and_plays(evening: Evening) -> None:
    folder = evening.folder / RECORDINGS_FOLDER / AIRING
    pieces = [one.path for one in pieces_of(folder)]
    assert len(pieces) <= 6
    codecs = []
    for piece in pieces:
        with av.open(str(piece)) as source:
            codecs.append(source.streams.video[0].codec_context.name)
    assert list(dict.fromkeys(codecs)) == list(CODED.values())
    keeper = Keeper(evening.folder, store := MediaStore(evening.folder / "media"), SystemClock())
    while (closed := read_closed(folder)) is None:
        keeper.turn()
        time.sleep(0.5)
    recording = closed.recording
    assert recording.state is RecordingState.WHOLE, recording.reason
    assert recording.media is not None
    seen = read_ts(store.path(recording.media.key, ".mp4"))
    for ident in CODED:
        kept = {one.frame for one in seen if one.ident == ident}
        print(f"{CODED[ident]}: {len(kept)} of {EACH * 30} pictures recorded")
        assert len(kept) > (EACH - 1.5) * 30
