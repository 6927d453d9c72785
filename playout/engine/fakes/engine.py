"""An engine without libVLC, in simulated time, for simulations and contract tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from config.clock import Clock
from config.names import AiringId, CueId
from playout.engine.bus.shot_parts import part_of
from playout.engine.fakes.source import FakeGateway, FakeRecording, FakeSignal
from playout.engine.format.ticks import HouseClock, Ticks, WallMap, house_slot
from playout.engine.links.air_log import LONGEST_RUN, Runs
from playout.model.engine import (
    AirFact,
    DeckReport,
    DeckState,
    Desired,
    EngineError,
    Observation,
    Shot,
)
from playout.model.layer import Layer


@dataclass(frozen=True)
class FakeFile:
    """The behaviour of a file in the fakes; the default plays for as long as its shot says."""

    fails: str = ""
    """Why it cannot be opened at all; empty when it can."""
    ends_after: float | None = None
    """Seconds of media after which it ends, whatever its shot says."""
    ready_after: float = 0.2
    """Seconds from its load to its first frame."""
    hangs_at: float | None = None
    """Seconds of media after which no more frames come."""


@dataclass
class _Aired:
    shot: Shot
    first: int
    """Tick of the first frame."""


@dataclass
class FakeEngine:
    """Obeys `waist.Engine` on any Clock: each call works out what has aired since the last.

    `files` says which paths misbehave and how. `unreachable = True` makes every call fail.
    """

    clock: Clock
    rate: Fraction = Fraction(30000, 1001)
    files: Mapping[str, FakeFile] = field(default_factory=dict)
    signals: Mapping[str, FakeSignal] = field(default_factory=dict)
    """By source id; a source without an entry always has good signal."""
    disk: dict[AiringId, FakeRecording] = field(default_factory=dict)
    """Recordings by airing. Pass it on to the next engine: a disk outlives a power cut."""
    outputs: int = 1
    unreachable: bool = False

    def __post_init__(self) -> None:
        now = self.clock.monotonic()
        self.house = HouseClock(Ticks(self.rate, now), WallMap(now, self.clock.utc()))
        self._desired: Desired | None = None
        self._current: _Aired | None = None
        self._asked: dict[CueId, int] = {}
        self._tick = 0
        self._runs = Runs(round(LONGEST_RUN * self.rate))
        self._facts: list[AirFact] = []
        self.gateway = FakeGateway(self.signals, self.disk, self.clock.utc())
        self.shown: list[Desired] = []
        """Every desired state that was new, in order."""

    def show(self, desired: Desired) -> None:
        """Take the desired state."""
        self._reach()
        if desired != self._desired:
            self.shown.append(desired)
        for shot in _shots(desired):
            self._asked.setdefault(shot.cue, self._tick)
        self._desired = desired
        self.gateway.show(desired.intakes, self.house.instant(self._tick))

    def observe(self) -> Observation | None:
        """Return what is on air at this instant."""
        self._reach()
        run = self._runs.current
        now = self.house.instant(max(0, self._tick - 1))
        graphic = self._desired.graphic if self._desired else None
        return Observation(
            tick=max(0, self._tick - 1),
            utc=now,
            layer=run.layer if run else Layer.SLATE,
            cue=run.cue if run else None,
            serial=self._desired.serial if self._desired else 0,
            air_cursor=len(self._facts),
            decks=self._decks(),
            outputs=self.outputs,
            clock_step=self.house.wall.stepped,
            sources=self.gateway.reports(now),
            recordings=self.gateway.recordings(now),
            graphic=graphic.id if graphic is not None else "",
            graphics=self._graphics(now, run.layer if run else Layer.SLATE),
        )

    def _graphics(self, now: datetime, layer: Layer) -> tuple[str, ...]:
        """Return the ids of the graphics that are due over this layer."""
        ordered = self._desired.graphics if self._desired else ()
        due = (one for one in ordered if one.at <= now < one.until)
        return tuple(one.id for one in due if not one.over or layer in one.over)

    def facts(self, cursor: int) -> tuple[Sequence[AirFact], int]:
        """Facts after `cursor`; here a cursor counts facts, not bytes."""
        self._reach()
        return tuple(self._facts[cursor:]), len(self._facts)

    def _reach(self) -> None:
        if self.unreachable:
            raise EngineError("the fake engine was told to be unreachable")
        self.advance()

    def advance(self) -> None:
        """Air every tick that is due by now."""
        now = self.clock.monotonic()
        self.house.wall.steer(now, self.clock.utc())
        end = self.house.ticks.last(now) + 1
        while self._tick < end:
            self._take()
            fact, until = self._stretch(end)
            ended = self._runs.add(fact)
            if ended is not None:
                self._facts.append(ended)
            self._tick = until

    def _take(self) -> None:
        for shot in _shots(self._desired):
            begins = self._begins(shot)
            aired = self._current
            if aired is not None and aired.shot.cue == shot.cue:
                self._current = replace(aired, shot=shot)
            elif begins <= self._tick and (aired is None or self._follows(shot, aired.shot)):
                self._current = _Aired(shot, begins if not shot.as_soon_as_ready else self._tick)
                self.house.wall.join()

    def _follows(self, shot: Shot, aired: Shot) -> bool:
        """Return whether a shot may take over. A shot never airs before the one on air, unless the
        wall clock went back behind the start of that one.
        """
        back = aired.at > self.house.instant(self._tick)
        return shot.as_soon_as_ready or shot.at >= aired.at or back

    def _begins(self, shot: Shot) -> int:
        first = self.house.take_at(shot.at, self._tick)
        if shot.source is not None and shot.as_soon_as_ready:
            return max(first, self._asked.get(shot.cue, self._tick), self._good(shot.source)[0])
        if not shot.as_soon_as_ready or shot.layer is not Layer.DECK:
            return first
        asked = self._asked.get(shot.cue, self._tick)
        return max(first, asked + house_slot(self.rate, self._file(shot).ready_after))

    def _stretch(self, end: int) -> tuple[AirFact, int]:
        stops = [end, self._tick + round(LONGEST_RUN * self.rate)]
        aired = self._current
        for shot in _shots(self._desired):
            if aired is None or shot.cue != aired.shot.cue:
                stops.append(self._begins(shot))
        layer, source, reason = Layer.SLATE, -1, ""
        if aired is not None:
            layer, source, reason, change = self._seen(aired)
            stops.append(change)
        until = min(stop for stop in stops if stop > self._tick)
        ticks = until - self._tick
        return (
            AirFact(
                tick=self._tick,
                ticks=ticks,
                start=self.house.instant(self._tick),
                end=self.house.instant(until),
                layer=layer,
                cue=aired.shot.cue if aired else None,
                source_first=source,
                source_last=source + ticks - 1 if source >= 0 else -1,
                outputs=self.outputs,
                reason=reason,
            ),
            until,
        )

    def _seen(self, aired: _Aired) -> tuple[Layer, int, str, int]:
        """Return the layer, source frame, reason, and the tick at which these change (or a past
        one).
        """
        shot, over = aired.shot, self.house.first_at(aired.shot.until)
        has_board = self._desired is not None and bool(self._desired.board)
        below = shot.beneath if has_board else Layer.SLATE
        if self._tick >= over:
            return below, -1, "nothing came after it", -1
        if shot.layer is not Layer.DECK:
            return shot.layer, -1, "", over
        if shot.source is not None:
            good, change = self._good(shot.source)
            if good > self._tick:
                return below, -1, "no signal", min(over, good)
            return Layer.DECK, self._tick - aired.first, "", min(over, change)
        return self._of_file(aired, below, over)

    def _of_file(self, aired: _Aired, below: Layer, over: int) -> tuple[Layer, int, str, int]:
        shot = aired.shot
        file = self._file(shot)
        if file.fails:
            return below, -1, file.fails, over
        source = house_slot(self.rate, shot.offset) + self._tick - aired.first
        ready = aired.first + _late(self, shot, aired)
        if self._tick < ready:
            return below, -1, "not ready in time", ready
        part = part_of(shot, self.rate, source)
        if part.is_over:
            return below, -1, "the file ended", over
        stop = over if part.left is None else min(over, self._tick + part.left)
        lasts = _shortest(file.ends_after, file.hangs_at, shot.length)
        if lasts is None:
            return Layer.DECK, part.frame, "", stop
        change = self._tick + house_slot(self.rate, lasts) - part.frame
        if change > self._tick:
            return Layer.DECK, part.frame, "", min(stop, change)
        return below, -1, "the file ended" if file.hangs_at is None else "no frames came", over

    def _good(self, source: str) -> tuple[int, int]:
        """Return the tick from which the source has a picture, and the tick at which it is lost
        again.
        """
        good, lost = self.gateway.picture(source, self.house.instant(self._tick))
        return self.house.first_at(good), self.house.first_at(lost)

    def _decks(self) -> tuple[DeckReport, ...]:
        reports = []
        for shot in _shots(self._desired):
            if shot.layer is not Layer.DECK or shot.source is not None:
                continue
            file = self._file(shot)
            on_air = self._current is not None and self._current.shot.cue == shot.cue
            state = DeckState.ON_AIR if on_air else DeckState.READY
            if file.fails:
                state = DeckState.FAILED
            reports.append(DeckReport(state, shot.cue, lead=30, reason=file.fails))
        return tuple(reports)

    def _file(self, shot: Shot) -> FakeFile:
        return self.files.get(shot.path or "", FakeFile())


def _shots(desired: Desired | None) -> tuple[Shot, ...]:
    if desired is None:
        return ()
    return (desired.on_air,) if desired.next is None else (desired.on_air, desired.next)


def _shortest(*seconds: float | None) -> float | None:
    known = [value for value in seconds if value is not None]
    return min(known) if known else None


def _late(engine: FakeEngine, shot: Shot, aired: _Aired) -> int:
    """Return how many ticks late the deck is for a take that was asked for at the last moment."""
    asked = engine._asked.get(shot.cue, aired.first)
    ready = asked + house_slot(engine.rate, engine._file(shot).ready_after)
    return 0 if shot.as_soon_as_ready else max(0, ready - aired.first)
