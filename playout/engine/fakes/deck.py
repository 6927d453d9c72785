"""A deck without libVLC: its pictures are plain grey levels that count house frames."""

from collections.abc import Mapping

from config.clock import Clock
from playout.engine.decks.conform_job import CaptionsOfSlot, no_captions
from playout.engine.decks.local_files import read_captions
from playout.engine.fakes.engine import FakeFile
from playout.engine.format.ticks import NS, house_slot, sound_before
from playout.engine.links.ring import END_FRAME, ENDED, NO_PICTURE, Ring
from playout.model.engine import DeckReport, DeckState, Shot

DEFAULT_SECONDS = 3600.0
"""Length of a file whose shot has no length."""


class FakeDeck:
    """Obeys `waist.Deck` in simulated time; `step` fills the ring up to now."""

    def __init__(self, ring: Ring, clock: Clock, files: Mapping[str, FakeFile]) -> None:
        self._ring, self._clock, self._files = ring, clock, files
        self._shot: Shot | None = None
        self._state, self._reason = DeckState.IDLE, ""
        self._generation = self._loaded = self._made = 0
        self._captions: CaptionsOfSlot = no_captions
        self._no_captions = ""
        self.lacks = ""
        """What the machine lacks, so that no file can be opened; empty while it lacks nothing."""
        self.is_loud = False
        """Whether every sample is at full scale."""

    def load(self, shot: Shot, generation: int | None = None) -> None:
        """Drop the current shot, and fill the ring from `shot.offset`."""
        self.stop()
        self._generation = self._generation + 1 if generation is None else generation
        self._shot = shot
        self._captions, self._no_captions = read_captions(
            shot.captions, self._ring.shape.format.rate
        )
        self._open()

    def _open(self) -> None:
        self._loaded, self._made = self._clock.monotonic(), 0
        self._state, self._reason = DeckState.CUEING, ""
        if self.lacks:
            self._state, self._reason = DeckState.WAITING, self.lacks
        elif self._file.fails:
            self._state, self._reason = DeckState.FAILED, self._file.fails

    @property
    def _file(self) -> FakeFile:
        return self._files.get(self._shot.path or "" if self._shot else "", FakeFile())

    def stop(self) -> None:
        """Stop filling."""
        self._shot, self._state, self._reason = None, DeckState.IDLE, ""

    def step(self) -> None:
        """Put into the ring what a decoder at normal speed would have put there by now."""
        if self._shot is None or self._state in (DeckState.FAILED, DeckState.ENDED):
            return
        if self._state is DeckState.WAITING:
            self._open()
            return
        rate = self._ring.shape.format.rate
        gone = (self._clock.monotonic() - self._loaded) / NS - self._file.ready_after
        first = house_slot(rate, self._shot.offset)
        last = house_slot(rate, self._ends())
        while self._made < gone * rate and first + self._made < last and self._ring.room() > 0:
            self._put(first + self._made)
            self._made += 1
        if self._made >= 3 and self._state is DeckState.CUEING:
            self._state = DeckState.READY
        if first + self._made >= last and self._file.hangs_at is None:
            self._end(last)

    def _ends(self) -> float:
        file, length = self._file, (self._shot.length if self._shot else None) or DEFAULT_SECONDS
        known = [length, file.ends_after, file.hangs_at]
        return min(value for value in known if value is not None)

    def _put(self, frame: int) -> None:
        rate, position = self._ring.shape.format.rate, self._ring.head
        slot = self._ring.begin(position)
        slot.picture[:] = 32 + frame % 200
        samples = sound_before(rate, frame + 1) - sound_before(rate, frame) + 2
        slot.sound[:samples] = 32767 if self.is_loud else frame % 1000
        flags = NO_PICTURE if self._shot is not None and not self._shot.has_picture else 0
        self._ring.commit(position, self._generation, frame, flags, samples, self._captions(frame))

    def _end(self, frame: int) -> None:
        self._ring.put_word(END_FRAME, frame)
        self._ring.put_word(ENDED, self._generation)
        self._state = DeckState.ENDED
        expected = self._shot.length if self._shot else None
        early = (expected or 0.0) - float(frame / self._ring.shape.format.rate)
        if early > 1.0:
            self._state, self._reason = DeckState.FAILED, f"it ended {early:.1f} seconds early"

    def report(self) -> DeckReport:
        """Return the state of the deck."""
        cue = self._shot.cue if self._shot else None
        lead = self._ring.head - self._ring.tail if cue else 0
        return DeckReport(self._state, cue, lead, self._reason, self._no_captions if cue else "")
