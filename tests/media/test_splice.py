"""A time in the copy for every packet of a stream, or a reason why it has none."""

from fractions import Fraction

import pytest

from media.splice import LEAST_DECODE_STEP, LeftOut, PacketTimes, Splice, SplicedTrack

ONE = Fraction(1, 25)


def placed(*stretches, leading="video"):
    """Place (kind, decoded, shown) in pictures of 1/25 s; the times in the copy and the tracks."""
    tracks = {"video": SplicedTrack(), "audio": SplicedTrack()}
    splice, found = Splice(leading, tracks), []
    for stretch in stretches:
        splice.begin(next(shown for kind, _, shown in stretch if kind == leading) * ONE)
        for kind, decoded, shown in stretch:
            tracks[kind].read += 1
            found.append(splice.place(kind, PacketTimes(decoded * ONE, shown * ONE, ONE)))
    return found, tracks


def pictures(*times):
    return [("video", decoded, shown) for decoded, shown in times]


def sounds(*times):
    return [("audio", at, at) for at in times]


def shown(found):
    return [round(at[1] / ONE) if not isinstance(at, LeftOut) else at for at in found]


def test_times_go_on_as_they_came():
    found, _ = placed(pictures((0, 2), (1, 4), (2, 3), (3, 5)))
    assert shown(found) == [0, 2, 1, 3]


@pytest.mark.parametrize("back", [1, 4, 30, 5000])
def test_a_second_encode_that_begins_before_the_first_has_ended_loses_no_picture(back):
    first = [(n, n + 2) for n in range(50)]
    second = [(n + 50 - back, n + 52 - back) for n in range(50)]
    found, tracks = placed(pictures(*first, *second))
    assert shown(found) == list(range(100))
    assert tracks["video"].written == 100


def test_a_second_encode_that_looks_further_ahead_follows_at_once_and_is_decoded_in_order():
    first = [(n, n) for n in range(10)]
    second = [(6, 10), (7, 14), (8, 12), (9, 11), (10, 13), (11, 15)]
    found, _ = placed(pictures(*first, *second))
    decoded = [at[0] for at in found]
    assert sorted(shown(found)) == list(range(16))
    assert all(a + LEAST_DECODE_STEP <= b for a, b in zip(decoded, decoded[1:], strict=False))


def test_the_next_stretch_begins_where_the_one_before_ended_however_far_it_looks_ahead():
    found, _ = placed(pictures((0, 0), (1, 1)), pictures((70, 74), (71, 75)))
    assert shown(found) == [0, 1, 2, 3]


def test_one_packet_with_a_wrong_time_moves_no_later_one():
    found, tracks = placed(pictures((0, 0), (1, 1), (1, 1), (3, 3), (4, 4), (900, 900), (6, 6)))
    assert shown(found) == list(range(7))
    assert tracks["video"].written == 7


def test_overlapping_sound_is_dropped_and_counted():
    found, tracks = placed(pictures((0, 0)) + sounds(0, 1, 2, 1, 2, 3))
    assert shown(found)[1:] == [0, 1, 2, LeftOut.COVERED, LeftOut.COVERED, 3]
    assert tracks["audio"].left == {LeftOut.COVERED: 2} and tracks["audio"].written == 4


def test_sound_from_before_its_stretch_is_dropped_and_counted():
    found, tracks = placed(sounds(7, 8) + pictures((8, 8)) + sounds(9))
    assert shown(found) == [LeftOut.EARLY, 0, 0, 1]
    assert tracks["audio"].left == {LeftOut.EARLY: 1}


def test_sound_alone_follows_as_pictures_do():
    found, tracks = placed(sounds(0, 1, 2, 1, 2, 3), leading="audio")
    assert shown(found) == list(range(6)) and tracks["audio"].written == 6
