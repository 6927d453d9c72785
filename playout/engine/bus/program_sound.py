"""The sound of a tick: that of the slot on air, music under it, and the limiter behind both."""

import numpy as np

from playout.engine.bus.limiter import Limiter
from playout.engine.bus.music import MusicBed, wanted_level
from playout.engine.bus.shot_parts import part_of
from playout.engine.bus.switch import Switch
from playout.engine.bus.take import TickContent
from playout.engine.format.ticks import HouseClock, sound_before
from playout.engine.links.ring import Sound
from playout.model.engine import Shot
from playout.model.layer import Layer


class ProgramSound:
    """Sound as it leaves the bus."""

    def __init__(self, time: HouseClock, switch: Switch, music: MusicBed) -> None:
        self._time, self._switch, self._music = time, switch, music
        self._limiter = Limiter()

    def of(self, tick: int, air: TickContent, *, message: str, is_covered: bool) -> Sound:
        """Return the samples of a tick. Under a message over the whole screen all is silent."""
        rate = self._time.ticks.rate
        count = sound_before(rate, tick + 1) - sound_before(rate, tick)
        silence: Sound = np.zeros((count, 2), dtype=np.int16)
        own = silence if is_covered else self._own(tick, air, silence)
        if self._music.has_songs:
            level = wanted_level(
                air, self._switch.take, self._program_in(tick),
                in_recess=self._music.in_recess, is_told=bool(message),
            )  # fmt: skip
            at_once = air.layer is Layer.DECK
            own = self._music.under(own, 0.0 if is_covered else level, at_once=at_once)
        return self._limiter.apply(own)

    def _own(self, tick: int, air: TickContent, silence: Sound) -> Sound:
        """Return this tick's samples from a slot whose own edges may lie a sample off."""
        take, slot, ticks = self._switch.take, air.slot, self._time.ticks
        if slot is None or take is None:
            return silence
        part = part_of(take.shot, ticks.rate, take.at(tick))
        first, frame = take.first, take.frame
        if take.shot.pieces:
            first, frame = tick - (part.frame - part.first), part.first
        gone = ticks.sound_before(tick) - ticks.sound_before(first)
        own = sound_before(ticks.rate, slot.frame) - sound_before(ticks.rate, frame)
        start = min(max(gone - own, -1), 1) + 1
        return slot.sound[start : start + len(silence)]

    def _program_in(self, tick: int) -> float:
        """Return the seconds until the next program is taken; without end where none is known."""
        desired, take = self._switch.desired, self._switch.take
        if desired is None:
            return float("inf")
        ahead = [shot for shot in (desired.on_air, desired.next) if _plays(shot)]
        starts = [
            self._time.take_at(shot.at, tick) - tick
            for shot in ahead
            if shot is not None and (take is None or shot.cue != take.shot.cue)
        ]
        return float(min(starts) / self._time.ticks.rate) if starts else float("inf")


def _plays(shot: Shot | None) -> bool:
    return shot is not None and shot.layer is Layer.DECK and not shot.as_soon_as_ready
