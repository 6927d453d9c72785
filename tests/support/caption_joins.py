"""A hundred joins of captioned, uncaptioned and live material, aired by the real engine and
captured from its relay.
"""

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from support.caption_material import (
    LIVE,
    LIVE_SECONDS,
    NTSC,
    SECONDS,
    Material,
    kinds_in_turn,
)
from support.capture import Capture
from support.captured_airing import RunningPlay
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.stalls import Canary, Stall

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from config.supervise import Supervisor
from playout.engine.client import EngineClient
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.engine.outputs.encode import Encode
from playout.model.engine import Desired, EngineError, Intake, Shot
from playout.model.layer import Layer
from playout.model.source import Source
from playout.processes.channel import DECKS, ChannelProcesses, make_processes

ITEM, STRUCK = 2.5, 7.0
"""Seconds of an item, and of the first and of one in which a process is killed. In the first one a
player starts its caption decoder, which takes its time on a busy machine."""
STRIKE_AFTER = 2.0
WARM_UP = timedelta(seconds=6)
"""From when decks and outputs respond to the first item: the live source must be steady."""
PATIENCE = 60.0
"""Seconds within which they must respond."""
FAR = timedelta(hours=2)
IN_PROGRESS = 97
"""Frame at 29.97 with which an item that is joined in progress begins: amid a caption."""
SOURCE = "hall"


@dataclass(frozen=True)
class JoinedItem:
    """One item of the airing."""

    material: Material
    shot: Shot
    strikes: str = ""
    """The process that is killed in it."""


@dataclass
class CaptionedAiring:
    """What was aired, and what arrived."""

    path: Path
    items: list[JoinedItem]
    stalls: list[Stall] = field(default_factory=list)
    seconds: float = 0.0


def laid_out(
    material: list[Material], joins: int, kills: dict[int, str], house: HouseFormat,
    time: HouseClock,
) -> list[JoinedItem]:  # fmt: skip
    """Give every item its ticks. Every third file is joined in progress, except where a process is
    killed.
    """
    rate, tick = house.rate, time.first_at(datetime.now(UTC) + WARM_UP)
    items, pace = [], round(rate / NTSC)
    for number, one in enumerate(islice(kinds_in_turn(material), joins + 1)):
        struck = kills.get(number, "")
        ticks = round((STRUCK if struck or not number else ITEM) * rate)
        in_progress = number % 3 == 2 and not struck and one.ident != LIVE
        shot = Shot(
            CueId(str(number)), Layer.DECK, time.instant(tick), time.instant(tick + ticks),
            path=None if one.ident == LIVE else str(one.path),
            source=SOURCE if one.ident == LIVE else None, beneath=Layer.SLATE,
            offset=float(IN_PROGRESS * pace / rate) if in_progress else 0.0,
            length=None if one.ident == LIVE else float(round(SECONDS * rate) / rate),
            rate=None if one.ident == LIVE else rate,
            captions=str(one.captions) if one.captions else None,
        )  # fmt: skip
        items.append(JoinedItem(one, shot, struck))
        tick += ticks
    return items


def air_joins(
    material: list[Material], joins: int, kills: dict[int, str], house: HouseFormat, folder: Path,
    video_kbps: int,
) -> CaptionedAiring:  # fmt: skip
    """Air so many joins, kill a process in the items that `kills` names, and capture it all."""
    clock, port = SystemClock(), free_udp_port()
    address = f"udp://127.0.0.1:{free_udp_port()}"
    rig = make_processes(
        house, [f"udp://127.0.0.1:{port}"], Encode(video_kbps=video_kbps, preset="ultrafast"),
        folder / "air", clock, slots=1,
    )  # fmt: skip
    began = time.monotonic()
    with Canary(folder / "stalls", realtime=True) as canary, Capture(port, folder / "air.ts") as to:
        items = _aired(rig, material, joins, kills, house, address)
        path = to.stop()
        stalls = canary.stalls()
    return CaptionedAiring(path, items, stalls, time.monotonic() - began)


def _aired(
    rig: ChannelProcesses, material: list[Material], joins: int, kills: dict[int, str],
    house: HouseFormat, address: str,
) -> list[JoinedItem]:  # fmt: skip
    supervisor = Supervisor(rig.children, SystemClock())
    thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
    thread.start()
    engine = EngineClient(rig.agent_end, rig.air_log)
    live = next(one for one in material if one.ident == LIVE)
    house_clock = HouseClock(Ticks(house.rate, rig.epoch), WallMap.resumed(rig.epoch, rig.offset))
    try:
        now = datetime.now(UTC)
        intake = Intake(Source(SOURCE, "Hall", address), now, now + FAR)
        with EncoderProcess(live.path, address, loops=FAR // timedelta(seconds=LIVE_SECONDS)):
            slate = Shot(CueId("before"), Layer.SLATE, now, now + FAR)
            _warm_up(engine, Desired(1, slate, intakes=(intake,)))
            items = laid_out(material, joins, kills, house, house_clock)
            threading.Thread(target=_strike, args=(items,), daemon=True).start()
            _direct(engine, items, slate, intake)
    finally:
        supervisor.stop()
        thread.join()
        engine.close()
    return items


def _warm_up(engine: EngineClient, slate: Desired) -> None:
    """Show the slate until decks and outputs respond. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(EngineError):
            engine.show(slate)
            seen = engine.observe()
            if seen is not None and len(seen.decks) == DECKS and seen.outputs:
                return
        time.sleep(0.1)
    raise TimeoutError("decks and outputs do not respond")


def _direct(engine: EngineClient, items: Sequence[JoinedItem], slate: Shot, intake: Intake) -> None:
    """Order item after item, as the agent does, until two seconds after the last."""
    end = items[-1].shot.until
    serial = 1
    while (now := datetime.now(UTC)) < end + timedelta(seconds=2):
        seen = engine.observe()
        place = sum(one.shot.at <= now for one in items) - 1
        if seen is not None and seen.cue is not None and seen.cue.isdecimal():
            place = max(place, int(seen.cue))
        serial += 1
        on_air = items[place].shot if place >= 0 else slate
        after = items[place + 1].shot if place + 1 < len(items) else None
        with suppress(EngineError):
            engine.show(Desired(serial, on_air, after, intakes=(intake,)))
        time.sleep(0.1)


def _strike(items: Sequence[JoinedItem]) -> None:
    own = RunningPlay(os.getpid(), Path())
    for one in items:
        if one.strikes:
            at = one.shot.at + timedelta(seconds=STRIKE_AFTER)
            time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
            own.strike(one.strikes)
