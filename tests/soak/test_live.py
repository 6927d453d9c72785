"""A live source whose clock is off, and one whose processes are killed at random.

Ten minutes at 100 ppm make 60 ms: a deck that did not follow would exceed its 40 ms. Four hours are
tested in simulated time (tests/playout/engine/live/test_deck.py).
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, minutes, note
from support.capture import Capture, read_bursts, read_ts
from support.capture_analysis import runs, sound_offsets
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS
from support.clips import NTSC, numbered_clip
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.stalls import Canary, Stall

from config.clock import SystemClock
from config.names import AiringId, CueId, HouseFormat
from config.supervise import Supervisor
from media.store import MediaStore
from playout.engine.client import EngineClient
from playout.engine.links.air_log import read_facts
from playout.engine.outputs.encode import Encode
from playout.engine.recording.keeper import Keeper
from playout.engine.recording.pieces import RECORDINGS_FOLDER, read_closed
from playout.model.engine import AirFact, Desired, Intake, Shot
from playout.model.layer import Layer
from playout.model.source import Source
from playout.processes.channel import make_processes

pytestmark = pytest.mark.soak
HOUSE = HouseFormat.parse("640x360@30000/1001")
AIRING = AiringId("meeting")
LOOP = 60
"""Seconds of the clip that is sent again and again."""
SEAM = round(LOOP * NTSC) - 1
"""The clip's last picture, which lasts a moment longer before the clip begins again."""
SECONDS_PER_KILL = 2.0
LAST_BLOW = 15.0
"""Seconds between the last blow and the end: five until a hung process is killed, and its cure."""


class Stage:
    """A channel with one live source on air and recorded."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.clock = folder, SystemClock()
        outputs = [f"udp://127.0.0.1:{port}"]
        rig = make_processes(
            HOUSE, outputs, Encode(1500, 128, "ultrafast"), folder, self.clock, slots=2
        )
        self.air_log = rig.air_log
        self.supervisor = Supervisor(rig.children, self.clock)
        self._thread = threading.Thread(target=self.supervisor.run, kwargs={"signals": False})
        self._thread.start()
        self.engine = EngineClient(rig.agent_end, rig.air_log)

    def show(self, address: str) -> None:
        """Wait for the engine, open the source, and take it six seconds later."""
        for _ in range(200):
            if self.engine.observe() is not None and "live deck 2" in self.supervisor.pids():
                break
            time.sleep(0.1)
        now, far = datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)
        intake = Intake(Source("hall", "Hall", address), now, far, AIRING)
        slate, at = Shot(CueId("before"), Layer.SLATE, now, far), now + timedelta(seconds=8)
        live = Shot(CueId("live"), Layer.DECK, at, far, source="hall", beneath=Layer.SLATE)
        self.engine.show(Desired(1, slate, live, intakes=(intake,)))

    def end(self) -> None:
        self.engine.show(Desired(2, self.engine_slate()))
        time.sleep(1.5)
        self.supervisor.stop()
        self._thread.join()
        self.engine.close()

    def engine_slate(self) -> Shot:
        now = datetime.now(UTC)
        return Shot(CueId("after"), Layer.SLATE, now, now + timedelta(days=1))

    def facts(self) -> list[AirFact]:
        return [fact for fact in read_facts(self.air_log, 0)[0] if fact.cue == "live"]


@contextmanager
def on_stage(folder: Path, port: int) -> Iterator[Stage]:
    stage = Stage(folder, port)
    try:
        yield stage
    finally:
        stage.end()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "loop.ts"
    numbered_clip(path, frames=SEAM + 1, ident=6)
    return path


def stood_still(stalls: list[Stall], seconds: float) -> Figure:
    lost = sum(s.end - s.begin for s in stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    name = "time the machine stood still"
    return Figure("machine", name, 100 * lost / seconds, "%", 100 * EXCUSED_SHARE_LIMIT)


@pytest.mark.parametrize("ppm", [100.0, -100.0])
def test_a_source_whose_clock_is_off_stays_in_step(clip: Path, tmp_path: Path, ppm: float) -> None:
    long, port, source = minutes(10), free_udp_port(), free_udp_port()
    loops, captured = max(1, round(long * 60 / LOOP)), tmp_path / "air.ts"
    with (
        alone(),
        Canary(tmp_path / "stalls", realtime=True) as canary,
        Capture(port, captured),
        on_stage(tmp_path / "air", port) as stage,
    ):
        address = f"udp://127.0.0.1:{source}"
        stage.show(address)
        with EncoderProcess(clip, address, ppm=ppm, loops=loops):
            time.sleep(loops * LOOP - 1)
        facts, stalls = stage.facts(), canary.stalls()
    bursts, seen = read_bursts(captured), read_ts(captured)
    offsets = [o for run in runs(seen) for o in sound_offsets(run, bursts, NTSC)]
    live = [fact for fact in facts if fact.layer is Layer.DECK]
    fallen = sum(fact.ticks for fact in facts[1:] if fact.layer is not Layer.DECK)
    moved = sum(
        abs(b - a - 1)
        for run in runs(seen)
        for a, b in zip(run.frames, run.frames[1:], strict=False)
        if a != SEAM
    )
    starved, corrected = sum(f.held for f in live) + fallen, 1e-4 * long * 60 * float(NTSC)
    figures = [
        Figure("live", "sound to picture, most", max(map(abs, offsets)) * 1000, "ms", 40),
        Figure("live", "pictures dropped or repeated", moved, "", round(corrected) + 2),
        Figure("live", "house frames without a picture", starved, "", 0),
        stood_still(stalls, long * 60),
    ]
    name = f"live_{'fast' if ppm > 0 else 'slow'}"
    note(name, f"A live source {ppm:+.0f} ppm off", figures, stalls, long * 60)
    assert not [one for one in figures if not one.good]


def test_a_recording_outlives_kills_at_random(clip: Path, tmp_path: Path) -> None:
    long, port, source = minutes(6), free_udp_port(), free_udp_port()
    loops, dice, kills = max(1, round(long * 60 / LOOP)), random.Random(7), []
    with (
        alone(),
        Canary(tmp_path / "stalls", realtime=True) as canary,
        Capture(port, tmp_path / "air.ts"),
        on_stage(tmp_path / "air", port) as stage,
    ):
        address = f"udp://127.0.0.1:{source}"
        stage.show(address)
        with EncoderProcess(clip, address, loops=loops) as sending:
            over = sending.started + loops * LOOP - 2
            while time.time() < over - LAST_BLOW - 25:
                time.sleep(dice.uniform(10, 25))
                name = dice.choice(["gateway 1", "live deck 1"])
                how = dice.choice([signal.SIGKILL, signal.SIGSTOP])
                kills.append((name, how.name))
                with suppress(ProcessLookupError, KeyError):
                    os.kill(stage.supervisor.pids()[name], how)
            time.sleep(over - time.time())
            ended = time.time()
        facts, stalls = stage.facts(), canary.stalls()
    keeper = Keeper(tmp_path / "air", MediaStore(tmp_path / "media"), SystemClock())
    while (closed := read_closed(tmp_path / "air" / RECORDINGS_FOLDER / AIRING)) is None:
        keeper.turn()
        time.sleep(1)
    media = closed.recording.media
    assert media is not None, closed.recording.reason
    lost = ended - closed.recording.began.timestamp() - media.length.total_seconds()
    struck = sum(name == "gateway 1" and how == "SIGKILL" for name, how in kills)
    hung = sum(name == "gateway 1" and how == "SIGSTOP" for name, how in kills)
    allowed = SECONDS_PER_KILL * struck + (SECONDS_PER_KILL + 6) * hung + 2
    figures = [
        Figure("live", "gateways killed", struck, ""),
        Figure("live", "gateways stopped", hung, ""),
        Figure("live", "seconds not recorded", lost, "s", allowed),
        Figure("live", "not on air at the end", int(facts[-1].layer is not Layer.DECK), "", 0),
        stood_still(stalls, long * 60),
    ]
    note("live_kills", "A live source, its processes killed at random", figures, stalls, long * 60)
    assert not [one for one in figures if not one.good]
