"""The program bus: one whole house frame on every tick, whatever the decks do."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from config.child import beat
from config.clock import Clock
from playout.engine.bus.captions import BusCaptions
from playout.engine.bus.deck import BusDeck
from playout.engine.bus.live_input import LiveInput, LiveInputs
from playout.engine.bus.music import MusicBed
from playout.engine.bus.observing import deck_reports, problems_of
from playout.engine.bus.over import OverPicture
from playout.engine.bus.program_sound import ProgramSound
from playout.engine.bus.spoken import LiveWords
from playout.engine.bus.supply import Supply
from playout.engine.bus.switch import HOLD_SECONDS, Switch
from playout.engine.bus.take import Take, TickContent
from playout.engine.format.stills import StillStore
from playout.engine.format.ticks import NS, HouseClock, Ticks, WallMap
from playout.engine.links.air_log import LONGEST_RUN, AirLog, Runs, bus_gap_facts, extend_run
from playout.engine.links.messages import DESIRED, FACT, OBSERVATION, SHOT
from playout.engine.links.port import Port, SharedState
from playout.engine.links.ring import (
    EPOCH,
    LAYER_NUMBERS,
    NO_PICTURE,
    OFFSET,
    REPEATED,
    TAKER_WORDS,
    TAKERS,
    Picture,
    Ring,
    Slot,
)
from playout.engine.links.spoken import SpokenCaptions
from playout.engine.priority import ask_for_realtime
from playout.model.engine import AirFact, Desired, Observation
from playout.model.layer import Layer

log = logging.getLogger(__name__)
MOST_LATE_TICKS = 12
"""Ticks that the bus may be late before it skips to the one due now. Outputs cover the gap."""
OBSERVE_EVERY = 0.25
"""Seconds from one observation to the next."""


@dataclass(frozen=True)
class BusHandles:
    """File descriptors that the supervisor passes to the bus."""

    program: int
    decks: tuple[tuple[int, int], ...]
    """Ring and port of each deck."""
    agent: int
    state: int
    lives: tuple[tuple[int, int], ...] = ()
    """Ring and port of each live deck."""
    unlogged: int | None = None
    """Memory for air facts that the disk refuses."""
    spoken: int | None = None
    """Line from the captioner; None where there is none."""
    music: int | None = None
    """Ring of music; None for none."""
    music_in_recess: bool = False
    cue_early: float = 0.0
    """Seconds by which this channel cues before others of its machine."""


class Bus:
    """The bus process. All that it must remember lives in memory that outlives the process."""

    def __init__(self, handles: BusHandles, air_log: Path, clock: Clock) -> None:
        self._clock = clock
        self._ring = Ring(handles.program)
        self._house = self._ring.shape.format
        rate = self._house.rate
        epoch = self._ring.word(EPOCH)
        wall = WallMap.resumed(clock.monotonic(), self._ring.word(OFFSET))
        self._time = HouseClock(Ticks(rate, epoch), wall)
        names = [f"deck {letter}" for letter in "abcdefgh"]
        decks = [
            BusDeck(name, Ring(ring), Port(port))
            for name, (ring, port) in zip(names, handles.decks, strict=False)
        ]
        lives = [LiveInput(Ring(ring), Port(port)) for ring, port in handles.lives]
        self._supply = Supply(decks, rate, clock, LiveInputs(lives))
        self._switch = Switch(self._time, self._supply, handles.cue_early)
        words = None
        if handles.spoken is not None:
            words = LiveWords(rate, SpokenCaptions(self._ring, handles.spoken))
        self._captions = BusCaptions(rate, self._supply, self._time, words)
        self._stills, self._over = StillStore(self._house), OverPicture(self._ring, self._time)
        self._agent, self._state = Port(handles.agent), SharedState(handles.state)
        self._log, self._runs = AirLog(air_log, handles.unlogged), Runs(round(LONGEST_RUN * rate))
        music = Ring(handles.music) if handles.music is not None else None
        bed = MusicBed(music, in_recess=handles.music_in_recess)
        self._sound = ProgramSound(self._time, self._switch, bed)
        self._last_picture: Picture | None = None
        self._last = AirFact(0, 1, wall.utc(0), wall.utc(0), Layer.SLATE, None)
        self._late_ticks, self._stepped, self._outputs, self._observed_at = 0, 0.0, 0, 0
        self._resume()

    def _resume(self) -> None:
        """Continue where the bus before this one stopped."""
        kept = self._state.load() or {}
        with suppress(ValidationError, KeyError, TypeError, OSError):
            self._over.layers.begun = dict(kept.get("graphics", {}))
            if kept["desired"] is not None:
                self._accept(DESIRED.validate_python(kept["desired"]))
            take = kept["take"]
            if take is not None:
                shot = SHOT.validate_python(take["shot"])
                self._switch.take = Take(shot, take["first"], take["frame"], fallen=True)
            self._supply.adopt(kept["decks"])
            if kept["run"] is not None:
                run = FACT.validate_python(kept["run"])
                self._runs.add(extend_run(run, self._ring.head, self._time.instant))
        self._supply.stop_unknown()

    def run(self) -> None:
        """Tick until the process is killed."""
        tick = self._time.ticks.first(self._clock.monotonic())
        while True:
            tick = self._wait_for(tick)
            self.tick(tick)
            beat()
            tick += 1

    def _wait_for(self, tick: int) -> int:
        """Sleep until `tick` is due. After a stall past MOST_LATE_TICKS, return the one due now."""
        ticks = self._time.ticks
        at = ticks.due(tick)
        while (now := self._clock.monotonic()) < at:
            self._clock.wait((at - now) / NS)
        if now < ticks.due(tick + 1):
            return tick
        self._late_ticks += 1
        due = ticks.last(now)
        return due if due > tick + MOST_LATE_TICKS else tick

    def tick(self, tick: int) -> None:
        """Publish one frame first, so that nothing delays it; then hear the agent and report."""
        self._supply.listen()
        self._supply.lives.pass_by(tick)
        took, ordered = self._switch.take, self._supply.orders
        self._switch.has_board = self._stills.has_board
        air = self._switch.decide(tick)
        self._publish(tick, air)
        if self._switch.take is not took:
            self._keep()
            self._observed_at = 0  # report a take at once: the next one may be due at once
        elif self._supply.orders != ordered:
            self._keep()  # a new bus goes on with these decks, and stops those it does not know
        self._note(tick, air)
        for message in self._agent.receive():
            self._hear(message)
        now = self._clock.monotonic()
        if now - self._observed_at > OBSERVE_EVERY * NS:
            self._observed_at = now
            self._observe(now, tick)

    def _publish(self, tick: int, air: TickContent) -> None:
        slot = self._ring.begin(tick)
        np.copyto(slot.picture, self._picture(tick, air))
        if air.hold:
            self._over.uncover(slot.picture)
        self._over.lay(slot.picture, tick, air.layer)
        key = self._over.key
        covered = key.is_full
        sound = self._sound.of(tick, air, message=key.shown, is_covered=covered)
        count = len(sound)
        slot.sound[:count] = sound
        self._last_picture = slot.picture
        captions = self._captions.of(tick, air, self._switch.take, is_covered=covered)
        self._ring.commit(tick, 1, tick, LAYER_NUMBERS[air.layer], count, captions)

    def _picture(self, tick: int, air: TickContent) -> Picture:
        if air.hold and self._last_picture is not None:
            return self._last_picture
        if air.slot is not None and not air.bare and not air.slot.flags & NO_PICTURE:
            return air.slot.picture
        if air.layer is Layer.BOARD:
            return self._stills.board(float(tick / self._house.rate))
        return self._stills.slate()

    def _note(self, tick: int, air: TickContent) -> None:
        fact = AirFact(
            tick=tick,
            ticks=1,
            start=self._time.instant(tick),
            end=self._time.instant(tick + 1),
            layer=air.layer,
            cue=air.cue,
            source_first=air.source,
            source_last=air.source,
            held=int(air.hold or _is_repeated(air.slot)),
            dropped=air.dropped,
            outputs=self._outputs,
            reason=air.reason,
        )
        self._last = fact
        run = self._runs.current
        if run is not None and run.tick + run.ticks < tick:
            held = self._switch.ticks(HOLD_SECONDS)
            for missed in bus_gap_facts(run, tick, self._time.instant, held):
                self._write(missed)
        self._write(fact)

    def _write(self, fact: AirFact) -> None:
        ended = self._runs.add(fact)
        if ended is not None:
            self._log.append(ended)
            self._keep()

    def _hear(self, message: dict[str, object]) -> None:
        """Take a desired state from the agent. One that cannot be read changes nothing."""
        try:
            desired = DESIRED.validate_python(message)
        except ValidationError as error:
            log.error("the agent sent an unreadable state: %s", error)
            return
        self._accept(desired)
        self._keep()

    def _accept(self, desired: Desired) -> None:
        self._switch.desired = desired
        self._stills.use(desired.board, desired.slate)
        self._over.use(desired)

    def _keep(self) -> None:
        desired, take = self._switch.desired, self._switch.take
        kept: dict[str, object] = {"desired": None, "take": None, "run": None}
        kept["graphics"] = self._over.layers.begun
        if self._runs.current is not None:
            kept["run"] = FACT.dump_python(self._runs.current, mode="json")
        if desired is not None:
            kept["desired"] = DESIRED.dump_python(desired, mode="json")
        kept["decks"] = self._supply.kept()
        if take is not None:
            shot = SHOT.dump_python(take.shot, mode="json")
            kept["take"] = {"shot": shot, "first": take.first, "frame": take.frame}
        self._state.save(kept)

    def _observe(self, now: int, tick: int) -> None:
        wall = self._time.wall
        if wall.steer(now, self._clock.utc()):
            self._stepped = wall.stepped
            log.error("the wall clock jumped by %.1f s", wall.stepped)
        if self._log.problem:
            self._log.save()
        self._ring.put_word(OFFSET, wall.offset)
        self._keep()
        second = round(self._house.rate)
        takers = [self._ring.word(TAKERS + place) for place in range(TAKER_WORDS)]
        self._outputs = sum(1 for taken in takers if taken and tick - taken < second)
        message = OBSERVATION.dump_python(self._observation(), mode="json")
        self._agent.send(message)

    def _observation(self) -> Observation:
        desired = self._switch.desired
        return Observation(
            tick=self._last.tick,
            utc=self._last.start,
            layer=self._last.layer,
            cue=self._last.cue,
            serial=desired.serial if desired else 0,
            air_cursor=self._log.cursor,
            decks=deck_reports(self._supply.decks, self._switch.on_air(self._last.tick)),
            outputs=self._outputs,
            late_ticks=self._late_ticks,
            clock_step=self._stepped,
            graphic=self._over.key.shown,
            graphics=self._over.layers.shown,
            problems=problems_of(self._supply.decks, self._log.problem),
            captions=self._captions.report(self._last.tick),
            log_waits=bool(self._log.problem),
        )


def _is_repeated(slot: Slot | None) -> bool:
    return slot is not None and bool(slot.flags & REPEATED)


def run_bus(handles: BusHandles, air_log: Path, clock: Clock) -> None:
    """Run the bus process."""
    if not ask_for_realtime():
        log.warning("no real-time priority for the bus: ask systemd for CPUSchedulingPolicy=rr")
    Bus(handles, air_log, clock).run()
