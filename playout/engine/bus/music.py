"""Music under bulletins and slates: when it plays, how loud, and how it comes and goes."""

import numpy as np
import numpy.typing as npt

from config.names import SAMPLE_RATE
from playout.engine.bus.take import Take, TickContent
from playout.engine.links.ring import TAIL, Ring, Sound
from playout.model.layer import Layer

FADE_SECONDS = 1.0
GONE_BEFORE = FADE_SECONDS + 0.1
"""Seconds before a program from which music fades, so that it has gone when the program begins."""
DUCK_SECONDS = 0.25
CUT_SAMPLES = SAMPLE_RATE // 200
"""Samples in which music ends at a take that nobody announced: 5 ms, so that it does not click."""
DUCKED = 10 ** (-15 / 20)
"""Level while something is said over it: 15 dB lower."""
_Curve = npt.NDArray[np.float32]


def wanted_level(
    air: TickContent, take: Take | None, program_in: float, *, in_recess: bool, is_told: bool
) -> float:
    """Return the level that music should have now, from 0 to 1.

    It plays under what has no sound of its own: bulletins, slates, and a file that they cover. It
    is gone when a program begins (`program_in` seconds from now). Under a live it plays only in a
    recess, and only with `in_recess`; while its signal is lost the chamber stays silent. `is_told`
    says that a message lies over the picture.
    """
    if take is None or air.layer is Layer.DECK or air.bare or program_in <= GONE_BEFORE:
        return 0.0
    is_recess = take.shot.source is not None and take.shot.layer is Layer.SLATE
    if take.shot.source is not None and not (is_recess and in_recess):
        return 0.0
    return DUCKED if is_told or air.slot is not None else 1.0


class MusicBed:
    """Music as the bus mixes it in. Without a ring, or while nothing comes, it is silence."""

    def __init__(self, ring: Ring | None, *, in_recess: bool = False) -> None:
        self._ring, self.in_recess = ring, in_recess
        self._level = 0.0
        self._waiting: Sound = np.zeros((0, 2), dtype=np.int16)

    @property
    def has_songs(self) -> bool:
        """Tell whether the channel has music at all."""
        return self._ring is not None

    def under(self, own: Sound, wanted: float, *, at_once: bool = False) -> Sound:
        """Return a tick's own sound with music under it, on its way to the `wanted` level.

        `at_once` ends it within CUT_SAMPLES. Music waits where it stopped while it is not heard.
        """
        if self._ring is None or (self._level == 0.0 and wanted == 0.0):
            return own
        music = self._take(len(own))
        if music is None:
            self._level = 0.0
            return own
        levels = self._levels(len(own), wanted, at_once)
        self._level = float(levels[-1])
        mixed = own + music * levels[:, None]
        return np.clip(mixed.round(), -32768, 32767).astype(np.int16)

    def _levels(self, count: int, wanted: float, at_once: bool) -> _Curve:
        ducks = wanted == DUCKED and self._level > DUCKED
        samples = SAMPLE_RATE * (DUCK_SECONDS if ducks else FADE_SECONDS)
        step = 1 / CUT_SAMPLES if at_once else 1 / samples
        steps = np.arange(1, count + 1, dtype=np.float32) * np.float32(step)
        rises = wanted >= self._level
        levels: _Curve = (
            np.minimum(self._level + steps, np.float32(wanted))
            if rises
            else np.maximum(self._level - steps, np.float32(wanted))
        )
        return levels

    def _take(self, count: int) -> Sound | None:
        """Return the next samples of music; None where too few have come."""
        assert self._ring is not None
        parts, have = [self._waiting], len(self._waiting)
        while have < count:
            slot = self._ring.look(self._ring.tail)
            if slot is None:
                self._waiting = np.concatenate(parts)
                return None
            parts.append(slot.sound[: slot.samples].copy())
            have += slot.samples
            self._ring.put_word(TAIL, self._ring.tail + 1)
        whole: Sound = np.concatenate(parts)
        self._waiting = whole[count:]
        return whole[:count]
