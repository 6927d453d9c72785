"""A deck: it conforms one file at a time into its ring, in a process of its own."""

import os
import select
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from config.child import beat
from config.clock import Clock
from config.means import lack, lack_to_open
from media.colour import OF_RGB
from playout.engine.decks.conform import Conformer
from playout.engine.decks.conform_job import ConformJob, seek_to
from playout.engine.decks.first_pictures import FirstPictures, read_first_pictures
from playout.engine.decks.join_pictures import JoinPictures, read_join_pictures
from playout.engine.decks.local_files import DeckError, checked_file, read_captions
from playout.engine.decks.orders import DeckOrders
from playout.engine.format.framing import PictureBox, fit
from playout.engine.format.ticks import NS, house_slot
from playout.engine.links.deck_ring import DeckRing
from playout.engine.links.messages import REPORT, SHOT
from playout.engine.links.port import Port
from playout.engine.links.ring import END_FRAME, ENDED, Ring
from playout.engine.memory import give_back_memory
from playout.engine.vlc.decoder import Sink, VlcDecoder
from playout.engine.vlc.file_options import family_of
from playout.engine.vlc.instance import VlcError
from playout.engine.vlc.tracks import FileTracks
from playout.model.engine import DeckReport, DeckState, Shot
from playout.model.pieces import source_frame

READY_FRAMES = 3
"""House frames in the ring that make a deck ready."""
LOADED_FRAMES = 15
"""House frames after which libVLC's first pictures were compared with libav's, which are large."""
STUCK_AFTER = 3.0
"""Seconds without a new frame after which a deck restarts: its decoder hangs."""
STEP_COUNTS_NS = NS // 10
"""Most that one step adds to them: time that a busy machine took is not held against the deck."""
ROUNDING_FRAMES = 0.05
"""Part of a house frame that a container's length may be short by, from rounding."""
SOUND_TAIL_FROM = 0.1
"""Seconds by which a shot must outlast the picture for the sound after it to air."""
RETRY_EVERY = 0.5
"""Seconds from one try to the next at a file for which the machine lacks something."""
EARLY_END_ALLOWED = 1.0
"""Seconds by which a file may end before its measured length and still have aired whole. An MP4
without its index ends 13 ms after it began, as if it had aired: that is a failure."""
LOOK_EVERY, LOOK_EVERY_ON_AIR, LOOK_EVERY_IDLE = 0.02, 0.1, 0.2
"""Seconds from one look at the decoder to the next: while a file opens or ends, while it plays, and
otherwise, which is how often it reports. An order wakes the deck at once."""
STILL_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}


class Decoder(Protocol):
    """A decoder as a deck needs it; `VlcDecoder` is the real one."""

    ended: bool
    failed: bool

    @property
    def draining(self) -> bool: ...

    def open(self, path: str, still: bool) -> FileTracks: ...

    def play(
        self, sink: Sink, box: PictureBox, start: float, interlaced: bool, stop: float | None = None
    ) -> None: ...

    def drain(self) -> None: ...

    def close(self) -> None: ...


class VlcDeck:
    """A deck over a decoder. Call `step` often: it notices ends and failures."""

    def __init__(
        self,
        ring: Ring,
        decoder: Decoder,
        clock: Clock,
        lacking: Callable[[], str] = lack_to_open,
    ) -> None:
        self._ring, self._decoder, self._clock = ring, decoder, clock
        self._lacking = lacking
        """What this process lacks to open a file; libVLC fails without saying so."""
        self._conformer: Conformer | None = None
        self._shot: Shot | None = None
        self._seconds: float | None = None
        self._state, self._reason = DeckState.IDLE, ""
        self._generation, self._no_captions = 0, ""
        self._watched = self._silent = self._slots = self._tried = 0
        self._is_trimmed = False
        """Whether what the load alone needed went back to the machine."""
        self.stuck = False
        """Whether the decoder hangs, so that only a new process helps."""

    def load(self, shot: Shot, generation: int | None = None) -> None:
        """Drop the current file, and fill the ring from `shot.offset`."""
        self.stop()
        self._generation = self._generation + 1 if generation is None else generation
        self._shot = shot
        self._try(shot)

    def _try(self, shot: Shot) -> None:
        self._state, self._reason = DeckState.CUEING, ""
        self._watched, self._silent, self._slots = self._clock.monotonic(), 0, 0
        self._is_trimmed = False
        try:
            lacking = self._lacking()
            if lacking:
                raise DeckError(lacking)
            self._start(shot)
        except (DeckError, VlcError, MemoryError, OSError) as error:
            self._fail(str(error), lack(error))

    def _start(self, shot: Shot) -> None:
        path = checked_file(shot.path)
        still = path.suffix.lower() in STILL_SUFFIXES
        tracks = self._decoder.open(str(path), still)
        if not (tracks.has_picture or tracks.has_sound):
            raise DeckError(f"{path.name} holds neither picture nor sound that can be played")
        house = self._ring.shape.format
        box = PictureBox(0, 0, house.width, house.height)
        if tracks.width and tracks.height:
            box = fit(tracks.width, tracks.height, tracks.sar, house)
        self._seconds = shot.length or (None if still else tracks.seconds)
        captions, self._no_captions = read_captions(shot.captions, house.rate)
        run = ConformJob(
            generation=self._generation,
            first=house_slot(house.rate, shot.offset),
            rate=tracks.rate or shot.rate or house.rate,
            box=box,
            matrix=OF_RGB if still else tracks.matrix,
            gain_db=shot.gain_db,
            has_picture=tracks.has_picture,
            has_sound=tracks.has_sound,
            still=still,
            opening=self._opening(path, box, tracks, shot, still),
            pictures=self._pictures(tracks, shot),
            captions=captions,
        )
        self._conformer = Conformer(self._ring, run, self._clock)
        start = 0.0 if still else seek_to(run, house.rate)
        self._decoder.play(self._conformer, box, start, tracks.interlaced, _stop(tracks, shot))

    def _opening(
        self, path: Path, box: PictureBox, tracks: FileTracks, shot: Shot, still: bool
    ) -> FirstPictures | JoinPictures | None:
        family = family_of(str(path))
        if still or not tracks.has_picture or family is None:
            return None
        house = self._ring.shape.format.rate
        first = house_slot(house, shot.offset)
        if not first:
            return read_first_pictures(path, family, box.width, box.height)
        if not shot.is_exact:
            return None
        rate = tracks.rate or shot.rate or house
        frame = source_frame(first, rate, house)
        return read_join_pictures(path, family, box, frame, rate, self._clock)

    def _pictures(self, tracks: FileTracks, shot: Shot) -> int:
        if not tracks.picture_seconds:
            return 0
        rate = self._ring.shape.format.rate
        return int(tracks.picture_seconds * rate + ROUNDING_FRAMES) - house_slot(rate, shot.offset)

    def _try_again(self) -> None:
        if self._shot is not None and self._clock.monotonic() - self._tried > RETRY_EVERY * NS:
            self._release()
            self._try(self._shot)

    def stop(self) -> None:
        """Stop filling. The slots in the ring belong to no shot from now on, and are empty."""
        self._release()
        self._ring.give_back()
        give_back_memory()
        self._shot = None
        self._state, self._reason = DeckState.IDLE, ""

    def _release(self) -> None:
        if self._conformer is not None:
            self._conformer.cancel()
        self._decoder.close()
        self._conformer = None

    def step(self) -> None:
        """Notice whatever happened since the last step."""
        conformer = self._conformer
        if self._state is DeckState.WAITING:
            self._try_again()
            return
        if conformer is None or self._state in (DeckState.ENDED, DeckState.FAILED):
            return
        conformer.pump()
        self._decoder.drain()
        if self._decoder.failed:
            self._fail("libVLC cannot play it")
        elif self._decoder.ended and not self._is_still():
            if conformer.finish():
                self._end(conformer)
        else:
            self._watch(conformer)

    def _is_still(self) -> bool:
        path = self._shot.path if self._shot else None
        return path is not None and Path(path).suffix.lower() in STILL_SUFFIXES and self._slots > 0

    def _watch(self, conformer: Conformer) -> None:
        now = self._clock.monotonic()
        if conformer.slots != self._slots or self._ring.room() <= 0:
            self._slots, self._silent = conformer.slots, 0
        if self._slots >= READY_FRAMES and self._state is DeckState.CUEING:
            self._state = DeckState.READY
        if self._slots >= LOADED_FRAMES and not self._is_trimmed:
            self._is_trimmed = give_back_memory()
        self._silent += min(now - self._watched, STEP_COUNTS_NS)
        self._watched = now
        if self._silent > STUCK_AFTER * NS:
            self.stuck = True

    def _end(self, conformer: Conformer) -> None:
        shot = self._shot
        assert shot is not None
        rate = self._ring.shape.format.rate
        last = house_slot(rate, shot.offset) + conformer.slots
        short = (self._seconds or 0.0) - float(last / rate)
        self._mark_end(last)
        if not conformer.slots:
            self._fail("it ended before its first picture")
        elif short > EARLY_END_ALLOWED:
            self._fail(f"it ended {short:.1f} seconds early")
        else:
            self._state = DeckState.ENDED

    def _mark_end(self, frame: int) -> None:
        self._ring.put_word(END_FRAME, frame)
        self._ring.put_word(ENDED, self._generation)

    def _fail(self, reason: str, lacked: str = "") -> None:
        """Give the file up; where it is the machine that lacks something, wait instead."""
        lacking = lacked or self._lacking()
        self._tried = self._clock.monotonic()
        self._state = DeckState.WAITING if lacking else DeckState.FAILED
        self._reason = lacking or reason

    @property
    def look_after(self) -> float:
        """Seconds after which `step` should be called again at the latest."""
        if self._state is DeckState.READY and not self._decoder.draining:
            return LOOK_EVERY_ON_AIR
        works = self._state in (DeckState.CUEING, DeckState.READY)
        return LOOK_EVERY if works else LOOK_EVERY_IDLE

    def report(self) -> DeckReport:
        """Return the deck's state, cue and lead, and why it failed, waits or has no captions."""
        cue = self._shot.cue if self._shot else None
        lead = self._ring.head - self._ring.tail if cue else 0
        return DeckReport(self._state, cue, lead, self._reason, self._no_captions if cue else "")


def _stop(tracks: FileTracks, shot: Shot) -> float | None:
    """Return where to end in the file: with its picture, where its later sound is not wanted."""
    ends, seconds = tracks.picture_ends, tracks.picture_seconds
    if shot.length is not None and seconds is not None and shot.length - seconds > SOUND_TAIL_FROM:
        return None
    return ends


def run_deck(ring_handle: int, port_handle: int, clock: Clock) -> None:
    """Run the deck process until killed. Exit when the decoder hangs or an order is lost, so that
    the supervisor starts a new one.
    """
    ring, port = DeckRing(ring_handle), Port(port_handle)
    deck, orders = VlcDeck(ring, VlcDecoder(clock), clock), DeckOrders(port, ring, clock)
    reported_at = 0
    port.send({"hello": os.getpid()})
    last: DeckReport | None = None
    while True:
        has_order, _, _ = select.select([port], [], [], deck.look_after)
        order = orders.newest() if has_order else None
        if order is not None and "load" in order:
            deck.load(SHOT.validate_python(order["load"]), orders.generation)
        elif order is not None:
            deck.stop()
        deck.step()
        beat()
        report, now = deck.report(), clock.monotonic()
        if last is None or replace(report, lead=last.lead) != last or now - reported_at > NS // 5:
            message = REPORT.dump_python(report, mode="json")
            port.send({"report": message, "generation": orders.generation})
            last, reported_at = report, now
        if deck.stuck:
            raise SystemExit("the decoder hangs; a new process takes over")
        if orders.is_one_lost(now):
            raise SystemExit("an order never came; a new process takes over")
