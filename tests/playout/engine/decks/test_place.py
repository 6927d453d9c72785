"""Dated pictures: each is placed where its date says, and repeated slots are flagged."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from config.clock import SystemClock
from config.names import HouseFormat
from playout.engine.decks.conform import Conformer
from playout.engine.decks.conform_job import ConformJob
from playout.engine.format.framing import PictureBox
from playout.engine.links.deck_ring import DeckRing
from playout.engine.links.ring import REPEATED, SAME_PICTURE, TAIL, Picture, Ring
from playout.engine.links.ring_shape import deck_ring_shape, make_ring
from playout.engine.vlc.callbacks import Canvas
from playout.model.pieces import source_frame

SMALL = HouseFormat.parse("128x72@30000/1001")
START = 9_000_000


def picture(number: int) -> Sequence[Picture]:
    luma = np.full((72, 128), 16 + number, dtype=np.uint8)
    return [luma, np.full((36, 64), 128, np.uint8), np.full((36, 64), 128, np.uint8)]


class Bench:
    """A conformer whose ring is read as it fills: source picture and flags of each house slot."""

    def __init__(
        self, rate: Fraction, has_sound: bool = False, pictures: int = 0, *, lends: bool = True
    ) -> None:
        """Make a bench; without `lends` each picture is copied into the ring, not drawn there."""
        self.rate = rate
        handle = make_ring("test", deck_ring_shape(SMALL, 2.0))
        self.ring = DeckRing(handle) if lends else Ring(handle)
        self.shown: Canvas | None = None
        self.drawn = 0
        run = ConformJob(
            1, 0, rate, PictureBox(0, 0, 128, 72), has_sound=has_sound, pictures=pictures
        )
        self.conform = Conformer(self.ring, run, SystemClock())
        self.seen: list[int] = []
        self.held: list[int] = []
        self.again: list[int] = []

    def date(self, number: int) -> int:
        return START + round(number * 1e6 / self.rate)

    def show(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.conform.picture(self.draw(number), self.date(number), True)
            self.read()

    def draw(self, number: int) -> Sequence[Picture]:
        """Return a picture, drawn into the ring where that lends a place, as libVLC does."""
        drawn, canvas = picture(number), self.conform.lend(self.shown)
        if canvas is None:
            return drawn
        assert self.shown is None or canvas.place != self.shown.place
        for plane, part in zip(canvas.planes, drawn, strict=True):
            plane[:] = part
        self.shown, self.drawn = canvas, self.drawn + 1
        return canvas.planes

    def read(self) -> None:
        while self.ring.tail < self.ring.head:
            slot = self.ring.look(self.ring.tail)
            assert slot is not None
            if slot.flags & REPEATED:
                self.held.append(slot.frame)
            if slot.flags & SAME_PICTURE:
                self.again.append(slot.frame)
            self.seen.append(int(slot.picture[0]) - 16)
            self.ring.put_word(TAIL, self.ring.tail + 1)


def without(count: int, lost: Iterable[int]) -> list[int]:
    gone = set(lost)
    return [number for number in range(count) if number not in gone]


def test_lost_picture_at_house_rate_is_repeated_and_counted() -> None:
    bench = Bench(SMALL.rate)
    bench.show(without(120, [50, 70, 71]))
    wanted = list(range(120))
    wanted[50], wanted[70], wanted[71] = 49, 69, 69
    assert bench.seen == wanted
    assert bench.held == [50, 70, 71]
    assert bench.conform.missed == 3


def test_whole_file_has_no_repeated_or_skipped_picture() -> None:
    bench = Bench(SMALL.rate)
    bench.show(range(200))
    assert bench.seen == list(range(200))
    assert bench.held == []


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(25), Fraction(60000, 1001)])
def test_other_rates_stay_even_after_a_loss(rate: Fraction) -> None:
    bench = Bench(rate)
    bench.show(without(160, [60, 61, 62]))
    even = [source_frame(slot, rate, SMALL.rate) for slot in range(len(bench.seen))]
    off = [slot for slot, number in enumerate(bench.seen) if number != even[slot]]
    assert off == bench.held
    assert {bench.seen[slot] for slot in off} <= {58, 59}
    assert {even[slot] for slot in off} <= {60, 61, 62}


@pytest.mark.parametrize("lost", [[50], [50, 51, 52, 53, 54, 55, 56], range(45, 75)])
def test_pictures_lost_while_the_picture_is_still_do_not_count(
    lost: Iterable[int],
) -> None:
    bench = Bench(SMALL.rate)
    for number in without(120, lost):
        slide = picture(1 if number < 80 else 2)
        bench.conform.picture(slide, bench.date(number), number not in range(70, 80))
        bench.read()

    assert bench.seen == [1] * 80 + [2] * 40
    assert (bench.held, bench.again) == ([], [])


def test_pictures_lost_before_it_comes_to_rest_are_repeated_and_counted() -> None:
    bench = Bench(SMALL.rate)
    for number in without(120, [50, 51]):
        bench.conform.picture(picture(min(number, 52)), bench.date(number), True)
        bench.read()

    assert bench.seen == [*range(50), 49, 49, *[52] * 68]
    assert bench.held == [50, 51]


@pytest.mark.parametrize(("stands", "held"), [(True, []), (False, [57, 58, 59])])
def test_the_last_pictures_of_a_file_are_missed_only_where_it_moved(
    stands: bool, held: list[int]
) -> None:
    bench = Bench(SMALL.rate, has_sound=True, pictures=60)
    bench.conform.sound(np.zeros((48_000 * 3, 2), dtype=np.int16), START)
    for number in range(57):
        bench.conform.picture(picture(3 if stands else number), bench.date(number), True)
        bench.read()
    while not bench.conform.finish():
        bench.read()
    bench.read()

    assert len(bench.seen) >= 60
    assert bench.held == held


def test_a_hole_longer_than_the_ring_is_filled_as_the_ring_empties() -> None:
    bench = Bench(SMALL.rate, has_sound=False)
    bench.show(range(30))
    gone = bench.ring.shape.slots // 2
    bench.show(range(30 + gone, 60 + gone))
    assert bench.seen[30 + gone :] == list(range(30 + gone, 60 + gone))
    assert bench.held == list(range(30, 30 + gone))


def test_pictures_in_doubt_at_the_end_are_still_shown() -> None:
    bench = Bench(SMALL.rate)
    bench.show(range(40))
    bench.show(range(41, 44))
    assert bench.seen == list(range(40))
    assert bench.conform.finish()
    bench.read()
    assert bench.seen[40:] == [41, 42, 43]


def test_late_pictures_are_counted() -> None:
    bench = Bench(SMALL.rate)
    bench.show(range(30))
    for number in range(30, 60):
        bench.conform.picture(picture(number), bench.date(60), False)
        bench.read()
    bench.show(range(60, 90))
    assert bench.seen == list(range(90))
    assert bench.held == []


def test_sound_stays_with_the_pictures_that_came_after_a_loss() -> None:
    bench = Bench(SMALL.rate, has_sound=True)
    sound = np.zeros((48_000 * 4, 2), dtype=np.int16)
    at = 80 * 1001 * 48_000 // 30_000
    sound[at : at + 200] = 8000
    bench.conform.sound(sound, START)
    slots = []
    for number in without(100, [50]):
        bench.conform.picture(picture(number), bench.date(number), True)
        while bench.ring.tail < bench.ring.head:
            slot = bench.ring.look(bench.ring.tail)
            assert slot is not None
            if np.abs(slot.sound[1:-1]).max() > 4000:
                slots.append(int(slot.picture[0]) - 16)
            bench.ring.put_word(TAIL, bench.ring.tail + 1)
    assert slots == [80]


@pytest.mark.parametrize("rate", [5, 12, 24, 25, 50, 60, Fraction(30000, 1001)])
@pytest.mark.parametrize("lost", [(), (40,), (40, 41, 42, 70)])
def test_a_picture_drawn_in_its_place_airs_as_one_that_is_copied(
    rate: Fraction, lost: tuple[int, ...]
) -> None:
    drawn, copied = (Bench(Fraction(rate), lends=lends) for lends in (True, False))
    for bench in (drawn, copied):
        bench.show(without(120, lost))
        bench.conform.finish()
        bench.read()

    assert (drawn.drawn, copied.drawn) == (120 - len(lost), 0)
    assert (drawn.seen, drawn.held, drawn.again) == (copied.seen, copied.held, copied.again)
