"""Playing files without server or database: the engine's own proof, and an engineer's tool."""

import json
import math
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from config.clock import Clock
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from playout.channel import DECKS, Rig, make_rig
from playout.engine.client import EngineClient
from playout.engine.look import Tracks, look
from playout.engine.targets import Encode
from playout.engine.ticks import HouseClock, Ticks, WallMap
from playout.engine.waist import AirFact, Desired, EngineError, Layer, Shot

SOON = timedelta(seconds=2.5)
WARM_UP = 20.0
"""Most seconds that decks and outputs may take to be there."""
AFTER = 2.0
"""Seconds of slate after the last file, so that every output has sent its last frame."""
STILL_SECONDS = 5.0
ROUNDING = 0.05
"""Part of a tick by which a length may be over for the rounding in its container."""


@dataclass(frozen=True)
class Planned:
    """One file with its place on air, in ticks."""

    file: Path
    shot: Shot
    first: int
    ticks: int
    """Ticks until the next one."""
    media_ticks: int
    """Ticks the media fills of them."""


def play_files(
    files: Sequence[Path],
    outputs: Sequence[str],
    house: HouseFormat,
    clock: Clock,
    each: float | None = None,
    start: datetime | None = None,
    encode: Encode | None = None,
) -> bool:
    """Air the files, print the as-run, and say whether all was as planned.

    Raises TargetError for an output and ValueError for a start that has passed.
    """
    with tempfile.TemporaryDirectory(prefix="gavel-play-") as folder:
        looked = [look(str(file)) for file in files]
        rig = make_rig(house, outputs, encode or Encode(), Path(folder), clock)
        time = HouseClock(Ticks(house.rate, rig.epoch), WallMap.resumed(rig.epoch, rig.offset))
        if start is not None and start < clock.utc():
            raise ValueError("that start has passed")
        plan, facts = _air(rig, clock, lambda at: lay_out(files, looked, time, at, each), start)
        lines = [as_run(planned, facts, time) for planned in plan]
    for line in lines:
        click.echo(json.dumps(line))
    return all(line["outcome"] == "aired" for line in lines)


def lay_out(
    files: Sequence[Path],
    looked: Sequence[Tracks],
    time: HouseClock,
    start: datetime,
    each: float | None,
) -> list[Planned]:
    """Give every file its ticks, one after the other from the first tick at or after `start`."""
    rate, tick, plan = time.ticks.rate, time.first_at(start), []
    for number, (file, tracks) in enumerate(zip(files, looked, strict=True)):
        seconds = tracks.seconds if tracks.seconds and tracks.rate else None
        whole = math.ceil((tracks.seconds or STILL_SECONDS) * rate - ROUNDING)
        ticks = round(each * rate) if each else whole
        shot = Shot(
            cue=CueId(f"{number}"),
            layer=Layer.DECK,
            at=time.instant(tick),
            until=time.instant(tick + ticks),
            path=str(file.absolute()),
            length=seconds,
            rate=tracks.rate,
        )
        endless = not tracks.seconds
        plan.append(Planned(file, shot, tick, ticks, ticks if endless else min(ticks, whole)))
        tick += ticks
    return plan


def _air(
    rig: Rig,
    clock: Clock,
    lay: Callable[[datetime], list[Planned]],
    start: datetime | None,
) -> tuple[list[Planned], Sequence[AirFact]]:
    supervisor = Supervisor(rig.children, clock)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    try:
        if start is None:
            _warm_up(engine, clock)
        plan = lay(start or clock.utc() + SOON)
        over = plan[-1].shot.until + timedelta(seconds=AFTER)
        told = -1
        while clock.utc() < over:
            told = _direct(engine, plan, told)
            clock.wait(0.1)
    finally:
        supervisor.stop()
        thread.join()
        engine.close()
    return plan, engine.facts(0)[0]


def _warm_up(engine: EngineClient, clock: Clock) -> None:
    """Wait until both decks and an output are there, or patience ends."""
    for _ in range(round(WARM_UP / 0.1)):
        seen = engine.observe()
        if seen is not None and len(seen.decks) == DECKS and seen.outputs:
            return
        clock.wait(0.1)


def _direct(engine: EngineClient, plan: Sequence[Planned], told: int) -> int:
    """Tell the engine of the shot on air and the next, once for each that came on air."""
    seen = engine.observe()
    now = int(seen.cue) if seen is not None and seen.cue is not None else 0
    if now == told:
        return told
    following = plan[now + 1].shot if now + 1 < len(plan) else None
    try:
        engine.show(Desired(serial=now + 1, on_air=plan[now].shot, next=following))
    except EngineError:
        return told
    return now


def as_run(planned: Planned, facts: Sequence[AirFact], time: HouseClock) -> dict[str, object]:
    """What became of one file, from the frames that aired."""
    mine = [fact for fact in facts if fact.cue == planned.shot.cue]
    shown = [fact for fact in mine if fact.layer is Layer.DECK and fact.source_first >= 0]
    held = sum(fact.held for fact in mine)
    dropped = sum(fact.dropped for fact in mine)
    frames = sum(fact.ticks for fact in shown)
    first = shown[0] if shown else None
    reasons = sorted({fact.reason for fact in mine if fact.reason})
    outcome = "aired"
    if first is None:
        outcome = "missed"
    elif first.tick != planned.first:
        outcome = "aired late"
    elif frames < planned.media_ticks or held or dropped:
        outcome = "cut short" if frames < planned.media_ticks - 1 else "disturbed"
    return {
        "file": str(planned.file),
        "planned_start": planned.shot.at.isoformat(),
        "planned_tick": planned.first,
        "first_tick": first.tick if first else None,
        "start": first.start.isoformat() if first else None,
        "frames": frames,
        "planned_frames": planned.media_ticks,
        "held": held,
        "dropped": dropped,
        "outcome": outcome,
        "reason": "; ".join(reasons),
    }
