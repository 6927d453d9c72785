"""The bus's side of the decks: which deck plays which shot, what is ready, and which one takes
over.
"""

from collections import deque
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from config.clock import Clock
from config.names import CueId
from playout.engine.bus.deck import BusDeck, DeckUse
from playout.engine.bus.live_input import LiveInputs
from playout.engine.format.ticks import NS
from playout.engine.links.messages import SHOT
from playout.engine.links.ring import Slot
from playout.model.engine import DeckState, Shot

MOST_DEATHS, DEATHS_WITHIN = 4, 60.0
"""A shot that crashed this many deck processes within so many seconds is given up. A deck that was
merely slow or stopped does not count: overload is not the file's fault."""
JOIN_AHEAD, MOST_JOIN_AHEAD = 0.7, 6.0
"""Seconds a deck needs from a load to a ring that can be trusted: on an idle machine, and at
most."""
LOADS_REMEMBERED = 4
"""Number of past loads; the next one is expected to take half as long again as their slowest."""
CUE_YIELDS_BEYOND = 2.5
"""Seconds to its take beyond which a cued shot may lose its deck to the one on air."""


@dataclass(frozen=True)
class DeckRequest:
    """A shot that needs a deck: its first house frame, and the seconds until it is seen."""

    shot: Shot
    frame: int
    due_in: float = 0.0
    now: int | None = None
    """House frame that is due on air at this tick; None before the take."""


class Supply:
    """All decks of a channel."""

    def __init__(
        self,
        decks: Sequence[BusDeck],
        rate: Fraction,
        clock: Clock,
        lives: LiveInputs | None = None,
    ) -> None:
        self.decks, self._rate, self._clock = decks, rate, clock
        self.lives = lives or LiveInputs()
        self._deaths: dict[CueId, list[int]] = {}
        """When decks died while playing each cue, monotonic nanoseconds."""
        self._took: deque[float] = deque(maxlen=LOADS_REMEMBERED)
        """Seconds from order to first frame of the last loads."""

    @property
    def orders(self) -> int:
        """Number of all orders that the decks ever got."""
        return sum(deck.generation for deck in self.decks)

    def kept(self) -> list[dict[str, object] | None]:
        """Return the order that each deck obeys, for `adopt`; None for an idle deck."""
        return [
            {"shot": SHOT.dump_python(deck.shot, mode="json"), "generation": deck.generation}
            if deck.shot is not None
            else None
            for deck in self.decks
        ]

    def adopt(self, kept: Sequence[Mapping[str, Any] | None]) -> None:
        """Go on with the orders that the bus before this one kept. Raises ValidationError, KeyError
        or ValueError where they cannot be read.
        """
        for deck, order in zip(self.decks, kept, strict=True):
            if order is not None:
                shot = SHOT.validate_python(order["shot"])
                deck.adopt(shot, order["generation"], self._clock.monotonic())

    def stop_unknown(self) -> None:
        """Stop every deck whose order this bus does not know, because the one before it died before
        it could save it. The deck would play on, faster than air because nobody waits for its
        frames, and could not step in for another.
        """
        for deck in self.decks:
            if deck.shot is None:
                deck.stop()

    def listen(self) -> None:
        """Hear every deck."""
        now = self._clock.monotonic()
        for deck in self.decks:
            if deck.listen(now) and deck.cue is not None:
                self._deaths.setdefault(deck.cue, []).append(now)
            self._measure_load(deck, now)
        self.lives.listen()

    def _measure_load(self, deck: BusDeck, now: int) -> None:
        """Measure a load, from the order to its first frame, without the time the deck waited for
        the machine.
        """
        if deck.waits:
            deck.loaded = now
        if deck.is_opening and deck.newest() is not None:
            deck.is_opening = False
            self._took.append((now - deck.loaded) / NS)

    @property
    def join_ahead(self) -> float:
        """Seconds from a load to a ring that can be trusted; longer while loads are slow, so that
        overload makes an item late by what it takes and no more.
        """
        return min(max(JOIN_AHEAD, 1.5 * max(self._took, default=0.0)), MOST_JOIN_AHEAD)

    def assign(self, requests: Sequence[DeckRequest]) -> None:
        """Give every requested shot a working deck, in this order of importance, and stop all other
        decks.
        """
        cues = {request.shot.cue for request in requests}
        for deck in self.decks:
            if deck.shot is not None and deck.cue not in cues:
                deck.stop()
        self._deaths = {cue: died for cue, died in self._deaths.items() if cue in cues}
        now = self._clock.monotonic()
        for place, request in enumerate(requests):
            for deck in self._decks_of(request.shot):
                deck.keep_up(request.now, now)
            serving = [d for d in self.decks if d.cue == request.shot.cue and d.works]
            if not serving:
                self._serve(request, requests[place + 1 :])
            for spare in self._spares(request, serving):
                spare.stop()

    def _spares(self, request: DeckRequest, serving: Sequence[BusDeck]) -> list[BusDeck]:
        """Return the decks that hold a shot which another brings in time: slower ones, and stopped
        ones with an empty ring. While none brings it, keep all: each may still be the first.
        """
        best = sorted(serving, key=lambda deck: -(deck.newest() or 0))
        newest = best[0].newest() if best else None
        if newest is None or newest < (request.now or 0):
            return []
        return best[1:] + [d for d in self._decks_of(request.shot) if not d.works and d.is_empty]

    def _serve(self, request: DeckRequest, later: Sequence[DeckRequest]) -> None:
        if self._is_killer(request.shot):
            return
        far = {other.shot.cue for other in later if other.due_in > CUE_YIELDS_BEYOND}
        now = self._clock.monotonic()
        late = {d.name for d in self._decks_of(request.shot) if d.is_behind(now) and d.moves(now)}
        chosen = min(self.decks, key=lambda deck: _order(deck, far, late))
        if _order(chosen, far, late)[0] == NOT_AVAILABLE:
            return
        offset = float(request.frame / self._rate)
        chosen.load(replace(request.shot, offset=offset), now)

    def _is_killer(self, shot: Shot) -> bool:
        """Return whether this shot crashed decks again and again."""
        since = self._clock.monotonic() - DEATHS_WITHIN * NS
        return sum(died > since for died in self._deaths.get(shot.cue, ())) >= MOST_DEATHS

    def slot(self, shot: Shot, frame: int) -> Slot | None:
        """Return house frame `frame` of a shot, from whichever deck has it."""
        if shot.source:
            return self.lives.slot(shot.source, frame)
        slots = [slot for deck in self._decks_of(shot) if (slot := deck.slot(frame)) is not None]
        return slots[0] if slots else None

    def skipped_captions(self, shot: Shot, frames: range) -> bytes:
        """Return the captions of frames of a file that were freed without being shown."""
        decks = self._decks_of(shot)
        found = (
            next((passed for deck in decks if (passed := deck.passed(frame))), b"")
            for frame in frames
        )
        return b"".join(found)

    def lead(self, shot: Shot, frame: int) -> int:
        """Return how many house frames of a shot wait from `frame` on."""
        if shot.source:
            return self.lives.lead(shot.source, frame)
        return max((deck.lead(frame) for deck in self._decks_of(shot)), default=0)

    def end(self, shot: Shot) -> int | None:
        """Return the house frame after the shot's last, once known. A live has none."""
        ends = [end for deck in self._decks_of(shot) if (end := deck.end()) is not None]
        return max(ends) if ends else None

    def failure(self, shot: Shot) -> str:
        """Return why no deck can bring this shot; empty while one may. A live is never given up."""
        decks = self._decks_of(shot)
        if self._is_killer(shot) and not any(deck.works for deck in decks):
            return "it crashed the deck again and again"
        if decks and all(deck.report.state is DeckState.FAILED for deck in decks):
            return f"{decks[0].name}: {decks[0].report.reason}"
        return ""

    def waits(self, shot: Shot) -> str:
        """Return what the machine lacks to open this shot now; empty otherwise."""
        waiting = [deck for deck in self._decks_of(shot) if deck.waits]
        return f"{waiting[0].name}: {waiting[0].report.reason}" if waiting else ""

    def _decks_of(self, shot: Shot) -> list[BusDeck]:
        return [deck for deck in self.decks if deck.cue == shot.cue and not shot.source]


NOT_AVAILABLE = 9
"""Rank of a deck that must not be asked."""


def _order(deck: BusDeck, far: Container[CueId | None], late: Container[str]) -> tuple[int, int]:
    """Return the order in which decks are asked, smallest first: free, cued for long after, left by
    its process, late itself, restarting. Among equals the one heard last comes first.
    """
    order = {DeckUse.FREE: 0, DeckUse.LEFT: 2, DeckUse.AWAY: 4}.get(deck.use, NOT_AVAILABLE)
    if deck.use is DeckUse.IN_USE and deck.cue in far:
        order = 1
    elif deck.name in late:
        order = 3
    return order, -deck.heard
