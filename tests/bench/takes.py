"""The time of an operator's take, from the order to its first frame at the bus."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure, middle, percentile
from bench.joins import FORMAT, make_clips
from support.clips import Clip
from support.ports import free_udp_port

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from playout.engine.client import EngineClient
from playout.engine.outputs.encode import Encode
from playout.model.engine import Desired, Shot
from playout.model.layer import Layer
from playout.processes.channel import make_processes

BETWEEN = 1.2
PATIENCE = 5.0
CLOCK = SystemClock()


def _shot(number: int, clip: Clip, now: datetime) -> Shot:
    return Shot(
        cue=CueId(f"take-{number}"),
        layer=Layer.DECK,
        at=now,
        until=now + timedelta(hours=1),
        path=str(clip.path),
        length=float(clip.seconds),
        rate=clip.rate,
        as_soon_as_ready=True,
    )


def _take(engine: EngineClient, number: int, clip: Clip) -> float | None:
    """Return the seconds from the order to the first tick of the clip; None if it never came."""
    now = CLOCK.utc()
    engine.show(Desired(serial=number + 1, on_air=_shot(number, clip, now)))
    cursor = 0
    for _ in range(int(PATIENCE / 0.05)):
        CLOCK.wait(0.05)
        facts, cursor = engine.facts(cursor)
        for fact in facts:
            if fact.cue == f"take-{number}" and fact.source_first >= 0:
                return (fact.start - now).total_seconds()
    return None


def _takes(engine: EngineClient, clips: Sequence[Clip], count: int) -> list[float]:
    taken = []
    for number in range(count):
        seconds = _take(engine, number, clips[number % len(clips)])
        taken.append(PATIENCE if seconds is None else seconds)
        CLOCK.wait(BETWEEN)
    return taken


def measure(folder: Path, quick: bool) -> Measured:
    """Take repeatedly, alternating among three clips."""
    count = 5 if quick else 50
    clips = make_clips(folder / "clips", 3, 4.0)
    outputs = [f"udp://127.0.0.1:{free_udp_port()}"]
    rig = make_processes(HouseFormat.parse(FORMAT), outputs, Encode(), folder / "rig", CLOCK)
    supervisor = Supervisor(rig.children, CLOCK)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    try:
        CLOCK.wait(4.0)
        taken = _takes(EngineClient(rig.agent_end, rig.air_log), clips, count)
    finally:
        supervisor.stop()
        thread.join()
    p95, centre = percentile(taken, 0.95) * 1000, middle(taken) * 1000
    note = f"{count} takes, at the bus"
    return Measured(
        [
            Figure("take", "order to air, middle", centre, "ms"),
            Figure("take", "order to air, 95 %", p95, "ms", 1000, note=note),
        ]
    )
