"""What left is compared with what was placed: expected stillness, darkness and silence pass."""

from dataclasses import dataclass

import numpy as np
import pytest

from playout.engine.links.placed import Placed
from playout.engine.watching.compare import Memory, compared, picture_match, sound_match
from playout.engine.watching.seen import Level, Look, Match, SoundMatch, StreamSecond
from playout.engine.watching.signature import BLOCKS, signature

NS = 1_000_000_000
TICK = NS // 30
END = 20 * NS


def scene(number: int) -> np.ndarray:
    """Return the blocks of a picture like no other."""
    return np.random.default_rng(number).integers(40, 200, BLOCKS).astype(np.uint8)


def placed(*pictures: int, power: float = 0.01, end: int = END) -> Placed:
    """Return notes of ticks up to `end`, one second for each picture; 0 is a black one."""
    blocks = [np.full(BLOCKS, 16, np.uint8) if one == 0 else scene(one) for one in pictures]
    count = 30 * len(pictures)
    instants = end - TICK * np.arange(count, 0, -1)
    return Placed(
        instants.astype(np.int64),
        np.full(count, power, np.float32),
        np.repeat(np.array(blocks), 30, axis=0),
    )


def look(blocks: np.ndarray, at: int = END) -> Look:
    return Look(at, blocks)


BLACK = np.full(BLOCKS, 16, np.uint8)


@pytest.mark.parametrize(
    ("program", "left", "right", "match"),
    [
        ((1, 2, 3, 4), scene(4), None, Match.RIGHT),
        ((1, 2, 3, 4), scene(1), None, Match.RIGHT),
        ((4, 4, 4, 4), scene(4), scene(4), Match.RIGHT),
        ((0, 0, 0, 0), BLACK, None, Match.RIGHT),
        ((1, 2, 3, 4), BLACK, None, Match.BLACK),
        ((1, 2, 3, 4), scene(9), scene(1), Match.WRONG),
        ((2, 3, 4, 5), scene(1), scene(1), Match.FROZEN),
        ((0, 0, 0, 0), scene(1), scene(1), Match.FROZEN),
        ((1,), scene(9), None, Match.UNKNOWN),
    ],
)
def test_a_picture_is_right_if_it_was_placed_lately(
    program: tuple[int, ...], left: np.ndarray, right: np.ndarray | None, match: Match
) -> None:
    assert picture_match(look(left), placed(*program), right)[0] is match


def test_coding_may_change_a_picture_a_little() -> None:
    rough = (scene(4).astype(int) + np.random.default_rng(1).integers(-5, 6, BLOCKS)).clip(0, 255)

    assert picture_match(look(rough.astype(np.uint8)), placed(1, 2, 3, 4), None)[0] is Match.RIGHT


def test_a_picture_of_a_hole_in_the_notes_says_nothing() -> None:
    whole = placed(1, 2, 3, 4)
    keep = np.r_[0:60, 90:120]
    holed = Placed(whole.instants[keep], whole.powers[keep], whole.signatures[keep])

    assert picture_match(look(scene(9)), holed, None)[0] is Match.UNKNOWN


def test_a_picture_that_moves_tells_its_delay() -> None:
    notes = placed(1, 2, 3, 4)
    moving = np.clip(notes.signatures.astype(int) + np.arange(120)[:, None] % 30, 0, 255).astype(
        np.uint8
    )
    notes = Placed(notes.instants, notes.powers, moving)
    match, delay = picture_match(look(moving[95]), notes, None)

    assert match is Match.RIGHT
    assert delay == pytest.approx((END - int(notes.instants[95])) / NS, abs=0.1)
    assert picture_match(look(scene(4)), placed(4, 4, 4, 4), None)[1] is None


def test_a_picture_waits_until_it_is_known_what_was_placed() -> None:
    """The monitor's notes may be a second behind the stream on a busy machine."""
    early = look(scene(5), END + 2 * NS)
    second = StreamSecond(END, looks=(early,))
    first = compared(second, placed(1, 2, 3, 4), Memory())
    then = compared(StreamSecond(END + 2 * NS), placed(3, 4, 5, 5, end=END + 2 * NS), first.memory)

    assert (first.judged.picture, then.judged.picture) == (Match.UNKNOWN, Match.RIGHT)


def test_a_picture_is_given_up_where_nobody_notes_what_is_placed() -> None:
    first = compared(StreamSecond(END, looks=(look(scene(9), END + NS),)), Placed(), Memory())
    then = compared(StreamSecond(END + 4 * NS), Placed(), first.memory)

    assert first.memory.waiting and not then.memory.waiting
    assert then.judged.picture is Match.UNKNOWN


def levels(*powers: float) -> tuple[Level, ...]:
    """Return five seconds of sound, each a fifth at one power, that end with the notes."""
    per = 200 // len(powers)
    every = [power for power in powers for _ in range(per)]
    return tuple(
        Level(END - 5 * NS + number * 25_000_000, power) for number, power in enumerate(every)
    )


@dataclass(frozen=True)
class Sounds:
    left: tuple[float, ...]
    program: float
    match: SoundMatch


@pytest.mark.parametrize(
    "given",
    [
        Sounds((0.01,), 0.01, SoundMatch.RIGHT),
        Sounds((0.0,), 0.01, SoundMatch.SILENT),
        Sounds((0.0,), 0.0, SoundMatch.UNKNOWN),
        Sounds((0.0,), 1e-8, SoundMatch.UNKNOWN),
        Sounds((0.16,), 0.01, SoundMatch.LOUD),
        Sounds((0.03,), 0.01, SoundMatch.RIGHT),
        Sounds((1e-5,), 1e-8, SoundMatch.RIGHT),
        Sounds((0.01, 0.0, 0.01, 0.0, 0.01), 0.01, SoundMatch.RIGHT),
    ],
)
def test_sound_is_judged_by_what_was_placed(given: Sounds) -> None:
    notes = placed(*range(1, 13), power=given.program)

    assert sound_match(levels(*given.left), notes) is given.match


def test_the_signature_of_a_picture_is_the_same_at_every_size() -> None:
    small = np.kron(np.random.default_rng(3).integers(30, 220, (18, 32)), np.ones((20, 20))).astype(
        np.uint8
    )
    large = np.kron(small, np.ones((2, 2))).astype(np.uint8)
    wide = large[:, (np.arange(704) * 1280 // 704)]

    assert np.array_equal(signature(small), signature(large))
    apart = np.abs(signature(wide).astype(int) - signature(large))
    assert (apart > 6).sum() < 40
