"""Automatic captions of the live on air, asked for and taken tick by tick."""

from fractions import Fraction

from media.captions.codes import Command
from media.captions.encode import command_unit, triplet
from media.captions.track import triplets_of
from playout.engine.bus.take import Take, TickContent
from playout.engine.captions.gate import ERASING
from playout.engine.captions.pairs import command_of, is_pair
from playout.engine.captions.words import WordEar
from playout.engine.links.spoken import SpokenCaptions

OWN_LAST_FOR = 30.0
"""Seconds after a live's own captions for which none are written for it."""
SPOKEN_A_TICK = 2
"""Triplets of automatic captions taken a tick: more than leave, so that none waits twice."""
ERASED = b"".join(map(triplet, command_unit(Command.ERASE_SHOWN)))


class LiveWords:
    """The automatic captions of lives that bring none of their own."""

    def __init__(self, rate: Fraction, spoken: SpokenCaptions) -> None:
        self._rate, self._spoken = rate, spoken
        self._own: int | None = None
        """Tick of the last words that a live brought itself."""
        self._ear = WordEar()

    def of(self, tick: int, air: TickContent, take: Take | None, *, speaks: bool) -> bytes:
        """Return the captions for `tick`; `speaks` while captions of the take are shown."""
        if air.slot is not None and self._ear.count(air.slot.captions):
            self._own = tick
        has_own = self._own is not None and tick - self._own < OWN_LAST_FOR * self._rate
        wanted = take is not None and take.shot.automatic_captions and speaks and not has_own
        # Rows of ours that are still shown would stand beside the live's own captions.
        ends = ERASED if self._spoken.live and has_own else b""
        self._spoken.want(take.first if take is not None and wanted else 0)
        return ends + self._spoken.take(SPOKEN_A_TICK)

    def beside(self, own: bytes) -> bytes:
        """Return a live's own captions without what would erase ours: a live that says nothing may
        still erase every second.
        """
        if not self._spoken.live:
            return own
        return b"".join(one for one in triplets_of(own) if not _erases(one))


def _erases(triplet: bytes) -> bool:
    return is_pair(triplet) and command_of((triplet[1], triplet[2])) in ERASING
