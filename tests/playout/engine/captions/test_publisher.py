"""The captions of the air: the item's own, whole, and a cleared screen before every other item."""

from fractions import Fraction

import pytest

from config.names import CueId
from media.captions.track import triplets_of
from playout.engine.captions.publisher import CaptionPublisher, CaptionSource
from playout.model.layer import Layer

NTSC, DOUBLE = Fraction(30000, 1001), Fraction(60000, 1001)
RCL, EOC, CR, RU3 = b"\xfc\x94\x20", b"\xfc\x94\x2f", b"\xfc\x94\xad", b"\xfc\x94\x26"
EDM, ENM = b"\xfc\x94\x2c", b"\xfc\x94\xae"
EDM_3, ENM_3 = b"\xfd\x15\x2c", b"\xfd\x15\xae"
A, B, NOTHING = b"\xfcAA", b"\xfcBB", b""
CLEAR = [EDM, EDM, ENM, ENM]


def item(cue: str, **rest: bool) -> CaptionSource:
    return CaptionSource(Layer.DECK, CueId(cue), **rest)


BOARD = CaptionSource(Layer.BOARD, CueId("a"))


class Air:
    """A publisher on its ticks; `sent` is what left on field 1, tick by tick."""

    def __init__(self, rate: Fraction = NTSC) -> None:
        self.publisher, self.tick, self.both = CaptionPublisher(rate), 0, list[bytes]()

    def show(self, source: CaptionSource, *captions: bytes, begins: bool = False) -> "Air":
        """Show a source for as many ticks as it has captions."""
        for number, piece in enumerate(captions):
            first = begins and number == 0
            self.both.append(self.publisher.publish(self.tick, source, piece, begins=first))
            self.tick += 1
        return self

    def since(self, tick: int) -> list[bytes]:
        """What left on field 1 from a tick on."""
        return [
            b"".join(one for one in triplets_of(piece) if one[0] == 0xFC)
            for piece in self.both[tick:]
        ]


def started(rate: Fraction = NTSC) -> Air:
    """A publisher that has cleared the screen at its start."""
    return Air(rate).show(item("before"), *[NOTHING] * 20)


def test_a_new_process_clears_every_channel_because_it_knows_of_none() -> None:
    air = Air().show(item("a"), *[NOTHING] * 9)

    assert air.since(0) == [*CLEAR[:2], *CLEAR[2:], b"\xfc\x1c\x2c", b"\xfc\x1c\x2c",
                            b"\xfc\x1c\xae", b"\xfc\x1c\xae", NOTHING]  # fmt: skip


def test_captions_of_an_item_pass_unchanged_on_their_ticks() -> None:
    air = started().show(item("a"), *[NOTHING] * 4, begins=True)
    pairs = [RCL, RCL, A, B, NOTHING, EOC, EOC]
    air.show(item("a"), *pairs)

    assert air.since(24) == pairs


def test_both_fields_are_cleared_at_a_change() -> None:
    air = started().show(item("a"), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, begins=True)

    assert air.both[20:] == [EDM + EDM_3, EDM + EDM_3, ENM + ENM_3, ENM + ENM_3, NOTHING]


def test_pairs_of_a_new_item_wait_for_the_clearing_and_catch_up() -> None:
    pairs = [RCL, RCL, A, B, NOTHING, NOTHING, NOTHING, NOTHING, EOC, EOC]
    air = started().show(item("a"), *pairs, begins=True)

    assert air.since(20) == [*CLEAR, RCL, RCL, A, B, EOC, EOC]


def test_what_an_item_leaves_waiting_is_never_shown_over_the_next() -> None:
    air = started().show(item("a"), RCL, RCL, A, A, A, A, begins=True)
    air.show(item("b"), *[NOTHING] * 8, begins=True)

    assert air.since(20) == [*CLEAR, RCL, RCL, *CLEAR, *[NOTHING] * 4]


@pytest.mark.parametrize("other", [BOARD, CaptionSource(Layer.SLATE), item("a", is_covered=True)])
def test_board_slate_and_a_full_screen_graphic_clear_and_have_no_captions(
    other: CaptionSource,
) -> None:
    air = started().show(item("a"), *[NOTHING] * 6, begins=True)
    air.show(other, *[A] * 6).show(item("a"), *[NOTHING] * 5)

    assert air.since(26) == [*CLEAR, NOTHING, NOTHING, *CLEAR, NOTHING]


def test_an_item_joined_in_progress_begins_with_its_next_caption() -> None:
    air = started().show(item("b"), A, B, EOC, EOC, RCL, RCL, A)

    assert air.since(20) == [*CLEAR, RCL, RCL, A]


def test_an_item_joined_in_progress_may_erase_at_any_time() -> None:
    air = started().show(item("b"), *[NOTHING] * 5, A, EDM, EDM, A, ENM, RCL, A)

    assert air.since(25) == [NOTHING, EDM, EDM, NOTHING, ENM, RCL, A]


def test_roll_up_captions_that_never_name_their_mode_begin_with_the_next_line() -> None:
    air = started().show(item("b"), A, CR, CR, A, *[NOTHING] * 6)

    assert air.since(20) == [*CLEAR, RU3, RU3, CR, CR, A, NOTHING]


def test_a_second_channel_waits_for_its_own_beginning() -> None:
    other = b"\xfc\x1c\x2f"
    air = started().show(item("b"), *[NOTHING] * 4, RCL, RCL, A, other, B, RCL, B)

    assert air.since(24) == [RCL, RCL, A, NOTHING, NOTHING, RCL, B]


def test_a_channel_that_was_used_is_cleared_with_the_first() -> None:
    second = b"\xfc\x1c\x20"
    air = started().show(item("a"), *[NOTHING] * 4, second, second, begins=True)
    air.show(item("b"), *[NOTHING] * 9, begins=True)
    air.show(item("c"), *[NOTHING] * 5, begins=True)

    assert air.since(26)[4:8] == [
        b"\xfc\x1c\x2c",
        b"\xfc\x1c\x2c",
        b"\xfc\x1c\xae",
        b"\xfc\x1c\xae",
    ]
    assert air.since(35) == [*CLEAR, NOTHING]


def test_a_change_during_the_clearing_forgets_no_channel() -> None:
    second = b"\xfc\x1c\x20"
    air = started().show(item("a"), *[NOTHING] * 4, second, second, begins=True)
    air.show(item("b"), NOTHING, begins=True).show(item("c"), *[NOTHING] * 9, begins=True)

    assert air.since(26)[:8] == [EDM, NOTHING, *CLEAR, b"\xfc\x1c\x2c", b"\xfc\x1c\x2c"]


def test_windows_of_708_are_removed_at_a_change() -> None:
    packet = b"\xff\x02\x23\xfe\x98\x01"
    air = started().show(item("a"), packet, NOTHING, begins=True)
    air.show(item("b"), NOTHING)

    assert air.both[20] == EDM + EDM_3 + packet
    assert air.both[22] == EDM + EDM_3 + b"\xff\x43\x23\xfe\x8c\xff\xfe\x8f\x00"


def test_the_rest_of_a_packet_of_708_is_left_out_at_a_join() -> None:
    air = started().show(item("b"), b"\xfe\x41\x00", b"\xff\x02\x21\xfe\x41\x00")

    assert air.both[20:] == [EDM + EDM_3, EDM + EDM_3 + b"\xff\x02\x21\xfe\x41\x00"]


def test_held_pictures_keep_the_caption_on_the_screen() -> None:
    air = started().show(item("a"), *[NOTHING] * 4, RCL, RCL, A, EOC, EOC, begins=True)
    air.show(item("a"), *[NOTHING] * 10)

    assert air.since(29) == [NOTHING] * 10


def test_the_words_of_items_are_counted_without_what_clears() -> None:
    pieces = [RCL, RCL, A, B + b"\xff\x02\x23\xfe\x98\x01"]
    air = started().show(item("a"), *pieces, *[NOTHING] * 8, begins=True)
    air.show(BOARD, *[NOTHING] * 5)

    assert (air.publisher.words, air.publisher.last) == (3, 27)


def test_at_double_rate_the_clearing_takes_eight_ticks_and_nothing_is_lost() -> None:
    pairs = [RCL, NOTHING, RCL, NOTHING, A, NOTHING, B, *[NOTHING] * 12]
    air = started(DOUBLE).show(item("a"), *pairs, begins=True)

    assert [piece for piece in air.since(20) if piece] == [*CLEAR, RCL, RCL, A, B]
