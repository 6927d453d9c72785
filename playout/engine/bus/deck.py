"""The bus's record of one deck: its shot, its state and the frames in its ring."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from config.names import CueId
from playout.engine.format.ticks import NS
from playout.engine.links.messages import REPORT, SHOT
from playout.engine.links.port import Port
from playout.engine.links.ring import END_FRAME, ENDED, GENERATION, TAIL, Ring, Slot
from playout.model.engine import DeckReport, DeckState, Shot

DECK_SILENT_AFTER = 0.35
"""Seconds without a new frame after which a deck that had brought some counts as dead."""
OPENING_SILENT_AFTER = 4 * DECK_SILENT_AFTER + 1.0
"""The same for one that has brought none yet: opening a file takes time."""
ANSWER_WITHIN = 0.5
"""Seconds within which a living deck process sends something; it reports every fifth of a
second."""
OVERTAKEN_AFTER = 1.0
"""Seconds for which all frames of a deck may come too late: one that was held up catches up. After
that another deck joins the file in progress, or this one rejoins it."""


PASSED_KEPT = 64
"""Frames with captions that are remembered after they were freed: two seconds of them."""


class DeckUse(StrEnum):
    """The one state that a deck is in for the bus. Every deck is in exactly one, so none is ever
    lost.
    """

    FREE = "free"
    """It answers and has nothing to do."""
    IN_USE = "in use"
    QUIET = "in use and quiet"
    """It has a shot but brings no frames, or all too late. Another deck is asked in its place."""
    LEFT = "in use and left"
    """Its process was replaced. The frames in its ring are good, but no more will come."""
    AWAY = "being restarted"
    """It has nothing to do and does not answer, until it wakes or the supervisor restarts its
    process. It gets a shot only where no other deck can take it."""


IDLE_USES = (DeckUse.FREE, DeckUse.AWAY)


@dataclass
class BusDeck:
    """One deck as the bus sees it."""

    name: str
    ring: Ring
    port: Port
    shot: Shot | None = None
    report: DeckReport = field(default_factory=lambda: DeckReport(DeckState.IDLE))
    generation: int = 0
    quiet_since: int = 0
    head: int = 0
    use: DeckUse = DeckUse.AWAY
    loaded: int = 0
    is_opening: bool = False
    """Whether it has brought no frame of its shot yet."""
    late_since: int = 0
    heard: int = 0
    """When its process last sent something, monotonic nanoseconds."""
    up: bool = False
    """Whether its process has ever sent something."""
    _passed: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=PASSED_KEPT))
    """Frames freed last that had captions, and these."""

    @property
    def cue(self) -> CueId | None:
        """Cue of its shot; None while it has no shot."""
        return self.shot.cue if self.shot else None

    def load(self, shot: Shot, now: int) -> None:
        """Order it to fill its ring from `shot.offset`."""
        self._order(shot, {"load": SHOT.dump_python(shot, mode="json")})
        self.report = DeckReport(DeckState.CUEING, shot.cue)
        self.use, self.quiet_since = DeckUse.IN_USE, now
        self.loaded = self.late_since = now
        self.is_opening = True

    def adopt(self, shot: Shot, generation: int, now: int) -> None:
        """Take over what the previous bus had it play, unless it got another order since."""
        if self.ring.word(GENERATION) == generation:
            self.generation, self.shot, self.quiet_since = generation, shot, now
            self.report, self.use = DeckReport(DeckState.CUEING, shot.cue), DeckUse.IN_USE
            self.loaded = self.late_since = now

    def stop(self) -> None:
        """Order it to stop and forget its frames. It is free at once, however quiet it was."""
        self._order(None, {"stop": True})
        self.report, self.use = DeckReport(DeckState.IDLE), DeckUse.FREE

    def _order(self, shot: Shot | None, order: dict[str, object]) -> None:
        """Send an order, and write its number into the ring first: a deck that never gets the order
        sees that number there and restarts.
        """
        self.shot, self.generation = shot, self.ring.word(GENERATION) + 1
        self._passed.clear()
        self.ring.put_word(GENERATION, self.generation)
        self.port.send({**order, "generation": self.generation})

    def listen(self, now: int) -> bool:
        """Read its messages and note whether it still moves. Return True when its process was
        replaced while in use.
        """
        died = False
        for message in self.port.receive():
            if "hello" in message:
                died = died or (self.up and self.shot is not None)
                self.use = DeckUse.FREE if self.shot is None else DeckUse.LEFT
                self.report = DeckReport(DeckState.IDLE)
            elif message.get("generation") == self.generation and "report" in message:
                self.report = REPORT.validate_python(message["report"])
            self.up, self.heard = True, now
        self._free_old_slots()
        self._judge_use(now)
        return died

    def _judge_use(self, now: int) -> None:
        if self.ring.head != self.head or self.done or self.ring.room() <= 0:
            self.head, self.quiet_since = self.ring.head, now
        if self.use in IDLE_USES:
            self.use = DeckUse.FREE if self._answers(now) else DeckUse.AWAY
        elif self.use is not DeckUse.LEFT:
            patience = DECK_SILENT_AFTER if self.newest() is not None else OPENING_SILENT_AFTER
            is_quiet = now - self.quiet_since > patience * NS or self.is_behind(now)
            self.use = DeckUse.QUIET if is_quiet else DeckUse.IN_USE

    def keep_up(self, frame: int | None, now: int) -> None:
        """Note whether it brings `frame`, the one due on air now, in time."""
        newest = self.newest()
        if frame is None or newest is None or newest >= frame or self.done:
            self.late_since = now

    def moves(self, now: int) -> bool:
        """Return whether it brings frames, in time or late."""
        return now - self.quiet_since <= DECK_SILENT_AFTER * NS

    def is_behind(self, now: int) -> bool:
        """Return whether all its frames have come too late for OVERTAKEN_AFTER seconds."""
        return now - self.late_since > OVERTAKEN_AFTER * NS

    def _answers(self, now: int) -> bool:
        return self.up and now - self.heard <= ANSWER_WITHIN * NS

    def _free_old_slots(self) -> None:
        """Free the slots of earlier loads at once: a ring full of them would stall the deck."""
        tail, head = self.ring.tail, self.ring.head
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self.generation and self.shot is not None:
                break
            tail += 1
        if tail != self.ring.tail:
            self.ring.put_word(TAIL, tail)

    @property
    def works(self) -> bool:
        """Tell whether it has a shot and may bring more of it."""
        return self.use is DeckUse.IN_USE

    @property
    def is_empty(self) -> bool:
        """Tell whether its ring is empty."""
        return self.ring.tail >= self.ring.head

    @property
    def done(self) -> bool:
        """Tell whether it has reported that it will bring no more."""
        return self.report.state in (DeckState.ENDED, DeckState.FAILED)

    @property
    def waits(self) -> bool:
        """Tell whether it cannot open its shot because the machine lacks something."""
        return self.report.state is DeckState.WAITING

    def slot(self, frame: int) -> Slot | None:
        """Return the slot of house frame `frame` of its file, and free everything older; None when
        it is not there.
        """
        tail, head = self.ring.tail, self.ring.head
        found = None
        while tail < head:
            slot = self.ring.look(tail)
            if slot is not None and slot.generation == self.generation and slot.frame >= frame:
                found = slot
                break
            if slot is not None and slot.generation == self.generation and slot.captions:
                self._passed.append((slot.frame, slot.captions))
            tail += 1
        self.ring.put_word(TAIL, tail)
        return found if found is not None and found.frame == frame else None

    def passed(self, frame: int) -> bytes:
        """Return the captions of a frame that was freed shortly before."""
        return next((captions for number, captions in self._passed if number == frame), b"")

    def newest(self) -> int | None:
        """Return the last house frame in the ring; None when there is none."""
        slot = self.ring.look(self.ring.head - 1) if self.ring.head else None
        fits = slot is not None and slot.generation == self.generation
        return slot.frame if slot is not None and fits else None

    def lead(self, frame: int) -> int:
        """Return how many house frames wait from `frame` on; 0 when `frame` itself is not there.
        Older ones are freed: a ring full of the past would stall the deck for good.
        """
        found, newest = self.slot(frame), self.newest()
        return 0 if found is None or newest is None else newest - frame + 1

    def end(self) -> int | None:
        """Return the house frame after the file's last; None until that is known."""
        ended = self.ring.word(ENDED) == self.generation and self.shot is not None
        return self.ring.word(END_FRAME) if ended else None
