"""The bus's side of the decks: who fills what, what is there, and whom to ask instead."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
MOST_LOADS = 4
"""A file that brought its deck down this often is not tried again."""
FAR = 2.5
"""Seconds before its take from which a cued shot may lose its deck to the one on air."""


@dataclass(frozen=True)
class Want:
    """A shot that needs a deck: from which house frame on, and seconds until it is seen."""

    shot: Shot
    frame: int
    due_in: float = 0.0


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
    suspect: bool = False
    up: bool = False
    """Its process has spoken."""
    gone: bool = False
    """Its process was replaced: what is in the ring is good, more will not come."""

    @property
    def cue(self) -> CueId | None:
        """Which shot it was given."""
        return self.shot.cue if self.shot else None

    def load(self, shot: Shot, now: int) -> None:
        """Have it fill its ring from `shot.offset`."""
        self.generation = self.ring.word(GENERATION) + 1
        self.ring.put_word(GENERATION, self.generation)
        self.shot, self.gone, self.quiet_since = shot, False, now
        self.report = DeckReport(DeckState.CUEING, shot.cue)
        message = {"load": SHOT.dump_python(shot, mode="json"), "generation": self.generation}
        self.suspect = not self.port.send(message)

    def adopt(self, shot: Shot, generation: int, now: int) -> None:
        """Go on with what a bus before this one had it do, unless it was told otherwise since."""
        if self.ring.word(GENERATION) == generation:
            self.generation, self.shot, self.quiet_since = generation, shot, now
            self.report = DeckReport(DeckState.CUEING, shot.cue)

    def stop(self) -> None:
        """Have it stop and forget what it holds."""
        self.generation = self.ring.word(GENERATION) + 1
        self.ring.put_word(GENERATION, self.generation)
        self.shot, self.gone, self.report = None, False, DeckReport(DeckState.IDLE)
        self.port.send({"stop": True, "generation": self.generation})

    def listen(self, now: int) -> None:
        """Read what it says, and notice whether it still moves."""
        for message in self.port.receive():
            self.up = True
            if "hello" in message:
                self.gone = self.shot is not None
                self.suspect = False
                self.report = DeckReport(DeckState.IDLE)
            elif message.get("generation") == self.generation and "report" in message:
                self.report = REPORT.validate_python(message["report"])
        self._let_go()
        if self.ring.head != self.head or self.done or self.ring.room() <= 0:
            self.head, self.quiet_since = self.ring.head, now
            self.suspect = False
        patience = QUIET if self.newest() is not None else 4 * QUIET + 1.0
        if self.shot is not None and not self.gone and now - self.quiet_since > patience * NS:
            self.suspect = True

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
        return self.shot is not None and not self.suspect and not self.gone

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
        self._loads: dict[CueId, int] = {}

    def listen(self) -> None:
        """Hear every deck."""
        now = self._clock.monotonic()
        for deck in self.decks:
            deck.listen(now)
        self.lives.listen()

    def assign(self, wants: Sequence[Want]) -> None:
        """Give every wanted shot a deck that works, the first one first; stop the others."""
        cues = {want.shot.cue for want in wants}
        for deck in self.decks:
            if deck.shot is not None and deck.cue not in cues:
                deck.stop()
        self._loads = {cue: count for cue, count in self._loads.items() if cue in cues}
        for place, want in enumerate(wants):
            serving = [d for d in self.decks if d.cue == want.shot.cue and d.works]
            if not serving:
                self._serve(want, wants[place + 1 :])
            for spare in sorted(serving, key=lambda deck: -(deck.newest() or 0))[1:]:
                spare.stop()

    def _serve(self, want: Want, later: Sequence[Want]) -> None:
        if self._loads.get(want.shot.cue, 0) >= MOST_LOADS:
            return
        free = [deck for deck in self.decks if deck.shot is None and not deck.suspect]
        far = {other.shot.cue for other in later if other.due_in > FAR}
        free += [deck for deck in self.decks if deck.cue in far and not deck.suspect]
        free += [deck for deck in self.decks if deck.gone]
        if not free:
            return
        offset = float(want.frame / self._rate)
        self._loads[want.shot.cue] = self._loads.get(want.shot.cue, 0) + 1
        free[0].load(replace(want.shot, offset=offset), self._clock.monotonic())

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
        tired = self._loads.get(shot.cue, 0) >= MOST_LOADS
        if tired and not any(deck.works for deck in decks):
            return "it brought the deck down again and again"
        if decks and all(deck.report.state is DeckState.FAILED for deck in decks):
            return f"{decks[0].name}: {decks[0].report.reason}"
        return ""

    def _of(self, shot: Shot) -> list[BusDeck]:
        return [deck for deck in self.decks if deck.cue == shot.cue and not shot.source]
