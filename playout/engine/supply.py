"""The bus's side of the decks: who fills what, what is there, and whom to ask instead."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from config.clock import Clock
from config.names import CueId
from playout.engine.livedeckinput import LiveInputs
from playout.engine.messages import REPORT, SHOT
from playout.engine.ring import END_FRAME, ENDED, GENERATION, TAIL, Ring, Slot
from playout.engine.ticks import NS
from playout.engine.waist import DeckReport, DeckState, Shot
from playout.engine.wiring import Port

QUIET = 0.35
"""Seconds without a new frame after which a deck that had frames is thought to be dead."""
FIRST_QUIET = 4 * QUIET + 1.0
"""The same for one that has brought none yet: opening a file takes its time."""
ANSWER = 0.5
"""Seconds within which the process of a deck says something; it speaks every fifth of one."""
MOST_DEATHS, DEATHS_WITHIN = 4, 60.0
"""A file that brought its deck's process down this often within so many seconds is given up. A
deck that is merely slow or was stopped does not count: overload is not the file's fault."""
FAR = 2.5
"""Seconds before its take from which a cued shot may lose its deck to the one on air."""


@dataclass(frozen=True)
class Want:
    """A shot that needs a deck: from which house frame on, and seconds until it is seen."""

    shot: Shot
    frame: int
    due_in: float = 0.0


class Use(StrEnum):
    """The one thing a deck is to the bus. There is no other, so that no deck is ever lost."""

    FREE = "free"
    """It answers, and has nothing to do."""
    IN_USE = "in use"
    QUIET = "in use and quiet"
    """It was given a shot and brings no frames: another deck is asked in its place."""
    LEFT = "in use and left"
    """Its process was replaced: what is in its ring is good, more will not come."""
    AWAY = "being restarted"
    """It has nothing to do and does not answer: the supervisor starts its process anew, or it
    wakes. A shot is given to it only where no other deck may have it."""


IDLE = (Use.FREE, Use.AWAY)


@dataclass
class BusDeck:
    """One deck as the bus knows it."""

    name: str
    ring: Ring
    port: Port
    shot: Shot | None = None
    report: DeckReport = field(default_factory=lambda: DeckReport(DeckState.IDLE))
    generation: int = 0
    quiet_since: int = 0
    head: int = 0
    use: Use = Use.AWAY
    heard: int = 0
    """When its process spoke last."""
    up: bool = False
    """Its process has spoken."""

    @property
    def cue(self) -> CueId | None:
        """Which shot it was given."""
        return self.shot.cue if self.shot else None

    def load(self, shot: Shot, now: int) -> None:
        """Have it fill its ring from `shot.offset`."""
        self._order(shot, {"load": SHOT.dump_python(shot, mode="json")})
        self.report = DeckReport(DeckState.CUEING, shot.cue)
        self.use, self.quiet_since = Use.IN_USE, now

    def adopt(self, shot: Shot, generation: int, now: int) -> None:
        """Go on with what a bus before this one had it do, unless it was told otherwise since."""
        if self.ring.word(GENERATION) == generation:
            self.generation, self.shot, self.quiet_since = generation, shot, now
            self.report, self.use = DeckReport(DeckState.CUEING, shot.cue), Use.IN_USE

    def stop(self) -> None:
        """Have it stop and forget what it holds. It is free at once, however quiet it was."""
        self._order(None, {"stop": True})
        self.report, self.use = DeckReport(DeckState.IDLE), Use.FREE

    def _order(self, shot: Shot | None, order: dict[str, object]) -> None:
        """Tell it; a deck that never gets an order sees so in its ring, and starts anew."""
        self.shot, self.generation = shot, self.ring.word(GENERATION) + 1
        self.ring.put_word(GENERATION, self.generation)
        self.port.send({**order, "generation": self.generation})

    def listen(self, now: int) -> bool:
        """Read what it says, and notice whether it still moves; True when its process was replaced
        while it was in use."""
        died = False
        for message in self.port.receive():
            if "hello" in message:
                died = died or (self.up and self.shot is not None)
                self.use = Use.FREE if self.shot is None else Use.LEFT
                self.report = DeckReport(DeckState.IDLE)
            elif message.get("generation") == self.generation and "report" in message:
                self.report = REPORT.validate_python(message["report"])
            self.up, self.heard = True, now
        self._let_go()
        self._look(now)
        return died

    def _look(self, now: int) -> None:
        if self.ring.head != self.head or self.done or self.ring.room() <= 0:
            self.head, self.quiet_since = self.ring.head, now
        if self.use in IDLE:
            self.use = Use.FREE if self._answers(now) else Use.AWAY
        elif self.use is not Use.LEFT:
            patience = QUIET if self.newest() is not None else FIRST_QUIET
            is_quiet = now - self.quiet_since > patience * NS
            self.use = Use.QUIET if is_quiet else Use.IN_USE

    def _answers(self, now: int) -> bool:
        return self.up and now - self.heard <= ANSWER * NS

    def _let_go(self) -> None:
        """Give back slots of earlier loads at once: a ring full of them would stall the deck."""
        tail, head = self.ring.tail, self.ring.head
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self.generation and self.shot is not None:
                break
            tail += 1
        self.ring.put_word(TAIL, tail)

    @property
    def works(self) -> bool:
        """It was given a shot and may bring more of it."""
        return self.use is Use.IN_USE

    @property
    def is_empty(self) -> bool:
        """Nothing waits in its ring."""
        return self.ring.tail >= self.ring.head

    @property
    def done(self) -> bool:
        """It will bring no more, and says so itself."""
        return self.report.state in (DeckState.ENDED, DeckState.FAILED)

    def slot(self, frame: int) -> Slot | None:
        """House frame `frame` of the media; lets go of everything older."""
        tail, head = self.ring.tail, self.ring.head
        found = None
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self.generation and slot.frame >= frame:
                found = slot
                break
            tail += 1
        self.ring.put_word(TAIL, tail)
        return found if found is not None and found.frame == frame else None

    def newest(self) -> int | None:
        """The last house frame in the ring, None when it has none."""
        slot = self.ring.look(self.ring.head - 1) if self.ring.head else None
        fits = slot is not None and slot.generation == self.generation
        return slot.frame if slot is not None and fits else None

    def lead(self, frame: int) -> int:
        """House frames in the ring from `frame` on; 0 when `frame` itself is not there. Older ones
        are let go of: a ring full of the past would stall the deck for good."""
        found, newest = self.slot(frame), self.newest()
        return 0 if found is None or newest is None else newest - frame + 1

    def end(self) -> int | None:
        """House frame after the media's last, once that is known."""
        ended = self.ring.word(ENDED) == self.generation and self.shot is not None
        return self.ring.word(END_FRAME) if ended else None


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
        """When decks died while they played each shot, monotonic nanoseconds."""

    def listen(self) -> None:
        """Hear every deck."""
        now = self._clock.monotonic()
        for deck in self.decks:
            if deck.listen(now) and deck.cue is not None:
                self._deaths.setdefault(deck.cue, []).append(now)
        self.lives.listen()

    def assign(self, wants: Sequence[Want]) -> None:
        """Give every wanted shot a deck that works, the first one first; stop the others."""
        cues = {want.shot.cue for want in wants}
        for deck in self.decks:
            if deck.shot is not None and deck.cue not in cues:
                deck.stop()
        self._deaths = {cue: died for cue, died in self._deaths.items() if cue in cues}
        for place, want in enumerate(wants):
            serving = [d for d in self.decks if d.cue == want.shot.cue and d.works]
            if not serving:
                self._serve(want, wants[place + 1 :])
            for spare in self._spares(want.shot, serving):
                spare.stop()

    def _spares(self, shot: Shot, serving: Sequence[BusDeck]) -> list[BusDeck]:
        """Decks that hold a shot which another brings: the slower, and those with nothing left."""
        best = sorted(serving, key=lambda deck: -(deck.newest() or 0))
        if not best or best[0].newest() is None:
            return best[1:]
        return best[1:] + [one for one in self._of(shot) if not one.works and one.is_empty]

    def _serve(self, want: Want, later: Sequence[Want]) -> None:
        if self._is_killer(want.shot):
            return
        far = {other.shot.cue for other in later if other.due_in > FAR}
        chosen = min(self.decks, key=lambda deck: _order(deck, far))
        if _order(chosen, far)[0] == BUSY:
            return
        offset = float(want.frame / self._rate)
        chosen.load(replace(want.shot, offset=offset), self._clock.monotonic())

    def _is_killer(self, shot: Shot) -> bool:
        """Did it bring decks down again and again?"""
        since = self._clock.monotonic() - DEATHS_WITHIN * NS
        return sum(died > since for died in self._deaths.get(shot.cue, ())) >= MOST_DEATHS

    def slot(self, shot: Shot, frame: int) -> Slot | None:
        """House frame `frame` of a shot, from whichever deck has it."""
        if shot.source:
            return self.lives.slot(shot.source, frame)
        found = [slot for deck in self._of(shot) if (slot := deck.slot(frame)) is not None]
        return found[0] if found else None

    def lead(self, shot: Shot, frame: int) -> int:
        """House frames of a shot that wait from `frame` on."""
        if shot.source:
            return self.lives.lead(shot.source, frame)
        return max((deck.lead(frame) for deck in self._of(shot)), default=0)

    def end(self, shot: Shot) -> int | None:
        """House frame after the shot's last, once that is known; a live has none."""
        ends = [end for deck in self._of(shot) if (end := deck.end()) is not None]
        return max(ends) if ends else None

    def failure(self, shot: Shot) -> str:
        """Why no deck can bring this shot; empty while one may. A live is never given up."""
        decks = self._of(shot)
        if self._is_killer(shot) and not any(deck.works for deck in decks):
            return "it brought the deck down again and again"
        if decks and all(deck.report.state is DeckState.FAILED for deck in decks):
            return f"{decks[0].name}: {decks[0].report.reason}"
        return ""

    def _of(self, shot: Shot) -> list[BusDeck]:
        return [deck for deck in self.decks if deck.cue == shot.cue and not shot.source]


BUSY = 9


def _order(deck: BusDeck, far: Container[CueId | None]) -> tuple[int, int]:
    """Which deck is asked first (the smallest), and among equals the one heard last."""
    order = {Use.FREE: 0, Use.LEFT: 2, Use.AWAY: 3}.get(deck.use, BUSY)
    if deck.use is Use.IN_USE and deck.cue in far:
        order = 1
    return order, -deck.heard
