"""The length of a file as a player shows it, whatever its clock begins with."""

from fractions import Fraction

import pytest

from media.extent import AiredSpan, Extent, aired_span

RATE = Fraction(25)


def extent(first, last, sound=None, lasts=0.04, keys=()):
    found = Extent()
    for n in range(round((last - first) * 25) + 1):
        at = first + n / 25
        found.note_picture(at, lasts, key=n == 0 or round(at) in keys and at % 1 < 0.001)
    if sound is not None:
        found.note_sound(*sound)
    return found


def span(*given, declared=1000.0, rate=RATE, **more):
    found = aired_span(extent(*given, **more), rate, declared)
    return tuple(round(value, 3) for value in (found.begin, found.end, found.stands))


@pytest.mark.parametrize("begin", [0, 2, 30, 95443])
def test_a_file_is_as_long_wherever_its_clock_begins(begin):
    assert span(begin, begin + 7.96, (begin, begin + 8)) == (begin, begin + 8, 0)


def test_a_little_more_sound_at_either_end_is_ignored():
    assert span(0.3, 8.26, (0, 8.7)) == (0.3, 8.3, 0)


def test_sound_that_goes_on_without_a_picture_belongs_to_the_file():
    assert span(2, 9.96, (0, 10)) == (0, 10, 2)
    assert span(0, 0, (0, 20)) == (0, 20, 19.96)
    assert span(3, 4.96, (0, 8)) == (0, 8, 6)


def test_a_last_picture_lasts_its_duration_but_not_beyond_the_end_of_the_file():
    assert span(0, 14, lasts=6, declared=20) == (0, 20, 5.96)
    assert span(0, 14, lasts=6000, declared=14.04) == (0, 14.04, 0)


def test_a_last_picture_of_a_varying_rate_lasts_its_duration():
    assert span(0, 14, lasts=6, declared=20, rate=None) == (0, 20, 0)


def test_sound_alone_is_as_long_as_it_is():
    found = Extent()
    found.note_sound(30, 31)
    found.note_sound(31, 38)
    assert aired_span(found, None, 38) == AiredSpan(30, 38)


def test_the_longest_key_gap_includes_the_last_picture():
    assert extent(0, 30, keys=(10, 12)).key_gap() == pytest.approx(18)
    assert extent(0, 30).key_gap() == pytest.approx(30)
    assert Extent().key_gap() == 0
