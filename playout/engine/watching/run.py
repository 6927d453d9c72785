"""The process that watches the output, and asks for restarts."""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.child import beat
from config.clock import Clock
from config.targetaddress import RtpTarget, UdpTarget
from config.targetgrammar import read
from config.wholefile import replace_file
from playout.engine.format.ticks import NS
from playout.engine.links.gate import Gate
from playout.engine.links.placed import PlacedReader
from playout.engine.links.restart_orders import ask_restart
from playout.engine.links.ring import LAYER_NUMBERS
from playout.engine.links.sight import SightMemory
from playout.engine.links.tap import TapReader
from playout.engine.watching.compare import LONGEST_DELAY
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.pair_sight import PairSight
from playout.engine.watching.places import Multicasts, WatchedPlace
from playout.engine.watching.ports import Ports
from playout.engine.watching.remedy import PlaceFinding, Remedy, Thing, next_remedy
from playout.engine.watching.report import (
    RemedyMemory,
    SeenPlace,
    report,
    restart_of,
    words_at,
)
from playout.engine.watching.sources import TapSource
from playout.engine.watching.watcher import PlaceWatcher
from playout.model.layer import Layer
from playout.model.leaving import LEAVING_FILE

log = logging.getLogger(__name__)
LOOK_EVERY, GATHER_EVERY = 1.0, 0.1
"""Seconds between two looks, and between two readings of a socket, which holds little."""
NICENESS = 10
REMEDIES_FROM, REMEDIES_AGAIN_FROM = 30.0, 8.0
"""Seconds from the start of the watcher to the first restart: processes of a channel that starts
may take so long. A watcher that was restarted as a remedy waits less."""
PLACED_SECONDS = 3 * LONGEST_DELAY


@dataclass(frozen=True)
class WatcherHandles:
    """Memory that the supervisor passes to the watcher."""

    tap: int
    placed: int
    orders: int
    """For the supervisor: what must start again."""
    past: int
    """Of what was restarted."""
    gate: int | None = None
    sight: int | None = None
    """On a channel of two machines: whether this one sends, and what is seen of both outputs."""


@dataclass(frozen=True)
class WatcherPlan:
    """Settings of the watcher of one channel."""

    datagrams: tuple[tuple[int, str], ...]
    """Number and address of each multicast."""
    video: str
    audio: str


class OutputWatcher:
    """All places of one channel, a second at a time."""

    def __init__(
        self, handles: WatcherHandles, plan: WatcherPlan, folder: Path, clock: Clock
    ) -> None:
        self._clock, self._path, self._orders = clock, folder / LEAVING_FILE, handles.orders
        self._reader, self._placed = TapReader(handles.tap), PlacedReader(handles.placed)
        tap = TapSource(self._reader)
        decoder = StreamDecoder(plan.video, plan.audio)
        self._tap = WatchedPlace(tap.where, None, PlaceWatcher(tap, decoder))
        self._multicasts = Multicasts(_targets(plan.datagrams), clock)
        self._pair = self._pair_sight(handles, plan)
        self._memory = RemedyMemory(handles.past)
        done = self._memory.past.done
        again = done and clock.monotonic() - done[-1].at < 60 * NS
        wait = REMEDIES_AGAIN_FROM if again else REMEDIES_FROM
        self._remedies_from = clock.monotonic() + round(wait * NS)
        self._said: set[str] = set()

    def _pair_sight(self, handles: WatcherHandles, plan: WatcherPlan) -> PairSight | None:
        """Return what looks at both machines' outputs; None on a channel of one machine."""
        if handles.gate is None or handles.sight is None:
            return None
        ports = Ports([target for _, target in self._multicasts.targets])
        return PairSight(
            Gate(handles.gate), SightMemory(handles.sight), self._tap, self._multicasts, ports,
            lambda: StreamDecoder(plan.video, plan.audio),
        )  # fmt: skip

    @property
    def has_datagrams(self) -> bool:
        """Tell whether a socket must be read often."""
        return any(place.watcher is not None for place in self._multicasts.places)

    def gather(self) -> None:
        """Read the sockets."""
        for place in self._multicasts.places:
            if place.watcher is not None:
                place.watcher.gather()
        if self._pair is not None:
            self._pair.note(self._clock.monotonic())

    def look(self) -> Remedy | None:
        """Look at every place, report, and have restarted what should be. Return that."""
        self._multicasts.join()
        at = self._clock.monotonic()
        if self._pair is not None:
            self._pair.turn(at)
        placed = self._placed.since(at - round(PLACED_SECONDS * NS))
        seen = []
        for place in (self._tap, *self._multicasts.places):
            if place.watcher is not None:
                place.watcher.look(at, placed)
            found = place.watcher.findings(at) if place.watcher is not None else ()
            seen.append(SeenPlace(place, found))
        if self._pair is not None:
            is_slate = self._placed.layer() == LAYER_NUMBERS[Layer.SLATE]
            self._pair.look(at, is_slate=is_slate)
        self._log(seen)
        remedy = self._remedy(seen, at)
        replace_file(self._path, report(self._clock.utc(), seen, self._memory.restarts))
        if remedy is not None:
            self._act(remedy)
        return remedy

    def _remedy(self, seen: Sequence[SeenPlace], at: int) -> Remedy | None:
        if at < self._remedies_from:
            return None
        found = [
            PlaceFinding(one, place.place.target)
            for place in seen
            if not place.place.is_others
            for one in place.findings
        ]
        remedy, past = next_remedy(found, self._memory.past, at)
        if remedy is None:
            if past != self._memory.past:
                self._memory.save(past)
            return None
        where = next(one.place.where for one in seen if one.place.target == remedy.target)
        restart = restart_of(remedy, where, self._clock.utc())
        log.warning(restart.words)
        self._memory.save(past, restart)
        return remedy

    def _act(self, remedy: Remedy) -> None:
        if remedy.thing is Thing.TARGET and remedy.target is not None:
            self._reader.ask_to_reopen(remedy.target)
        else:
            ask_restart(self._orders, remedy.thing.value)

    def _log(self, seen: Sequence[SeenPlace]) -> None:
        """Write each fault into the log when it begins and when it is over."""
        words = {words_at(one, place.place): one.detail for place in seen for one in place.findings}
        for sentence in words.keys() - self._said:
            log.warning("%s %s", sentence, words[sentence])
        for sentence in self._said - words.keys():
            log.info("Over: %s", sentence)
        self._said = {*words}


def _targets(datagrams: Sequence[tuple[int, str]]) -> list[tuple[int, UdpTarget | RtpTarget]]:
    targets = [(number, read(address)) for number, address in datagrams]
    return [(number, one) for number, one in targets if isinstance(one, UdpTarget | RtpTarget)]


def run_watcher(handles: WatcherHandles, plan: WatcherPlan, folder: Path, clock: Clock) -> None:
    """Watch until the process is killed."""
    os.nice(NICENESS)
    watcher = OutputWatcher(handles, plan, folder, clock)
    due = clock.monotonic()
    while True:
        left = (due - clock.monotonic()) / NS
        if left > 0:
            clock.wait(min(left, GATHER_EVERY) if watcher.has_datagrams else left)
            watcher.gather()
            continue
        watcher.look()
        beat()
        due = max(due + round(LOOK_EVERY * NS), clock.monotonic())
