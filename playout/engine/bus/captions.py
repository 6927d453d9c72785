"""The bus's captions: those of the slot on air, and of slots skipped to catch up."""

from collections import deque
from fractions import Fraction

from playout.engine.bus.spoken import LiveWords
from playout.engine.bus.supply import Supply
from playout.engine.bus.take import Take, TickContent
from playout.engine.captions.publisher import CaptionPublisher, CaptionSource
from playout.engine.format.ticks import HouseClock
from playout.model.caption_status import CAPTIONS_RECENT, AirCaptions


class BusCaptions:
    """The captions of the program, tick by tick. A tick that holds a picture has none."""

    def __init__(
        self, rate: Fraction, supply: Supply, time: HouseClock, words: LiveWords | None = None
    ) -> None:
        self._publisher, self._supply, self._time = CaptionPublisher(rate), supply, time
        self._words = words
        self._recent = round(CAPTIONS_RECENT * rate)
        self._past = deque[tuple[int, int]]([(0, 0)])
        """Ticks of the last seconds, and how many words had been sent by then."""

    def report(self, tick: int) -> AirCaptions:
        """Return what was sent recently; call it every second or more often."""
        words, last = self._publisher.words, self._publisher.last
        self._past.append((tick, words))
        while len(self._past) > 1 and self._past[1][0] <= tick - self._recent:
            self._past.popleft()
        instant = self._time.instant(last) if last is not None else None
        return AirCaptions(words - self._past[0][1], None, instant)

    def of(self, tick: int, air: TickContent, take: Take | None, *, is_covered: bool) -> bytes:
        """Return the captions of `tick`; `is_covered` while a graphic fills the screen."""
        cue = air.part.cue if air.part is not None else air.cue
        source = CaptionSource(air.layer, cue, is_covered)
        spoken = b""
        if self._words is not None:
            spoken = self._words.of(tick, air, take, speaks=source.speaks)
        if air.slot is None or take is None:
            return self._publisher.publish(tick, source, spoken)
        begins = air.slot.frame == 0 and not take.shot.source
        own = air.slot.captions if self._words is None else self._words.beside(air.slot.captions)
        captions = spoken + self._skipped(air, take) + own
        return self._publisher.publish(tick, source, captions, begins=begins)

    def _skipped(self, air: TickContent, take: Take) -> bytes:
        """Return the captions of frames that a late deck brought and that were not shown."""
        if air.dropped <= 0 or air.slot is None or take.shot.source:
            return b""
        frame, shot = air.slot.frame, air.part or take.shot
        return self._supply.skipped_captions(shot, range(frame - air.dropped, frame))
