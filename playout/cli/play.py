"""Playing files without server or database: a test of the engine, and an engineer's tool."""

import json
import math
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from config.clock import Clock, machine_zone
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from config.targetaddress import FileTarget, NotATarget, Target
from config.times import stamped
from media.probe import ConfinedProber
from playout.cli.prepare import ReadyFile, Slates, make_ready, opening_slate, slate_for
from playout.engine.bus.switch import HOLD_SECONDS
from playout.engine.client import EngineClient
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.engine.outputs.encode import Encode
from playout.model.engine import AirFact, Desired, EngineError, Shot
from playout.model.layer import Layer
from playout.model.pieces import Piece, parts_of
from playout.processes.channel import DECKS, ChannelProcesses, make_processes
from playout.processes.outputs import checked_targets

FIRST_FILE_IN = timedelta(seconds=2.5)
WARM_UP_WITHIN = 20.0
"""Seconds within which decks and outputs should respond."""
LOOK_EVERY = 0.02
"""Seconds between two looks at what is on air; short, for files of less than a second."""
SLATE_AT_END = 2.0
"""Seconds of slate after the last file, so that every output has sent its last frame."""
STILL_SECONDS = 5.0
PADDING_TICKS = 1
"""Ticks that may be missing at the end of a file without picture: its last two frames of AAC, 43
ms, may be padding, and a busy machine loses them."""
ROUNDING_TICKS = 0.05
"""Part of a tick by which a length may be too long because its container rounds."""


@dataclass(frozen=True)
class PlannedFile:
    """One file and its place on air, in ticks."""

    ready: ReadyFile
    shot: Shot
    first: int
    ticks: int
    """Ticks until the next one."""
    media_ticks: int
    """Ticks the media fills of them."""

    @property
    def holds(self) -> int:
        """Ticks for which its last picture is held on purpose: the file is a little short."""
        short, tick = self.ticks - self.media_ticks, (self.shot.until - self.shot.at) / self.ticks
        return short if tick * short <= timedelta(seconds=HOLD_SECONDS) else 0

    @property
    def seen_slate(self) -> bool:
        """True if the slate is seen during the file's time."""
        facts = self.ready.facts
        whole = self.media_ticks + self.holds == self.ticks
        return facts is None or not facts.has_picture or not whole


def play_files(
    files: Sequence[Path],
    outputs: Sequence[str],
    house: HouseFormat,
    clock: Clock,
    each: float | None = None,
    start: datetime | None = None,
    encode: Encode | None = None,
    pieces: tuple[Piece, ...] = (),
) -> bool:
    """Air the files and print the as-run, one JSON line each. Return whether all aired as planned.

    Files are first checked and prepared as ingest would; progress goes to standard error. With
    `pieces`, only these frames of each file air. Raises
    NotATarget for an output, ValueError for a start that has passed or is too soon.
    """
    for target in outputs:
        _takes(checked_targets([target])[0])
    _in_time(start, clock, "that start has passed")
    with tempfile.TemporaryDirectory(prefix="gavel-play-") as folder:
        readied = make_ready(files, Path(folder), ConfinedProber(), _say)
        _in_time(start, clock, "that start passed while the files were being prepared")
        channel = make_processes(house, outputs, encode or Encode(), Path(folder), clock)
        time = HouseClock(
            Ticks(house.rate, channel.epoch), WallMap.resumed(channel.epoch, channel.offset)
        )
        slates = Slates(Path(folder), house)
        plan, facts = _air(
            channel, clock, slates, lambda at: lay_out(readied, time, at, each, pieces), start
        )
        lines = [as_run(planned, facts, time) for planned in plan]
    for line in lines:
        click.echo(json.dumps(line))
    return all(line["outcome"] == "aired" for line in lines)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _takes(target: Target) -> None:
    """Raise NotATarget if this output is a file that cannot be written.

    Without the check its process would fail and be restarted again and again.
    """
    if isinstance(target, FileTarget) and not os.access(target.path.parent, os.W_OK):
        raise NotATarget(
            f"{target.path} cannot be written: is there a folder {target.path.parent} for it?"
        )


def _in_time(start: datetime | None, clock: Clock, otherwise: str) -> None:
    if start is not None and start < clock.utc():
        raise ValueError(otherwise)


def lay_out(
    files: Sequence[ReadyFile],
    time: HouseClock,
    start: datetime,
    each: float | None,
    pieces: tuple[Piece, ...] = (),
) -> list[PlannedFile]:
    """Give every file its ticks, one after the other from the first tick at or after `start`.

    With `each`, every file has so many seconds; else as long as it lasts, or its pieces do.
    """
    rate, tick, plan = time.ticks.rate, time.first_at(start), []
    for number, ready in enumerate(files):
        seconds = ready.facts.length.total_seconds() if ready.facts is not None else 0.0
        alone = ready.facts is not None and not ready.facts.has_picture
        spare = PADDING_TICKS if alone else ROUNDING_TICKS
        whole = math.ceil((seconds or STILL_SECONDS) * rate - spare)
        parts = parts_of(pieces, ready.facts.rate, rate) if ready.facts is not None else ()
        whole = parts[-1].ends if parts else whole
        sure = whole - PADDING_TICKS if alone else whole
        turns = timedelta(seconds=each * (number + 1)) if each else None
        ticks = time.first_at(start + turns) - tick if turns else whole
        shot = Shot(
            cue=CueId(f"{number}"),
            layer=Layer.DECK if ready.path is not None else Layer.SLATE,
            at=time.instant(tick),
            until=time.instant(tick + ticks),
            path=str(ready.path) if ready.path is not None else None,
            length=seconds if ready.facts is not None and ready.facts.rate and not parts else None,
            rate=ready.facts.rate if ready.facts is not None else None,
            pieces=pieces if parts else (),
            captions=str(ready.captions) if ready.captions is not None else None,
        )
        plan.append(PlannedFile(ready, shot, tick, ticks, min(ticks, sure) if seconds else ticks))
        tick += ticks
    return plan


def _air(
    channel: ChannelProcesses,
    clock: Clock,
    slates: Slates,
    lay: Callable[[datetime], list[PlannedFile]],
    start: datetime | None,
) -> tuple[list[PlannedFile], Sequence[AirFact]]:
    supervisor = Supervisor(channel.children, clock)
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(channel.agent_end, channel.air_log)
    try:
        _warm_up(engine, clock)
        if start is not None and start < clock.utc() + FIRST_FILE_IN:
            raise ValueError("that start is too soon: decks and outputs were not ready for it")
        plan = lay(start or clock.utc() + FIRST_FILE_IN)
        begins, ends = (
            stamped(at, machine_zone()) for at in (plan[0].shot.at, plan[-1].shot.until)
        )
        _say(f"On air from {begins} until {ends}.")
        over = plan[-1].shot.until + timedelta(seconds=SLATE_AT_END)
        first = opening_slate(len(plan), plan[0].ready.file, channel.house)
        show = ShotSequence(engine, plan, slates, slates.draw(first))
        while clock.utc() < over:
            show.direct()
            clock.wait(LOOK_EVERY)
    finally:
        supervisor.stop()
        thread.join()
        engine.close()
    return plan, engine.facts(0)[0]


def _warm_up(engine: EngineClient, clock: Clock) -> None:
    """Wait until both decks and an output respond, WARM_UP_WITHIN seconds at most."""
    for _ in range(round(WARM_UP_WITHIN / 0.1)):
        seen = engine.observe()
        if seen is not None and len(seen.decks) == DECKS and seen.outputs:
            return
        clock.wait(0.1)


class ShotSequence:
    """Sends the engine the shot on air and the next one, each time another file goes on air."""

    def __init__(
        self, engine: EngineClient, plan: Sequence[PlannedFile], slates: Slates, slate: str | None
    ) -> None:
        self._engine, self._plan, self._slates, self._slate = engine, plan, slates, slate
        self._told = -1

    def direct(self) -> None:
        """Look what is on air, and send the next shots if it has changed."""
        seen = self._engine.observe()
        now = int(seen.cue) if seen is not None and seen.cue is not None else 0
        if now == self._told:
            return
        plan = self._plan
        following = plan[now + 1] if now + 1 < len(plan) else None
        slate = self._slate_of(now, following)
        desired = Desired(
            serial=now + 1,
            on_air=plan[now].shot,
            next=following.shot if following is not None else None,
            slate=slate,
        )
        try:
            self._engine.show(desired)
        except EngineError:
            return
        self._told = now

    def _slate_of(self, now: int, following: PlannedFile | None) -> str | None:
        """Return the slate for the file on air or the next one; the last slate if none is seen."""
        planned = self._plan[now]
        if planned.seen_slate or following is None:
            after = following.ready if following is not None else None
            text = slate_for(planned.ready, after, planned.shot.until)
        elif following.seen_slate:
            text = slate_for(following.ready, None, following.shot.until)
        else:
            return self._slate
        if self._told >= 0 or planned.seen_slate:
            self._slate = self._slates.draw(text)
        return self._slate


def as_run(planned: PlannedFile, facts: Sequence[AirFact], time: HouseClock) -> dict[str, object]:
    """Return what became of one file, judged from the frames that aired."""
    mine = [fact for fact in facts if fact.cue == planned.shot.cue]
    shown = [fact for fact in mine if fact.layer is Layer.DECK and fact.source_first >= 0]
    held = sum(fact.held for fact in mine)
    dropped = sum(fact.dropped for fact in mine)
    frames = sum(fact.ticks for fact in shown)
    first = shown[0] if shown else None
    reasons = sorted({fact.reason for fact in mine if fact.reason})
    reasons += [planned.ready.trouble] if planned.ready.trouble else []
    unsent = bool(shown) and all(fact.outputs == 0 for fact in shown)
    reasons += ["no output took it"] if unsent else []
    outcome = "aired"
    if first is None:
        outcome = "missed"
    elif first.tick != planned.first:
        outcome = "aired late"
    elif frames < planned.media_ticks or held > planned.holds or dropped or unsent:
        outcome = "cut short" if frames < planned.media_ticks - 1 else "disturbed"
    return {
        "file": str(planned.ready.file),
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
