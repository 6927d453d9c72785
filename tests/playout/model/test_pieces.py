"""Pieces of a file on the ticks of a house: exact at every pair of rates."""

from datetime import timedelta
from fractions import Fraction

import pytest

from playout.model.pieces import (
    Part,
    Piece,
    joined,
    length_of,
    part_at,
    parts_of,
    place_of,
    source_frame,
    span_of,
)

NTSC, PAL, FILM = Fraction(30000, 1001), Fraction(25), Fraction(24000, 1001)
RATES = [NTSC, PAL, FILM, Fraction(24), Fraction(30), Fraction(50), Fraction(60000, 1001)]
PIECES = (((1, 100),), ((10, 35), (50, 60)), ((7, 8), (900, 1001), (3, 1001)), ((99, 100), (0, 5)))


def shown(pieces: tuple[Piece, ...], rate: Fraction, house: Fraction) -> list[int]:
    """Return the frame on each tick of the cut."""
    parts = parts_of(pieces, rate, house)
    ticks = range(parts[-1].ends)
    return [source_frame(part_at(parts, n).file_tick(n), rate, house) for n in ticks]


def test_the_worked_example() -> None:
    assert parts_of(((10, 35), (50, 60)), PAL, NTSC) == (Part(1, 0, 30, 12), Part(2, 30, 42, 60))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("house", RATES)
@pytest.mark.parametrize("pieces", PIECES)
def test_every_tick_of_a_marked_frame_airs_and_no_other(
    pieces: tuple[Piece, ...], rate: Fraction, house: Fraction
) -> None:
    whole = [source_frame(tick, rate, house) for tick in range(3000)]
    expected = [frame for first, after in pieces for frame in whole if first <= frame < after]

    assert shown(pieces, rate, house) == expected


@pytest.mark.parametrize("rate", [NTSC, PAL, Fraction(2997, 100)])
def test_at_the_rate_of_the_house_each_frame_has_one_tick(rate: Fraction) -> None:
    house = NTSC if abs(rate - NTSC) < 1 else PAL
    far = 4 * 3600 * 30

    assert shown(((far, far + 90), (5, 10)), rate, house) == [*range(far, far + 90), *range(5, 10)]


def test_pieces_that_follow_on_one_another_are_one() -> None:
    assert joined(((0, 10), (10, 20), (30, 40), (20, 30))) == ((0, 20), (30, 40), (20, 30))
    assert len(parts_of(((0, 10), (10, 20)), PAL, PAL)) == 1


def test_a_piece_between_two_ticks_is_left_out() -> None:
    assert [part.first for part in parts_of(((1, 2), (4, 8)), Fraction(60), Fraction(30))] == [2]


def test_lengths_do_not_add_up_rounding_errors() -> None:
    many = tuple((n * 10, n * 10 + 1) for n in range(30000))

    assert length_of(many, NTSC) == timedelta(seconds=1001)
    assert span_of(30, NTSC) == timedelta(microseconds=1001000)


def test_sound_alone_is_counted_in_hundredths() -> None:
    assert length_of(((50, 250),), None) == timedelta(seconds=2)
    assert parts_of(((50, 250),), None, PAL) == (Part(1, 0, 50, 13),)


@pytest.mark.parametrize(("frame", "place"), [(10, 0), (34, 24), (35, None), (50, 25), (9, None)])
def test_where_a_frame_of_the_file_is_in_the_cut(frame: int, place: int | None) -> None:
    assert place_of(((10, 35), (50, 60)), frame) == place
