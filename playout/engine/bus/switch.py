"""The switch: it decides what each tick shows, with takes, holds, falls to the layer below and
returns.

Example at 25 ticks a second: the frames of a file stop before tick 100. Ticks 100 to 110 hold its
last picture (0.45 s). From tick 111 on the layer below is shown. Frames come again on tick 150, a
quarter of a second ahead or more: once they have done so for a second, on tick 174, the file is
back, in the place where it would be by then. A third fall within a minute makes it rest until that
minute is over, so that a struggling file never strobes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from config.names import CueId
from playout.engine.bus.supply import DeckRequest
from playout.engine.format.ticks import HouseClock, house_slot
from playout.engine.links.ring import SAME_PICTURE, Slot
from playout.model.engine import Desired, Shot
from playout.model.layer import Layer

CUE_AHEAD = 1.6
"""Seconds before its take at which a shot gets a deck; earlier while loads are slow. Not earlier
than needed: libVLC survives being blocked for about half a second, not for minutes."""
SPARE_AHEAD = 0.5
"""Seconds before the take at which the ring should be full, on top of what loads take now."""
HOLD_SECONDS = 0.45
"""Seconds that the last picture may stay while no new one comes."""
TAKE_LEAD = 0.25
"""Seconds of frames that must wait before a shot without a start time is taken."""
STEADY_SECONDS = 1.0
"""Seconds of steady lead before a fallen shot comes back."""
LIVE_HOLD_SECONDS = 1.5
"""Seconds that the last picture of a live may stay. Its deck has held it half a second before
that."""
LIVE_LEAD, LIVE_STEADY_SECONDS = 0.1, 0.5
"""Seconds of frames that must wait, and for how long, before a live is shown, or shown again."""
MOST_LENGTHS = 64
"""Lengths whose ticks are remembered: most are the constants of this page."""
MOST_FALLS, FALLS_WITHIN = 3, 60.0
"""Falls within so many seconds after which an item rests until they have passed."""


class Decks(Protocol):
    """The decks as the switch needs them; `Supply` is the real one."""

    @property
    def join_ahead(self) -> float: ...

    def assign(self, requests: Sequence[DeckRequest]) -> None: ...

    def slot(self, shot: Shot, frame: int) -> Slot | None: ...

    def lead(self, shot: Shot, frame: int) -> int: ...

    def end(self, shot: Shot) -> int | None: ...

    def failure(self, shot: Shot) -> str: ...

    def waits(self, shot: Shot) -> str: ...


@dataclass
class Take:
    """A shot that has been taken: its first tick, and the house frame that belongs there."""

    shot: Shot
    first: int
    frame: int
    shown: int = -1
    """Last house frame that was seen; -1 before the first."""
    held: int = 0
    fallen: bool = False
    steady: int = 0
    falls: list[int] = field(default_factory=list)

    def at(self, tick: int) -> int:
        """Return the house frame that belongs on `tick`. A live's frames are numbered by their
        ticks.
        """
        return tick if self.shot.source else self.frame + tick - self.first

    def rest(self) -> None:
        """Forget what was shown: its own picture is off air now, and starts afresh later."""
        self.shown, self.held, self.fallen, self.steady = -1, 0, False, 0


@dataclass(frozen=True)
class TickContent:
    """The picture and sound of one tick."""

    layer: Layer
    cue: CueId | None = None
    slot: Slot | None = None
    source: int = -1
    hold: bool = False
    bare: bool = False
    """The slot has sound, but its picture has stayed too long: the slate is shown with that
    sound."""
    dropped: int = 0
    reason: str = ""


class Switch:
    """The decision of every tick. It reads no clock: all follows from ticks and decks."""

    def __init__(self, house: HouseClock, decks: Decks, early: float = 0.0) -> None:
        """Take the decks. `early` seconds before others does this channel cue a file that begins
        at its first picture.
        """
        self._house, self._decks, self._early = house, decks, early
        self._rate = house.ticks.rate
        self.desired: Desired | None = None
        self.take: Take | None = None
        self.has_board = False
        self._ticks: dict[float, int] = {}
        self._followed: Shot | None = None
        """The agent's shot that the take has the latest word of."""

    def ticks(self, seconds: float) -> int:
        """Return seconds as ticks, at least one."""
        known = self._ticks.get(seconds)
        if known is None:
            known = max(1, round(seconds * self._rate))
            if len(self._ticks) < MOST_LENGTHS:
                self._ticks[seconds] = known
        return known

    def decide(self, tick: int) -> TickContent:
        """Return what to show on `tick`. Call it once for every tick, in order."""
        self._promote(tick)
        self._decks.assign(self._requests(tick))
        return self._content(tick)

    def _promote(self, tick: int) -> None:
        due = [shot for shot in self._pending() if self._is_due(shot, tick)]
        if self.take is not None and self.desired is not None:
            for shot in (self.desired.on_air, self.desired.next):
                is_new = shot is not None and shot is not self._followed
                if shot is not None and is_new and shot.cue == self.take.shot.cue:
                    self.take.shot = replace(shot, at=self.take.shot.at)
                    self._followed = shot
        if not due:
            return
        shot = due[-1]
        frame = house_slot(self._rate, shot.offset)
        first = tick if shot.as_soon_as_ready else min(tick, self._house.take_at(shot.at, tick))
        self.take, self._followed = Take(shot, first, frame), None
        self._house.wall.join()

    def _pending(self) -> list[Shot]:
        """Return the shots not taken yet, in order; none that precedes the one on air."""
        if self.desired is None:
            return []
        now = self.take.shot.cue if self.take else None
        following = self.desired.next
        if following is not None and following.cue == now:
            return []
        on_air = self.desired.on_air
        waiting = [] if on_air.cue == now else [on_air]
        return waiting if following is None else [*waiting, following]

    def _is_due(self, shot: Shot, tick: int) -> bool:
        if tick < self._house.take_at(shot.at, tick):
            return False
        if not shot.as_soon_as_ready or shot.layer is not Layer.DECK:
            return True
        frame = tick if shot.source else house_slot(self._rate, shot.offset)
        return self._decks.lead(shot, frame) >= self.ticks(_lead(shot))

    def _requests(self, tick: int) -> list[DeckRequest]:
        requests = []
        take, join = self.take, self.ticks(self._decks.join_ahead)
        soon = max(self.ticks(CUE_AHEAD), join + self.ticks(SPARE_AHEAD))
        if take is not None and _needs_deck(take.shot) and not self._is_over(take, tick):
            requests.append(DeckRequest(take.shot, take.at(tick + join), now=take.at(tick)))
        for shot in self._pending():
            ahead = self._house.take_at(shot.at, tick) - tick
            early = 0 if shot.offset else round(self._early * self._rate)
            if not _needs_deck(shot) or ahead > soon + early:
                continue
            frame = house_slot(self._rate, shot.offset)
            if not shot.as_soon_as_ready:
                frame += max(0, join - ahead)
            requests.append(DeckRequest(shot, frame, max(0.0, float(ahead / self._rate))))
        return requests

    def _is_over(self, take: Take, tick: int) -> bool:
        recent = [fall for fall in take.falls if tick - fall < self.ticks(FALLS_WITHIN)]
        given_up = len(recent) >= MOST_FALLS and not take.shot.source
        return given_up or tick >= self._house.first_at(take.shot.until)

    def _content(self, tick: int) -> TickContent:
        take = self.take
        if take is None:
            return TickContent(self._covering(Layer.BOARD), reason="nothing was asked for yet")
        if tick >= self._house.first_at(take.shot.until):
            return TickContent(
                self._covering(Layer.BOARD), take.shot.cue, reason="nothing came after it"
            )
        if take.shot.layer is not Layer.DECK:
            take.rest()
            layer = take.shot.layer
            return TickContent(self._covering(layer), take.shot.cue)
        if self._is_over(take, tick):
            return self._below(take, "given up after three failures")
        return self._from_deck(take, tick)

    def _covering(self, layer: Layer) -> Layer:
        return Layer.BOARD if layer is Layer.BOARD and self.has_board else Layer.SLATE

    def _below(self, take: Take, reason: str) -> TickContent:
        return TickContent(self._covering(take.shot.beneath), take.shot.cue, reason=reason)

    def _from_deck(self, take: Take, tick: int) -> TickContent:
        frame = take.at(tick)
        if take.fallen and not self._is_steady(take, frame):
            return self._below(take, self._reason(take, frame))
        slot = self._decks.slot(take.shot, frame)
        if slot is None:
            return self._hold_or_fall(take, frame, tick)
        dropped = frame - take.shown - 1 if take.shown >= 0 else 0
        again = bool(slot.flags & SAME_PICTURE) and not take.shot.source
        take.shown, take.held, take.fallen = frame, take.held + 1 if again else 0, False
        own = tick - take.first if take.shot.source else frame
        bare = take.held > self.ticks(HOLD_SECONDS)
        return TickContent(Layer.DECK, take.shot.cue, slot, own, dropped=dropped, bare=bare)

    def _is_steady(self, take: Take, frame: int) -> bool:
        """Return whether a fallen shot may come back: after a steady lead for a while, or as soon
        as it can where it was never seen yet.
        """
        enough = self._decks.lead(take.shot, frame) >= self.ticks(_lead(take.shot))
        take.steady = take.steady + 1 if enough else 0
        steady = self.ticks(LIVE_STEADY_SECONDS if take.shot.source else STEADY_SECONDS)
        return take.steady >= (steady if take.shown >= 0 else 1)

    def _hold_or_fall(self, take: Take, frame: int, tick: int) -> TickContent:
        take.held += 1
        reason = self._reason(take, frame)
        final = self._decks.failure(take.shot) or self._ended_early(take, frame, tick)
        hold = LIVE_HOLD_SECONDS if take.shot.source and take.shown >= 0 else HOLD_SECONDS
        if not final and take.held <= self.ticks(hold):
            return TickContent(Layer.DECK, take.shot.cue, hold=True, reason=reason)
        take.fallen, take.steady = True, 0
        recent = [fall for fall in take.falls if tick - fall < self.ticks(FALLS_WITHIN)]
        take.falls = [*recent, tick] if take.shown >= 0 and not final else recent
        return self._below(take, reason)

    def _ended_early(self, take: Take, frame: int, tick: int) -> bool:
        end = self._decks.end(take.shot)
        left = self._house.first_at(take.shot.until) - tick
        return end is not None and frame >= end and left > self.ticks(HOLD_SECONDS)

    def _reason(self, take: Take, frame: int) -> str:
        problem = self._decks.failure(take.shot) or self._decks.waits(take.shot)
        if problem:
            return problem
        end = self._decks.end(take.shot)
        if end is not None and frame >= end:
            return "the file ended"
        if take.shot.source:
            return "no signal" if take.shown >= 0 else "no signal yet"
        return "no frame in time" if take.shown >= 0 else "not ready in time"


def _needs_deck(shot: Shot) -> bool:
    """Return whether a deck must be given this shot. A live has a deck of its own already."""
    return shot.layer is Layer.DECK and not shot.source


def _lead(shot: Shot) -> float:
    return LIVE_LEAD if shot.source else TAKE_LEAD
