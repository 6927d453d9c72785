"""The primary service of 708 in words."""

from hypothesis import given
from hypothesis import strategies as st
from support.captioned import DEFINE_HIDDEN, DEFINE_SHOWN, dtvcc

from media.captions.dtvcc import decode_708

SECOND = 1_000_000
SHOW, HIDE, TOGGLE, DELETE, CLEAR = (bytes((code, 0x01)) for code in (0x89, 0x8A, 0x8B, 0x8C, 0x88))
NEW_LINE, BACK = b"\x0d", b"\x08"


def said(*blocks: tuple[float, bytes], until: float = 60, service: int = 1):
    """The captions of blocks by time, in seconds."""
    pieces = [(round(at * SECOND), dtvcc(service, data)) for at, data in blocks]
    cues = decode_708(pieces, round(until * SECOND))
    return [(cue.begin / SECOND, cue.end / SECOND, cue.lines) for cue in cues]


def test_a_window_written_hidden_is_a_caption_while_it_is_shown():
    assert said((1, DEFINE_HIDDEN + b"Good" + NEW_LINE + b"evening."), (2, SHOW), (4, HIDE)) == [
        (2, 4, ("Good", "evening."))
    ]


def test_a_deleted_or_cleared_window_ends_its_caption():
    for end in (DELETE, CLEAR, TOGGLE, b"\x8f", b"\x0c"):
        assert said((1, DEFINE_SHOWN + b"Hi"), (3, end)) == [(1, 3, ("Hi",))]


def test_each_row_of_a_window_that_rolls_is_a_caption():
    assert said(
        (1, DEFINE_SHOWN + b"One"), (2, b" more"), (3, NEW_LINE + b"Two"), (5, NEW_LINE + b"Three"),
        until=9,
    ) == [(1, 3, ("One more",)), (3, 5, ("Two",)), (5, 9, ("Three",))]  # fmt: skip


def test_letters_beyond_ascii_are_read():
    assert said((1, DEFINE_SHOWN + "Núñez ".encode("latin-1") + b"\x10\x31a\x10\x32 \x7f")) == [
        (1, 60, ("Núñez ‘a’ ♪",))
    ]
    assert said((1, DEFINE_SHOWN + b"\x18\x01\x60\x18\x20\xac")) == [(1, 60, ("Š€",))]


def test_mistakes_are_taken_back():
    assert said((1, DEFINE_SHOWN + b"Helo" + BACK + b"lo"), (2, b"\x0eBye")) == [(1, 60, ("Bye",))]


def test_the_pen_and_the_place_of_a_window_are_kept():
    pieces = [(SECOND, dtvcc(1, DEFINE_SHOWN + b"\x92\x01\x04Low"))]
    ((row,),) = [cue.rows for cue in decode_708(pieces, 2 * SECOND)]

    assert (row.row, row.column, row.text) == (14, 4, "Low")


def test_other_services_and_unknown_codes_are_skipped():
    assert said((1, DEFINE_SHOWN + b"Hola"), service=2) == []
    styled = (
        b"\x90\x05\x00\x91\x2a\x00\x00\x97\x00\x00\x00\x00\x8d\x05\x8e\x10\x8a\x00\x00\x00\x00\x00"
    )
    assert said((1, DEFINE_SHOWN + styled + b"Hi")) == [(1, 60, ("Hi",))]


def test_a_packet_may_span_pictures_and_a_cut_off_one_is_dropped():
    whole = dtvcc(1, DEFINE_SHOWN + b"Hello")
    pieces = [(SECOND, whole[:6]), (2 * SECOND, whole[6:]), (3 * SECOND, whole[:9])]

    assert [cue.text for cue in decode_708(pieces, 4 * SECOND)] == ["Hello"]


@given(st.lists(st.binary(max_size=31), max_size=20))
def test_no_bytes_break_the_reader(blocks):
    pieces = [
        (n * SECOND, dtvcc(1, DEFINE_SHOWN[: n % 8] + data)[:96]) for n, data in enumerate(blocks)
    ]
    cues = decode_708(pieces, 99 * SECOND)

    assert all(cue.begin < cue.end and cue.rows for cue in cues)
    assert all(1 <= row.row <= 15 and 0 <= row.column < 32 for cue in cues for row in cue.rows)


@given(st.lists(st.binary(min_size=2, max_size=2), max_size=200))
def test_no_triplets_break_the_reader(pairs):
    kinds = (0xFF, 0xFE, 0xFE, 0xFC)
    pieces = [(n, bytes((kinds[n % 4],)) + pair) for n, pair in enumerate(pairs)]

    assert all(cue.begin < cue.end for cue in decode_708(pieces, 999))
