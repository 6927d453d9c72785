"""The switch: it decides what each tick shows, with takes, holds, falls to the layer below and
returns.

Example at 25 ticks a second: the frames of a file stop before tick 100. Ticks 100 to 110 hold its
last picture (0.45 s). From tick 111 on the layer below is shown. Frames come again on tick 150, a
quarter of a second ahead or more: once they have done so for a second, on tick 174, the file is
back, in the place where it would be by then. A third fall within a minute makes it rest until that
minute is over, so that a struggling file never strobes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from config.names import CueId
from playout.engine.bus.shot_parts import ShotPart, part_of
from playout.engine.bus.supply import DeckRequest
from playout.engine.bus.take import Take, TickContent
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


class Switch:
    """The decision of every tick. It reads no clock: all follows from ticks and decks."""

    def __init__(self, house: HouseClock, decks: Decks, early: float = 0.0) -> None:
        """Take the decks. `early` seconds before others does this channel cue a file that begins
        at its first picture.
        """
        self._house, self._decks = house, decks
        self._rate = house.ticks.rate
        self._early = round(early * self._rate)
        """The same in ticks."""
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

    def on_air(self, tick: int) -> CueId | None:
        """Return the name by which decks know what is on air on `tick`."""
        if self.take is None:
            return None
        return self._part(self.take.shot, self.take.at(tick)).shot.cue

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
        return self._lead(self._part(shot, frame)) >= self.ticks(_lead(shot))

    def _part(self, shot: Shot, frame: int) -> ShotPart:
        return part_of(shot, self._rate, frame)

    def _lead(self, part: ShotPart) -> int:
        return self._decks.lead(part.shot, part.frame)

    def _requests(self, tick: int) -> list[DeckRequest]:
        requests = []
        take, join = self.take, self.ticks(self._decks.join_ahead)
        soon = max(self.ticks(CUE_AHEAD), join + self.ticks(SPARE_AHEAD))
        if take is not None and _needs_deck(take.shot) and not self._is_over(take, tick):
            requests += self._of_take(take, tick, join, soon)
        for shot in self._pending():
            ahead = self._house.take_at(shot.at, tick) - tick
            part = self._part(shot, house_slot(self._rate, shot.offset))
            early = 0 if part.frame else self._early
            if not _needs_deck(shot) or ahead > soon + early:
                continue
            late = 0 if shot.as_soon_as_ready else max(0, join - ahead)
            due_in = max(0.0, float(ahead / self._rate))
            requests.append(DeckRequest(part.shot, part.frame + late, due_in))
        return requests

    def _of_take(self, take: Take, tick: int, join: int, soon: int) -> list[DeckRequest]:
        """Return what the shot on air needs: its deck, and one for what it jumps to next."""
        part = self._part(take.shot, take.at(tick))
        requests = [DeckRequest(part.shot, part.frame + join, now=part.frame)]
        if part.left is not None and not part.is_last and part.left <= soon:
            following = self._part(take.shot, take.at(tick) + part.left)
            late = max(0, join - part.left)
            due_in = float(part.left / self._rate)
            requests.append(DeckRequest(following.shot, following.frame + late, due_in))
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
        part = self._part(take.shot, frame)
        if take.shot.pieces and part.frame == part.first:
            # Another deck brings this piece: what the one before it lacked says nothing about it.
            take.held, take.fallen, take.steady = 0, False, 0
        if take.fallen and not self._is_steady(take, part):
            return self._below(take, self._reason(take, part))
        slot = self._decks.slot(part.shot, part.frame) if not part.is_over else None
        if slot is None:
            return self._hold_or_fall(take, part, tick)
        dropped = frame - take.shown - 1 if take.shown >= 0 else 0
        again = bool(slot.flags & SAME_PICTURE) and not take.shot.source
        take.shown, take.held, take.fallen = frame, take.held + 1 if again else 0, False
        own = tick - take.first if take.shot.source else part.frame
        bare = take.held > self.ticks(HOLD_SECONDS)
        return TickContent(
            Layer.DECK, take.shot.cue, slot, part.shot, own, dropped=dropped, bare=bare
        )

    def _is_steady(self, take: Take, part: ShotPart) -> bool:
        """Return whether a fallen shot may come back: after a steady lead for a while, or as soon
        as it can where it was never seen yet.
        """
        enough = self._lead(part) >= self.ticks(_lead(take.shot)) and not part.is_over
        take.steady = take.steady + 1 if enough else 0
        steady = self.ticks(LIVE_STEADY_SECONDS if take.shot.source else STEADY_SECONDS)
        return take.steady >= (steady if take.shown >= 0 else 1)

    def _hold_or_fall(self, take: Take, part: ShotPart, tick: int) -> TickContent:
        take.held += 1
        reason = self._reason(take, part)
        final = self._decks.failure(part.shot) or self._ended_early(take, part, tick)
        hold = LIVE_HOLD_SECONDS if take.shot.source and take.shown >= 0 else HOLD_SECONDS
        if not final and take.held <= self.ticks(hold):
            return TickContent(Layer.DECK, take.shot.cue, part=part.shot, hold=True, reason=reason)
        take.fallen, take.steady = True, 0
        recent = [fall for fall in take.falls if tick - fall < self.ticks(FALLS_WITHIN)]
        take.falls = [*recent, tick] if take.shown >= 0 and not final else recent
        return self._below(take, reason)

    def _ended_early(self, take: Take, part: ShotPart, tick: int) -> bool:
        left = self._house.first_at(take.shot.until) - tick
        if part.left is not None and not part.is_last:
            left = min(left, part.left)
        return self._has_ended(part) and left > self.ticks(HOLD_SECONDS)

    def _has_ended(self, part: ShotPart) -> bool:
        end = self._decks.end(part.shot)
        return part.is_over or (end is not None and part.frame >= end)

    def _reason(self, take: Take, part: ShotPart) -> str:
        problem = self._decks.failure(part.shot) or self._decks.waits(part.shot)
        if problem:
            return problem
        if self._has_ended(part):
            return "the file ended"
        if take.shot.source:
            return "no signal" if take.shown >= 0 else "no signal yet"
        return "no frame in time" if take.shown >= 0 else "not ready in time"


def _needs_deck(shot: Shot) -> bool:
    """Return whether a deck must be given this shot. A live has a deck of its own already."""
    return shot.layer is Layer.DECK and not shot.source


def _lead(shot: Shot) -> float:
    return LIVE_LEAD if shot.source else TAKE_LEAD
