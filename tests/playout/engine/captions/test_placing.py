"""Captions of a file by slot: each pair once, in order, one a field, wherever a deck joins."""

from fractions import Fraction

import pytest

from media.captions.track import FIELD_1, FIELD_2, CaptionPacket, CaptionTrack, triplets_of
from playout.engine.captions.placing import PlacedCaptions

NTSC, DOUBLE, PAL, FILM = (
    Fraction(30000, 1001), Fraction(60000, 1001), Fraction(25), Fraction(24000, 1001),
)  # fmt: skip
RCL, EOC, CR = b"\x94\x20", b"\x94\x2f", b"\x94\xad"
NULL = b"\x80\x80"


def one(text: bytes, field: int = FIELD_1) -> bytes:
    """One pair as a triplet."""
    return bytes((field,)) + text


def track(captions: list[bytes], rate: Fraction) -> CaptionTrack:
    """A track with these captions in the pictures 0, 1, 2 ... of a file at `rate`."""
    return CaptionTrack(
        CaptionPacket(round(number * 1_000_000 / rate), piece)
        for number, piece in enumerate(captions)
        if piece
    )


def letters(count: int, field: int = FIELD_1) -> list[bytes]:
    """So many pairs, each another."""
    return [bytes((field, 0x20 + number // 64, 0x30 + number % 64)) for number in range(count)]


def slots(placed: PlacedCaptions, count: int) -> list[bytes]:
    return [placed.at(slot) for slot in range(count)]


def sent(placed: PlacedCaptions, field: int, count: int = 2000) -> list[bytes]:
    """All triplets of a field in the first slots, in order."""
    every = (one for slot in slots(placed, count) for one in triplets_of(slot))
    return [triplet for triplet in every if triplet[0] == field]


@pytest.mark.parametrize("rate", [NTSC, Fraction(30)])
def test_at_the_files_own_rate_each_pair_stays_with_its_picture(rate: Fraction) -> None:
    captions = letters(300)

    assert slots(PlacedCaptions(track(captions, rate), rate), 300) == captions


def test_at_double_rate_the_fields_take_turns() -> None:
    pairs = zip(letters(3), letters(3, FIELD_2), strict=True)
    placed = PlacedCaptions(track([first + second for first, second in pairs], NTSC), DOUBLE)

    assert slots(placed, 6) == [
        one(b"\x20\x30"), one(b"\x20\x30", FIELD_2), one(b"\x20\x31"),
        one(b"\x20\x31", FIELD_2), one(b"\x20\x32"), one(b"\x20\x32", FIELD_2),
    ]  # fmt: skip


def test_the_worked_example() -> None:
    captions = [*letters(4), b"", b"", b"", b"", one(b"zz")]
    placed = PlacedCaptions(track(captions, DOUBLE), NTSC)

    assert slots(placed, 6) == [*letters(4), one(b"zz"), b""]


@pytest.mark.parametrize("source", [NTSC, DOUBLE, PAL, FILM, Fraction(60), Fraction(50)])
@pytest.mark.parametrize("house", [NTSC, DOUBLE, PAL, Fraction(30), Fraction(50), Fraction(60)])
def test_no_pair_is_lost_or_sent_twice_at_any_two_rates(source: Fraction, house: Fraction) -> None:
    lively = 200
    captions = [a + b for a, b in zip(letters(lively), letters(lively, FIELD_2), strict=True)]
    placed = PlacedCaptions(track(captions, source), house)

    assert sent(placed, FIELD_1) == letters(lively)
    assert sent(placed, FIELD_2) == letters(lively, FIELD_2)


@pytest.mark.parametrize("house", [NTSC, DOUBLE, Fraction(60), Fraction(30)])
def test_a_field_sends_at_most_one_pair_for_each_picture_of_30(house: Fraction) -> None:
    placed = PlacedCaptions(track([piece * 5 for piece in letters(40)], NTSC), house)
    most = 1 if house > 31 else 2
    shares = [list(triplets_of(slot)) for slot in slots(placed, 500)]

    assert all(len({one[0] for one in share}) == len(share) <= most for share in shares)


def test_a_lump_of_pairs_is_spread_over_the_slots_after_it() -> None:
    lump = b"".join(letters(15))
    placed = PlacedCaptions(track([b"", lump, *[b""] * 30], NTSC), NTSC)

    assert slots(placed, 17) == [b"", *letters(15), b""]


def test_null_pairs_take_no_slot() -> None:
    captions = [one(NULL) + one(b"ab"), one(NULL), one(b"cd")]

    assert slots(PlacedCaptions(track(captions, NTSC), NTSC), 3) == [one(b"ab"), b"", one(b"cd")]


@pytest.mark.parametrize(("source", "house"), [(PAL, NTSC), (FILM, NTSC), (FILM, DOUBLE)])
def test_a_control_code_and_its_double_stay_adjacent(source: Fraction, house: Fraction) -> None:
    captions = [piece for _ in range(30) for piece in (one(CR), one(CR), one(b"ab"), b"")]
    placed = PlacedCaptions(track(captions, source), house)
    own = [slot for slot in slots(placed, 600) if FIELD_1 in slot[::3] or not slot]
    every = [slot for number, slot in enumerate(own) if house is NTSC or number % 2 == 0]
    places = [number for number, slot in enumerate(every) if one(CR) in slot]

    assert len(places) == 60
    assert all(after - before == 1 for before, after in zip(places[::2], places[1::2], strict=True))


def test_the_same_command_twice_without_a_double_is_kept_apart() -> None:
    captions = [b"".join(letters(4)), one(CR), b"", one(CR)]
    placed = PlacedCaptions(track(captions, NTSC), NTSC)

    assert slots(placed, 8)[4:] == [one(CR), b"", one(CR), b""]


def test_packets_of_708_fill_what_the_pairs_leave() -> None:
    packet = b"\xff\x02\x21" + b"\xfe\x41\x00" * 30
    placed = PlacedCaptions(track([one(b"ab") + packet[:90], packet[:3]], NTSC), NTSC)
    first, second = slots(placed, 2)

    assert first == one(b"ab") + packet[:54]
    assert second == packet[54:90] + packet[:3]


def test_rounded_times_belong_to_the_picture_that_they_mean() -> None:
    packets = [CaptionPacket(round(n * 1001 / 30) * 1000, one(b"ab")) for n in range(3000)]

    assert slots(PlacedCaptions(CaptionTrack(packets), NTSC), 3000) == [one(b"ab")] * 3000


def test_a_track_without_captions_has_none_in_any_slot() -> None:
    placed = PlacedCaptions(CaptionTrack(), NTSC)

    assert slots(placed, 5) == [b""] * 5
    assert PlacedCaptions(track([one(NULL)], NTSC), NTSC).at(0) == b""


def test_the_last_slots_of_six_hours_are_placed_as_exactly_as_the_first() -> None:
    number = 6 * 3600 * 30
    late = CaptionTrack([CaptionPacket(round(number * 1_000_000 / NTSC), one(b"ab"))])

    assert PlacedCaptions(late, NTSC).at(number) == one(b"ab")
    assert PlacedCaptions(late, DOUBLE).at(2 * number) == one(b"ab")
