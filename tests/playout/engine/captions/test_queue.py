"""A caption queue sends each pair once, one a field and turn, and never a command one time too
many."""

from fractions import Fraction

from media.captions.track import triplets_of
from playout.engine.captions.queue import MOST_DTVCC, MOST_PAIRS, CaptionQueue

NTSC, DOUBLE, PAL = Fraction(30000, 1001), Fraction(60000, 1001), Fraction(25)
RCL, EOC, CR = b"\xfc\x94\x20", b"\xfc\x94\x2f", b"\xfc\x94\xad"
EDM, ENM = b"\xfc\x94\x2c", b"\xfc\x94\xae"
NULL, A, B = b"\xfc\x80\x80", b"\xfcAA", b"\xfcBB"


def through(queue: CaptionQueue, brought: list[bytes], ticks: int | None = None) -> list[bytes]:
    """What the queue sends on each tick, while these captions come one tick after another."""
    sent = []
    for tick in range(ticks or len(brought)):
        if tick < len(brought):
            queue.put(brought[tick], tick)
        sent.append(queue.take(tick))
    return sent


def test_one_pair_of_each_field_goes_a_tick_in_order() -> None:
    lump = A + B + b"\xfdxx" + A

    assert through(CaptionQueue(NTSC), [lump], 4) == [A + b"\xfdxx", B, A, b""]


def test_at_double_rate_each_field_sends_on_every_second_tick() -> None:
    assert through(CaptionQueue(DOUBLE), [A + B + b"\xfdxx"], 4) == [A, b"\xfdxx", B, b""]


def test_at_25_a_tick_sends_two_or_three_pairs_so_that_none_waits_for_ever() -> None:
    full = [A + b"\xfdxx"] * 25 + [b""]
    queue = CaptionQueue(PAL)
    through(queue, full)

    assert queue.waiting == 0


def test_a_double_that_cannot_follow_at_once_is_left_out() -> None:
    queue = CaptionQueue(NTSC)
    first = (queue.put(CR, 0), queue.take(0))[1]
    late = [queue.take(1)]
    queue.put(CR, 1)
    late += [queue.take(2), queue.take(3)]

    assert (first, late) == (CR, [b"", b"", b""])


def test_with_patience_a_command_waits_for_its_double() -> None:
    queue = CaptionQueue(NTSC, patience=3)

    assert through(queue, [CR, CR, A], 4) == [b"", CR, CR, A]


def test_a_command_without_a_double_goes_once_patience_is_over() -> None:
    queue = CaptionQueue(NTSC, patience=3)

    assert through(queue, [CR], 5) == [b"", b"", b"", CR, b""]


def test_commands_that_are_the_same_but_no_doubles_stay_a_turn_apart() -> None:
    assert through(CaptionQueue(NTSC), [A + A, CR, NULL, CR], 6) == [A, A, CR, b"", CR, b""]


def test_a_command_four_times_is_two_commands_with_their_doubles() -> None:
    assert through(CaptionQueue(NTSC), [CR * 4], 5) == [CR, CR, CR, CR, b""]


def test_data_of_708_goes_as_far_as_a_picture_has_room() -> None:
    packet = b"\xff\x02\x21" + b"\xfe\x41\x00" * 29
    sent = through(CaptionQueue(DOUBLE), [A + packet], 5)

    assert [len(piece) // 3 for piece in sent] == [10, 9, 9, 3, 0]
    assert b"".join(sent)[3:] == packet


def test_a_queue_that_is_not_emptied_drops_whole_captions_and_clears() -> None:
    queue = CaptionQueue(NTSC)
    caption = RCL * 2 + A * 20 + EOC * 2
    for number in range(MOST_PAIRS // 24 + 1):
        queue.put(caption, number * 100)
    sent = [queue.take(tick) for tick in range(queue.waiting)]

    assert sent[:6] == [EDM, EDM, ENM, ENM, RCL, RCL]
    assert queue.dropped % 24 == 0 and queue.dropped >= MOST_PAIRS // 2


def test_what_waits_is_bounded_whatever_comes() -> None:
    queue = CaptionQueue(NTSC)
    for number in range(3 * MOST_PAIRS):
        queue.put(A * 20 + b"\xfdxx" * 5 + b"\xff\x02\x21\xfe\x41\x00" * 3, number)

    assert queue.waiting <= 2 * (MOST_PAIRS + 1) + MOST_DTVCC + 100


def test_dropped_data_of_708_goes_up_to_the_beginning_of_a_packet() -> None:
    queue = CaptionQueue(NTSC)
    for number in range(MOST_DTVCC // 3 + 1):
        queue.put(b"\xff\x02\x21\xfe\x41\x00\xfe\x42\x00", number)

    assert next(triplets_of(queue.take(0)))[0] == 0xFF


def test_a_cleared_queue_sends_nothing() -> None:
    queue = CaptionQueue(NTSC)
    queue.put(A + b"\xfdxx\xff\x02\x21", 0)
    queue.clear()

    assert (queue.take(0), queue.waiting) == (b"", 0)
